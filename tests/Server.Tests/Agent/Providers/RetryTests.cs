using Jarvis.Server.Agent.Providers;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Tests.Agent.Providers;

public sealed class RetryTests
{
    private static readonly Reply Hello = new(new Block.Say("Hello."));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Claude", 429)]
    [InlineData("Claude", 529)]
    [InlineData("Claude", 500)]
    [InlineData("Qwen", 429)]
    [InlineData("Qwen", 503)]
    [InlineData("Qwen", 502)]
    public async Task What_may_pass_is_tried_again_no_sooner_than_asked(string name, int status)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply { Status = status, RetryAfter = "7" }, new Reply { Status = status }, Hello);
        var asking = rig.AskAsync(name);
        Assert.Equal(TimeSpan.FromSeconds(7), await rig.Time.PassAsync());
        Assert.InRange(await rig.Time.PassAsync(), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1));
        Assert.Equal("Hello.", (await asking).Text);
        Assert.Equal(3, rig.Llm.Seen.Count);
    }

    [Theory]
    [InlineData("Claude")]
    [InlineData("Qwen")]
    public async Task J06_it_is_not_tried_for_ever(string name)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply { Status = 529 }, new Reply { Status = 529 }, new Reply { Status = 529, Words = "Overloaded" }, Hello);
        var asking = rig.FailAsync(name);
        await rig.Time.PassAsync();
        await rig.Time.PassAsync();
        var failed = await asking;
        Assert.Equal((Trouble.Busy, 529), (failed.Trouble, failed.Status));
        Assert.Equal($"{name} is overloaded (HTTP 529): Overloaded", failed.Message);
        Assert.Equal(3, rig.Llm.Seen.Count);
    }

    [Fact]
    public async Task Who_wants_to_be_left_alone_for_long_is_passed_over_at_once()
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply { Status = 429, RetryAfter = "60" });
        Assert.Equal(TimeSpan.FromSeconds(60), (await rig.FailAsync("Claude")).RetryAfter);
        Assert.NotNull((await rig.CandidateAsync("Claude")).Skipped);
        rig.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull((await rig.CandidateAsync("Claude")).Skipped);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null((await rig.CandidateAsync("Claude")).Skipped);
    }

    [Theory]
    [InlineData("Claude", 400)]
    [InlineData("Claude", 404)]
    [InlineData("Qwen", 413)]
    [InlineData("Qwen", 307)]
    public async Task What_will_not_pass_is_not_tried_again(string name, int status)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply { Status = status }, Hello);
        Assert.Equal((Trouble.Refused, status), await rig.FailAsync(name) is var e ? (e.Trouble, e.Status) : default);
        Assert.Single(rig.Llm.Seen);
        Assert.Null((await rig.CandidateAsync(name)).Skipped);
    }

    [Theory]
    [InlineData("Claude")]
    [InlineData("Qwen")]
    public async Task Nothing_is_tried_again_once_output_was_streamed(string name)
    {
        await using var rig = await ProviderRig.StartAsync();
        var model = (await rig.CandidateAsync(name)).Card!.Id;
        var stream = System.Text.Encoding.UTF8.GetString(LlmWire.Bytes(Hello, name == "Claude", model));
        var said = "";
        rig.Llm.Add(Hello with { CutAt = stream.IndexOf("\n\n", stream.IndexOf("Hello.", StringComparison.Ordinal), StringComparison.Ordinal) + 2, EndsCleanly = true }, Hello);
        await Assert.ThrowsAsync<ProviderException>(async () =>
        {
            await foreach (var update in (await rig.ClientAsync(name)).GetStreamingResponseAsync([new(ChatRole.User, "hi")], null, Stop)) said += update.Text;
        });
        Assert.Equal("Hello.", said);
        Assert.Single(rig.Llm.Seen);
    }

    [Theory]
    [InlineData("Claude")]
    [InlineData("Qwen")]
    public async Task What_broke_off_before_any_output_is_tried_again(string name)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(Hello with { CutAt = 20 }, Hello);
        var asking = rig.AskAsync(name);
        await rig.Time.PassAsync();
        Assert.Equal("Hello.", (await asking).Text);
    }

    [Fact]
    public async Task An_overload_told_within_the_stream_is_one()
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply { Instead = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n" }, Hello);
        var asking = rig.AskAsync("Claude");
        await rig.Time.PassAsync();
        Assert.Equal("Hello.", (await asking).Text);
    }

    [Fact]
    public async Task Who_stops_the_turn_ends_the_wait()
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply { Status = 529, RetryAfter = "15" });
        using var stop = new CancellationTokenSource();
        var asking = (await rig.ClientAsync("Claude")).GetResponseAsync([new(ChatRole.User, "hi")], null, stop.Token);
        await rig.Llm.NextAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }
}
