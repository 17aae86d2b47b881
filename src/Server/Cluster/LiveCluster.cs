using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Jarvis.Server.Cluster;

/// <summary>Where a cluster's newest snapshot is found and its changes are announced. One writer: its poller.</summary>
public sealed class LiveCluster
{
    private ImmutableArray<Action<ClusterChange>> _followers = [];
    private ImmutableArray<Action<TaskProgress>> _taskFollowers = [];
    private volatile ClusterSnapshot _current;

    internal LiveCluster(string key, string name, double cadenceSeconds)
    {
        Key = key;
        _current = new(0, new()
        {
            Key = key,
            Header = new()
            {
                Name = name,
                ObservedAt = null,
                BlindSince = null,
                Trouble = null,
                Quorate = null,
                Version = null,
                Access = null,
                Observer = null,
                CadenceSeconds = cadenceSeconds,
            },
            Nodes = [],
            Guests = [],
            Storages = [],
            Tasks = [],
        });
    }

    public string Key { get; }

    public ClusterSnapshot Current => _current;

    /// <summary>Calls <paramref name="follower"/> after each publication, on the poller's thread: it must be quick
    /// and must not throw.</summary>
    public IDisposable Follow(Action<ClusterChange> follower)
    {
        ImmutableInterlocked.Update(ref _followers, static (all, one) => all.Add(one), follower);
        return new Following(() => ImmutableInterlocked.Update(ref _followers, static (all, one) => all.Remove(one), follower));
    }

    /// <summary>As above, for running tasks; their logs are read only while somebody follows.</summary>
    public IDisposable FollowTasks(Action<TaskProgress> follower)
    {
        ImmutableInterlocked.Update(ref _taskFollowers, static (all, one) => all.Add(one), follower);
        return new Following(() => ImmutableInterlocked.Update(ref _taskFollowers, static (all, one) => all.Remove(one), follower));
    }

    internal bool TasksAreFollowed => !_taskFollowers.IsEmpty;

    internal void Tell(TaskProgress progress)
    {
        foreach (var follower in _taskFollowers) follower(progress);
    }

    /// <summary>Publishes <paramref name="next"/> if it differs; returns what changed, or null.</summary>
    internal ClusterChange? Publish(ClusterView next)
    {
        var before = _current;
        if (SnapshotDiff.Between(before.View, next) is not { } delta) return null;

        var change = new ClusterChange(this, before, new(before.Sequence + 1, next), delta);
        _current = change.After;
        foreach (var follower in _followers) follower(change);
        return change;
    }

    private sealed class Following(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

/// <summary>The clusters this server watches, by key.</summary>
public sealed class LiveClusters(IEnumerable<LiveCluster> clusters)
{
    private readonly FrozenDictionary<string, LiveCluster> _byKey = clusters.ToFrozenDictionary(c => c.Key, StringComparer.Ordinal);

    public IReadOnlyList<LiveCluster> All { get; } = [.. clusters];

    public LiveCluster? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>The only cluster, or null when there are several.</summary>
    public LiveCluster? Only => All is [var one] ? one : null;
}
