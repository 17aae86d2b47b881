namespace Jarvis.Server.Cluster;

/// <summary>What changed between two views, above the noise: cpu to 0.1 %, memory to 1 MiB, rates to 3 digits.</summary>
internal static class SnapshotDiff
{
    public static ClusterDelta? Between(ClusterView before, ClusterView after)
    {
        var header = before.Header with { ObservedAt = after.Header.ObservedAt } == after.Header ? null : after.Header;
        var nodes = Rows(before.Nodes, after.Nodes, n => n.Name, StringComparer.Ordinal, SameNode);
        var storages = Rows(before.Storages, after.Storages, s => s.Id, StringComparer.Ordinal, SameStorage);
        var tasks = Rows(before.Tasks, after.Tasks, t => t.Upid, StringComparer.Ordinal, (a, b) => a == b);
        var numbers = new GuestColumns();
        var guests = Rows(before.Guests, after.Guests, g => g.Vmid, Comparer<int>.Default, (a, b) =>
        {
            if (ReferenceEquals(a, b)) return true;
            if (!SameGuest(a, b)) return false;
            numbers.AddIfMoved(a, b);
            return true;
        });

        if (header is null && nodes.None && guests.None && storages.None && tasks.None && numbers.Count == 0
            && before.Header.ObservedAt == after.Header.ObservedAt) return null;

        return new()
        {
            Header = header,
            ObservedAt = after.Header.ObservedAt,
            Nodes = nodes.Changed,
            Guests = guests.Changed,
            GuestNumbers = numbers.Count == 0 ? null : numbers.ToNumbers(),
            Storages = storages.Changed,
            Tasks = tasks.Changed,
            RemovedNodes = nodes.Removed,
            RemovedGuests = guests.Removed,
            RemovedStorages = storages.Removed,
            RemovedTasks = tasks.Removed,
        };
    }

    /// <summary>All of a guest's row but the numbers that move by themselves, known or not.</summary>
    internal static bool SameGuest(GuestView a, GuestView b) =>
        a.Name == b.Name && a.Node == b.Node && a.Type == b.Type && a.Status == b.Status
        && a.MaxCpu == b.MaxCpu && a.MaxMemory == b.MaxMemory && a.MaxDisk == b.MaxDisk && a.StartedAt == b.StartedAt
        && a.Pool == b.Pool && a.Lock == b.Lock && a.HaState == b.HaState && a.Template == b.Template
        && a.Missing == b.Missing && (ReferenceEquals(a.Tags, b.Tags) || a.Tags.SequenceEqual(b.Tags));

    private static bool SameNode(NodeView a, NodeView b) =>
        ReferenceEquals(a, b)
        || a with { ObservedAt = b.ObservedAt, Cpu = null, Memory = null, Swap = null, RootUsed = null, IoWait = null, Load = null }
            == b with { Cpu = null, Memory = null, Swap = null, RootUsed = null, IoWait = null, Load = null }
        && Quantum.Thousandths(a.Cpu) == Quantum.Thousandths(b.Cpu)
        && Quantum.Thousandths(a.IoWait) == Quantum.Thousandths(b.IoWait)
        && Quantum.MiB(a.Memory) == Quantum.MiB(b.Memory)
        && Quantum.MiB(a.Swap) == Quantum.MiB(b.Swap)
        && Quantum.MiB(a.RootUsed) == Quantum.MiB(b.RootUsed)
        && (ReferenceEquals(a.Load, b.Load) || a.Load is not null && b.Load is not null && a.Load.SequenceEqual(b.Load));

    private static bool SameStorage(StorageView a, StorageView b) =>
        ReferenceEquals(a, b)
        || a with { Used = null, Content = [] } == b with { Used = null, Content = [] }
        && a.Content.SequenceEqual(b.Content)
        && Quantum.FourDigits(a.Used) == Quantum.FourDigits(b.Used);

