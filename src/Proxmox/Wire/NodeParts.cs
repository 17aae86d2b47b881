using System.Text.Json.Serialization;

namespace Jarvis.Proxmox.Wire;

/// <summary>A package of <c>GET /nodes/{node}/apt/update</c> or <c>…/apt/versions</c>.</summary>
public sealed record AptPackage
{
    [JsonPropertyName("Package")]
    public required string Package { get; init; }

    [JsonPropertyName("Title")]
    public string? Title { get; init; }

    [JsonPropertyName("Version")]
    public string? Version { get; init; }

    [JsonPropertyName("OldVersion")]
    public string? OldVersion { get; init; }

    [JsonPropertyName("Origin")]
    public string? Origin { get; init; }

    [JsonPropertyName("Section")]
    public string? Section { get; init; }

    [JsonPropertyName("Priority")]
    public string? Priority { get; init; }

    [JsonPropertyName("Arch")]
    public string? Arch { get; init; }

    [JsonPropertyName("Description")]
    public string? Description { get; init; }

    [JsonPropertyName("CurrentState")]
    public string? CurrentState { get; init; }

    [JsonPropertyName("RunningKernel")]
    public string? RunningKernel { get; init; }

    [JsonPropertyName("ManagerVersion")]
    public string? ManagerVersion { get; init; }
}

/// <summary>A service of <c>GET /nodes/{node}/services</c>.</summary>
public sealed record ServiceRow
{
    public required string Service { get; init; }

    public string? Name { get; init; }

    public string? Desc { get; init; }

    /// <summary>systemd's sub-state: running, dead, exited, failed, …</summary>
    public string? State { get; init; }

    [JsonPropertyName("active-state")]
    public string? ActiveState { get; init; }

    [JsonPropertyName("unit-state")]
    public string? UnitState { get; init; }
}

/// <summary>A row of <c>GET /nodes/{node}/network</c>.</summary>
public sealed record NetworkInterface
{
    public required string Iface { get; init; }

    public string? Type { get; init; }

    public bool? Active { get; init; }

    public bool? Exists { get; init; }

    public bool? AutoStart { get; init; }

    public string? Method { get; init; }

    public string? Method6 { get; init; }

    public string? Address { get; init; }

    public string? Netmask { get; init; }

    public string? Cidr { get; init; }

    public string? Gateway { get; init; }

    public string? Address6 { get; init; }

    public string? Cidr6 { get; init; }

    public string? Gateway6 { get; init; }

    [JsonPropertyName("bridge_ports")]
    public string? BridgePorts { get; init; }

    [JsonPropertyName("bridge_vlan_aware")]
    public bool? BridgeVlanAware { get; init; }

    public string? Slaves { get; init; }

    [JsonPropertyName("bond_mode")]
    public string? BondMode { get; init; }

    [JsonPropertyName("vlan-id")]
    public int? VlanId { get; init; }

    [JsonPropertyName("vlan-raw-device")]
    public string? VlanRawDevice { get; init; }

    public int? Mtu { get; init; }

    public string? Comments { get; init; }
}

/// <summary><c>GET /nodes/{node}/config</c>.</summary>
public sealed record NodeConfig
{
    public string? Description { get; init; }

    /// <summary>A MAC, possibly with more: a property string.</summary>
    public string? WakeOnLan { get; init; }

    [JsonPropertyName("startall-onboot-delay")]
    public int? StartAllOnBootDelay { get; init; }

    public string? Digest { get; init; }
}

public sealed record NodeTime
{
    /// <summary>Epoch seconds.</summary>
    public required long Time { get; init; }

    /// <summary>Epoch seconds moved by the time zone.</summary>
    public long? LocalTime { get; init; }

    public string? TimeZone { get; init; }
}

public sealed record Subscription
{
    /// <summary>notfound, new, active, expired, suspended or invalid.</summary>
    public required string Status { get; init; }

    public string? Level { get; init; }

    public string? ProductName { get; init; }

    public string? NextDueDate { get; init; }

    public string? Message { get; init; }

    public string? ServerId { get; init; }
}

/// <summary>A certificate of <c>GET /nodes/{node}/certificates/info</c>.</summary>
public sealed record CertificateInfo
{
    public string? FileName { get; init; }

    public string? Fingerprint { get; init; }

    public string? Subject { get; init; }

    public string? Issuer { get; init; }

    /// <summary>Epoch seconds.</summary>
    public long? NotBefore { get; init; }

    public long? NotAfter { get; init; }

    public IReadOnlyList<string>? San { get; init; }
}

/// <summary>Answer of a termproxy call: where and with what the websocket is opened.</summary>
public sealed record TerminalTicket
{
    public required int Port { get; init; }

    public required string Ticket { get; init; }

    public required string User { get; init; }

    public string? Upid { get; init; }
}
