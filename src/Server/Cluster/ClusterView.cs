namespace Jarvis.Server.Cluster;

/// <summary>A cluster as a screen sees it. Sizes in bytes, rates in bytes a second, cpu as a fraction;
/// null means unknown and is never to be shown as zero or as healthy.</summary>
public sealed record ClusterView
{
    public required string Key { get; init; }
    public required ClusterHeader Header { get; init; }
    public required IReadOnlyList<NodeView> Nodes { get; init; }
    public required IReadOnlyList<GuestView> Guests { get; init; }
    public required IReadOnlyList<StorageView> Storages { get; init; }
    public required IReadOnlyList<TaskView> Tasks { get; init; }
}

/// <summary>The facts about a cluster that are not rows.</summary>
public sealed record ClusterHeader
{
    public required string Name { get; init; }

    /// <summary>Another with each start of the server, and when another cluster comes to bear the same key.</summary>
    public string Instance { get; init; } = "";

    /// <summary>When Proxmox last answered; null before the first answer.</summary>
    public required DateTimeOffset? ObservedAt { get; init; }
    public required DateTimeOffset? BlindSince { get; init; }

    /// <summary>Why the last read failed, in the other side's words; null while reads succeed.</summary>
    public required string? Trouble { get; init; }

    /// <summary>Null while unknown. A single node without a cluster is quorate.</summary>
    public required bool? Quorate { get; init; }
    public required string? Version { get; init; }
    public required AccessView? Access { get; init; }
    public required ObserverView? Observer { get; init; }

    /// <summary>Seconds between reads of nodes and guests.</summary>
    public required double CadenceSeconds { get; init; }
}

/// <summary>What the token may do; <c>Missing</c> names privileges, <c>Cure</c> the lines to paste on a node.</summary>
public sealed record AccessView(bool CanSeeNodes, bool CanSeeGuests, bool CanSeeStorage, IReadOnlyList<string> Missing, IReadOnlyList<string> Cure);

/// <summary>The load that watching puts on Proxmox, over the last minute.</summary>
public sealed record ObserverView(double CallsPerMinute, double BytesPerMinute, double? AnswerMilliseconds, string? Endpoint);

public enum NodeStatus { Online, Offline, Unknown }

public sealed record NodeView
{
    public required string Name { get; init; }
    public required NodeStatus Status { get; init; }
    public double? Cpu { get; init; }
    public int? MaxCpu { get; init; }
    public long? Memory { get; init; }
    public long? MaxMemory { get; init; }
    public long? Swap { get; init; }
    public long? MaxSwap { get; init; }
    public long? RootUsed { get; init; }
    public long? RootTotal { get; init; }
    public double? IoWait { get; init; }
    public IReadOnlyList<double>? Load { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public string? Version { get; init; }
    public string? Kernel { get; init; }
    public string? CpuModel { get; init; }

    /// <summary>Proxmox no longer lists it; the row is what was last seen.</summary>
    public bool Missing { get; init; }
    public required DateTimeOffset ObservedAt { get; init; }
}

public enum GuestType { Vm, Container }

public enum GuestStatus { Running, Stopped, Paused, Suspended, Unknown }

public sealed record GuestView
{
    public required int Vmid { get; init; }
    public required string Name { get; init; }
    public required string Node { get; init; }
    public required GuestType Type { get; init; }
    public required GuestStatus Status { get; init; }
    public double? Cpu { get; init; }
    public double? MaxCpu { get; init; }
    public long? Memory { get; init; }
    public long? MaxMemory { get; init; }

    /// <summary>What the host spends on it (Proxmox VE 9); null where not told.</summary>
    public long? MemoryHost { get; init; }
    public long? Disk { get; init; }
    public long? MaxDisk { get; init; }
    public double? NetIn { get; init; }
    public double? NetOut { get; init; }
    public double? DiskRead { get; init; }
    public double? DiskWrite { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
    public string? Pool { get; init; }
    public string? Lock { get; init; }
    public string? HaState { get; init; }
    public bool Template { get; init; }

    /// <summary>Proxmox no longer lists it; the row is what was last seen.</summary>
    public bool Missing { get; init; }

    /// <summary>It is in memory, or nobody knows that it is not: a paused guest is lost with its node as a running one is.</summary>
    internal bool MayRun() => !Missing && Status is not (GuestStatus.Stopped or GuestStatus.Suspended);
}

public enum StorageStatus { Available, Unavailable, Unknown }

public sealed record StorageView
{
    /// <summary><c>NAME</c> when shared, else <c>NODE/NAME</c>.</summary>
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Null when shared.</summary>
    public required string? Node { get; init; }

    /// <summary>The node that sees it best, to be asked about it; screens need not know.</summary>
    internal string? SeenFrom { get; init; }
    public required bool Shared { get; init; }
    public required string Type { get; init; }
    public required StorageStatus Status { get; init; }
    public IReadOnlyList<string> Content { get; init; } = [];
    public long? Used { get; init; }
    public long? Total { get; init; }
    public bool Missing { get; init; }
}

public enum TaskState { Running, Ok, Warning, Failed, Unknown }

public sealed record TaskView(
    string Upid, string Node, string Type, string Target, string User, DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt, TaskState State, string? ExitStatus);
