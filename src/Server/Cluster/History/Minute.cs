namespace Jarvis.Server.Cluster.History;

/// <summary>One minute of one cluster at the finest level, on its way into the file.</summary>
internal sealed class Minute(string cluster, long start)
{
    private readonly List<ushort[]?> _groups = [];

    public string Cluster => cluster;

    public long Start => start;

    public IReadOnlyList<ushort[]?> Groups => _groups;

    public void Set(int slot, int point, in HistoryPoint values)
    {
        var group = Group.Of(slot);
        while (_groups.Count <= group) _groups.Add(null);
        var series = _groups[group] ??= new ushort[Group.Series * Level.All[0].Points];
        var at = Group.SeriesOf(slot, Metric.Cpu) * Level.All[0].Points + point;
        for (var metric = Metric.Cpu; metric <= Metric.DiskWrite; metric++, at += Level.All[0].Points)
            series[at] = Quantity.From(values[metric], metric);
    }
}

/// <summary>The targets of one cluster, each with its place in the chunks, and the minute being filled.</summary>
internal sealed class Recording(string cluster)
{
    public const int MaxTargets = 16_384;
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly Stack<int> _free = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private double? _phase;
    private int _next;

    public Minute? Current { get; private set; }

    /// <summary>Targets that the file does not know yet.</summary>
    public List<(string Target, int Slot)> Unsaved { get; } = [];
    public int Refused { get; private set; }

    public int Count => _slots.Count;

    public int? SlotOf(string target) => _slots.TryGetValue(target, out var slot) ? slot : null;

    public void Load(string target, int slot)
    {
        _slots[target] = slot;
        _next = Math.Max(_next, slot + 1);
    }

    /// <summary>Slots in between that no target has may be given out again.</summary>
    public void Loaded()
    {
        var taken = _slots.Values.ToHashSet();
        for (var slot = _next - 1; slot >= 0; slot--) if (!taken.Contains(slot)) _free.Push(slot);
    }

    public void Forget(string target)
    {
        if (_slots.Remove(target, out var slot)) _free.Push(slot);
    }

    /// <summary>The targets recorded since the last time this was asked.</summary>
    public List<string> TakeSeen()
    {
        var seen = _seen.ToList();
        _seen.Clear();
        return seen;
    }

    /// <summary>Takes a tick; gives the minute before it when that is complete.</summary>
    public Minute? Take(HistorySample tick)
    {
        var second = Steady(tick.At.ToUnixTimeMilliseconds() / 1000.0);
        var (start, finished) = (Level.All[0].Floor(second), (Minute?)null);
        if (Current?.Start != start)
        {
            finished = Current;
            Current = new Minute(cluster, start);
        }

        var point = (int)(second - start) / Level.All[0].Step;
        Refused = 0;
        for (var i = 0; i < tick.Points.Count; i++)
        {
            var values = tick.Points[i];
            if (Slot(values.Target) is { } slot) Current!.Set(slot, point, values);
            else Refused++;
        }
        return finished;
    }

    public Minute? TakeCurrent()
    {
        var current = Current;
        Current = null;
        return current;
    }

    /// <summary>Ticks come every step give or take a little. They are laid in the middle of the steps, or one that is
    /// a little early would leave a gap and cover its neighbour.</summary>
    private long Steady(double second)
    {
        var step = Level.All[0].Step;
        var phase = _phase ??= second % step - step / 2.0;
        var off = (second - phase) % step - step / 2.0;
        _phase = phase + off / 8;
        return (long)Math.Floor(second - phase);
    }

    private int? Slot(string target)
    {
        if (!_slots.TryGetValue(target, out var slot))
        {
            if (_slots.Count >= MaxTargets) return null;
            slot = _free.Count > 0 ? _free.Pop() : _next++;
            _slots.Add(target, slot);
            Unsaved.Add((target, slot));
        }
        _seen.Add(target);
        return slot;
    }
}
