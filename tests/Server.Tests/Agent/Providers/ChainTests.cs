using System.Diagnostics;
using System.Diagnostics.Metrics;
using Jarvis.Server.Agent.Providers;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Tests.Agent.Providers;

/// <summary>Who is asked, who is not and why; and that no key leaks on any of these ways.</summary>
public sealed class ChainTests
{
    private static readonly Reply Hello = new(new Block.Say("Hello."));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Claude_comes_first_and_a_wish_before_it()
    {
        await using var rig = await ProviderRig.StartAsync();
        Assert.Equal(["Claude", "Qwen"], (await rig.Chain.InOrderAsync([], "s", Stop)).Select(c => c.Name));
        Assert.Equal(["Qwen", "Claude"], (await rig.Chain.InOrderAsync(["nobody", "qwen", "Qwen"], "s", Stop)).Select(c => c.Name));
        Assert.All(await rig.Chain.InOrderAsync([], "s", Stop), c => Assert.Equal(c.Skipped is null, c.Client is not null));
    }

    [Fact]
    public async Task A_key_may_come_later()
    {
        await using var rig = await ProviderRig.StartAsync();
        await rig.WriteKeyAsync(" \n");
        var place = (await rig.CandidateAsync("Claude")).Skipped!;
        Assert.StartsWith("Claude has no key: there is no key in the file /", place, StringComparison.Ordinal);
        rig.DeleteKey();
        Assert.Contains("cannot be read", (await rig.CandidateAsync("Claude")).Skipped, StringComparison.Ordinal);
        await rig.WriteKeyAsync("two lines\nof text");
        Assert.Contains("must hold the key alone, on one line", (await rig.CandidateAsync("Qwen")).Skipped, StringComparison.Ordinal);
        await rig.WriteKeyAsync($"{FakeLlm.Key}\n");
        rig.Llm.Add(Hello);
        Assert.Equal("Hello.", (await rig.AskAsync("Claude")).Text);
    }

    [Theory]
    [InlineData("Claude")]
    [InlineData("Qwen")]
    public async Task A_wrong_key_is_told_plainly_and_never_shown(string name)
    {
        await using var rig = await ProviderRig.StartAsync();
        await rig.WriteKeyAsync("sk-wrong-but-secret-too");
        var failed = await rig.FailAsync(name);
        Assert.Equal((Trouble.Key, 401), (failed.Trouble, failed.Status));
        Assert.Matches($"^{name} refused the key \\(HTTP 401\\)\\. Check the key in the file /.+/key: whether it is whole, still valid and allowed to use this model\\.$", failed.Message);
        Assert.Single(rig.Llm.Seen);
        Assert.Equal(failed.Message, (await rig.CandidateAsync(name)).Skipped);
        AssertSilent(rig, "sk-wrong-but-secret-too", failed);
    }

    [Theory]
    [InlineData("Claude")]
    [InlineData("Qwen")]
    public async Task Who_is_down_is_left_alone_for_a_while_and_asked_again(string name)
    {
        await using var rig = await ProviderRig.StartAsync(("Agent:Attempts", "1"));
        rig.Llm.Add(new Reply { Status = 500, Words = $"trouble with {FakeLlm.Key}\r\nand more" }, Hello);
        var failed = await rig.FailAsync(name);
        Assert.Equal($"{name} failed within itself (HTTP 500): trouble with …  and more", failed.Message);
        AssertSilent(rig, FakeLlm.Key, failed);
        var order = await rig.Chain.InOrderAsync([name], "s", Stop);
        Assert.Equal([failed.Message, null], order.Select(c => c.Skipped));
        rig.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("Hello.", (await rig.AskAsync(name)).Text);
        Assert.Null((await rig.CandidateAsync(name)).Skipped);
    }

