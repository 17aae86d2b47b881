namespace Jarvis.Proxmox.Wire;

/// <summary>A point of a node's, guest's or storage's history. Rows without samples hold the time alone;
/// net and disk are bytes per second here, not counters.</summary>
public sealed record RrdPoint
{
    /// <summary>Epoch seconds.</summary>
    public required long Time { get; init; }

    public double? Cpu { get; init; }

    public double? MaxCpu { get; init; }

    public double? IoWait { get; init; }

    public double? LoadAvg { get; init; }

    public double? NetIn { get; init; }

    public double? NetOut { get; init; }

    public double? MemTotal { get; init; }

    public double? MemUsed { get; init; }

    public double? MemAvailable { get; init; }

    public double? SwapTotal { get; init; }

    public double? SwapUsed { get; init; }

    public double? RootTotal { get; init; }

    public double? RootUsed { get; init; }

    public double? ArcSize { get; init; }

    public double? Mem { get; init; }

    public double? MaxMem { get; init; }

    public double? MemHost { get; init; }

    public double? Disk { get; init; }

    public double? MaxDisk { get; init; }

    public double? DiskRead { get; init; }

    public double? DiskWrite { get; init; }

    /// <summary>Of a storage.</summary>
    public double? Used { get; init; }

    public double? Total { get; init; }

    public double? PressureCpuSome { get; init; }

    public double? PressureCpuFull { get; init; }

    public double? PressureIoSome { get; init; }

    public double? PressureIoFull { get; init; }

    public double? PressureMemorySome { get; init; }

    public double? PressureMemoryFull { get; init; }
}