    private static (IReadOnlyList<TRow>? Changed, IReadOnlyList<TKey>? Removed, bool None) Rows<TRow, TKey>(
        IReadOnlyList<TRow> before, IReadOnlyList<TRow> after, Func<TRow, TKey> key, IComparer<TKey> order, Func<TRow, TRow, bool> same)
    {
        List<TRow>? changed = null;
        List<TKey>? removed = null;
        var (i, j) = (0, 0);
        while (i < before.Count || j < after.Count)
        {
            var side = i == before.Count ? 1 : j == after.Count ? -1 : order.Compare(key(before[i]), key(after[j]));
            switch (side)
            {
                case < 0:
                    (removed ??= []).Add(key(before[i++]));
                    break;
                case > 0:
                    (changed ??= []).Add(after[j++]);
                    break;
                default:
                    if (!same(before[i++], after[j])) (changed ??= []).Add(after[j]);
                    j++;
                    break;
            }
        }

        return (changed, removed, changed is null && removed is null);
    }
}

/// <summary>The grain in which numbers travel and below which a move is noise; -1 is unknown.</summary>
internal static class Quantum
{
    public static int Thousandths(double? fraction) => fraction is { } f ? (int)Math.Round(f * 1000) : -1;

    public static int MiB(long? bytes) => bytes is { } b ? (int)Math.Min(int.MaxValue, (b + (1 << 19)) >> 20) : -1;

    public static long ThreeDigits(double? rate) => rate is { } r ? Digits((long)Math.Round(r), 1000) : -1;

    public static long FourDigits(long? bytes) => bytes is { } b ? Digits(b, 10000) : -1;

    private static long Digits(long value, long limit)
    {
        long unit = 1;
        while (value / unit >= limit) unit *= 10;
        return (value + unit / 2) / unit * unit;
    }
}

/// <summary>Gathers <see cref="GuestNumbers"/> a column at a time.</summary>
internal sealed class GuestColumns
{
    private readonly List<int> _vmids = [], _cpu = [], _memory = [], _memoryHost = [], _disk = [];
    private readonly List<long> _netIn = [], _netOut = [], _diskRead = [], _diskWrite = [];

    public int Count => _vmids.Count;

    public void AddIfMoved(GuestView a, GuestView b)
    {
        if (Quantum.Thousandths(a.Cpu) == Quantum.Thousandths(b.Cpu) && Quantum.MiB(a.Memory) == Quantum.MiB(b.Memory)
            && Quantum.MiB(a.MemoryHost) == Quantum.MiB(b.MemoryHost) && Quantum.MiB(a.Disk) == Quantum.MiB(b.Disk)
            && Quantum.ThreeDigits(a.NetIn) == Quantum.ThreeDigits(b.NetIn)
            && Quantum.ThreeDigits(a.NetOut) == Quantum.ThreeDigits(b.NetOut)
            && Quantum.ThreeDigits(a.DiskRead) == Quantum.ThreeDigits(b.DiskRead)
            && Quantum.ThreeDigits(a.DiskWrite) == Quantum.ThreeDigits(b.DiskWrite)) return;

        Add(b);
    }

    public void Add(GuestView guest)
    {
        _vmids.Add(guest.Vmid);
        _cpu.Add(Quantum.Thousandths(guest.Cpu));
        _memory.Add(Quantum.MiB(guest.Memory));
        _memoryHost.Add(Quantum.MiB(guest.MemoryHost));
        _disk.Add(Quantum.MiB(guest.Disk));
        _netIn.Add(Quantum.ThreeDigits(guest.NetIn));
        _netOut.Add(Quantum.ThreeDigits(guest.NetOut));
        _diskRead.Add(Quantum.ThreeDigits(guest.DiskRead));
        _diskWrite.Add(Quantum.ThreeDigits(guest.DiskWrite));
    }

    public GuestNumbers ToNumbers() => new()
    {
        Vmids = _vmids,
        Cpu = _cpu,
        Memory = _memory,
        MemoryHost = _memoryHost,
        Disk = _disk,
        NetIn = _netIn,
        NetOut = _netOut,
        DiskRead = _diskRead,
        DiskWrite = _diskWrite,
    };
}
