using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using Jarvis.Safety;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Tools;

/// <summary>Lists what clusters have, and finds it by what somebody remembers of it.</summary>
internal sealed class FindTools(Reach reach)
{
    private const int MostFound = 20;
    private const int MostAsked = 24;
    private const int AtOnce = 4;

    [Tool(Tier.Green, Outside = false), Description("All that the clusters have in short, or all of a kind: nodes, guests, storages, pools.")]
    public async Task<Rows<ResourceRow>> GetClusterResourcesAsync(ResourceType? type = null, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        List<ResourceRow> rows = [];
        List<Unread> unread = [];
        foreach (var of in reach.Clusters(cluster))
        {
            if (Reach.Unread(of) is { } dark) unread.Add(dark);
            if (of.Current.View.Header.ObservedAt is null) continue;

            var view = of.Current.View;
            if (type is null or ResourceType.Node) rows.AddRange(view.Nodes.Select(n => new ResourceRow(of.Key, ResourceType.Node, n.Name, n.Name, n.Name, Word(n.Status), n.Cpu, Part(n.Memory, n.MaxMemory), Part(n.RootUsed, n.RootTotal), null, n.Memory)));
            if (type is null or ResourceType.Vm)
            {
                rows.AddRange(view.Guests.Where(g => !g.Missing).Select(g => new ResourceRow(
                    of.Key, ResourceType.Vm, $"{g.Vmid}", g.Name, g.Node, g.Template ? "template" : Word(g.Status), g.Cpu, Part(g.Memory, g.MaxMemory), g.Type is Cluster.GuestType.Container ? Part(g.Disk, g.MaxDisk) : null, g.Pool, g.Memory)));
            }

            if (type is null or ResourceType.Storage) rows.AddRange(view.Storages.Where(s => !s.Missing).Select(s => new ResourceRow(of.Key, ResourceType.Storage, s.Id, s.Name, s.Node, Word(s.Status), null, null, Part(s.Used, s.Total), null)));
            if (type is null or ResourceType.Pool)
            {
                try
                {
                    var pools = await reach.AskAsync(of, "pools", client => client.GetPoolsAsync(CancellationToken.None), cancellationToken);
                    rows.AddRange(pools.Where(p => p.PoolId is not null).OrderBy(p => p.PoolId, StringComparer.Ordinal).Select(p => new ResourceRow(
                        of.Key, ResourceType.Pool, p.PoolId!, p.PoolId!, null, $"{view.Guests.Count(g => !g.Missing && g.Pool == p.PoolId)} guests", null, null, null, null)));
                }
                catch (ReadFailedException e)
                {
                    unread.Add(new($"{of.Key} pools", e.Message));
                }
            }
        }

        if (rows.Count == 0 && unread.Count > 0) throw new ReadFailedException(string.Join(' ', unread.Select(u => $"{u.What}: {u.Why}")));
        return new([.. rows.Take(Everywhere.MostRows)], Math.Max(0, rows.Count - Everywhere.MostRows), unread);
    }

    [Tool(Tier.Green, Outside = false), Description("Finds nodes, guests and storages by name, number, tag or IP address; near misses too, the best match first.")]
    public async Task<Rows<Found>> FindResourceAsync([Length(1, 100)] string query, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var wanted = query.Trim();
        var clusters = reach.Clusters(cluster);
        List<Unread> unread = [.. clusters.Where(c => c.Current.View.Header.ObservedAt is null).Select(c => new Unread(c.Key, c.Current.View.Header.Trouble ?? "It has not been read yet."))];
        var found = clusters.SelectMany(c => Known(c, wanted)).ToList();
        if (IPAddress.TryParse(wanted, out var address))
        {
            foreach (var of in clusters) found.AddRange(await ByAddressAsync(of, address, unread, cancellationToken));
        }

        if (found.Count == 0 && unread.Count > 0 && unread.Count >= clusters.Count && clusters.All(c => unread.Any(u => u.What == c.Key))) throw new ReadFailedException(string.Join(' ', unread.Select(u => $"{u.What}: {u.Why}")));
        var best = found.OrderByDescending(f => f.Score).ThenBy(f => f.Name, StringComparer.OrdinalIgnoreCase).DistinctBy(f => (f.Cluster, f.Kind, f.Id)).ToList();
        return new([.. best.Take(MostFound)], Math.Max(0, best.Count - MostFound), unread);
    }

