using System.Collections.Immutable;

namespace Jarvis.Server.Cluster;

/// <summary>Where a cluster's newest snapshot is found and its changes are announced. One writer: its poller.</summary>
public sealed class LiveCluster
{
    private ImmutableArray<Action<ClusterChange>> _followers = [];
    private ImmutableArray<Action<TaskProgress>> _taskFollowers = [];
    private volatile ClusterSnapshot _current;
    private volatile ClusterEntry _entry;
    private volatile Func<Task>? _reader;

    internal LiveCluster(ClusterEntry entry, double cadenceSeconds)
    {
        var (key, name, _, _) = _entry = entry;
        Key = key;
        _current = new(0, new()
        {
            Key = key,
            Header = new()
            {
                Name = name,
                Instance = Guid.NewGuid().ToString("N"),
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

    /// <summary>What it is called, whether it is watched now, and where it came from.</summary>
    public ClusterEntry Entry => _entry;

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

    /// <summary>Has the cluster read at once, as after a change; ends when what was read is published, or nobody watches.</summary>
    internal Task RefreshAsync() => _reader?.Invoke() ?? Task.CompletedTask;

    /// <summary>Set by the poller while it runs.</summary>
    internal void ReadBy(Func<Task>? reader) => _reader = reader;

    internal void Change(ClusterEntry entry) => _entry = entry;

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
}

/// <summary>Ends what it was given to end.</summary>
internal sealed class Following(Action end) : IDisposable
{
    public void Dispose() => end();
}
