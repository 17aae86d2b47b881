namespace Jarvis.Simulator.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void It_builds() => Assert.True(true);
}
