namespace Jarvis.Server.Tests.Gate;

public sealed class KillTests
{
    [Fact]
    public async Task C04_a_server_killed_at_any_stage_of_an_approved_call_does_nothing_twice()
    {
        var result = await Bench.RunAsync("gate", "kill", "--rounds", Bench.Long ? "50" : "5");
        Assert.Equal((0, "[]", "[]", true), (
            result.GetProperty("twice").GetInt32(), result.GetProperty("wrong").GetRawText(), result.GetProperty("unexplained").GetRawText(), result.GetProperty("whole").GetBoolean()));
        Assert.InRange(result.GetProperty("effects").GetInt32(), 3, 50);
    }
}