    private static IEnumerable<Found> Known(LiveCluster of, string wanted)
    {
        var view = of.Current.View;
        var all = view.Guests.Where(g => !g.Missing).Select(g => new Found(of.Key, "guest", $"{g.Vmid}", g.Name, g.Node, Math.Max(Math.Max(Fuzzy.Score(wanted, g.Name), $"{g.Vmid}" == wanted ? 100 : 0), g.Tags.Select(t => Fuzzy.Score(wanted, t) * 8 / 10).DefaultIfEmpty(0).Max())))
            .Concat(view.Nodes.Select(n => new Found(of.Key, "node", n.Name, n.Name, n.Name, Fuzzy.Score(wanted, n.Name))))
            .Concat(view.Storages.Where(s => !s.Missing).Select(s => new Found(of.Key, "storage", s.Id, s.Name, s.Node, Fuzzy.Score(wanted, s.Name))));
        return all.Where(f => f.Score > 0);
    }

    /// <summary>Asks the nodes' addresses, and then the running guests for theirs: VMs whose agent answers, and containers.</summary>
    private async Task<IReadOnlyList<Found>> ByAddressAsync(LiveCluster of, IPAddress address, List<Unread> unread, CancellationToken cancellationToken)
    {
        try
        {
            var status = await reach.AskAsync(of, "addresses", client => client.GetClusterStatusAsync(CancellationToken.None), cancellationToken);
            if (status.FirstOrDefault(r => r.Type == "node" && IPAddress.TryParse(r.Ip, out var ip) && ip.Equals(address)) is { } node) return [new(of.Key, "node", node.Name, node.Name, node.Name, 100)];
        }
        catch (ReadFailedException e)
        {
            unread.Add(new($"{of.Key} nodes", e.Message));
        }

        var running = of.Current.View.Guests.Where(g => !g.Missing && g.Status is GuestStatus.Running).ToList();
        if (running.Count > MostAsked) unread.Add(new($"{of.Key} guests", $"{running.Count - MostAsked} of {running.Count} running guests were not asked for their addresses."));
        var (hits, silent) = (new System.Collections.Concurrent.ConcurrentBag<Found>(), new System.Collections.Concurrent.ConcurrentBag<string>());
        await Parallel.ForEachAsync(running.Take(MostAsked), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (guest, stop) =>
        {
            try
            {
                var interfaces = await reach.AskAsync(of, $"interfaces {guest.Vmid}", client => client.GetGuestInterfacesAsync(guest.Node, Lookups.TypeOf(guest), guest.Vmid, CancellationToken.None), stop);
                if (Addresses.Of(interfaces).Any(a => a.Address.Equals(address))) hits.Add(new(of.Key, "guest", $"{guest.Vmid}", guest.Name, guest.Node, 100));
            }
            catch (ReadFailedException)
            {
                silent.Add(guest.Name);
            }
        });
        if (hits.IsEmpty && !silent.IsEmpty) unread.Add(new($"{of.Key} guests", $"These do not tell their addresses: {string.Join(", ", silent.Order(StringComparer.Ordinal))}."));
        return [.. hits];
    }

    private static double? Part(long? used, long? total) => used is { } u && total is > 0 and var t ? Math.Round((double)u / t, 3) : null;

    private static string Word<T>(T status) where T : struct, Enum => status.ToString().ToLowerInvariant();
}

/// <summary>What to list; guests are VMs and containers.</summary>
public enum ResourceType { Vm, Storage, Node, Pool }

/// <summary>Something in short; of a pool the status counts its guests. A VM does not tell how full its disks are.</summary>
public sealed record ResourceRow(
    string Cluster, ResourceType Type, string Id, string Name, string? Node, string Status, double? CpuFraction, double? MemoryFraction, double? DiskFraction, string? Pool, long? MemoryBytes = null);

/// <summary>What may be meant; <c>Score</c> is 100 for the same, less the less alike it is.</summary>
public sealed record Found(string Cluster, string Kind, string Id, string Name, string? Node, int Score);
