namespace Jarvis.Server.Cluster;

/// <summary>Changed rows whole, numbers that merely moved by column, and the keys of rows that went.</summary>
public sealed record ClusterDelta
{
    public ClusterHeader? Header { get; init; }
    public required DateTimeOffset ObservedAt { get; init; }
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

    /// <summary>The row of one guest, or null when it did not move.</summary>
    public GuestNumbers? Only(int vmid)
    {
        for (var i = 0; i < Vmids.Count; i++)
        {
            if (Vmids[i] != vmid) continue;
            return new()
            {
                Vmids = [vmid],
                Cpu = [Cpu[i]],
                Memory = [Memory[i]],
                MemoryHost = [MemoryHost[i]],
                Disk = [Disk[i]],
                NetIn = [NetIn[i]],
                NetOut = [NetOut[i]],
                DiskRead = [DiskRead[i]],
                DiskWrite = [DiskWrite[i]],
            };
        }

        return null;
    }
}
