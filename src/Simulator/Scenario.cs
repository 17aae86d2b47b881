using System.Text.Json.Serialization;

namespace Jarvis.Simulator;

/// <summary>A cluster's beginning.</summary>
internal sealed record Scenario
{
    public required string Name { get; init; }
    public string Cluster { get; set; } = "lab";
    public string Domain { get; set; } = "lan";
    public string Version { get; set; } = "9.1.6";
    public string Kernel { get; set; } = "6.17.4-2-pve";
    public int HistoryDays { get; set; } = 30;
    public required IReadOnlyList<NodeSpec> Nodes { get; init; }
    public IReadOnlyList<StorageSpec> Storages { get; set; } = [];
    public IReadOnlyList<GuestSpec> Guests { get; set; } = [];
    public IReadOnlyList<PoolSpec> Pools { get; set; } = [];
    public IReadOnlyList<BackupJobSpec> BackupJobs { get; set; } = [];
    public IReadOnlyList<ReplicationSpec> Replication { get; set; } = [];
}

internal sealed record NodeSpec
{
    public required string Name { get; init; }
    public required string Ip { get; init; }
    public string CpuModel { get; set; } = "Intel(R) Core(TM) i5-12500T";
    public int Sockets { get; set; } = 1;
    public int Cores { get; set; } = 4;
    public int Threads { get; set; } = 8;
    public double Mhz { get; set; } = 2400;
    public int MemoryGib { get; set; } = 32;
    public int RootGib { get; set; } = 94;
    public double RootUsedGib { get; set; } = 14;
    public double ArcGib { get; set; }
    public double UptimeDays { get; set; } = 20;
    public string? Mac { get; set; }
    public bool WakeOnLan { get; set; } = true;
    public string BootMode { get; set; } = "efi";
    public string? Description { get; set; }
    public int Updates { get; set; } = 5;
    public IReadOnlyList<DiskSpec> Disks { get; set; } = [];
    public IReadOnlyList<ZpoolSpec> Zpools { get; set; } = [];
}

internal sealed record DiskSpec(
    string Device, string Model, string Type, double SizeGb, string? Used = null, int? Wearout = null, int PendingSectors = 0,
    int PowerOnHours = 9000, int Temperature = 36);

internal sealed record ZpoolSpec(
    string Name, double SizeGib, double AllocatedGib, string Layout, IReadOnlyList<string> Devices);

internal sealed record StorageSpec
{
    public required string Id { get; init; }
    public required string Type { get; init; }
    public required string Content { get; init; }
    public bool Shared { get; set; }
    public IReadOnlyList<string> Nodes { get; set; } = [];
    public double TotalGib { get; set; } = 100;
    public double UsedGib { get; set; }
    public double GrowthGibPerDay { get; set; }
    public IReadOnlyDictionary<string, double> TotalGibOn { get; set; } = new Dictionary<string, double>();
    public IReadOnlyDictionary<string, string> Settings { get; set; } = new Dictionary<string, string>();
    public IReadOnlyList<FileSpec> Files { get; set; } = [];
}

internal sealed record FileSpec(string Name, string Content, double SizeMib);

internal sealed record GuestSpec
{
    public required int Id { get; init; }

    /// <summary>qemu or lxc.</summary>
    public required string Type { get; init; }
    public required string Name { get; init; }
    public required string Node { get; init; }
    public int Cores { get; set; } = 2;
    public int MemoryMib { get; set; } = 2048;
    public int DiskGib { get; set; } = 16;
    public string Storage { get; set; } = "local-lvm";
    public int DataDiskGib { get; set; }
    public string? DataStorage { get; set; }
    public string? Persona { get; set; }
    public string Os { get; set; } = "debian";
    public string? Tags { get; set; }
    public string? Pool { get; set; }
    public string? Ip { get; set; }
    public string? Description { get; set; }
    public bool Running { get; set; } = true;
    public double UptimeDays { get; set; } = 12;
    public double AgeDays { get; set; } = 200;
    public bool Onboot { get; set; } = true;
    public string? Startup { get; set; }
    public bool? Agent { get; set; }
    public bool Template { get; set; }
    public string? Lock { get; set; }

    /// <summary>Requested HA state; null where HA doesn't manage it.</summary>
    public string? Ha { get; set; }
    public IReadOnlyList<SnapshotSpec> Snapshots { get; set; } = [];
}

internal sealed record SnapshotSpec(
    string Name, double DaysAgo, string? Parent = null, string Description = "", bool Memory = false);

internal sealed record PoolSpec(string Id, string Comment = "");

internal sealed record BackupJobSpec
{
    public required string Id { get; init; }
    public required string Storage { get; init; }
    public string Schedule { get; set; } = "02:30";
    public bool All { get; set; }
    public IReadOnlyList<int> Guests { get; set; } = [];
    public IReadOnlyList<int> Exclude { get; set; } = [];
    public string? Node { get; set; }
    public string Mode { get; set; } = "snapshot";
    public string Prune { get; set; } = "keep-last=3";
    public string? Comment { get; set; }
    public bool Enabled { get; set; } = true;

    /// <summary>Guests whose backup has failed for this many nights.</summary>
    public IReadOnlyDictionary<string, int> FailingNights { get; set; } = new Dictionary<string, int>();
}

internal sealed record ReplicationSpec(string Id, string Target, string Schedule = "*/15", string? Comment = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Scenario))]
internal sealed partial class ScenarioJson : JsonSerializerContext;
