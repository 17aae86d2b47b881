using System.Text.Json.Serialization;

namespace Jarvis.Proxmox.Wire;

/// <summary>What releases of <c>ceph status</c> agree on.</summary>
public sealed record CephStatus
{
    public CephHealth? Health { get; init; }

    public CephOsdMap? OsdMap { get; init; }

    public CephPgMap? PgMap { get; init; }

    [JsonPropertyName("quorum_names")]
    public IReadOnlyList<string>? QuorumNames { get; init; }
}

public sealed record CephHealth
{
    /// <summary>HEALTH_OK, HEALTH_WARN or HEALTH_ERR.</summary>
    public string? Status { get; init; }

    public IReadOnlyDictionary<string, CephCheck>? Checks { get; init; }
}

public sealed record CephCheck
{
    public string? Severity { get; init; }

    public CephCheckSummary? Summary { get; init; }

    public bool? Muted { get; init; }
}

public sealed record CephCheckSummary
{
    public string? Message { get; init; }

    public int? Count { get; init; }
}

public sealed record CephOsdMap
{
    [JsonPropertyName("num_osds")]
    public int? NumOsds { get; init; }

    [JsonPropertyName("num_up_osds")]
    public int? NumUpOsds { get; init; }

    [JsonPropertyName("num_in_osds")]
    public int? NumInOsds { get; init; }

    /// <summary>Older releases nest the numbers once more.</summary>
    [JsonPropertyName("osdmap")]
    public CephOsdMap? Nested { get; init; }
}

public sealed record CephPgMap
{
    [JsonPropertyName("bytes_total")]
    public long? BytesTotal { get; init; }

    [JsonPropertyName("bytes_used")]
    public long? BytesUsed { get; init; }

    [JsonPropertyName("bytes_avail")]
    public long? BytesAvail { get; init; }

    [JsonPropertyName("num_pgs")]
    public int? NumPgs { get; init; }

    /// <summary>Null while nothing is read.</summary>
    [JsonPropertyName("read_bytes_sec")]
    public long? ReadBytesSec { get; init; }

    [JsonPropertyName("write_bytes_sec")]
    public long? WriteBytesSec { get; init; }

    [JsonPropertyName("recovering_bytes_per_sec")]
    public long? RecoveringBytesSec { get; init; }

    [JsonPropertyName("degraded_ratio")]
    public double? DegradedRatio { get; init; }

    [JsonPropertyName("pgs_by_state")]
    public IReadOnlyList<CephPgState>? PgsByState { get; init; }
}

public sealed record CephPgState
{
    [JsonPropertyName("state_name")]
    public required string StateName { get; init; }

    public required int Count { get; init; }
}

/// <summary>A row of <c>GET /nodes/{node}/ceph/pool</c>.</summary>
public sealed record CephPool
{
    [JsonPropertyName("pool_name")]
    public required string Name { get; init; }

    public string? Type { get; init; }

    public int? Size { get; init; }

    [JsonPropertyName("min_size")]
    public int? MinSize { get; init; }

    [JsonPropertyName("pg_num")]
    public int? PgNum { get; init; }

    [JsonPropertyName("bytes_used")]
    public long? BytesUsed { get; init; }

    /// <summary>A fraction, in spite of its name.</summary>
    [JsonPropertyName("percent_used")]
    public double? PercentUsed { get; init; }

    [JsonPropertyName("crush_rule_name")]
    public string? CrushRuleName { get; init; }
}

public sealed record CephOsdTree
{
    public string? Flags { get; init; }

    public required CephOsdNode Root { get; init; }
}

/// <summary>A bucket or an OSD of the tree.</summary>
public sealed record CephOsdNode
{
    public string? Name { get; init; }

    /// <summary>root, host, osd, …</summary>
    public string? Type { get; init; }

    public int? Id { get; init; }

    public string? Host { get; init; }

    /// <summary>up or down.</summary>
    public string? Status { get; init; }

    public bool? In { get; init; }

    [JsonPropertyName("device_class")]
    public string? DeviceClass { get; init; }

    [JsonPropertyName("total_space")]
    public long? TotalSpace { get; init; }

    [JsonPropertyName("bytes_used")]
    public long? BytesUsed { get; init; }

    /// <summary>Percent.</summary>
    [JsonPropertyName("percent_used")]
    public double? PercentUsed { get; init; }

    public IReadOnlyList<CephOsdNode>? Children { get; init; }
}
