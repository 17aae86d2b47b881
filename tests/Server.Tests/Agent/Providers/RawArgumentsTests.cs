using System.Text;
using Jarvis.Server.Agent.Providers;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Tests.Agent.Providers;

public sealed class RawArgumentsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Claude", """{"vmid":101,"vmid":103}""")]
    [InlineData("Qwen", """{"vmid":101,"vmid":103}""")]
    [InlineData("Claude", """{ "vmid" : 1.01e2, "name":"Gr\u00f6\u00dfe 🙂" }""")]
    [InlineData("Qwen", """{ "vmid" : 1.01e2, "name":"Gr\u00f6\u00dfe 🙂" }""")]
    public async Task The_bytes_are_those_that_were_sent(string name, string json)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply(new Block.Call("toolu_1", "start_guest", json)));
        var call = Calls(await rig.AskAsync(name)).Single();
        Assert.Equal(json, Text(call));
        var stored = WireTests.Stored([new(ChatRole.Assistant, [call])])[0].Contents.OfType<FunctionCallContent>().Single();
        Assert.Equal(json, Text(stored));
    }

    [Theory]
    [InlineData("Claude")]
    [InlineData("Qwen")]
    public async Task No_arguments_are_an_empty_object(string name)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply(new Block.Call("toolu_1", "get_node", "")));
        Assert.Equal("{}", Text(Calls(await rig.AskAsync(name)).Single()));
    }

    [Theory]
    [InlineData("Claude", """{"vmid":10""", "not valid JSON")]
    [InlineData("Qwen", """{"vmid":10""", "not valid JSON")]
    [InlineData("Claude", """{"vmid":1}{"vmid":2}""", "not valid JSON")]
    [InlineData("Qwen", "[101]", "not a JSON object")]
    [InlineData("Qwen", "null", "not a JSON object")]
    public async Task What_cannot_be_read_does_not_run_and_leaves_the_history_valid(string name, string json, string flaw)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply(new Block.Call("toolu_1", "start_guest", json), new Block.Call("toolu_2", "start_guest", """{"vmid":5}""")), new Reply(new Block.Say("ok")));
        var turn = await rig.AskAsync(name);
        var calls = Calls(turn);
        Assert.Null(RawArguments.Of(calls[0]));
        Assert.Contains(flaw, RawArguments.FlawOf(calls[0]), StringComparison.Ordinal);
        Assert.Equal("""{"vmid":5}""", Text(calls[1]));
        await GoOnAsync(rig, name, turn);
    }

    [Theory]
    [InlineData("Claude")]
    [InlineData("Qwen")]
    public async Task J06_two_calls_of_one_id_do_not_run_and_leave_the_history_valid(string name)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(
            new Reply(new Block.Call("toolu_1", "start_guest", """{"vmid":1}"""), new Block.Call("toolu_1", "start_guest", """{"vmid":2}"""), new Block.Call("toolu_2", "get_node", "{}")),
            new Reply(new Block.Say("ok")));
        var turn = await rig.AskAsync(name);
        Assert.Equal(["Two calls have the same id.", "Two calls have the same id.", null], Calls(turn).Select(RawArguments.FlawOf));
        Assert.Equal(3, Calls(turn).Select(c => c.CallId).Distinct().Count());
        await GoOnAsync(rig, name, turn);
    }

    [Theory]
    [InlineData("Claude", "call 1:x", "get_node", null)]
    [InlineData("Qwen", "", "get_node", null)]
    [InlineData("Qwen", "c1", "get node!", "There is no tool of that name.")]
    [InlineData("Claude", "c1", "gеt_node", "There is no tool of that name.")]
    public async Task Odd_ids_and_names_are_made_fit_for_every_wire(string name, string id, string tool, string? flaw)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply(new Block.Call(id, tool, "{}")), new Reply(new Block.Say("ok")));
        var turn = await rig.AskAsync(name);
        Assert.Equal(flaw, RawArguments.FlawOf(Calls(turn).Single()));
        await GoOnAsync(rig, name, turn);
    }

    [Theory]
    [InlineData("Claude")]
    [InlineData("Qwen")]
    public async Task J06_calls_of_no_declared_tool_or_beyond_32_do_not_run(string name)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply([new Block.Call("u", "Get_Node", "{}"), .. Enumerable.Range(0, 199).Select(i => new Block.Call($"c{i}", "get_node", "{}"))]), new Reply(new Block.Say("ok")));
        var turn = await rig.AskAsync(name);
        Assert.Equal(200, Calls(turn).Count);
        Assert.Equal(Enumerable.Range(0, 31).Select(i => $"c{i}"), Calls(turn).Where(c => RawArguments.Of(c) is not null).Select(c => c.CallId));
        Assert.Equal("There is no tool of that name.", RawArguments.FlawOf(Calls(turn)[0]));
        await GoOnAsync(rig, name, turn);
    }

    [Fact]
    public void A_call_from_elsewhere_has_no_bytes() =>
        Assert.Null(RawArguments.Of(new FunctionCallContent("1", "x", new Dictionary<string, object?> { ["vmid"] = 1 })));

    private static async Task GoOnAsync(ProviderRig rig, string name, ChatResponse turn)
    {
        List<ChatMessage> history = [new(ChatRole.User, "hello"), .. turn.Messages, new(ChatRole.Tool, [.. Calls(turn).Select(c => new FunctionResultContent(c.CallId, "it did not run"))])];
        Assert.Equal("ok", (await (await rig.ClientAsync(name)).GetResponseAsync(history, ProviderRig.Tools(), Stop)).Text);
    }

    private static List<FunctionCallContent> Calls(ChatResponse turn) => [.. turn.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];

    private static string? Text(FunctionCallContent call) => RawArguments.Of(call) is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;
}
