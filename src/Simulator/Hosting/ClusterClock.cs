namespace Jarvis.Simulator.Hosting;

/// <summary>A clock that runs faster than another one and can be put forward.</summary>
internal sealed class ClusterClock(TimeProvider inner, double speed, DateTimeOffset? origin) : TimeProvider
{
    private readonly DateTimeOffset start = inner.GetUtcNow();
    private long ahead;

    public override DateTimeOffset GetUtcNow() =>
        (origin ?? start) + ((inner.GetUtcNow() - start) * speed) + TimeSpan.FromTicks(Interlocked.Read(ref ahead));

    public void Advance(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);
}
