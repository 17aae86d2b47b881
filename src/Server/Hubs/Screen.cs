using System.Threading.Channels;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Hubs;

/// <summary>One connection to <c>/hubs/cluster</c>: a short queue and the pump that empties it. A screen too slow for
/// its queue loses the oldest messages; the pump sees the gap and sends a fresh snapshot instead.</summary>
internal sealed class Screen(string connectionId, string? session, IClusterClient client, IReadOnlyList<LiveCluster> clusters, CancellationToken aborted)
{
    private const int QueueLength = 8;

    private readonly Channel<Message> _queue = Channel.CreateBounded<Message>(
        new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly Dictionary<string, long> _sent = new(StringComparer.Ordinal);
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
        _queue.Writer.TryWrite(new Message.Refresh(_scope));
    }

    public void Offer(ClusterChange change)
    {
        if (_scope.Covers(change.Cluster.Key)) _queue.Writer.TryWrite(new Message.Changed(change));
    }

    public void Beat(LiveCluster cluster, DateTimeOffset now)
    {
        if (_scope.Covers(cluster.Key)) _queue.Writer.TryWrite(new Message.Heartbeat(cluster, now));
    }

    public void Offer(TaskProgress progress)
    {
        if (_scope.Covers(progress.Cluster)) _queue.Writer.TryWrite(new Message.Task(progress));
    }

    public async Task PumpAsync()
    {
        var shown = _scope;
        await ShowAllAsync(shown);
        await foreach (var message in _queue.Reader.ReadAllAsync(aborted))
        {
            // A dropped refresh must not be lost: the scope itself says that one is due.
            if (message is Message.Refresh || !ReferenceEquals(shown, _scope))
            {
                shown = _scope;
                await ShowAllAsync(shown);
            }

            switch (message)
            {
                case Message.Changed({ } change) when shown.Covers(change.Cluster.Key):
                    await SendAsync(change, shown);
                    break;
                case Message.Heartbeat(var cluster, var now) when shown.Covers(cluster.Key):
                    await client.Heartbeat(cluster.Key, _sent.GetValueOrDefault(cluster.Key), now, cluster.Current.View.Header.BlindSince);
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
        var last = _sent.GetValueOrDefault(change.Cluster.Key);
        if (sequence <= last) return;

        if (sequence > last + 1)
        {
            await ShowAsync(change.Cluster, scope);
            return;
        }

        await client.Delta(change.Cluster.Key, sequence, scope.Narrow(change.Delta));
        _sent[change.Cluster.Key] = sequence;
    }

    private async Task ShowAllAsync(Scope scope)
    {
        foreach (var cluster in clusters)
        {
            if (scope.Covers(cluster.Key)) await ShowAsync(cluster, scope);
        }
    }

    private async Task ShowAsync(LiveCluster cluster, Scope scope)
    {
        var snapshot = cluster.Current;
        await client.Snapshot(scope.Narrow(snapshot.View), snapshot.Sequence);
        _sent[cluster.Key] = snapshot.Sequence;
    }

    private abstract record Message
    {
        private Message() { }

        public sealed record Changed(ClusterChange Change) : Message;

        public sealed record Heartbeat(LiveCluster Cluster, DateTimeOffset Now) : Message;

        public sealed record Task(TaskProgress Progress) : Message;

        public sealed record Refresh(Scope Scope) : Message;
    }
}
