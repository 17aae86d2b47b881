using Jarvis.Server.Cluster.History;
using Jarvis.Server.Events;

namespace Jarvis.Server.Cluster;

/// <summary>Remembers what the pollers see: changes as events, numbers as history, failures grouped.</summary>
internal sealed class ChangeRecorder(EventLog events, MetricHistory history, TimeProvider clock)
{
    private static readonly TimeSpan SayAgainAfter = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, Failing> _failing = new(StringComparer.Ordinal);
    private readonly Samples _samples = new();
    private readonly Lock _gate = new();

    public void Record(ClusterChange change, bool numbersAreNew)
    {
        foreach (var what in ChangeEvents.Of(change)) events.TryPost(what);
        if (!numbersAreNew) return;
        lock (_gate) history.Record(_samples.Of(change.After.View));
    }

    /// <summary>Tells of the first failure at once, and of those that follow as a count every five minutes.</summary>
    public void ReadFailed(string cluster, string message)
    {
        Happening what;
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var failing = _failing.GetValueOrDefault(cluster) ?? new(now, DateTimeOffset.MinValue, 0);
            failing = failing with { Count = failing.Count + 1 };
            _failing[cluster] = failing;
            if (now - failing.ToldAt < SayAgainAfter) return;
            _failing[cluster] = failing with { ToldAt = now };
            what = Failure(cluster, failing.Count == 1 ? message : $"{failing.Count} reads failed since {failing.Since:HH:mm:ss} UTC, the last: {message}");
        }

        events.TryPost(what);
    }

    public void ReadWorks(string cluster)
    {
        lock (_gate) _failing.Remove(cluster);
    }

    private static Happening Failure(string cluster, string summary) =>
        new() { Type = "poll.failed", Severity = Severity.Warning, Source = Source.System, Cluster = cluster, Summary = summary };

    private sealed record Failing(DateTimeOffset Since, DateTimeOffset ToldAt, int Count);
}
