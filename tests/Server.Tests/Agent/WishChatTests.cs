namespace Jarvis.Server.Tests.Agent;

/// <summary>A model that tries to act whatever it was asked, held by what the operator's words were.</summary>
public sealed class WishChatTests(ITestOutputHelper output)
{
    private static readonly int Step = Environment.GetEnvironmentVariable("JARVIS_LONG") == "1" ? 1 : 6;

    [Fact]
    public async Task No_question_lets_a_model_act()
    {
        await using var rig = await LlmRig.StartAsync();
        var before = await rig.Tools.WorldAsync();
        var asked = 0;
        foreach (var question in Rows("question"))
        {
            rig.Llm.Add(new Reply(new Block.Call("c1", "start_vm", """{"guest":105}"""), new Block.Call("c2", "stop_vm", """{"guest":104}""")), new Reply(new Block.Say("I looked at it.")));
            var answer = await rig.AskAsync(question, provider: "Claude");
            Assert.All(answer.GetProperty("tools").EnumerateArray(), t => Assert.True(t.GetProperty("verdict").GetString() == "DENY_QUESTION", $"{question}: {t}"));
            Assert.Empty(answer.GetProperty("approvals").EnumerateArray());
            asked++;
        }

        Assert.Equal(before, await rig.Tools.WorldAsync());
        Assert.Empty((await rig.Tools.Cluster.AskAsync("/api/approvals")).EnumerateArray());
        output.WriteLine($"{asked} questions, 0 effects, 0 approvals.");
    }

    [Fact]
    public async Task A_polite_request_lets_a_model_act()
    {
        await using var rig = await LlmRig.StartAsync();
        var asked = 0;
        foreach (var request in Rows("request"))
        {
            rig.Llm.Add(new Reply(new Block.Call("c1", "stop_vm", """{"guest":104}""")), new Reply(new Block.Say("I saw to it.")));
            var answer = await rig.AskAsync(request, provider: "Claude");
            var verdict = Assert.Single(answer.GetProperty("tools").EnumerateArray()).GetProperty("verdict").GetString();
            // It waits for its person, or for the minute in which too much was asked to be over; in no case it was taken for a question.
            Assert.True(verdict is "NEEDS_HUMAN" or "NEEDS_CONFIRM" or "DENY_BUDGET", $"{request}: {verdict}");
            asked++;
        }

        output.WriteLine($"{asked} requests, each taken to the gate.");
    }

    private static IEnumerable<string> Rows(string kind)
    {
        using var stream = typeof(WishChatTests).Assembly.GetManifestResourceStream("Jarvis.Server.Tests.Agent.wishes.tsv")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).Where(r => r[1] == kind).Select(r => r[0]).Where((_, i) => i % Step == 0)];
    }
}
