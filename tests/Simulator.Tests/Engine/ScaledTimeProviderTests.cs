using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Simulator.Tests.Engine;

public sealed class ScaledTimeProviderTests
{
    private readonly FakeTimeProvider real = new(Lab.Noon);

    [Fact]
    public void Two_clocks_with_one_origin_agree_whenever_they_were_made()
    {
        var early = new ScaledTimeProvider(Lab.Noon.AddHours(-1), 60, real);
        real.Advance(TimeSpan.FromMinutes(7));
        var late = new ScaledTimeProvider(Lab.Noon.AddHours(-1), 60, real);
        Assert.Equal(early.GetUtcNow(), late.GetUtcNow());
        Assert.Equal(Lab.Noon.AddHours(-1).AddMinutes(67 * 60), late.GetUtcNow());
    }

    [Fact]
    public void Timers_and_timestamps_follow_the_scale()
    {
        var clock = new ScaledTimeProvider(Lab.Noon, 10, real);
        var fired = 0;
        using var timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10));
        var begun = clock.GetTimestamp();
        real.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(0, fired);
        real.Advance(TimeSpan.FromSeconds(.1));
        Assert.Equal(1, fired);
        real.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, fired);
        Assert.Equal(TimeSpan.FromSeconds(30), clock.GetElapsedTime(begun));
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        real.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(2, fired);
    }

    [Fact]
    public void Advancing_fires_what_is_due_and_a_missed_period_once()
    {
        var clock = new ScaledTimeProvider(Lab.Noon, 1, real);
        var fired = 0;
        using var timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        clock.Advance(TimeSpan.FromHours(5));
        real.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, fired);
        Assert.Equal(Lab.Noon.AddHours(5).AddMilliseconds(1), clock.GetUtcNow());
        clock.Advance(TimeSpan.FromMinutes(61));
        real.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, fired);
    }

    [Fact]
    public async Task A_delay_over_the_clock_ends_when_it_is_advanced()
    {
        var clock = new ScaledTimeProvider(TimeProvider.System.GetUtcNow(), 1);
        var delay = Task.Delay(TimeSpan.FromHours(2), clock, TestContext.Current.CancellationToken);
        Assert.False(delay.IsCompleted);
        clock.Advance(TimeSpan.FromHours(3));
        await delay.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(1e9)]
    public void A_speed_must_make_sense(double speed) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScaledTimeProvider(Lab.Noon, speed));
}
