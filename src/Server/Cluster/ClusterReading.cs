using Jarvis.Proxmox.Wire;

namespace Jarvis.Server.Cluster;

/// <summary>What one round of reads brought; null where a read failed or was not due.</summary>
internal sealed record ClusterReading(
    DateTimeOffset At,
    IReadOnlyList<ClusterResource>? Resources,
    IReadOnlyList<ClusterStatusRow>? Status,
    IReadOnlyList<ClusterTask>? Tasks,
    IReadOnlyDictionary<string, Proxmox.Wire.NodeStatus> Details);
