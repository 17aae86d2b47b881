namespace Jarvis.Simulator;

/// <summary>A clock that runs faster or slower than the real one from an origin that several processes may share.</summary>
public sealed class ScaledTimeProvider : TimeProvider
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);
    private readonly TimeProvider real;
    private readonly DateTimeOffset origin;
    private readonly double speed;
    private readonly long begun;
    private readonly Lock gate = new();
    private readonly HashSet<ScaledTimer> timers = [];
    private long skipped;

    /// <summary>Now is origin + (real − origin) × speed.</summary>
    public ScaledTimeProvider(DateTimeOffset origin, double speed, TimeProvider? real = null)
    {
        if (!(speed is > 0 and <= 100_000))
        {
            throw new ArgumentOutOfRangeException(nameof(speed), speed, "speed must be above 0 and at most 100000");
        }

        this.real = real ?? System;
        this.origin = origin;
        this.speed = speed;
        begun = this.real.GetTimestamp();
    }

    /// <summary>How many seconds pass here in a real one.</summary>
    public double Speed => speed;

    public override DateTimeOffset GetUtcNow() =>
        origin + ((real.GetUtcNow() - origin) * speed) + new TimeSpan(Interlocked.Read(ref skipped));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Position.Ticks;

    public override TimeZoneInfo LocalTimeZone => real.LocalTimeZone;

    /// <summary>Jumps ahead; timers that become due fire.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        ScaledTimer[] all;
        lock (gate)
        {
            Interlocked.Add(ref skipped, by.Ticks);
            all = [.. timers];
        }

        foreach (var timer in all)
        {
            timer.Arm();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ScaledTimer(this, callback, state);
        lock (gate)
        {
            timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    private TimeSpan Position => (real.GetElapsedTime(begun) * speed) + new TimeSpan(Interlocked.Read(ref skipped));

    private sealed class ScaledTimer : ITimer
    {
        private readonly ScaledTimeProvider owner;
        private readonly TimerCallback callback;
        private readonly object? state;
        private readonly ITimer inner;
        private readonly Lock gate = new();
        private TimeSpan? due;
        private TimeSpan period = Timeout.InfiniteTimeSpan;

        public ScaledTimer(ScaledTimeProvider owner, TimerCallback callback, object? state)
        {
            this.owner = owner;
            this.callback = callback;
            this.state = state;
            inner = owner.real.CreateTimer(
                static t => ((ScaledTimer?)t)?.Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (gate)
            {
                due = dueTime == Timeout.InfiniteTimeSpan ? null : owner.Position + dueTime;
                this.period = period;
            }

            Arm();
            return true;
        }

        public void Arm()
        {
            lock (gate)
            {
                if (due is not { } at)
                {
                    inner.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    return;
                }

                var wait = (at - owner.Position) / owner.speed;
                inner.Change(wait <= TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait, Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose()
        {
            lock (owner.gate)
            {
                owner.timers.Remove(this);
            }

            inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Tick()
        {
            lock (gate)
            {
                if (due is not { } at)
                {
                    return;
                }

                // Real timers may be a little early or were cut short; missed periods are run once, as after sleep.
                if (at - owner.Position > TimeSpan.FromMilliseconds(owner.speed))
                {
                    Arm();
                    return;
                }

                due = period <= TimeSpan.Zero ? null : at + period > owner.Position ? at + period : owner.Position + period;
            }

            callback(state);
            Arm();
        }
    }
}
