namespace Jarvis.Server.Cluster;

/// <summary>How long ago something was read, by a clock that nobody sets.</summary>
internal sealed class Freshness(TimeProvider clock)
{
    private long? _touched;

    /// <summary>Fresh from the beginning: its first read is given time to come.</summary>
    public static Freshness FromNow(TimeProvider clock)
    {
        var fresh = new Freshness(clock);
        fresh.Touch();
        return fresh;
    }

    public void Touch() => Touch(TimeSpan.Zero);

    /// <summary>As if it had been read <paramref name="ago"/>.</summary>
    public void Touch(TimeSpan ago) => _touched = clock.GetTimestamp() - (long)(ago.TotalSeconds * clock.TimestampFrequency);

    public bool IsWithin(TimeSpan limit) => _touched is { } at && clock.GetElapsedTime(at) <= limit;
}
