using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jarvis.Proxmox.Wire;

/// <summary>A row of <c>GET /cluster/backup</c>.</summary>
public sealed record BackupJob
{
    public required string Id { get; init; }

    public string? Type { get; init; }

    public bool? Enabled { get; init; }

    public string? Schedule { get; init; }

    public string? StartTime { get; init; }

    public string? Dow { get; init; }

    public string? Storage { get; init; }

    /// <summary>snapshot, suspend or stop.</summary>
    public string? Mode { get; init; }

    public string? Compress { get; init; }

    public bool? All { get; init; }

    /// <summary>Separated by commas.</summary>
    public string? VmId { get; init; }

    public string? Exclude { get; init; }

    public string? Pool { get; init; }

    public string? Node { get; init; }

    public string? MailTo { get; init; }

    public string? Comment { get; init; }

    /// <summary>An object, or a property string in older versions.</summary>
    [JsonPropertyName("prune-backups")]
    public JsonElement? PruneBackups { get; init; }

    [JsonPropertyName("next-run")]
    public long? NextRun { get; init; }

    [JsonPropertyName("repeat-missed")]
    public bool? RepeatMissed { get; init; }
}

/// <summary>A guest that is in no backup job.</summary>
public sealed record UncoveredGuest
{
    public required int VmId { get; init; }

    public string? Type { get; init; }

    public string? Name { get; init; }
}

/// <summary>A row of <c>GET /cluster/replication</c>, or with its state of <c>GET /nodes/{node}/replication</c>.</summary>
public sealed record ReplicationJob
{
    public required string Id { get; init; }

    public int? Guest { get; init; }

    public string? Type { get; init; }

    public string? Source { get; init; }

    public string? Target { get; init; }

    public string? Schedule { get; init; }

    public double? Rate { get; init; }

    public bool? Disable { get; init; }

    public string? Comment { get; init; }

    [JsonPropertyName("last_sync")]
    public long? LastSync { get; init; }

    [JsonPropertyName("last_try")]
    public long? LastTry { get; init; }

    [JsonPropertyName("next_sync")]
    public long? NextSync { get; init; }

    public double? Duration { get; init; }

    [JsonPropertyName("fail_count")]
    public int? FailCount { get; init; }

    public string? Error { get; init; }
}

/// <summary><c>GET /cluster/config/join</c>: how the nodes are reached.</summary>
public sealed record JoinInfo
{
    public required IReadOnlyList<JoinNode> NodeList { get; init; }

    [JsonPropertyName("preferred_node")]
    public string? PreferredNode { get; init; }

    [JsonPropertyName("config_digest")]
    public string? ConfigDigest { get; init; }
}

public sealed record JoinNode
{
    public required string Name { get; init; }

    public int? NodeId { get; init; }

    [JsonPropertyName("pve_addr")]
    public string? PveAddr { get; init; }

    /// <summary>SHA-256 fingerprint of the node's certificate.</summary>
    [JsonPropertyName("pve_fp")]
    public string? PveFp { get; init; }

    [JsonPropertyName("quorum_votes")]
    public int? QuorumVotes { get; init; }
}

/// <summary>A row of <c>GET /pools</c>; members only when one pool is asked for.</summary>
public sealed record PoolRow
{
    public string? PoolId { get; init; }

    public string? Comment { get; init; }

    public IReadOnlyList<ClusterResource>? Members { get; init; }
}