    [Theory]
    [InlineData("Agent:Claude:BaseUrl", "Claude", "http://127.0.0.1:1", "cannot be reached at 127.0.0.1:1")]
    [InlineData("Agent:OpenAiCompatible:0:Endpoint", "Qwen", "http://127.0.0.1:1/v1", "cannot be reached at 127.0.0.1:1")]
    public async Task Nobody_there_is_told(string key, string name, string address, string told)
    {
        await using var rig = await ProviderRig.StartAsync((key, address), ("Agent:Attempts", "1"));
        var failed = await rig.FailAsync(name);
        Assert.Equal(Trouble.Down, failed.Trouble);
        Assert.Contains(told, failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Agent:Claude:BaseUrl", "Claude", "")]
    [InlineData("Agent:OpenAiCompatible:0:Endpoint", "Qwen", "v1")]
    public async Task A_certificate_that_does_not_verify_ends_the_talk(string key, string name, string path)
    {
        await using var stranger = await SelfSigned.StartAsync();
        await using var rig = await ProviderRig.StartAsync((key, $"{new Uri(stranger.Address, path)}"), ("Agent:Attempts", "1"));
        var failed = await rig.FailAsync(name);
        Assert.Equal(Trouble.Down, failed.Trouble);
        Assert.Contains("does not verify", failed.Message, StringComparison.Ordinal);
        Assert.Equal(0, stranger.Requests);
    }

    [Fact]
    public async Task Logs_and_traces_tell_who_and_how_much_and_never_what()
    {
        await using var rig = await ProviderRig.StartAsync();
        var traced = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == TelemetryClient.Source, Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a => { lock (traced) traced.Add(a); },
        };
        ActivitySource.AddActivityListener(listener);
        rig.Llm.Add(new Reply(new Block.Say("The answer is private."), new Block.Call("toolu_1", "get_node", """{"vmid":4711}""")));
        using var own = new Activity("test").Start();
        await rig.AskAsync("Claude", "my private question");

        Assert.Contains(rig.Log.All, l => l.Contains("Claude claude-sonnet-4-5 answered in 0 ms: 1120 tokens in (1000 cached), 50 out, 1 calls, tool_calls", StringComparison.Ordinal));
        var span = Assert.Single(traced, a => a.TraceId == own.TraceId);
        Assert.Equal("chat claude-sonnet-4-5", span.DisplayName);
        var tags = span.TagObjects.ToDictionary(t => t.Key, t => t.Value);
        Assert.Equal(("chat", "anthropic", "claude-sonnet-4-5", 1120L, 50L), (tags["gen_ai.operation.name"], tags["gen_ai.provider.name"], tags["gen_ai.request.model"], tags["gen_ai.usage.input_tokens"], tags["gen_ai.usage.output_tokens"]));
        var all = string.Join('\n', rig.Log.All.Concat(tags.Select(t => $"{t.Key}={t.Value}")));
        Assert.All(["private", "4711", FakeLlm.Key, "vmid"], word => Assert.DoesNotContain(word, all, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Agent:DailyUsd", "-1", "DailyUsd")]
    [InlineData("Agent:Claude:BaseUrl", "http://api.anthropic.com", "https")]
    [InlineData("Agent:Claude:KeyFile", "/nowhere/sk-ant-pasted", "must name a file")]
    public async Task Settings_that_cannot_be_used_end_the_start(string key, string value, string told)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(async () => await ProviderRig.StartAsync((key, value)));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-ant-pasted", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_of_one_name_end_the_start()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(async () => await ProviderRig.StartAsync(("Agent:OpenAiCompatible:0:Name", "claude")));
        Assert.Contains("a Name of its own", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_are_measured_by_kind()
    {
        await using var rig = await ProviderRig.StartAsync();
        var meters = rig.Services.GetRequiredService<ProviderMeters>();
        var counted = new List<(long, string)>();
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => counted.Add((value, $"{tags.ToArray().Single(t => t.Key == "gen_ai.token.type").Value}")));
        listener.EnableMeasurementEvents(meters.Tokens);
        rig.Llm.Add(Hello);
        await rig.AskAsync("Qwen");
        Assert.Equal([(1120, "input"), (50, "output")], counted);
    }

    private static void AssertSilent(ProviderRig rig, string secret, Exception failed)
    {
        Assert.DoesNotContain(secret, failed.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Log.All, l => l.Contains(secret, StringComparison.Ordinal));
    }
}
