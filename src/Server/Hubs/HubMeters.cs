using System.Diagnostics.Metrics;

namespace Jarvis.Server.Hubs;

/// <summary>How the live connections fare, for Prometheus and OpenTelemetry.</summary>
internal sealed class HubMeters
{
    private long _screens;
    private long _readers;
    private long _behind;
    private long _asked;
    private long _droppedChanges;
    private long _droppedEvents;

    // Observed and not counted by the instruments, which nobody reads before the first scrape.
    public HubMeters(IMeterFactory meters)
    {
        var meter = meters.Create("Jarvis.Hubs");
        meter.CreateObservableGauge("jarvis.hub.connections", () => Two("hub", ("cluster", Screens), ("events", Interlocked.Read(ref _readers))), "{connection}", "Live connections.");
        meter.CreateObservableCounter("jarvis.hub.resyncs", () => Two("reason", ("behind", Behind), ("asked", Interlocked.Read(ref _asked))), "{resync}", "Whole states sent in the place of changes: to a screen that fell behind, or that asked.");
        meter.CreateObservableCounter("jarvis.hub.dropped", () => Two("hub", ("cluster", DroppedChanges), ("events", Interlocked.Read(ref _droppedEvents))), "{message}", "Messages that made room for newer ones, as the connection was too slow.");
    }

    public long Screens => Interlocked.Read(ref _screens);

    public long Behind => Interlocked.Read(ref _behind);

    public long DroppedChanges => Interlocked.Read(ref _droppedChanges);

    public void ScreenCame() => Interlocked.Increment(ref _screens);

    public void ScreenLeft() => Interlocked.Decrement(ref _screens);

    public void ReaderCame() => Interlocked.Increment(ref _readers);

    public void ReaderLeft() => Interlocked.Decrement(ref _readers);

    public void FellBehind() => Interlocked.Increment(ref _behind);

    public void Asked() => Interlocked.Increment(ref _asked);

    public void DroppedChange() => Interlocked.Increment(ref _droppedChanges);

    public void DroppedEvent() => Interlocked.Increment(ref _droppedEvents);

    private static Measurement<long>[] Two(string by, (string Is, long Value) one, (string Is, long Value) other) =>
        [new(one.Value, new KeyValuePair<string, object?>(by, one.Is)), new(other.Value, new KeyValuePair<string, object?>(by, other.Is))];
}
