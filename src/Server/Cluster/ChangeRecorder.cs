using Jarvis.Server.Cluster.History;
using Jarvis.Server.Events;

namespace Jarvis.Server.Cluster;

/// <summary>Remembers what the pollers see: changes as events, numbers as history, failures grouped.</summary>
internal sealed class ChangeRecorder(EventLog events, MetricHistory history, TimeProvider clock)
{
    private static readonly TimeSpan SayAgainAfter = TimeSpan.FromMinutes(5);

    private readonly Dictionary<(string Cluster, string What), Failing> _failing = [];
    private readonly Samples _samples = new();
    private readonly Lock _gate = new();

    public void Record(ClusterChange change, bool numbersAreNew)
    {
        foreach (var what in ChangeEvents.Of(change)) events.TryPost(what);
        if (!numbersAreNew) return;
        lock (_gate) history.Record(_samples.Of(change.After.View));
    }

    /// <summary>Tells of the first failure of a read at once, and of those that follow within five minutes as a count.</summary>
    public void ReadFailed(string cluster, string what, string message)
    {
        int count;
        lock (_gate)
        {
            var key = (cluster, what);
            var failing = _failing.GetValueOrDefault(key) ?? new(null, 0);
            count = failing.Count + 1;
            if (failing.ToldAt is { } told && clock.GetElapsedTime(told) < SayAgainAfter)
            {
                _failing[key] = failing with { Count = count };
                return;
            }

            _failing[key] = new(clock.GetTimestamp(), 0);
        }

        events.TryPost(Failure(cluster, $"The {what} could not be read{(count > 1 ? $" {count} times" : "")}: {message}"));
    }

    public void ReadWorks(string cluster, string what)
    {
        lock (_gate)
        {
            // Remembered for a while, so that a read which fails every other time is not told of every other time.
            if (_failing.TryGetValue((cluster, what), out var failing) && failing.ToldAt is { } told && clock.GetElapsedTime(told) >= SayAgainAfter)
            {
                _failing.Remove((cluster, what));
            }
        }
    }

    /// <summary>Keeps nothing of a cluster that was removed but its events.</summary>
    public void Forget(string cluster)
    {
        lock (_gate)
        {
            foreach (var key in _failing.Keys.Where(k => k.Cluster == cluster).ToList()) _failing.Remove(key);
        }

        history.Forget(cluster);
    }

    private static Happening Failure(string cluster, string summary) =>
        new() { Type = "poll.failed", Severity = Severity.Warning, Source = Source.System, Cluster = cluster, Summary = summary };

    private sealed record Failing(long? ToldAt, int Count);
}
