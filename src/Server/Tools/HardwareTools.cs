using System.ComponentModel;
using Jarvis.Proxmox.Wire;
using Jarvis.Safety;

namespace Jarvis.Server.Tools;

/// <summary>The disks, pools, networks and certificates of nodes.</summary>
internal sealed class HardwareTools(Everywhere everywhere, TimeProvider time)
{
    private const int MostPools = 20;

    [Tool(Tier.Green, Outside = false), Description("The disks of a node: model, size, what uses them, SMART health, and how much of their life is left; the worst first.")]
    public Task<Rows<DiskInfo>> GetDisksAsync(NodeName node, ClusterKey? cluster = null, CancellationToken cancellationToken = default) => everywhere.OfNodesAsync<DiskInfo>(
        node, cluster, "disks", 1,
        async (client, place) =>
        [
            .. from d in await client.GetDisksAsync(place.Node, withSmart: true, CancellationToken.None)
               orderby d.DevPath
               select new DiskInfo(place.Key, place.Node, d.DevPath, d.Type, d.Model, d.Serial, d.Size, d.Used, d.Health, d.Wearout),
        ],
        d => d.SmartHealth is "PASSED" or "OK" ? 2 : d.SmartHealth is null or "UNKNOWN" ? 1 : 0, cancellationToken);

    [Tool(Tier.Green, Outside = false), Description("The ZFS pools of a node, or of all: health, space, the last scrub, errors and devices that failed; the worst first.")]
    public Task<Rows<ZfsPoolInfo>> GetZfsPoolsAsync(NodeName? node = null, ClusterKey? cluster = null, CancellationToken cancellationToken = default) => everywhere.OfNodesAsync<ZfsPoolInfo>(
        node, cluster, "zfs", 2,
        async (client, place) =>
        {
            List<ZfsPoolInfo> rows = [];
            foreach (var pool in (await client.GetZfsPoolsAsync(place.Node, CancellationToken.None)).OrderBy(p => p.Name, StringComparer.Ordinal))
            {
                var detail = rows.Count < MostPools ? await client.GetZfsPoolAsync(place.Node, pool.Name, CancellationToken.None) : null;
                rows.Add(new(
                    place.Key, place.Node, pool.Name, pool.Health, pool.Size, pool.Alloc, pool.Free, pool.Frag, detail?.Scan, detail?.Errors, detail?.Status, detail?.Action,
                    [.. Failed(detail?.Children ?? [])]));
            }

            return rows;
        },
        p => p.Health is "ONLINE" ? 1 : 0, cancellationToken);

    [Tool(Tier.Green, Outside = false), Description("The network interfaces of a node, or of all, as they are set up: bridges, bonds, VLANs, addresses, and which are up.")]
    public Task<Rows<NetworkInfo>> GetNetworkAsync(NodeName? node = null, ClusterKey? cluster = null, CancellationToken cancellationToken = default) => everywhere.OfNodesAsync<NetworkInfo>(
        node, cluster, "network", 1,
        async (client, place) =>
        [
            .. from i in await client.GetNetworkAsync(place.Node, CancellationToken.None)
               orderby i.Iface
               select new NetworkInfo(
                   place.Key, place.Node, i.Iface, i.Type, i.Active is true, i.AutoStart is true, i.Method, i.Cidr ?? i.Address, i.Gateway, i.Cidr6 ?? i.Address6, i.Gateway6,
                   i.BridgePorts ?? i.Slaves, i.BondMode, i.VlanId, i.VlanRawDevice, i.BridgeVlanAware, i.Mtu),
        ],
        _ => 0, cancellationToken);

    [Tool(Tier.Green, Outside = false), Description("The TLS certificates of a node and when they expire, the soonest first.")]
    public Task<Rows<CertificateRow>> GetCertificatesAsync(NodeName node, ClusterKey? cluster = null, CancellationToken cancellationToken = default) => everywhere.OfNodesAsync<CertificateRow>(
        node, cluster, "certificates", 1,
        async (client, place) =>
        {
            var now = time.GetUtcNow();
            return
            [
                .. from c in await client.GetCertificatesAsync(place.Node, CancellationToken.None)
                   let ends = Moments.Of(c.NotAfter)
                   orderby ends ?? DateTimeOffset.MaxValue
                   select new CertificateRow(place.Key, place.Node, c.FileName, c.Subject, c.Issuer, ends, ends is { } end ? Math.Floor((end - now).TotalDays) : null, ends < now, c.San ?? [], c.Fingerprint),
            ];
        },
        _ => 0, cancellationToken);

    private static IEnumerable<string> Failed(IReadOnlyList<ZfsDevice> devices) => devices.SelectMany(d => Failed(d.Children ?? []).Concat(
        d.Children is { Count: > 0 } || d is { State: null or "ONLINE", Read: null or 0, Write: null or 0, Cksum: null or 0 } ? []
            : [$"{d.Name}: {d.State}, {d.Read ?? 0} read, {d.Write ?? 0} write, {d.Cksum ?? 0} checksum errors"]));
}

/// <summary>Times as Proxmox tells them.</summary>
internal static class Moments
{
    /// <summary>Of epoch seconds; null when there is none.</summary>
    public static DateTimeOffset? Of(long? seconds) => seconds is > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value) : null;
}

/// <summary>A disk; <c>LifeLeftPercent</c> is what an SSD says it has left to be written, null where it does not.</summary>
public sealed record DiskInfo(
    string Cluster, string Node, string Device, string? Type, string? Model, string? Serial, long? SizeBytes, string? UsedFor, string? SmartHealth, double? LifeLeftPercent);

public sealed record ZfsPoolInfo(
    string Cluster, string Node, string Name, string? Health, long? SizeBytes, long? AllocatedBytes, long? FreeBytes, double? FragmentationPercent,
    string? Scan, string? Errors, string? Status, string? Action, IReadOnlyList<string> FailedDevices);

/// <summary>An interface; <c>Ports</c> are a bridge's ports or a bond's members.</summary>
public sealed record NetworkInfo(
    string Cluster, string Node, string Name, string? Type, bool Active, bool Autostart, string? Method, string? Address, string? Gateway, string? Address6, string? Gateway6,
    string? Ports, string? BondMode, int? VlanId, string? VlanOf, bool? VlanAware, int? Mtu);

public sealed record CertificateRow(
    string Cluster, string Node, string? File, string? Subject, string? Issuer, DateTimeOffset? ExpiresAt, double? DaysLeft, bool Expired, IReadOnlyList<string> Names, string? Sha256Fingerprint);
