using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Jarvis.Safety;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Tools;

/// <summary>What the newest snapshot of the clusters says.</summary>
internal sealed class ClusterTools(Reach reach)
{
    [Tool(Tier.Green, Outside = false), Description("How each cluster is: nodes, quorum, version, guests by status, and what is wrong with it.")]
    public IReadOnlyList<ClusterSummary> GetClusterStatus(ClusterKey? cluster = null) => [.. reach.Clusters(cluster).Select(c => ClusterSummary.Of(c.Current.View))];

    [Tool(Tier.Green, Outside = false), Description("How a node is: cpu, memory, root file system, load, kernel and version of Proxmox.")]
    public NodeView GetNodeStatus([Description("its name")] NodeName node, ClusterKey? cluster = null) => reach.Node(node, cluster).Node;

    [Tool(Tier.Green, Outside = false), Description("The virtual machines; all, or those on a node, with a status, a tag, in a pool.")]
    public Rows<GuestRow> GetVms(NodeName? node = null, GuestStatus? status = null, [MaxLength(100)] string? tag = null, [MaxLength(100)] string? pool = null, ClusterKey? cluster = null) =>
        Guests(GuestType.Vm, node, status, tag, pool, cluster);

    [Tool(Tier.Green, Outside = false), Description("The containers; all, or those on a node, with a status, a tag, in a pool.")]
    public Rows<GuestRow> GetContainers(NodeName? node = null, GuestStatus? status = null, [MaxLength(100)] string? tag = null, [MaxLength(100)] string? pool = null, ClusterKey? cluster = null) =>
        Guests(GuestType.Container, node, status, tag, pool, cluster);

    [Tool(Tier.Green, Outside = false), Description("The storages: their type, and how full they are; a shared one stands once.")]
    public Rows<StorageRow> GetStorage(NodeName? node = null, ClusterKey? cluster = null) => Known(
        node, cluster,
        c => from s in c.Current.View.Storages
             where !s.Missing && (node is null || s.Node is null || s.Node == node.Value.Value)
             select new StorageRow(c.Key, s.Name, s.Node, s.Type, s.Status, s.Shared, s.Content, s.Used, s.Total));

    private Rows<GuestRow> Guests(GuestType type, NodeName? node, GuestStatus? status, string? tag, string? pool, ClusterKey? cluster) => Known(
        node, cluster,
        c => from g in c.Current.View.Guests
             where !g.Missing && g.Type == type
             where (node is null || g.Node == node.Value.Value) && (status is null || g.Status == status) && (tag is null || g.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase)) && (pool is null || g.Pool == pool)
             select new GuestRow(c.Key, g.Vmid, g.Name, g.Node, g.Status, g.Cpu, g.MaxCpu, g.Memory, g.MaxMemory, g.Tags, g.Pool, g.Lock, g.StartedAt));

    /// <summary>Rows of the clusters that are known, and which are not, or no longer: that there are no rows must not look as if there were nothing.</summary>
    private Rows<T> Known<T>(NodeName? node, ClusterKey? cluster, Func<LiveCluster, IEnumerable<T>> list)
    {
        IReadOnlyList<LiveCluster> clusters = node is { } named ? [reach.Node(named, cluster).Cluster] : reach.Clusters(cluster);
        var known = clusters.Where(c => c.Current.View.Header.ObservedAt is not null).ToList();
        if (known.Count == 0) throw new ReadFailedException(clusters.Count == 0 ? "No cluster is watched." : string.Join(' ', clusters.Select(c => $"{c.Key}: {Reach.Unread(c)!.Why}")));
        var rows = known.SelectMany(list).ToList();
        return new(
            [.. rows.Take(Everywhere.MostRows)], Math.Max(0, rows.Count - Everywhere.MostRows),
            [
                .. clusters.Select(Reach.Unread).OfType<Unread>(),
                .. from c in known
                   from n in c.Current.View.Nodes
                   where n.Status is NodeStatus.Offline && (node is null || n.Name == node.Value.Value)
                   select new Unread($"{c.Key}/{n.Name}", "The node is offline: what it has is as it was last seen."),
            ]);
    }
}

/// <summary>A cluster in short; what is not known is null.</summary>
public sealed record ClusterSummary(
    string Cluster, string Name, bool? Quorate, string? Version, DateTimeOffset? ObservedAt, string? Trouble, IReadOnlyList<NodeSummary> Nodes,
    IReadOnlyDictionary<string, int> GuestsByStatus, IReadOnlyList<string> Problems)
{
    private const double NearlyFull = 0.9;

    internal static ClusterSummary Of(ClusterView view) => new(
        view.Key, view.Header.Name, view.Header.Quorate, view.Header.Version, view.Header.ObservedAt, view.Header.Trouble,
        [.. view.Nodes.Select(n => new NodeSummary(n.Name, n.Status, n.Cpu, n.Memory, n.MaxMemory))],
        view.Guests.Where(g => !g.Missing).CountBy(g => g.Status.ToString().ToLowerInvariant()).ToDictionary(c => c.Key, c => c.Value),
        [.. Wrong(view)]);

    private static IEnumerable<string> Wrong(ClusterView view)
    {
        if (view.Header.BlindSince is { } since) yield return $"The cluster cannot be read since {since:u}.";
        if (view.Header.Quorate is false) yield return "The cluster has no quorum.";
        foreach (var node in view.Nodes.Where(n => n.Status is not NodeStatus.Online)) yield return $"The node {node.Name} is {node.Status.ToString().ToLowerInvariant()}.";
        foreach (var storage in view.Storages.Where(s => !s.Missing && s is { Used: { } used, Total: > 0 and var total } && used > NearlyFull * total)) yield return $"The storage {storage.Id} is nearly full.";
        foreach (var storage in view.Storages.Where(s => s is { Missing: false, Status: StorageStatus.Unavailable })) yield return $"The storage {storage.Id} is not available.";
    }
}

public sealed record NodeSummary(string Name, NodeStatus Status, double? CpuFraction, long? MemoryBytes, long? MaxMemoryBytes);

public sealed record GuestRow(
    string Cluster, int Vmid, string Name, string Node, GuestStatus Status, double? CpuFraction, double? Cores, long? MemoryBytes, long? MaxMemoryBytes,
    IReadOnlyList<string> Tags, string? Pool, string? Lock, DateTimeOffset? StartedAt);

public sealed record StorageRow(
    string Cluster, string Name, string? Node, string Type, StorageStatus Status, bool Shared, IReadOnlyList<string> Content, long? UsedBytes, long? TotalBytes);
