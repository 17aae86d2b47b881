using System.Text.Json.Serialization;

namespace Jarvis.Proxmox.Wire;

/// <summary>A row of <c>GET /storage</c>: how a storage is set up, not how full it is.</summary>
public sealed record StorageConfig
{
    public required string Storage { get; init; }

    public string? Type { get; init; }

    public string? Content { get; init; }

    public string? Path { get; init; }

    public string? Server { get; init; }

    public string? Export { get; init; }

    public string? Pool { get; init; }

    public bool? Shared { get; init; }

    public bool? Disable { get; init; }

    /// <summary>Separated by commas; null means all.</summary>
    public string? Nodes { get; init; }

    public string? Digest { get; init; }
}

/// <summary>A row of <c>GET /nodes/{node}/storage</c>. An unreachable one is inactive with zeros and no fraction.</summary>
public sealed record StorageStatus
{
    public string? Storage { get; init; }

    public string? Type { get; init; }

    public string? Content { get; init; }

    public bool? Active { get; init; }

    public bool? Enabled { get; init; }

    public bool? Shared { get; init; }

    public long? Total { get; init; }

    public long? Used { get; init; }

    public long? Avail { get; init; }

    [JsonPropertyName("used_fraction")]
    public double? UsedFraction { get; init; }
}

/// <summary>A row of <c>GET /nodes/{node}/storage/{storage}/content</c>.</summary>
public sealed record StorageVolume
{
    public required string VolId { get; init; }

    /// <summary>images, rootdir, iso, vztmpl, backup, snippets or import.</summary>
    public string? Content { get; init; }

    public string? Format { get; init; }

    public long? Size { get; init; }

    public long? Used { get; init; }

    /// <summary>Epoch seconds.</summary>
    public long? CTime { get; init; }

    public int? VmId { get; init; }

    /// <summary>Of a backup: qemu or lxc.</summary>
    public string? SubType { get; init; }

    public string? Notes { get; init; }

    public bool? Protected { get; init; }

    public string? Parent { get; init; }

    public string? Encrypted { get; init; }

    public VolumeVerification? Verification { get; init; }
}

public sealed record VolumeVerification
{
    public string? State { get; init; }

    public string? Upid { get; init; }
}
