using System.Text.Json.Serialization;

namespace Jarvis.Simulator;

/// <summary>A cluster's beginning.</summary>
internal sealed record Scenario
{
    public required string Name { get; init; }
    public string Cluster { get; init; } = "lab";
    public string Domain { get; init; } = "lan";
    public string Version { get; init; } = "9.1.6";
    public string Kernel { get; init; } = "6.17.4-2-pve";
    public int HistoryDays { get; init; } = 30;
    public required IReadOnlyList<NodeSpec> Nodes { get; init; }
    public IReadOnlyList<StorageSpec> Storages { get; init; } = [];
    public IReadOnlyList<GuestSpec> Guests { get; init; } = [];
    public IReadOnlyList<PoolSpec> Pools { get; init; } = [];
    public IReadOnlyList<BackupJobSpec> BackupJobs { get; init; } = [];
    public IReadOnlyList<ReplicationSpec> Replication { get; init; } = [];
}

internal sealed record NodeSpec
{
    public required string Name { get; init; }
    public required string Ip { get; init; }
    public string CpuModel { get; init; } = "Intel(R) Core(TM) i5-12500T";
    public int Sockets { get; init; } = 1;
    public int Cores { get; init; } = 4;
    public int Threads { get; init; } = 8;
    public double Mhz { get; init; } = 2400;
    public int MemoryGib { get; init; } = 32;
    public int RootGib { get; init; } = 94;
    public double RootUsedGib { get; init; } = 14;
    public double ArcGib { get; init; }
    public double UptimeDays { get; init; } = 20;
    public string? Mac { get; init; }
    public bool WakeOnLan { get; init; } = true;
    public string BootMode { get; init; } = "efi";
    public string? Description { get; init; }
    public int Updates { get; init; } = 5;
    public IReadOnlyList<DiskSpec> Disks { get; init; } = [];
    public IReadOnlyList<ZpoolSpec> Zpools { get; init; } = [];
}

internal sealed record DiskSpec(
    string Device, string Model, string Type, double SizeGb, string? Used = null, int? Wearout = null, int PendingSectors = 0,
    int PowerOnHours = 9000, int Temperature = 36);

internal sealed record ZpoolSpec(string Name, double SizeGib, double AllocatedGib, string Layout, IReadOnlyList<string> Devices);

internal sealed record StorageSpec
{
    public required string Id { get; init; }
    public required string Type { get; init; }
    public required string Content { get; init; }
    public bool Shared { get; init; }
    public IReadOnlyList<string> Nodes { get; init; } = [];
    public double TotalGib { get; init; } = 100;
    public double UsedGib { get; init; }
    public double GrowthGibPerDay { get; init; }
    public IReadOnlyDictionary<string, double> TotalGibOn { get; init; } = new Dictionary<string, double>();
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<FileSpec> Files { get; init; } = [];
}

internal sealed record FileSpec(string Name, string Content, double SizeMib);

internal sealed record GuestSpec
{
    public required int Id { get; init; }

    /// <summary>qemu or lxc.</summary>
    public required string Type { get; init; }
    public required string Name { get; init; }
    public required string Node { get; init; }
    public int Cores { get; init; } = 2;
    public int MemoryMib { get; init; } = 2048;
    public int DiskGib { get; init; } = 16;
    public string Storage { get; init; } = "local-lvm";
    public int DataDiskGib { get; init; }
    public string? DataStorage { get; init; }
    public string? Persona { get; init; }
    public string Os { get; init; } = "debian";
    public string? Tags { get; init; }
    public string? Pool { get; init; }
    public string? Ip { get; init; }
    public string? Description { get; init; }
    public bool Running { get; init; } = true;
    public double UptimeDays { get; init; } = 12;
    public double AgeDays { get; init; } = 200;
    public bool Onboot { get; init; } = true;
    public string? Startup { get; init; }
    public bool? Agent { get; init; }
    public bool Template { get; init; }
    public string? Lock { get; init; }

    /// <summary>Requested HA state; null where HA doesn't manage it.</summary>
    public string? Ha { get; init; }
    public IReadOnlyList<SnapshotSpec> Snapshots { get; init; } = [];
}

internal sealed record SnapshotSpec(string Name, double DaysAgo, string? Parent = null, string Description = "", bool Memory = false);

internal sealed record PoolSpec(string Id, string Comment = "");

internal sealed record BackupJobSpec
{
    public required string Id { get; init; }
    public required string Storage { get; init; }
    public string Schedule { get; init; } = "02:30";
    public bool All { get; init; }
    public IReadOnlyList<int> Guests { get; init; } = [];
    public IReadOnlyList<int> Exclude { get; init; } = [];
    public string? Node { get; init; }
    public string Mode { get; init; } = "snapshot";
    public string Prune { get; init; } = "keep-last=3";
    public string? Comment { get; init; }
    public bool Enabled { get; init; } = true;

    /// <summary>Guests whose backup has failed for this many nights.</summary>
    public IReadOnlyDictionary<string, int> FailingNights { get; init; } = new Dictionary<string, int>();
}

internal sealed record ReplicationSpec(string Id, string Target, string Schedule = "*/15", string? Comment = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Scenario))]
internal sealed partial class ScenarioJson : JsonSerializerContext;
