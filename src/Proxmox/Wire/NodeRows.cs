using System.Text.Json.Serialization;

namespace Jarvis.Proxmox.Wire;

/// <summary>A row of <c>GET /nodes</c>; without rights or when offline it has no numbers.</summary>
public sealed record NodeRow
{
    public required string Node { get; init; }

    public string? Id { get; init; }

    /// <summary>online, offline or unknown.</summary>
    public string? Status { get; init; }

    public string? Level { get; init; }

    [JsonPropertyName("ssl_fingerprint")]
    public string? SslFingerprint { get; init; }

    public double? Cpu { get; init; }

    public double? MaxCpu { get; init; }

    public long? Mem { get; init; }

    public long? MaxMem { get; init; }

    /// <summary>The root file system.</summary>
    public long? Disk { get; init; }

    public long? MaxDisk { get; init; }

    public long? Uptime { get; init; }
}

/// <summary><c>GET /nodes/{node}/status</c>.</summary>
public sealed record NodeStatus
{
    public double? Cpu { get; init; }

    /// <summary>Fraction of time spent waiting for disks.</summary>
    public double? Wait { get; init; }

    public long? Uptime { get; init; }

    /// <summary>1, 5 and 15 minutes.</summary>
    public IReadOnlyList<double> LoadAvg { get; init; } = [];

    public string? KVersion { get; init; }

    public string? PveVersion { get; init; }

    public CpuInfo? CpuInfo { get; init; }

    public SpaceUse? Memory { get; init; }

    public SpaceUse? Swap { get; init; }

    public SpaceUse? RootFs { get; init; }

    public KsmInfo? Ksm { get; init; }

    [JsonPropertyName("current-kernel")]
    public KernelInfo? CurrentKernel { get; init; }

    [JsonPropertyName("boot-info")]
    public BootInfo? BootInfo { get; init; }
}

public sealed record CpuInfo
{
    public string? Model { get; init; }

    public int? Sockets { get; init; }

    /// <summary>Physical cores over all sockets.</summary>
    public int? Cores { get; init; }

    /// <summary>Threads.</summary>
    public int? Cpus { get; init; }

    public double? Mhz { get; init; }

    public string? Hvm { get; init; }

    public string? Flags { get; init; }
}

/// <summary>Bytes of memory, swap or a file system.</summary>
public sealed record SpaceUse
{
    public long? Total { get; init; }

    public long? Used { get; init; }

    public long? Free { get; init; }

    /// <summary>Memory that can be had without swapping; from Proxmox VE 9.</summary>
    public long? Available { get; init; }

    /// <summary>Of a file system: free to ordinary users.</summary>
    public long? Avail { get; init; }
}

public sealed record KsmInfo
{
    public long? Shared { get; init; }
}

public sealed record KernelInfo
{
    public string? SysName { get; init; }

    public string? Release { get; init; }

    public string? Version { get; init; }

    public string? Machine { get; init; }
}

public sealed record BootInfo
{
    public string? Mode { get; init; }

    public bool? SecureBoot { get; init; }
}
