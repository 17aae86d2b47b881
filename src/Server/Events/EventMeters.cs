using System.Diagnostics.Metrics;

namespace Jarvis.Server.Events;

/// <summary>How the event log fares, for Prometheus and OpenTelemetry.</summary>
public sealed class EventMeters
{
    private readonly Meter _meter;
    private readonly Histogram<double> _appends;

    public EventMeters(IMeterFactory meters)
    {
        _meter = meters.Create("Jarvis.Events");
        _appends = _meter.CreateHistogram<double>("jarvis.events.append_time", "s", "How long it took to commit what was waiting.");
    }

    internal void Watch(EventLog log)
    {
        _meter.CreateObservableGauge("jarvis.events.queued", () => log.Health.Queued, "{event}", "Events that wait to be stored.");
        _meter.CreateObservableCounter("jarvis.events.lost", () => log.Health.Lost, "{event}", "Events that were not stored.");
        _meter.CreateObservableCounter("jarvis.events.stored", () => log.Health.LastId, "{event}", "The number of the newest event.");
    }

    internal void Appended(TimeSpan took) => _appends.Record(took.TotalSeconds);
}
