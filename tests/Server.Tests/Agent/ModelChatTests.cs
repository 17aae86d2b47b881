using System.Net;
using System.Text.Json;
using Jarvis.Server.Tests.Cluster;
using Jarvis.Server.Tests.Tools;

namespace Jarvis.Server.Tests.Agent;

/// <summary>The chat with a model at the other end, judged by what the simulated cluster is like afterwards.</summary>
public sealed class ModelChatTests
{
    [Fact]
    public async Task A_model_reads_what_it_wants_and_answers_from_it()
    {
        await using var rig = await LlmRig.StartAsync();
        rig.Llm.Add(new Reply(new Block.Say("I look. "), new Block.Call("c1", "get_guest_status", """{"guest":104}"""), new Block.Call("c2", "get_cluster_status", "{}")), new Reply(new Block.Say("It runs.")));

        var answer = await rig.AskAsync("tell me a tale about what 104 is up to, will you");

        Assert.Equal("Claude", answer.GetProperty("provider").GetString());
        Assert.Equal("I look. \n\nIt runs.", answer.GetProperty("text").GetString());
        Assert.Equal(["get_guest_status", "get_cluster_status"], answer.GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()));
        Assert.All(answer.GetProperty("tools").EnumerateArray(), t => Assert.Equal("completed", t.GetProperty("status").GetString()));
        Assert.True(answer.GetProperty("usage").GetProperty("inputTokens").GetInt64() > 0);
        Assert.True(answer.GetProperty("usage").GetProperty("leftMicros").GetInt64() > 0);
    }

    [Fact]
    public async Task What_a_model_wants_of_a_question_is_not_done_but_offered_and_done_at_a_yes()
    {
        await using var rig = await LlmRig.StartAsync();
        var before = await rig.Tools.WorldAsync();
        rig.Llm.Add(new Reply(new Block.Call("c1", "start_vm", """{"guest":105}""")), new Reply(new Block.Say("I put it before you.")));

        var answer = await rig.AskAsync("I think the thing numbered 105 feels lonely tonight");

        Assert.Equal("DENY_QUESTION", Tool(answer).GetProperty("verdict").GetString());
        Assert.Equal(before, await rig.Tools.WorldAsync());
        Assert.Equal("start_vm", Assert.Single(answer.GetProperty("proposals").EnumerateArray()).GetProperty("tool").GetString());
        // It stands there for whoever comes later, too.
        Assert.Single((await rig.LinesAsync(answer, l => l.Count == 2))[1].GetProperty("details").GetProperty("proposals").EnumerateArray());
        var done = await rig.AskAsync("yes", answer);
        Assert.Equal("built-in", done.GetProperty("provider").GetString());
        Assert.Contains(" running ", (await rig.Tools.WorldAsync())[105], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_is_down_is_followed_by_the_next_and_at_last_by_what_needs_none()
    {
        await using var rig = await LlmRig.StartAsync();
        rig.Llm.Add(new Reply { Status = 400 }, new Reply(new Block.Say("Claude speaks.")));

        var first = await rig.AskAsync("tell me a tale");
        Assert.Equal("Claude", first.GetProperty("provider").GetString());
        Assert.Contains(first.GetProperty("reasons").EnumerateArray(), r => r.GetString()!.StartsWith("It is conversation", StringComparison.Ordinal));
        Assert.Contains(first.GetProperty("reasons").EnumerateArray(), r => r.GetString()!.Contains("Qwen", StringComparison.Ordinal));

        rig.Llm.Add(new Reply { Status = 400 }, new Reply { Status = 400 });
        var second = await rig.AskAsync("tell me another tale", first);
        Assert.Equal("built-in", second.GetProperty("provider").GetString());
        Assert.Contains("not a language model", second.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_understood_exactly_needs_no_model_and_a_chosen_one_is_asked()
    {
        await using var rig = await LlmRig.StartAsync();

        Assert.Equal("built-in", (await rig.AskAsync("is vm 104 running?")).GetProperty("provider").GetString());
        rig.Llm.Add(new Reply(new Block.Say("It is.")));
        Assert.Equal("Qwen", (await rig.AskAsync("is vm 104 running?", provider: "qwen")).GetProperty("provider").GetString());
        Assert.Equal("/v1/chat/completions", Assert.Single(rig.Llm.Seen).Path);
    }

    [Fact]
    public async Task What_was_approved_is_run_by_the_server_told_in_the_conversation_and_commented_by_the_model()
    {
        await using var rig = await LlmRig.StartAsync();
        rig.Llm.Add(new Reply(new Block.Call("c1", "shutdown_vm", """{"guest":104}""")), new Reply(new Block.Say("It waits for you.")), new Reply(new Block.Say("VM 104 is down, as you wished.")));
        var before = await rig.Tools.WorldAsync();

        var answer = await rig.AskAsync("please shut down vm 104", provider: "Claude");

        Assert.Equal("awaitingApproval", Tool(answer).GetProperty("status").GetString());
        Assert.Equal(before, await rig.Tools.WorldAsync());
        Assert.DoesNotContain(answer.GetProperty("approvals")[0].GetString()!, string.Concat(rig.Llm.Seen.Select(s => s.Text)), StringComparison.Ordinal);
        var shown = await rig.Tools.Cluster.AskAsync($"/api/approvals/{answer.GetProperty("approvals")[0].GetString()}");
        var (status, decided) = await rig.Tools.DecideAsync(shown, new { decision = "approve", seen = shown.GetProperty("seen").GetString() });
        Assert.Equal(HttpStatusCode.OK, status);
        await rig.Tools.EndAsync(decided);

        var lines = await rig.LinesAsync(answer, l => l.Count == 4);
        Assert.Equal(["user", "assistant", "outcome", "assistant"], lines.Select(l => l.GetProperty("role").GetString()));
        Assert.Contains("approved it. Done", lines[2].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("VM 104 is down, as you wished.", lines[3].GetProperty("text").GetString());
        Assert.Equal(JsonValueKind.Null, lines[3].GetProperty("details").GetProperty("unproven").ValueKind);
        Assert.Contains(" stopped ", (await rig.Tools.WorldAsync())[104], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_claims_what_has_no_receipt_is_marked()
    {
        await using var rig = await LlmRig.StartAsync();
        rig.Llm.Add(new Reply(new Block.Say("Certainly. I have restarted vm 104.")));

        var answer = await rig.AskAsync("tell me a tale of how you would restart things");

        Assert.Equal("I have restarted vm 104.", answer.GetProperty("unproven").GetString());
    }

    [Fact]
    public async Task A_model_that_calls_without_end_is_stopped_and_the_history_stays_valid()
    {
        await using var rig = await LlmRig.StartAsync();
        rig.Llm.Add([.. Enumerable.Range(0, 10).Select(i => new Reply(new Block.Call("same", "get_cluster_status", "{}")))]);

        var answer = await rig.AskAsync("tell me a tale");

        Assert.Equal("TRUNCATED", answer.GetProperty("error").GetString());
        Assert.Equal(9, answer.GetProperty("tools").GetArrayLength());
        // The fake is as strict as the vendor: a history with a call that was not answered, or answered twice, is refused.
        rig.Llm.Add(new Reply(new Block.Say("Fine.")));
        Assert.Equal("Fine.", (await rig.AskAsync("tell me another tale", answer)).GetProperty("text").GetString());
    }

    [Fact]
    public async Task An_answer_is_stopped_within_a_second_and_what_was_said_is_kept()
    {
        await using var rig = await LlmRig.StartAsync();
        var paused = new Reply(new Block.Say("Once upon a time there was a node")) { PauseAfter = "Once upon" };
        rig.Llm.Add(paused);
        var asking = rig.AskAsync("tell me a tale");
        await rig.Llm.NextAsync();
        var session = (await rig.Tools.Cluster.AskAsync("/api/chat/sessions"))[0].GetProperty("id").GetString();
        var run = (await rig.Tools.Cluster.AskAsync($"/api/chat/sessions/{session}")).GetProperty("runId").GetString();

        Assert.Equal(HttpStatusCode.NoContent, (await rig.Tools.SendAsync("", path: $"/api/chat/runs/{run}/cancel")).Status);

        await asking.WaitAsync(TimeSpan.FromSeconds(5), ToolRig.Stop);
        var last = (await rig.Tools.Cluster.AskAsync($"/api/chat/sessions/{session}")).GetProperty("lines").EnumerateArray().Last();
        Assert.Equal("assistant", last.GetProperty("role").GetString());
        Assert.True(last.GetProperty("details").GetProperty("stopped").GetBoolean());
        rig.Llm.Add(new Reply(new Block.Say("Fine.")));
        Assert.Equal("Fine.", (await rig.AskAsync("tell me another tale", session)).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_question_is_put_in_another_way_and_takes_the_place_of_the_first()
    {
        await using var rig = await LlmRig.StartAsync();
        rig.Llm.Add(new Reply(new Block.Say("One.")), new Reply(new Block.Say("Two.")));
        var first = await rig.AskAsync("tell me a tale");

        var again = await rig.AskAsync("tell me a better tale", first, from: 1);

        Assert.Equal("Two.", again.GetProperty("text").GetString());
        Assert.Equal(["tell me a better tale", "Two."], (await rig.LinesAsync(again, l => l.Count == 2)).Select(l => l.GetProperty("text").GetString()));
        Assert.DoesNotContain("One.", rig.Llm.Seen.Last().Text, StringComparison.Ordinal);
    }

    private static JsonElement Tool(JsonElement answer) => Assert.Single(answer.GetProperty("tools").EnumerateArray());
}

/// <summary>The whole product with both vendors on loopback.</summary>
internal sealed class LlmRig : IAsyncDisposable
{
    public required ToolRig Tools { get; init; }

    public required FakeLlm Llm { get; init; }

    public static async Task<LlmRig> StartAsync(params (string Key, string Value)[] more)
    {
        var llm = await FakeLlm.StartAsync();
        var key = Path.Combine(Path.GetTempPath(), $"llm-key-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(key, FakeLlm.Key, ToolRig.Stop);
        var cluster = await ClusterRig.StartAsync([1],
        [
            ("Agent:Claude:BaseUrl", $"{llm.Address}"), ("Agent:Claude:KeyFile", key), ("Agent:OpenAiCompatible:0:Name", "Qwen"), ("Agent:OpenAiCompatible:0:Endpoint", $"{new Uri(llm.Address, "/v1")}"),
            ("Agent:OpenAiCompatible:0:Model", "qwen2.5"), ("Agent:OpenAiCompatible:0:KeyFile", key), .. more,
        ]);
        return new() { Tools = new() { Cluster = cluster }, Llm = llm };
    }

    public Task<JsonElement> AskAsync(string message, JsonElement after, string? provider = null, int? from = null) => AskAsync(message, after.GetProperty("sessionId").GetString(), provider, from);

    public async Task<JsonElement> AskAsync(string message, string? sessionId = null, string? provider = null, int? from = null)
    {
        var (status, answer) = await Tools.SendAsync(JsonSerializer.Serialize(new { message, sessionId, provider, from }), path: "/api/chat");
        Assert.True(status is HttpStatusCode.OK, $"{status} {answer}");
        return answer;
    }

    /// <summary>The lines of a conversation, once they are as told.</summary>
    public async Task<List<JsonElement>> LinesAsync(JsonElement of, Func<List<JsonElement>, bool> are)
    {
        for (var i = 0; ; i++)
        {
            var lines = (await Tools.Cluster.AskAsync($"/api/chat/sessions/{of.GetProperty("sessionId").GetString()}")).GetProperty("lines").EnumerateArray().ToList();
            if (are(lines)) return lines;
            Assert.True(i < 400, $"The conversation stays as {lines.Count} lines: {string.Join(" | ", lines)}");
            await Tools.Running(Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, ToolRig.Stop));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Tools.DisposeAsync();
        await Llm.DisposeAsync();
    }
}
