namespace Jarvis.Server.Tests.Events;

public sealed class KillTests
{
    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_process_is_killed()
    {
        var result = await Bench.RunAsync("event-store", "kill", "--rounds", Bench.Long ? "20" : "2");
        Assert.True(result.GetProperty("acknowledged").GetInt64() > 2000);
        Assert.Equal((0, 0), (result.GetProperty("lost").GetInt64(), result.GetProperty("brokenChains").GetInt64()));
    }

    [Fact]
    public async Task No_written_minute_of_history_is_lost_when_the_process_is_killed()
    {
        var result = await Bench.RunAsync("history", "kill", "--rounds", Bench.Long ? "5" : "1");
        Assert.True(result.GetProperty("ticksWritten").GetInt64() > 1000);
        Assert.Equal((0, 0), (result.GetProperty("missing").GetInt64(), result.GetProperty("wrong").GetInt64()));
    }
}
