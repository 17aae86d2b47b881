namespace Jarvis.Server.Cluster;

/// <summary>Changed rows whole, numbers that merely moved by column, and the keys of rows that went.</summary>
public sealed record ClusterDelta
{
    public ClusterHeader? Header { get; init; }
    /// <summary>Null as long as nothing was ever read.</summary>
    public required DateTimeOffset? ObservedAt { get; init; }
    public IReadOnlyList<NodeView>? Nodes { get; init; }
    public IReadOnlyList<GuestView>? Guests { get; init; }
    public GuestNumbers? GuestNumbers { get; init; }
    public IReadOnlyList<StorageView>? Storages { get; init; }
    public IReadOnlyList<TaskView>? Tasks { get; init; }
    public IReadOnlyList<string>? RemovedNodes { get; init; }
    public IReadOnlyList<int>? RemovedGuests { get; init; }
    public IReadOnlyList<string>? RemovedStorages { get; init; }
    public IReadOnlyList<string>? RemovedTasks { get; init; }
}

/// <summary>Moving numbers of guests, one array a field, all as long as <c>Vmids</c>. Cpu in thousandths, memory
/// and disk in MiB, rates in bytes a second to three digits; -1 where unknown.</summary>
public sealed record GuestNumbers
{
    public required IReadOnlyList<int> Vmids { get; init; }
    public required IReadOnlyList<int> Cpu { get; init; }
    public required IReadOnlyList<int> Memory { get; init; }
    public required IReadOnlyList<int> MemoryHost { get; init; }
    public required IReadOnlyList<int> Disk { get; init; }
    public required IReadOnlyList<long> NetIn { get; init; }
    public required IReadOnlyList<long> NetOut { get; init; }
    public required IReadOnlyList<long> DiskRead { get; init; }
    public required IReadOnlyList<long> DiskWrite { get; init; }

    /// <summary>The columns of some guests alone, or null when none of them moved.</summary>
    public GuestNumbers? Only(Func<int, bool> wanted)
    {
        int[] rows = [.. Enumerable.Range(0, Vmids.Count).Where(i => wanted(Vmids[i]))];
        return rows.Length == 0 ? null : new()
        {
            Vmids = Pick(Vmids, rows),
            Cpu = Pick(Cpu, rows),
            Memory = Pick(Memory, rows),
            MemoryHost = Pick(MemoryHost, rows),
            Disk = Pick(Disk, rows),
            NetIn = Pick(NetIn, rows),
            NetOut = Pick(NetOut, rows),
            DiskRead = Pick(DiskRead, rows),
            DiskWrite = Pick(DiskWrite, rows),
        };
    }

    private static T[] Pick<T>(IReadOnlyList<T> column, int[] rows) => [.. rows.Select(i => column[i])];
}
