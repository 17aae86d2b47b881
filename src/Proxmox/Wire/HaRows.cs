using System.Text.Json.Serialization;

namespace Jarvis.Proxmox.Wire;

/// <summary>A row of <c>GET /cluster/ha/status/current</c>: quorum, master, lrm, service or fencing.</summary>
public sealed record HaStatusRow
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public string? Node { get; init; }

    /// <summary>As <c>pve1 (active, …)</c>, <c>OK</c>, <c>old timestamp - dead?</c>.</summary>
    public string? Status { get; init; }

    public bool? Quorate { get; init; }

    public long? Timestamp { get; init; }

    /// <summary>Of a service, as <c>vm:100</c>.</summary>
    public string? Sid { get; init; }

    /// <summary>Of a service: started, stopped, fence, recovery, error, …</summary>
    public string? State { get; init; }

    [JsonPropertyName("crm_state")]
    public string? CrmState { get; init; }

    [JsonPropertyName("request_state")]
    public string? RequestState { get; init; }

    [JsonPropertyName("max_restart")]
    public int? MaxRestart { get; init; }

    [JsonPropertyName("max_relocate")]
    public int? MaxRelocate { get; init; }

    public bool? Failback { get; init; }

    [JsonPropertyName("armed-state")]
    public string? ArmedState { get; init; }
}

/// <summary>A row of <c>GET /cluster/ha/resources</c>.</summary>
public sealed record HaResource
{
    /// <summary><c>vm:100</c> or <c>ct:101</c>.</summary>
    public required string Sid { get; init; }

    public string? Type { get; init; }

    public string? State { get; init; }

    public string? Group { get; init; }

    [JsonPropertyName("max_restart")]
    public int? MaxRestart { get; init; }

    [JsonPropertyName("max_relocate")]
    public int? MaxRelocate { get; init; }

    public bool? Failback { get; init; }

    public string? Comment { get; init; }

    public string? Digest { get; init; }
}

/// <summary>A row of <c>GET /cluster/ha/rules</c>, from Proxmox VE 9.</summary>
public sealed record HaRule
{
    public required string Rule { get; init; }

    /// <summary>node-affinity or resource-affinity.</summary>
    public string? Type { get; init; }

    public string? Resources { get; init; }

    public string? Nodes { get; init; }

    public string? Affinity { get; init; }

    public bool? Strict { get; init; }

    public bool? Disable { get; init; }

    public string? Comment { get; init; }
}
