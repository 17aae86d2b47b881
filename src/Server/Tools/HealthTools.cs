using System.ComponentModel;
using Jarvis.Proxmox;
using Jarvis.Proxmox.Wire;
using Jarvis.Safety;

namespace Jarvis.Server.Tools;

/// <summary>What clusters do together: Ceph, high availability, replication.</summary>
internal sealed class HealthTools(Everywhere everywhere, Reach reach)
{
    [Tool(Tier.Green, Outside = false), Description("How Ceph is: health and what is wrong, monitors, placement groups, space, pools, and OSDs that are not up and in; all OSDs of a node when it is named.")]
    public Task<Rows<CephReport>> GetCephStatusAsync(NodeName? node = null, ClusterKey? cluster = null, CancellationToken cancellationToken = default) => everywhere.OfClustersAsync<CephReport>(
        ClusterOf(node, cluster), $"ceph {node}", 3,
        async (client, place) => [await CephAsync(client, place, node)],
        r => r.Health is "HEALTH_ERR" ? 0 : r.Health is "HEALTH_WARN" ? 1 : 2, cancellationToken);

    [Tool(Tier.Green, Outside = false), Description("High availability: quorum, the manager, each node's local manager, and the guests that are kept running; those in trouble first.")]
    public Task<Rows<HaReport>> GetHaStatusAsync(NodeName? node = null, ClusterKey? cluster = null, CancellationToken cancellationToken = default) => everywhere.OfClustersAsync<HaReport>(
        ClusterOf(node, cluster), $"ha {node}", 1,
        async (client, place) =>
        {
            var rows = (await client.GetHaStatusAsync(CancellationToken.None)).Where(r => node is null || r.Node is null || r.Node == node.Value.Value || r.Type is "quorum" or "master").ToList();
            return
            [
                new HaReport(
                    place.Key, rows.FirstOrDefault(r => r.Type == "quorum")?.Quorate, rows.FirstOrDefault(r => r.Type == "master")?.Status,
                    [.. rows.Where(r => r.Type == "lrm").OrderBy(r => r.Node, StringComparer.Ordinal).Select(r => new HaNode(r.Node, r.Status))],
                    [
                        .. from r in rows
                           where r.Type == "service"
                           orderby r.State is "started" or "stopped" or "ignored" ? 1 : 0, r.Sid
                           select new HaService(r.Sid ?? r.Id, r.Node, r.State, r.RequestState, r.CrmState, r.MaxRestart, r.MaxRelocate),
                    ]),
            ];
        },
        _ => 0, cancellationToken);

    [Tool(Tier.Green, Outside = true), Description("The replication jobs of the guests on a node, or on all: when they last ran, when they run next, and how often they failed; those that fail first.")]
    public Task<Rows<ReplicationRow>> GetReplicationAsync(NodeName? node = null, ClusterKey? cluster = null, CancellationToken cancellationToken = default) => everywhere.OfNodesAsync<ReplicationRow>(
        node, cluster, "replication", 1,
        async (client, place) =>
        [
            .. from j in await client.GetNodeReplicationAsync(place.Node, CancellationToken.None)
               orderby j.Id
               select new ReplicationRow(
                   place.Key, j.Id, j.Guest, j.Source ?? place.Node, j.Target, j.Schedule, j.Disable is not true,
                   Moments.Of(j.LastSync), Moments.Of(j.LastTry), Moments.Of(j.NextSync), j.Duration, j.FailCount ?? 0, j.Error?.Trim()),
        ],
        j => j.Failures > 0 || j.Error is not null ? 0 : 1, cancellationToken);

    private ClusterKey? ClusterOf(NodeName? node, ClusterKey? cluster) =>
        node is { } named && ClusterKey.TryParse(reach.Node(named, cluster).Cluster.Key, out var of) ? of : cluster;

