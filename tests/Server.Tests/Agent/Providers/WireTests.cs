using System.Text.Json;
using Jarvis.Server.Agent.Providers;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Tests.Agent.Providers;

/// <summary>What goes over the wire to each vendor, and what is made of what comes back; the fake refuses what they would refuse.</summary>
public sealed class WireTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Vendors => ["Claude", "Qwen"];

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Text_flows_as_it_comes_and_the_turn_ends_with_its_usage(string name)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply(new Block.Say("pve1 is well, Sir. Größe: 5 € 🙂")) { Drips = true });
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in (await rig.ClientAsync(name)).GetStreamingResponseAsync([new(ChatRole.User, "how is pve1?")], ProviderRig.Tools(), Stop)) updates.Add(update);

        Assert.True(updates.Count(u => u.Text.Length > 0) > 3);
        var whole = updates.ToChatResponse();
        Assert.Equal("pve1 is well, Sir. Größe: 5 € 🙂", whole.Text);
        Assert.Equal(ChatFinishReason.Stop, whole.FinishReason);
        Assert.Single(whole.Messages);
        Assert.Equal((1120, 1000, 50), (whole.Usage!.InputTokenCount, whole.Usage.CachedInputTokenCount, whole.Usage.OutputTokenCount));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_conversation_with_calls_and_results_is_valid_over_several_rounds(string name)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(
            new Reply(new Block.Say("Let me look."), new Block.Call("toolu_1", "get_node", """{"vmid":101}"""), new Block.Call("toolu_2", "start_guest", "")),
            new Reply(new Block.Say("Done.")), new Reply(new Block.Say("You are welcome.")));
        var client = await rig.ClientAsync(name);
        List<ChatMessage> history = [new(ChatRole.System, "You are JARVIS."), new(ChatRole.User, "look")];
        var first = await client.GetResponseAsync(history, ProviderRig.Tools(), Stop);
        Assert.Equal(ChatFinishReason.ToolCalls, first.FinishReason);
        history.AddRange(first.Messages);
        history.Add(new(ChatRole.Tool, [new FunctionResultContent("toolu_1", """{"cpu":0.1}"""), new FunctionResultContent("toolu_2", """{"status":"awaiting_approval"}""")]));
        history = Stored(history);
        history.AddRange((await client.GetResponseAsync(history, ProviderRig.Tools(), Stop)).Messages);
        history.Add(new(ChatRole.User, "thanks"));
        Assert.Equal("You are welcome.", (await client.GetResponseAsync(history, ProviderRig.Tools(), Stop)).Text);
        Assert.Contains("""{\u0022cpu\u0022:0.1}""", rig.Llm.Seen.ElementAt(1).Text.Replace("\\\"", "\\u0022", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("raw_arguments", rig.Llm.Seen.Last().Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Claude", "Qwen")]
    [InlineData("Qwen", "Claude")]
    public async Task A_conversation_begun_with_one_goes_on_with_the_other(string begins, string goesOn)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply(new Block.Think("Hm.", "sig-1"), new Block.Call("call 1:x", "get_node", "{")) { Stop = begins == "Claude" ? "max_tokens" : "length" }, new Reply(new Block.Say("Yes.")));
        List<ChatMessage> history = [new(ChatRole.User, "look")];
        history.AddRange((await (await rig.ClientAsync(begins)).GetResponseAsync(history, ProviderRig.Tools(), Stop)).Messages);
        var call = history[^1].Contents.OfType<FunctionCallContent>().Single();
        Assert.Null(RawArguments.Of(call));
        history.Add(new(ChatRole.Tool, [new FunctionResultContent(call.CallId, "it did not run")]));
        history = Stored([.. history.Select(m => goesOn == "Claude" ? m : new ChatMessage(m.Role, [.. m.Contents]))]);
        Assert.Equal("Yes.", (await (await rig.ClientAsync(goesOn)).GetResponseAsync(history, ProviderRig.Tools(), Stop)).Text);
    }

    [Fact]
    public async Task Claude_gets_its_thoughts_back_with_their_signature_after_they_were_stored()
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(
            new Reply(new Block.Think("First the node, then the rest.", "sig-abc"), new Block.Say("Looking."), new Block.Call("toolu_1", "get_node", "{}")), new Reply(new Block.Say("Fine.")));
        var client = await rig.ClientAsync("Claude");
        List<ChatMessage> history = [new(ChatRole.User, "look")];
        history.AddRange((await client.GetResponseAsync(history, ProviderRig.Tools(), Stop)).Messages);
        history.Add(new(ChatRole.Tool, [new FunctionResultContent("toolu_1", "ok")]));
        Assert.Equal("Fine.", (await client.GetResponseAsync(Stored(history), ProviderRig.Tools(), Stop)).Text);
        Assert.Contains("sig-abc", rig.Llm.Seen.Last().Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task The_prefix_is_the_same_whatever_the_order_of_tools(string name)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply(new Block.Say("a")), new Reply(new Block.Say("b")));
        var client = await rig.ClientAsync(name);
        ChatMessage[] asked = [new(ChatRole.System, "You are JARVIS."), new(ChatRole.User, "hi")];
        await client.GetResponseAsync(asked, ProviderRig.Tools("b_tool", "a_tool", "c_tool"), Stop);
        await client.GetResponseAsync(asked, ProviderRig.Tools("c_tool", "b_tool", "a_tool"), Stop);
        var texts = rig.Llm.Seen.Select(s => s.Text).ToList();
        Assert.Equal(texts[0], texts[1]);
        Assert.True(texts[0].IndexOf("a_tool", StringComparison.Ordinal) < texts[0].IndexOf("b_tool", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Claude_is_told_what_to_keep_and_how_much_to_say()
    {
        await using var rig = await ProviderRig.StartAsync(("Agent:Claude:MaxOutputTokens", "4000"));
        rig.Llm.Add(new Reply(new Block.Say("a")));
        await (await rig.ClientAsync("Claude")).GetResponseAsync(
            [new(ChatRole.System, [new TextContent("You are JARVIS."), new TextContent("It is noon.")]), new(ChatRole.User, "hi")], ProviderRig.Tools(), Stop);
        var body = rig.Llm.Seen.Single().Body;
        Assert.Equal(4000, body["max_tokens"]!.GetValue<int>());
        Assert.Equal("claude-sonnet-4-5", body["model"]!.GetValue<string>());
        Assert.Equal("""{"type":"ephemeral"}""", body["cache_control"]!.ToJsonString());
        Assert.Equal([true, false], body["system"]!.AsArray().Select(s => s!["cache_control"] is not null));
        Assert.Equal([("get_node", false), ("start_guest", true)], body["tools"]!.AsArray().Select(t => ($"{t!["name"]}", t["cache_control"] is not null)));
        Assert.Equal(100, body["tools"]![0]!["input_schema"]!["properties"]!["vmid"]!["minimum"]!.GetValue<int>());
    }

    [Fact]
    public async Task An_OpenAI_compatible_server_is_told_in_the_word_that_all_of_them_know_how_much_to_say()
    {
        await using var rig = await ProviderRig.StartAsync(("Agent:OpenAiCompatible:0:MaxOutputTokens", "300"));
        rig.Llm.Add(new Reply(new Block.Say("a")));
        await rig.AskAsync("Qwen");
        var body = rig.Llm.Seen.Single().Body;
        Assert.Equal(300, body["max_tokens"]!.GetValue<int>());
        Assert.Equal("""{"include_usage":true}""", body["stream_options"]!.ToJsonString());
        Assert.Equal(100, body["tools"]![0]!["function"]!["parameters"]!["properties"]!["vmid"]!["minimum"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_model_that_cannot_call_tools_is_not_offered_any()
    {
        await using var rig = await ProviderRig.StartAsync(("Agent:OpenAiCompatible:0:CallsTools", "false"));
        rig.Llm.Add(new Reply(new Block.Say("a")));
        await rig.AskAsync("Qwen");
        Assert.Null(rig.Llm.Seen.Single().Body["tools"]);
    }

    [Theory]
    [InlineData("Claude", "max_tokens", "length")]
    [InlineData("Claude", "model_context_window_exceeded", "length")]
    [InlineData("Claude", "refusal", "content_filter")]
    [InlineData("Claude", "pause_turn", "pause_turn")]
    [InlineData("Claude", "stop_sequence", "stop")]
    [InlineData("Qwen", "length", "length")]
    [InlineData("Qwen", "content_filter", "content_filter")]
    [InlineData("Qwen", "stop", "stop")]
    public async Task J07_how_a_turn_ended_is_told_and_its_calls_do_not_run_unless_it_ended_well(string name, string stop, string finish)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply(new Block.Say("I"), new Block.Call("toolu_1", "start_guest", """{"vmid":101}""")) { Stop = stop });
        var turn = await rig.AskAsync(name);
        Assert.Equal(finish, turn.FinishReason?.Value);
        var call = turn.Messages.Single().Contents.OfType<FunctionCallContent>().Single();
        Assert.Equal(finish == "stop", RawArguments.Of(call) is not null);
        Assert.Equal(finish != "stop", RawArguments.FlawOf(call)?.Contains(finish, StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task What_the_fake_refuses_is_told_with_its_words(string name)
    {
        await using var rig = await ProviderRig.StartAsync();
        var refused = await Assert.ThrowsAsync<ProviderException>(async () => await (await rig.ClientAsync(name)).GetResponseAsync(
            [new(ChatRole.User, "x"), new(ChatRole.Assistant, [new FunctionCallContent("toolu_9", "get_node", new Dictionary<string, object?>())]), new(ChatRole.User, "and?")], ProviderRig.Tools(), Stop));
        Assert.Equal((Trouble.Refused, 400), (refused.Trouble, refused.Status));
        Assert.Contains("toolu_9", refused.Message, StringComparison.Ordinal);
        Assert.Single(rig.Llm.Seen);
    }

    internal static List<ChatMessage> Stored(List<ChatMessage> history) =>
        JsonSerializer.Deserialize<List<ChatMessage>>(JsonSerializer.Serialize(history, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions)!;
}
