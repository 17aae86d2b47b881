using Jarvis.Server.Agent.Providers;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Tests.Agent.Providers;

/// <summary>Wherever a stream breaks off, there is an exception or the whole turn.</summary>
public sealed class CutTests
{
    private static readonly Reply Recorded = new(
        new Block.Say("I see."), new Block.Call("toolu_1", "start_guest", """{"vmid":101}"""), new Block.Call("toolu_2", "start_guest", """{"vmid":102}"""));

    // A lost connection takes longer to make than an end that looks like one, and is the easier to see.
    private const int LostAtEvery = 5;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Claude", true)]
    [InlineData("Claude", false)]
    [InlineData("Qwen", true)]
    [InlineData("Qwen", false)]
    public async Task A12_at_every_byte(string name, bool endsCleanly)
    {
        await using var rig = await ProviderRig.StartAsync(("Agent:Attempts", "1"), ("Agent:DailyUsd", "10000"), ("Agent:MonthlyUsd", "100000"));
        var bytes = LlmWire.Bytes(Recorded, name == "Claude", "m").Length;
        var client = await rig.ClientAsync(name);
        var (broke, whole) = (0, 0);
        for (var at = 0; at <= bytes; at += endsCleanly ? 1 : LostAtEvery)
        {
            rig.Llm.Add(Recorded with { CutAt = at, EndsCleanly = endsCleanly });
            List<ChatResponseUpdate> updates = [];
            var failure = await Record.ExceptionAsync(async () =>
            {
                await foreach (var update in client.GetStreamingResponseAsync([new(ChatRole.User, "go")], ProviderRig.Tools(), Stop)) updates.Add(update);
            });
            var calls = updates.SelectMany(u => u.Contents).OfType<FunctionCallContent>().ToList();
            if (failure is not null)
            {
                Assert.True(failure is ProviderException { Trouble: Trouble.Cut or Trouble.Down }, $"{at}: {failure}");
                Assert.Empty(calls);
                broke++;
                continue;
            }

            Assert.Equal(["toolu_1", "toolu_2"], calls.Select(c => c.CallId));
            Assert.All(calls, c => Assert.NotNull(RawArguments.Of(c)));
            Assert.Equal("I see.", updates.ToChatResponse().Text);
            whole++;
        }

        Assert.True(endsCleanly ? broke > bytes / 2 && whole > 0 : broke > bytes / 2 / LostAtEvery, $"{broke} of {bytes} broke, {whole} did not");
    }

    [Theory]
    [InlineData("Claude", "event: message_start\ndata: {\"type\":\"message_start\",\"mess\n\n")]
    [InlineData("Claude", "<html>gateway</html>")]
    [InlineData("Claude", "")]
    [InlineData("Claude", "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")]
    [InlineData("Qwen", "data: {\"choices\":[{\"delta\n\n")]
    [InlineData("Qwen", "<html>gateway</html>")]
    [InlineData("Qwen", "data: [DONE]\n\n")]
    [InlineData("Qwen", "data: {\"error\":{\"message\":\"out of memory\"}}\n\n")]
    public async Task J06_what_is_not_of_the_protocol_is_told(string name, string instead)
    {
        await using var rig = await ProviderRig.StartAsync(("Agent:Attempts", "1"));
        rig.Llm.Add(new Reply { Instead = instead });
        var broken = await rig.FailAsync(name);
        Assert.Equal(Trouble.Cut, broken.Trouble);
        Assert.StartsWith($"{name}'s answer broke off", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_its_end()
    {
        await using var rig = await ProviderRig.StartAsync(("Agent:Attempts", "1"));
        rig.Llm.Add(new Reply { Instead = $"data: {new string('x', 17 * 1024 * 1024)}\n\n" });
        Assert.Contains("longer than 16 MiB", (await rig.FailAsync("Qwen")).Message, StringComparison.Ordinal);
    }
}
