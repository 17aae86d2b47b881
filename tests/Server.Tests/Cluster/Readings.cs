using Jarvis.Proxmox.Wire;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Tests.Cluster;

/// <summary>Short ways to say what Proxmox answered.</summary>
internal static class Readings
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly ClusterView Nothing = new LiveCluster(new("lab", "Lab", false, ClusterOrigin.Configuration), 10).Current.View;

    public static ClusterResource Node(string name, string status = "online", double cpu = 0.25) => new()
    {
        Id = $"node/{name}", Type = "node", Node = name, Status = status, Cpu = cpu, MaxCpu = 8, Mem = 8L << 30, MaxMem = 32L << 30, Uptime = 100_000,
    };

    public static ClusterResource Guest(int vmid, string node = "pve1", string status = "running", long uptime = 1000, long netIn = 0) => new()
    {
        Id = $"qemu/{vmid}", Type = "qemu", VmId = vmid, Name = $"guest-{vmid}", Node = node, Status = status, Cpu = 0.5, MaxCpu = 2,
        Mem = 1L << 30, MaxMem = 2L << 30, Uptime = uptime, NetIn = netIn, NetOut = 0, DiskRead = 0, DiskWrite = 0, Tags = "web;prod",
    };

    public static ClusterResource Storage(string name, string node, bool shared = false, string status = "available") => new()
    {
        Id = $"storage/{node}/{name}", Type = "storage", Storage = name, Node = node, Status = status, Shared = shared, PluginType = "dir",
        Content = "iso,backup", Disk = 10L << 30, MaxDisk = 100L << 30,
    };

    public static ClusterReading Of(double seconds, params ClusterResource[] rows) =>
        new(Start.AddSeconds(seconds), rows, null, null, new Dictionary<string, Proxmox.Wire.NodeStatus>());

    public static ClusterReading WithStatus(this ClusterReading reading, params (string Node, bool Online)[] nodes) => reading with
    {
        Status = [.. nodes.Select(n => new ClusterStatusRow { Id = $"node/{n.Node}", Type = "node", Name = n.Node, Online = n.Online })],
    };

    public static ClusterReading WithTask(this ClusterReading reading, string type, int vmid, string? status, long endedAfter = 0) => reading with
    {
        Tasks =
        [
            new() { Upid = $"UPID:pve1:0000C350:0001E240:65E1C2C0:{type}:{vmid}:root@pam:", StartTime = 1, EndTime = status is null ? null : reading.At.ToUnixTimeSeconds() + endedAfter, Status = status },
        ],
    };

    /// <summary>Feeds readings to a builder in turn.</summary>
    public static ClusterView Build(params ClusterReading[] readings)
    {
        var builder = new SnapshotBuilder();
        return readings.Aggregate(Nothing, (view, reading) => builder.Next(view, reading) is var next
            ? next with { Header = next.Header with { ObservedAt = reading.At } } : view);
    }
}
