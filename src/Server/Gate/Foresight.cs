using System.Globalization;
using Jarvis.Safety;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Gate;

/// <summary>What holds now and would hold no longer after a call: quorum, one of several replicas that runs, a newest backup.</summary>
internal sealed class Foresight(LiveClusters clusters, GuestFacts facts, BackupFacts backups, HaFacts ha)
{
    public async ValueTask<IReadOnlyList<Consequence>> ForeseeAsync(Intended intended, CancellationToken cancellationToken)
    {
        List<Consequence> found = [];
        foreach (var touched in intended.Touched.Where(t => t.Effect >= Effect.Interrupts).GroupBy(t => t.State.Target.Cluster, StringComparer.Ordinal))
        {
            if (clusters.Find(touched.Key) is not { } cluster) continue;
            found.AddRange(Quorum(cluster, [.. touched.Where(t => t.State.Target.Kind is Kind.Node).Select(t => t.State.Target.Id)]));
            found.AddRange(await ReplicasAsync(cluster, [.. touched.SelectMany(Guests)], cancellationToken));
            foreach (var volume in touched.Where(t => t is { State.Target.Kind: Kind.Volume, Effect: Effect.Removes }))
            {
                if (await NewestAsync(cluster, volume.State, cancellationToken) is { } lost) found.Add(lost);
            }
        }

        return found;
    }

    // A guest itself, or those that stop with their node.
    private static IEnumerable<int> Guests(Touched touched) =>
        (touched.State.Target.Kind switch { Kind.Guest => [touched.State], Kind.Node => touched.State.Holds, _ => [] })
        .Select(s => int.Parse(s.Target.Id, CultureInfo.InvariantCulture));

    private static IEnumerable<Consequence> Quorum(LiveCluster cluster, HashSet<string> gone)
    {
        var nodes = cluster.Current.View.Nodes.Where(n => !n.Missing).ToList();
        // Where it is not known whether there is quorum, it must not be lost.
        if (gone.Count == 0 || nodes.Count < 2 || cluster.Current.View.Header.Quorate is false) yield break;
        var left = nodes.Count(n => n.Status is NodeStatus.Online && !gone.Contains(n.Name));
        var needed = (nodes.Count / 2) + 1;
        if (left < needed) yield return new(ConsequenceKind.LosesQuorum, $"{cluster.Entry.Name} loses its quorum: {left} of {nodes.Count} nodes remain, {needed} are needed.");
    }

    private async Task<List<Consequence>> ReplicasAsync(LiveCluster cluster, HashSet<int> interrupted, CancellationToken cancellationToken)
    {
        var guests = cluster.Current.View.Guests;
        if (!guests.Any(g => interrupted.Contains(g.Vmid) && g.HaState is not null)) return [];
        List<Consequence> found = [];
        foreach (var set in (await ha.ReplicasAsync(cluster, cancellationToken)).Where(s => s.Vmids.Any(interrupted.Contains)))
        {
            // The list of guests may be older than what was stopped a moment ago: their nodes are asked.
            var members = guests.Where(g => !g.Missing && set.Vmids.Contains(g.Vmid)).ToList();
            var runs = await Task.WhenAll(members.Select(g => facts.RunsAsync(cluster, g, cancellationToken)));
            var serve = members.Where((_, i) => runs[i]).Select(g => g.Vmid).ToList();
            if (serve.Count == 0 || !serve.TrueForAll(interrupted.Contains)) continue;
            found.Add(new(ConsequenceKind.StopsLastReplica, $"Nothing of {set.Called} runs then: {string.Join(", ", serve)} {(serve.Count == 1 ? "is the last" : "are the last")}."));
        }

        return found;
    }

    private async Task<Consequence?> NewestAsync(LiveCluster cluster, TargetState volume, CancellationToken cancellationToken)
    {
        if (await backups.FindAsync(cluster, volume.Target.Id, volume.Node, cancellationToken) is not [{ Vmid: { } vmid } meant, ..]) return null;
        var others = (await backups.OfGuestAsync(cluster, vmid, cancellationToken)).Where(b => (b.VolId, b.Storage.Id) != (meant.VolId, meant.Storage.Id)).ToList();
        if (others.Exists(b => b.At > meant.At)) return null;
        var next = others.Find(b => b.At is not null) is { At: { } at } ? $"the next is of {at:yyyy-MM-dd HH:mm} UTC" : "there is no other";
        return new(ConsequenceKind.DeletesNewestBackup, $"It is the newest backup of guest {vmid}; {next}.");
    }
}
