using Jarvis.Server.Agent.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Agent;

public sealed class CutChatTests(ITestOutputHelper output)
{
    private static readonly int Step = Environment.GetEnvironmentVariable("JARVIS_LONG") == "1" ? 1 : 41;

    [Theory]
    [InlineData("Claude", true, false)]
    [InlineData("Claude", true, true)]
    [InlineData("Qwen", false, false)]
    public async Task Wherever_a_stream_is_cut_nothing_of_its_calls_is_run_and_the_conversation_goes_on(string provider, bool anthropic, bool endsCleanly)
    {
        await using var rig = await LlmRig.StartAsync(("Agent:Attempts", "1"), ("Agent:DailyUsd", "10000"), ("Agent:MonthlyUsd", "100000"), ("RateLimits:PerUser", "100000"), ("RateLimits:UserBurst", "100000"), ("RateLimits:PerAddress", "100000"), ("RateLimits:AddressBurst", "100000"));
        var before = await rig.Tools.WorldAsync();
        var whole = new Reply(new Block.Say("I start it. "), new Block.Call("c1", "start_vm", """{"guest":105}"""), new Block.Call("c2", "get_cluster_status", "{}"));
        var length = LlmWire.Bytes(whole, anthropic, "m").Length;
        var cuts = 0;
        for (var at = 1; at < length; at += Step, cuts++)
        {
            // Who failed would be left alone for a while.
            Forgive(rig);
            rig.Llm.Script.Clear();
            // Whoever comes next speaks if nothing was said yet.
            rig.Llm.Add(whole with { CutAt = at, EndsCleanly = endsCleanly }, new Reply(new Block.Say("I am another.")));
            var answer = await rig.AskAsync("please start the thing that hums on Tuesdays", provider: provider);
            if (answer.GetProperty("tools").GetArrayLength() > 0)
            {
                // Only what ends the stream was cut off, after the vendor had said that the turn was whole.
                Assert.True(at > length * 0.8, $"cut at {at} of {length}: {answer}");
                Assert.Equal(2, answer.GetProperty("tools").GetArrayLength());
                break;
            }

            Assert.StartsWith("I ", answer.GetProperty("text").GetString(), StringComparison.Ordinal);
            Forgive(rig);
            rig.Llm.Script.Clear();
            rig.Llm.Add(new Reply(new Block.Say("We go on.")));
            Assert.Equal("We go on.", (await rig.AskAsync("tell me a tale", answer, provider: provider)).GetProperty("text").GetString());
            Assert.Equal(before[105], (await rig.Tools.WorldAsync())[105]);
        }

        output.WriteLine($"{provider}: {cuts} cuts of {length} bytes, each answered in part or by another; nothing was run.");
        Assert.True(cuts > 10);
    }

    private static void Forgive(LlmRig rig)
    {
        foreach (var provider in (string[])["Claude", "Qwen"]) rig.Tools.Cluster.Server.Services.GetRequiredService<ProviderHealth>().Worked(provider);
    }
}