    private static async Task<CephReport> CephAsync(ProxmoxClient client, Place place, NodeName? node)
    {
        if (await client.GetCephStatusAsync(CancellationToken.None) is not { } status) return new(place.Key, false, null, [], null, null, null, [], null, null, null, null, null, null, new Dictionary<string, int>(), [], []);
        var pools = await client.GetCephPoolsAsync(place.Node, CancellationToken.None);
        var tree = await client.GetCephOsdsAsync(place.Node, CancellationToken.None);
        var (map, groups) = (status.OsdMap?.Nested ?? status.OsdMap, status.PgMap);
        return new(
            place.Key, true, status.Health?.Status,
            [.. from c in status.Health?.Checks ?? new Dictionary<string, CephCheck>() orderby c.Key select new CephProblem(c.Key, c.Value.Severity, c.Value.Summary?.Message, c.Value.Muted is true)],
            map?.NumOsds, map?.NumUpOsds, map?.NumInOsds, status.QuorumNames ?? [],
            groups?.BytesUsed, groups?.BytesAvail, groups?.BytesTotal, groups?.ReadBytesSec, groups?.WriteBytesSec, groups?.RecoveringBytesSec,
            (groups?.PgsByState ?? []).ToDictionary(g => g.StateName, g => g.Count),
            [.. from p in pools orderby p.Name select new CephPoolRow(p.Name, p.Size, p.MinSize, p.PgNum, p.BytesUsed, p.PercentUsed)],
            [.. Osds(tree.Root, null).Where(o => node is { } on ? o.Node == on.Value : o is not { Status: "up", In: true }).Take(Everywhere.MostRows)]);
    }

    private static IEnumerable<OsdRow> Osds(CephOsdNode of, string? host) => of.Type == "osd"
        ? [new(of.Name ?? $"osd.{of.Id}", of.Host ?? host, of.Status, of.In, of.DeviceClass, of.PercentUsed)]
        : (of.Children ?? []).SelectMany(c => Osds(c, of.Type == "host" ? of.Name : host));
}

/// <summary>Ceph of a cluster; <c>Installed</c> is false where it has none.</summary>
public sealed record CephReport(
    string Cluster, bool Installed, string? Health, IReadOnlyList<CephProblem> Problems, int? Osds, int? OsdsUp, int? OsdsIn, IReadOnlyList<string> MonitorsInQuorum,
    long? UsedBytes, long? FreeBytes, long? TotalBytes, long? ReadBytesPerSecond, long? WriteBytesPerSecond, long? RecoveringBytesPerSecond,
    IReadOnlyDictionary<string, int> PlacementGroupsByState, IReadOnlyList<CephPoolRow> Pools, IReadOnlyList<OsdRow> ShownOsds);

public sealed record CephProblem(string Check, string? Severity, string? Message, bool Muted);

public sealed record CephPoolRow(string Name, int? Copies, int? LeastCopies, int? PlacementGroups, long? UsedBytes, double? UsedFraction);

public sealed record OsdRow(string Name, string? Node, string? Status, bool? In, string? DeviceClass, double? UsedPercent);

/// <summary>High availability of a cluster; <c>Quorate</c> is null where Proxmox does not say.</summary>
public sealed record HaReport(string Cluster, bool? Quorate, string? Manager, IReadOnlyList<HaNode> Nodes, IReadOnlyList<HaService> Services);

public sealed record HaNode(string? Node, string? Status);

/// <summary>A guest that is kept running, as <c>vm:100</c>.</summary>
public sealed record HaService(string Guest, string? Node, string? State, string? Wanted, string? ManagerState, int? MostRestarts, int? MostRelocations);

public sealed record ReplicationRow(
    string Cluster, string Job, int? Vmid, string? Source, string? Target, string? Schedule, bool Enabled,
    DateTimeOffset? LastSyncAt, DateTimeOffset? LastTryAt, DateTimeOffset? NextSyncAt, double? DurationSeconds, int Failures, string? Error);
