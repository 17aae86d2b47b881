using System.Text.Json.Serialization;

namespace Jarvis.Proxmox.Wire;

/// <summary>A row of <c>GET /nodes/{node}/disks/list</c>.</summary>
public sealed record DiskRow
{
    public required string DevPath { get; init; }

    /// <summary>hdd, ssd, nvme, usb or unknown.</summary>
    public string? Type { get; init; }

    public string? Model { get; init; }

    public string? Vendor { get; init; }

    public string? Serial { get; init; }

    public string? Wwn { get; init; }

    public long? Size { get; init; }

    /// <summary>LVM, ZFS, partitions, mounted, …; null when unused.</summary>
    public string? Used { get; init; }

    /// <summary>PASSED, OK, UNKNOWN or FAILED!.</summary>
    public string? Health { get; init; }

    /// <summary>Life that REMAINS in percent; null when not known.</summary>
    public double? Wearout { get; init; }

    public long? Rpm { get; init; }

    public bool? Gpt { get; init; }

    public bool? Mounted { get; init; }

    public int? OsdId { get; init; }

    [JsonPropertyName("by_id_link")]
    public string? ById { get; init; }
}

/// <summary><c>GET /nodes/{node}/disks/smart</c>: attributes of ATA disks, text of others.</summary>
public sealed record SmartHealth
{
    public required string Health { get; init; }

    /// <summary>ata or text.</summary>
    public string? Type { get; init; }

    public string? Text { get; init; }

    public double? Wearout { get; init; }

    public IReadOnlyList<SmartValue>? Attributes { get; init; }
}

public sealed record SmartValue
{
    public string? Id { get; init; }

    public required string Name { get; init; }

    public double? Value { get; init; }

    public double? Normalized { get; init; }

    public double? Worst { get; init; }

    public double? Threshold { get; init; }

    /// <summary>A dash when it did not fail.</summary>
    public string? Fail { get; init; }

    public string? Raw { get; init; }
}

/// <summary>A row of <c>GET /nodes/{node}/disks/zfs</c>.</summary>
public sealed record ZfsPool
{
    public required string Name { get; init; }

    /// <summary>ONLINE, DEGRADED, FAULTED, …</summary>
    public string? Health { get; init; }

    public long? Size { get; init; }

    public long? Alloc { get; init; }

    public long? Free { get; init; }

    /// <summary>Percent.</summary>
    public double? Frag { get; init; }

    public double? Dedup { get; init; }
}

public sealed record ZfsPoolDetail
{
    public required string Name { get; init; }

    public string? State { get; init; }

    public string? Status { get; init; }

    public string? Action { get; init; }

    public string? Scan { get; init; }

    public string? Errors { get; init; }

    public IReadOnlyList<ZfsDevice>? Children { get; init; }
}

public sealed record ZfsDevice
{
    public required string Name { get; init; }

    public string? State { get; init; }

    public long? Read { get; init; }

    public long? Write { get; init; }

    public long? Cksum { get; init; }

    public string? Msg { get; init; }

    public IReadOnlyList<ZfsDevice>? Children { get; init; }
}

/// <summary>A row of <c>GET /nodes/{node}/disks/lvmthin</c>.</summary>
public sealed record ThinPool
{
    public required string Lv { get; init; }

    public string? Vg { get; init; }

    [JsonPropertyName("lv_size")]
    public long? Size { get; init; }

    public long? Used { get; init; }

    [JsonPropertyName("metadata_size")]
    public long? MetadataSize { get; init; }

    [JsonPropertyName("metadata_used")]
    public long? MetadataUsed { get; init; }
}
