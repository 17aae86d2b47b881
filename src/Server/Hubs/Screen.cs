using System.Threading.Channels;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Hubs;

/// <summary>One connection to <c>/hubs/cluster</c>: a short queue and the pump that empties it. A screen too slow for
/// its queue loses the oldest messages; the pump sees the gap and sends a fresh snapshot instead.</summary>
internal sealed class Screen(string connectionId, string? session, IClusterClient client, LiveClusters clusters, HubMeters meters, CancellationToken aborted)
{
    private const int QueuePerCluster = 8;
    private const int GuestsPerMessage = 1_000;

    private readonly Channel<Message> _queue = Channel.CreateBounded<Message>(
        new BoundedChannelOptions(QueuePerCluster * ClusterRoster.Most) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => meters.DroppedChange());
    private readonly Dictionary<LiveCluster, long> _sent = [];
    private IReadOnlyList<LiveCluster> _told = [];
    private volatile bool _refreshDue;
    private volatile bool _clustersDue;
    private volatile Scope _scope = new(null, ScopeKind.Cluster, "");

    public string ConnectionId => connectionId;

    public string? Session => session;

    public Scope Scope => _scope;

    /// <summary>Narrows or widens what this screen gets; a fresh snapshot follows.</summary>
    public void Show(Scope scope)
    {
        _scope = scope;
        Refresh();
    }

    public void Refresh()
    {
        _refreshDue = true;
        _queue.Writer.TryWrite(new Message.Refresh());
    }

    /// <summary>The list of clusters changed; it is told before anything else.</summary>
    public void ListChanged()
    {
        _clustersDue = true;
        _queue.Writer.TryWrite(new Message.Refresh());
    }

    public void Offer(ClusterChange change)
    {
        if (_scope.Covers(change.Cluster.Key)) _queue.Writer.TryWrite(new Message.Changed(change));
    }

    public void Beat(LiveCluster cluster, DateTimeOffset now)
    {
        if (_scope.Covers(cluster.Key)) _queue.Writer.TryWrite(new Message.Heartbeat(cluster, cluster.Current.Sequence, now));
    }

    public void Offer(TaskProgress progress)
    {
        if (_scope.Covers(progress.Cluster)) _queue.Writer.TryWrite(new Message.Task(progress));
    }

    public async Task PumpAsync()
    {
        var shown = _scope;
        await TellListAsync(shown);
        await foreach (var message in _queue.Reader.ReadAllAsync(aborted))
        {
            // The messages may have been dropped for newer ones; the flags stay.
            if (_clustersDue)
            {
                _clustersDue = false;
                await TellListAsync(shown);
            }

            if (_refreshDue)
            {
                _refreshDue = false;
                shown = _scope;
                meters.Asked();
                await ShowAllAsync(shown);
            }

            switch (message)
            {
                case Message.Changed({ } change) when shown.Covers(change.Cluster.Key) && _told.Contains(change.Cluster):
                    await SendAsync(change, shown);
                    break;
                case Message.Heartbeat(var cluster, var sequence, var now) when shown.Covers(cluster.Key) && _told.Contains(cluster):
                    if (sequence > _sent.GetValueOrDefault(cluster)) await CatchUpAsync(cluster, shown);
                    await client.Heartbeat(cluster.Key, _sent.GetValueOrDefault(cluster), now, cluster.Current.View.Header.BlindSince);
                    break;
                case Message.Task({ } task):
                    await client.TaskProgress(task.Cluster, task.Upid, task.Percent, task.Line);
                    break;
            }
        }
    }

    private async Task SendAsync(ClusterChange change, Scope scope)
    {
        var sequence = change.After.Sequence;
        var last = _sent.GetValueOrDefault(change.Cluster);
        if (sequence <= last) return;

        if (sequence > last + 1)
        {
            await CatchUpAsync(change.Cluster, scope);
            return;
        }

        await client.Delta(change.Cluster.Key, sequence, scope.Narrow(change));
        _sent[change.Cluster] = sequence;
    }

    /// <summary>Tells which clusters there are, and shows those that are new.</summary>
    private async Task TellListAsync(Scope scope)
    {
        var (before, now) = (_told, clusters.All);
        await client.Clusters([.. now.Select(c => c.Entry)]);
        _told = now;
        foreach (var gone in before.Except(now)) _sent.Remove(gone);
        foreach (var cluster in now.Except(before)) if (scope.Covers(cluster.Key)) await ShowAsync(cluster, scope);
    }

    private async Task ShowAllAsync(Scope scope)
    {
        foreach (var cluster in _told) if (scope.Covers(cluster.Key)) await ShowAsync(cluster, scope);
    }

    private Task CatchUpAsync(LiveCluster cluster, Scope scope)
    {
        meters.FellBehind();
        return ShowAsync(cluster, scope);
    }

    private async Task ShowAsync(LiveCluster cluster, Scope scope)
    {
        var snapshot = cluster.Current;
        var view = scope.Narrow(snapshot.View);
        var parts = view.Guests.Chunk(GuestsPerMessage).ToArray();
        foreach (var part in parts.SkipLast(1)) await client.Guests(view.Key, snapshot.Sequence, part);
        await client.Snapshot(parts.Length > 1 ? view with { Guests = parts[^1] } : view, snapshot.Sequence);
        _sent[cluster] = snapshot.Sequence;
    }

    private abstract record Message
    {
        private Message() { }

        public sealed record Changed(ClusterChange Change) : Message;

        public sealed record Heartbeat(LiveCluster Cluster, long Sequence, DateTimeOffset Now) : Message;

        public sealed record Task(TaskProgress Progress) : Message;

        public sealed record Refresh : Message;
    }
}
