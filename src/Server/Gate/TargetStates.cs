using Jarvis.Safety;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Gate;

/// <summary>Names resolved on the live state, and targets as they are at this moment.</summary>
internal sealed class TargetStates(LiveClusters clusters, GuestFacts facts, BackupFacts backups, SafetySnapshots snapshots)
{
    public async ValueTask<IReadOnlyList<TargetState>> FindAsync(TargetQuery query, CancellationToken cancellationToken)
    {
        var found = new List<TargetState>();
        foreach (var cluster in clusters.All.Where(c => query.Cluster is null || c.Key == query.Cluster))
        {
            switch (query.Kind)
            {
                case Kind.Guest:
                    foreach (var guest in cluster.Current.View.Guests.Where(g => !g.Missing && IsMeant(g, query.Text))) found.Add(Of(cluster, guest));
                    break;
                case Kind.Node:
                    if (cluster.Current.Node(query.Text) is { Missing: false } node) found.Add(Of(cluster, node));
                    break;
                case Kind.Storage:
                    found.AddRange(cluster.Current.View.Storages.Where(s => !s.Missing && s.Name == query.Text && (query.Node is null || s.Node is null || s.Node == query.Node)).Select(s => Of(cluster, s)));
                    break;
                case Kind.Volume:
                    found.AddRange((await backups.FindAsync(cluster, query.Text, query.Node, cancellationToken)).Select(b => Of(cluster, b)));
                    break;
            }
        }

        // What is only read is not compared with anything later, and a doubtful name is refused without asking Proxmox.
        if (query is not { Kind: Kind.Guest, Effect: > Effect.Reads } || found.Count != 1) return found;
        var at = clusters.Find(found[0].Target.Cluster)!;
        var one = at.Current.Guest(int.Parse(found[0].Target.Id, System.Globalization.CultureInfo.InvariantCulture))!;
        return [found[0] with { Fingerprint = await facts.FingerprintAsync(at, one, cancellationToken) }];
    }

    /// <summary>Makes a snapshot of a guest; false when its storage cannot.</summary>
    public async ValueTask<bool> SnapshotAsync(TargetState guest, string name, CancellationToken cancellationToken) =>
        clusters.Find(guest.Target.Cluster) is { } cluster && cluster.Current.Guest(int.Parse(guest.Target.Id, System.Globalization.CultureInfo.InvariantCulture)) is { Missing: false } row
            ? await snapshots.MakeAsync(cluster, row, name, cancellationToken)
            : throw new InvalidOperationException($"{guest.Target} is not there any more.");

    public async ValueTask<Reconciled> ReconcileAsync(UnfinishedRun run, CancellationToken cancellationToken)
    {
        if (run.Upid is not { } upid) return new(RunState.Unknown, "It is not known whether Proxmox took it.");
        // Its task is no more than a part.
        if (run.Targets.Count(t => t.Kind is Kind.Guest) > 1) return new(RunState.Unknown, $"{upid} was one of several tasks.");
        if (run.Targets.Select(t => clusters.Find(t.Cluster)).FirstOrDefault(c => c is not null) is not { } cluster) return new(RunState.Unknown, "Its cluster is not watched.");
        try
        {
            return await facts.EndOfAsync(cluster, upid, cancellationToken) is var (ok, text) ? new(ok ? RunState.Completed : RunState.Failed, text)
                : new(RunState.Unknown, $"{upid} runs still.");
        }
        // Cancelled, too, when the cluster was edited meanwhile.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(RunState.Unknown, e.Message);
        }
    }

    private static bool IsMeant(GuestView guest, string text) =>
        text.All(char.IsAsciiDigit) ? $"{guest.Vmid}" == text : guest.Name == text;

    private static TargetState Of(LiveCluster cluster, GuestView guest) => new()
    {
        Target = new(cluster.Key, Kind.Guest, $"{guest.Vmid}"),
        Name = guest.Name,
        Node = guest.Node,
        Tags = guest.Tags,
        Pool = guest.Pool,
        Fingerprint = $"{guest.Node}|{guest.Status}|{guest.Lock}|{guest.HaState}",
    };

    private static TargetState Of(LiveCluster cluster, NodeView node) => new()
    {
        Target = new(cluster.Key, Kind.Node, node.Name),
        Name = node.Name,
        Node = node.Name,
        Fingerprint = $"{node.Status}|{node.StartedAt:u}",
        Holds = [.. cluster.Current.View.Guests.Where(g => g.Node == node.Name && g.MayRun()).Select(g => Of(cluster, g))],
    };

    private static TargetState Of(LiveCluster cluster, StorageView storage) => new()
    {
        Target = new(cluster.Key, Kind.Storage, storage.Id),
        Name = storage.Name,
        Node = storage.Node,
        Fingerprint = $"{storage.Status}",
    };

    // A backup goes with the protection of the guest that it is of, and of the storage that it lies on.
    private static TargetState Of(LiveCluster cluster, BackupVolume backup) => new()
    {
        Target = new(cluster.Key, Kind.Volume, backup.VolId),
        Name = backup.Storage.Node is { } only ? $"on {only}" : "",
        Node = backup.Storage.Node,
        Fingerprint = $"{backup.Storage.Id}|{backup.At:u}|{backup.Bytes}|{backup.Protected}",
        Holds = backup.Vmid is { } vmid && cluster.Current.Guest(vmid) is { Missing: false } owner ? [Of(cluster, backup.Storage), Of(cluster, owner)] : [Of(cluster, backup.Storage)],
    };
}
