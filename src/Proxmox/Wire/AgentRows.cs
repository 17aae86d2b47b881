using System.Text.Json.Serialization;

namespace Jarvis.Proxmox.Wire;

/// <summary>A network interface inside a guest, from the agent of a VM or from the host of a container.</summary>
public sealed record GuestInterface
{
    public required string Name { get; init; }

    [JsonPropertyName("hardware-address")]
    public string? HardwareAddress { get; init; }

    public string? Hwaddr { get; init; }

    /// <summary>With prefix; containers alone.</summary>
    public string? Inet { get; init; }

    public string? Inet6 { get; init; }

    [JsonPropertyName("ip-addresses")]
    public IReadOnlyList<GuestAddress>? IpAddresses { get; init; }
}

public sealed record GuestAddress
{
    [JsonPropertyName("ip-address")]
    public string? Address { get; init; }

    /// <summary>ipv4 or ipv6; inet or inet6 for containers.</summary>
    [JsonPropertyName("ip-address-type")]
    public string? Type { get; init; }

    public int? Prefix { get; init; }
}

public sealed record GuestOs
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    [JsonPropertyName("pretty-name")]
    public string? PrettyName { get; init; }

    public string? Version { get; init; }

    [JsonPropertyName("version-id")]
    public string? VersionId { get; init; }

    [JsonPropertyName("kernel-release")]
    public string? KernelRelease { get; init; }

    public string? Machine { get; init; }
}

public sealed record GuestFileSystem
{
    public string? Name { get; init; }

    public required string MountPoint { get; init; }

    public string? Type { get; init; }

    [JsonPropertyName("total-bytes")]
    public long? TotalBytes { get; init; }

    [JsonPropertyName("used-bytes")]
    public long? UsedBytes { get; init; }
}

/// <summary>The state of a command that the agent runs.</summary>
public sealed record AgentExecution
{
    public required bool Exited { get; init; }

    public int? ExitCode { get; init; }

    public int? Signal { get; init; }

    [JsonPropertyName("out-data")]
    public string? OutData { get; init; }

    [JsonPropertyName("err-data")]
    public string? ErrData { get; init; }

    [JsonPropertyName("out-truncated")]
    public bool? OutTruncated { get; init; }

    [JsonPropertyName("err-truncated")]
    public bool? ErrTruncated { get; init; }
}
