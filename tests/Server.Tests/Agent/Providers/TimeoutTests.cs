using Jarvis.Server.Agent.Providers;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Tests.Agent.Providers;

public sealed class TimeoutTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Claude", "message_start\"")]
    [InlineData("Qwen", "")]
    public async Task A_first_token_is_not_waited_for_in_vain(string name, string pause)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply(new Block.Say("Hello.")) { PauseAfter = pause });
        var asking = rig.FailAsync(name);
        await rig.Llm.NextAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(119.9));
        Assert.False(asking.IsCompleted);
        rig.Time.Advance(TimeSpan.FromSeconds(0.1));
        var failed = await asking;
        Assert.Equal(Trouble.TimedOut, failed.Trouble);
        Assert.Equal($"{name} did not begin to answer within 120 s (Agent:FirstTokenSeconds).", failed.Message);
        Assert.Single(rig.Llm.Seen);
        Assert.Equal(failed.Message, (await rig.CandidateAsync(name)).Skipped);
    }

    [Theory]
    [InlineData("Claude")]
    [InlineData("Qwen")]
    public async Task A_next_token_is_not_waited_for_in_vain_and_a_slow_reader_is_no_fault_of_theirs(string name)
    {
        await using var rig = await ProviderRig.StartAsync();
        var reply = new Reply(new Block.Say("Hello. There is more.")) { PauseAfter = name == "Claude" ? "\"Hello. \"}}\n\n" : "\"Hello. \"},\"finish_reason\":null}]}\n\n" };
        rig.Llm.Add(reply);
        await using var updates = (await rig.ClientAsync(name)).GetStreamingResponseAsync([new(ChatRole.User, "hi")], null, Stop).GetAsyncEnumerator(Stop);
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal("Hello. ", updates.Current.Text);
        rig.Time.Advance(TimeSpan.FromHours(1));
        var next = updates.MoveNextAsync().AsTask();
        rig.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(next.IsCompleted);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal($"{name} stopped in the middle: nothing came for 60 s (Agent:BetweenTokensSeconds).", (await Assert.ThrowsAsync<ProviderException>(() => next)).Message);
    }

    [Theory]
    [InlineData("Claude")]
    [InlineData("Qwen")]
    public async Task Who_stops_the_turn_is_not_told_of_a_timeout(string name)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Llm.Add(new Reply(new Block.Say("Hello.")) { PauseAfter = "" });
        using var stop = new CancellationTokenSource();
        var asking = (await rig.ClientAsync(name)).GetResponseAsync([new(ChatRole.User, "hi")], null, stop.Token);
        await rig.Llm.NextAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.WaitAsync(TimeSpan.FromSeconds(20), Stop));
        Assert.Null((await rig.CandidateAsync(name)).Skipped);
    }
}
