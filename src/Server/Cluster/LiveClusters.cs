using System.Collections.Immutable;

namespace Jarvis.Server.Cluster;

/// <summary>How a cluster came to be watched.</summary>
public enum ClusterOrigin { Configuration, Added, Demo }

/// <summary>A cluster in the list of those that are watched, or are paused.</summary>
public sealed record ClusterEntry(string Key, string Name, bool Paused, ClusterOrigin Origin);

/// <summary>The clusters of this server; the list is replaced whole as they come and go.</summary>
public sealed class LiveClusters
{
    private ImmutableArray<Action<IReadOnlyList<LiveCluster>>> _followers = [];
    private volatile IReadOnlyList<LiveCluster> _all = [];

    public IReadOnlyList<LiveCluster> All => _all;

    /// <summary>The only cluster, or null when there are several.</summary>
    public LiveCluster? Only => _all is [var one] ? one : null;

    public LiveCluster? Find(string key) => _all.FirstOrDefault(c => c.Key == key);

    /// <summary>Calls <paramref name="follower"/> after each change of the list or of an entry: it must be quick and must
    /// not throw. A cluster that is new here publishes nothing before.</summary>
    public IDisposable Follow(Action<IReadOnlyList<LiveCluster>> follower)
    {
        ImmutableInterlocked.Update(ref _followers, static (all, one) => all.Add(one), follower);
        return new Following(() => ImmutableInterlocked.Update(ref _followers, static (all, one) => all.Remove(one), follower));
    }

    /// <summary>Replaces the list; one caller at a time.</summary>
    internal void Replace(IReadOnlyList<LiveCluster> all)
    {
        _all = all;
        foreach (var follower in _followers) follower(all);
    }
}
