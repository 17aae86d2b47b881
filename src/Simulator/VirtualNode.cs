namespace Jarvis.Simulator;

internal enum NodePower
{
    On,
    ShuttingDown,
    Off,
    Booting,
    Hung,
}

/// <summary>One moment of a node. cpu, wait and pressure as fractions, sizes in bytes, net in bytes since boot.</summary>
internal readonly record struct NodeSample(
    double Cpu, double Wait, double Load1, double Load5, double Load15, long MemoryUsed, long MemoryTotal, long Arc,
    long SwapUsed, long SwapTotal, long RootUsed, long RootTotal, long NetIn, long NetOut, long Uptime);

internal sealed class VirtualDisk
{
    public required string Device { get; init; }
    public required string Model { get; init; }
    public required string Serial { get; init; }

    /// <summary>hdd, ssd or nvme.</summary>
    public required string Type { get; init; }
    public required long Size { get; init; }
    public string Vendor { get; init; } = "ATA";
    public string? Used { get; init; }
    public string Wwn { get; init; } = "";
    public int Rpm => Type == "hdd" ? 7200 : 0;

    /// <summary>PASSED, OK, UNKNOWN or FAILED!</summary>
    public string Health { get; set; } = "PASSED";

    /// <summary>Remaining life in percent; null where the disk doesn't tell.</summary>
    public int? Wearout { get; set; }
    public int ReallocatedSectors { get; set; }
    public int PendingSectors { get; set; }
    public int Temperature { get; init; } = 36;
    public int PowerOnHours { get; init; } = 9000;
    public bool Gone { get; set; }
}

internal sealed class VirtualZpool
{
    public required string Name { get; init; }
    public required long Size { get; init; }
    public required long Allocated { get; set; }

    /// <summary>mirror-0, raidz1-0 or empty for single disks.</summary>
    public string Layout { get; init; } = "mirror-0";
    public required IReadOnlyList<string> Devices { get; init; }
    public int Fragmentation { get; init; } = 14;

    /// <summary>ONLINE, DEGRADED, FAULTED …</summary>
    public string Health { get; set; } = "ONLINE";
    public string? FaultedDevice { get; set; }
    public string Scan { get; set; } = "";
    public string Errors { get; set; } = "No known data errors";
    public long Free => Size - Allocated;
}

internal sealed class VirtualService(string name, string description)
{
    public string Name => name;
    public string Description => description;

    /// <summary>systemd's sub-state: running, dead, exited, failed.</summary>
    public string State { get; set; } = "running";

    /// <summary>active, inactive, failed.</summary>
    public string ActiveState { get; set; } = "active";

    /// <summary>enabled, disabled, static, masked, not-found.</summary>
    public string UnitState { get; set; } = "enabled";
}

internal sealed record VirtualInterface(string Name, string Type)
{
    public bool Active { get; init; } = true;
    public bool Autostart { get; init; } = true;
    public string Method { get; init; } = "manual";
    public string? Cidr { get; init; }
    public string? Gateway { get; init; }
    public string? BridgePorts { get; init; }
    public string? Comments { get; init; }
    public int Priority { get; init; } = 3;
    public string? Mac { get; init; }
}

internal sealed record PackageUpdate(
    string Package, string Title, string OldVersion, string Version, string Origin, string Section, string Priority,
        string Description);

internal sealed class VirtualCertificate
{
    public required string FileName { get; init; }
    public required string Subject { get; init; }
    public required string Issuer { get; init; }
    public required DateTimeOffset NotBefore { get; set; }
    public required DateTimeOffset NotAfter { get; set; }
    public required IReadOnlyList<string> San { get; init; }

    /// <summary>SHA-256 of the leaf; replaced by the real one where the certificate is really served.</summary>
    public required string Fingerprint { get; set; }
}

/// <summary>A hypervisor.</summary>
internal sealed class VirtualNode
{
    public required string Name { get; init; }
    public required int NodeId { get; init; }
    public required string Ip { get; init; }
    public required string Domain { get; init; }
    public required string CpuModel { get; init; }
    public required int Sockets { get; init; }

    /// <summary>Physical cores over all sockets.</summary>
    public required int Cores { get; init; }

    /// <summary>Threads.</summary>
    public required int Cpus { get; init; }
    public required double Mhz { get; init; }
    public required long Memory { get; init; }
    public required long RootSize { get; init; }
    public required long RootUsed { get; init; }
    public required long ArcTarget { get; init; }
    public required string Kernel { get; init; }
    public required string PveVersion { get; init; }
    public required string RepoId { get; init; }
    public required string Mac { get; init; }
    public required GuestLoad Load { get; init; }
    public long SwapTotal { get; init; } = 8 * Bytes.GiB;
    public string TimeZone { get; init; } = "Europe/Berlin";
    public string DnsSearch { get; init; } = "lan";
    public IReadOnlyList<string> Dns { get; init; } = ["192.168.1.1"];
    public string BootMode { get; init; } = "efi";

    /// <summary>Whether a magic packet to <see cref="Mac"/> starts it and Proxmox knows the address.</summary>
    public bool WakeOnLan { get; init; } = true;
    public string? Description { get; set; }
    public string SubscriptionStatus { get; set; } = "notfound";

    public NodePower Power { get; set; } = NodePower.On;
    public DateTimeOffset BootedAt { get; set; }

    /// <summary>When it stopped answering.</summary>
    public DateTimeOffset? LostAt { get; set; }

    /// <summary>What corosync says; follows the truth by about two seconds.</summary>
    public bool Member { get; internal set; } = true;

    /// <summary>When it left the membership.</summary>
    public DateTimeOffset? GoneSince { get; internal set; }
    public bool Answers => Power is NodePower.On or NodePower.ShuttingDown;

    /// <summary>HA maintenance mode, entered by a planned reboot or shutdown.</summary>
    public bool Maintenance { get; set; }

    /// <summary>Since when it has had no quorum (the watchdog counts from here).</summary>
    public DateTimeOffset? AloneSince { get; set; }

    /// <summary>Whether its HA services have armed the watchdog.</summary>
    public bool WatchdogArmed { get; set; }
    /// <summary>How wrong its own clock is.</summary>
    public TimeSpan ClockOffset { get; set; }
    public bool BackupRunning { get; set; }

    public List<VirtualDisk> Disks { get; } = [];
    public List<VirtualZpool> Zpools { get; } = [];
    public List<VirtualService> Services { get; } = [];
    public List<VirtualInterface> Interfaces { get; } = [];
    public List<PackageUpdate> Updates { get; } = [];

    /// <summary>What a refresh will find in addition.</summary>
    public List<PackageUpdate> UpdatesUpstream { get; } = [];
    public List<VirtualCertificate> Certificates { get; } = [];
    public NodeJournal Journal { get; } = new();

    /// <summary>Past stretches without power, for the graphs.</summary>
    public List<(DateTimeOffset From, DateTimeOffset To)> Outages { get; } = [];
    internal int NextPid { get; set; } = 1800;
}
