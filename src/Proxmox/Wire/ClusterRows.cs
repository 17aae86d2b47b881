using System.Text.Json.Serialization;

namespace Jarvis.Proxmox.Wire;

/// <summary>A row of <c>GET /cluster/resources</c>: a node, guest, storage, pool or network. What Proxmox omits is null.</summary>
public sealed record ClusterResource
{
    /// <summary><c>node/x</c>, <c>qemu/100</c>, <c>lxc/101</c>, <c>storage/NODE/ID</c>, <c>/pool/NAME</c>, …</summary>
    public required string Id { get; init; }

    /// <summary>node, storage, pool, qemu, lxc, openvz, sdn or network.</summary>
    public required string Type { get; init; }

    public string? Node { get; init; }

    public int? VmId { get; init; }

    public string? Name { get; init; }

    /// <summary>online, offline, running, stopped, available or unknown.</summary>
    public string? Status { get; init; }

    public bool? Template { get; init; }

    /// <summary>Fraction of the guest's own or the node's all cores; may exceed 1 slightly.</summary>
    public double? Cpu { get; init; }

    public double? MaxCpu { get; init; }

    /// <summary>Bytes, as all sizes here.</summary>
    public long? Mem { get; init; }

    public long? MaxMem { get; init; }

    /// <summary>What the host spends on a VM; from Proxmox VE 9.</summary>
    public long? MemHost { get; init; }

    /// <summary>Always 0 for VMs, whose use Proxmox does not know.</summary>
    public long? Disk { get; init; }

    public long? MaxDisk { get; init; }

    /// <summary>Counters since the guest's start.</summary>
    public long? NetIn { get; init; }

    public long? NetOut { get; init; }

    public long? DiskRead { get; init; }

    public long? DiskWrite { get; init; }

    /// <summary>Seconds.</summary>
    public long? Uptime { get; init; }

    /// <summary>Separated by semicolons.</summary>
    public string? Tags { get; init; }

    public string? Pool { get; init; }

    public string? Lock { get; init; }

    public string? HaState { get; init; }

    public string? Level { get; init; }

    public string? Storage { get; init; }

    /// <summary>The storage's type, as zfspool or nfs.</summary>
    public string? PluginType { get; init; }

    public string? Content { get; init; }

    public bool? Shared { get; init; }

    public string? Sdn { get; init; }

    public string? Network { get; init; }

    [JsonPropertyName("network-type")]
    public string? NetworkType { get; init; }

    [JsonPropertyName("cgroup-mode")]
    public int? CgroupMode { get; init; }
}

/// <summary>A row of <c>GET /cluster/status</c>; the <c>cluster</c> row is missing on a standalone node.</summary>
public sealed record ClusterStatusRow
{
    public required string Id { get; init; }

    /// <summary>cluster or node.</summary>
    public required string Type { get; init; }

    public required string Name { get; init; }

    public string? Ip { get; init; }

    public bool? Local { get; init; }

    public bool? Online { get; init; }

    public int? NodeId { get; init; }

    public string? Level { get; init; }

    /// <summary>Of the cluster row: corosync's configuration version.</summary>
    public int? Version { get; init; }

    public int? Nodes { get; init; }

    public bool? Quorate { get; init; }
}

/// <summary>A row of <c>GET /cluster/tasks</c> or <c>GET /nodes/{node}/tasks</c>; running ones have no end and no status.</summary>
public sealed record ClusterTask
{
    public required string Upid { get; init; }

    public string? Node { get; init; }

    public string? Type { get; init; }

    /// <summary>What it works on, often a vmid.</summary>
    public string? Id { get; init; }

    public string? User { get; init; }

    public string? TokenId { get; init; }

    public long? Pid { get; init; }

    public long? PStart { get; init; }

    /// <summary>Epoch seconds.</summary>
    public long? StartTime { get; init; }

    public long? EndTime { get; init; }

    /// <summary>OK, WARNINGS: n, the error text, or RUNNING.</summary>
    public string? Status { get; init; }

    public bool? Saved { get; init; }

    [JsonIgnore]
    public bool IsRunning => EndTime is null && (Status is null || string.Equals(Status, "RUNNING", StringComparison.OrdinalIgnoreCase));
}

/// <summary>A row of <c>GET /cluster/log</c>.</summary>
public sealed record ClusterLogRow
{
    public string? Uid { get; init; }

    public long? Time { get; init; }

    /// <summary>Syslog priority, 0 to 7.</summary>
    public int? Pri { get; init; }

    public string? Tag { get; init; }

    public string? Node { get; init; }

    public string? User { get; init; }

    public string? Msg { get; init; }
}

public sealed record VersionInfo
{
    public required string Version { get; init; }

    public string? Release { get; init; }

    public string? RepoId { get; init; }
}
