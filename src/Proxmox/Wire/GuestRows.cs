using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jarvis.Proxmox.Wire;

/// <summary>A guest as its own node sees it: live, unlike <c>/cluster/resources</c>.</summary>
public sealed record GuestStatus
{
    public required int VmId { get; init; }

    public string? Name { get; init; }

    /// <summary>running or stopped.</summary>
    public string? Status { get; init; }

    /// <summary>Of a VM: paused, io-error, internal-error, …</summary>
    public string? QmpStatus { get; init; }

    /// <summary>Fraction of the guest's own CPUs.</summary>
    public double? Cpu { get; init; }

    public double? Cpus { get; init; }

    public long? Mem { get; init; }

    public long? MaxMem { get; init; }

    public long? MemHost { get; init; }

    public long? FreeMem { get; init; }

    public long? Balloon { get; init; }

    public long? Swap { get; init; }

    public long? MaxSwap { get; init; }

    public long? Disk { get; init; }

    public long? MaxDisk { get; init; }

    public long? NetIn { get; init; }

    public long? NetOut { get; init; }

    public long? DiskRead { get; init; }

    public long? DiskWrite { get; init; }

    public long? Uptime { get; init; }

    public long? Pid { get; init; }

    public string? Tags { get; init; }

    public string? Lock { get; init; }

    public bool? Template { get; init; }

    /// <summary>Whether the agent is configured, not whether it answers.</summary>
    public bool? Agent { get; init; }

    public GuestHa? Ha { get; init; }

    [JsonPropertyName("running-machine")]
    public string? RunningMachine { get; init; }

    [JsonPropertyName("running-qemu")]
    public string? RunningQemu { get; init; }

    public double? PressureCpuSome { get; init; }

    public double? PressureIoSome { get; init; }

    public double? PressureMemorySome { get; init; }
}

public sealed record GuestHa
{
    public bool? Managed { get; init; }

    public string? State { get; init; }
}

/// <summary>A snapshot; the pseudo snapshot <c>current</c> is the present state.</summary>
public sealed record Snapshot
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public string? Parent { get; init; }

    /// <summary>Epoch seconds.</summary>
    public long? SnapTime { get; init; }

    /// <summary>Whether memory is part of it.</summary>
    public bool? VmState { get; init; }

    /// <summary>prepare or delete while at work.</summary>
    public string? SnapState { get; init; }

    public bool? Running { get; init; }
}

/// <summary>A setting with its present and its future value.</summary>
public sealed record PendingValue
{
    public required string Key { get; init; }

    public JsonElement? Value { get; init; }

    public JsonElement? Pending { get; init; }

    public int? Delete { get; init; }
}

/// <summary><c>GET /nodes/{node}/qemu/{vmid}/migrate</c>.</summary>
public sealed record MigrationCheck
{
    public bool? Running { get; init; }

    [JsonPropertyName("allowed_nodes")]
    public IReadOnlyList<string>? AllowedNodes { get; init; }

    /// <summary>Per node, why not.</summary>
    [JsonPropertyName("not_allowed_nodes")]
    public JsonElement? NotAllowedNodes { get; init; }

    [JsonPropertyName("local_disks")]
    public IReadOnlyList<LocalDisk>? LocalDisks { get; init; }

    [JsonPropertyName("local_resources")]
    public IReadOnlyList<string>? LocalResources { get; init; }
}

public sealed record LocalDisk
{
    public required string VolId { get; init; }

    public long? Size { get; init; }

    public bool? Cdrom { get; init; }

    [JsonPropertyName("is_unused")]
    public bool? IsUnused { get; init; }
}
