namespace Jarvis.Safety.Ledger;

/// <summary>A clock for deadlines: it never goes back, whatever is done to the wall clock, not even over a restart.</summary>
internal sealed class SafeClock(TimeProvider time)
{
    private readonly Lock _gate = new();
    private DateTimeOffset _last = time.GetUtcNow();
    private long _lastAt = time.GetTimestamp();

    public DateTimeOffset Now
    {
        get
        {
            lock (_gate)
            {
                var at = time.GetTimestamp();
                var passed = _last + time.GetElapsedTime(_lastAt, at);
                var wall = time.GetUtcNow();
                (_last, _lastAt) = (wall > passed ? wall : passed, at);
                return _last;
            }
        }
    }

    /// <summary>It was already this late.</summary>
    public void NotBefore(DateTimeOffset moment)
    {
        lock (_gate)
        {
            if (moment > _last) _last = moment;
        }
    }
}
