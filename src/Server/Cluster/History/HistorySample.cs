namespace Jarvis.Server.Cluster.History;

/// <summary>What is kept over time. Cpu as a fraction, memory and disk in bytes, rates in bytes a second.</summary>
public enum Metric { Cpu, Memory, Disk, NetIn, NetOut, DiskRead, DiskWrite }

/// <summary>One target's numbers at one moment; null is unknown. The target is <c>node/NAME</c>, <c>guest/VMID</c> or
/// <c>storage/ID</c>; keep the string, for it is looked up every tick.</summary>
public readonly record struct HistoryPoint(
    string Target, double? Cpu = null, double? Memory = null, double? Disk = null, double? NetIn = null,
    double? NetOut = null, double? DiskRead = null, double? DiskWrite = null)
{
    public double? this[Metric metric] => metric switch
    {
        Metric.Cpu => Cpu,
        Metric.Memory => Memory,
        Metric.Disk => Disk,
        Metric.NetIn => NetIn,
        Metric.NetOut => NetOut,
        Metric.DiskRead => DiskRead,
        Metric.DiskWrite => DiskWrite,
        _ => throw new ArgumentOutOfRangeException(nameof(metric)),
    };
}

/// <summary>One tick of one cluster. The points are read before <see cref="MetricHistory.Record"/> returns, so the list may be reused.</summary>
public sealed record HistorySample(string Cluster, DateTimeOffset At, IReadOnlyList<HistoryPoint> Points);

/// <summary>A target's metrics over time, one array a metric, all as long as <see cref="Times"/>; null is unknown.</summary>
/// <param name="Times">The middle of each step.</param>
/// <param name="Step">The time between two points.</param>
/// <param name="Values">By metric.</param>
public sealed record HistorySeries(
    IReadOnlyList<DateTimeOffset> Times, TimeSpan Step, IReadOnlyDictionary<Metric, IReadOnlyList<double?>> Values)
{
    /// <summary>The first of the times at which anything is known; null when nothing is.</summary>
    public DateTimeOffset? KnownFrom
    {
        get
        {
            for (var i = 0; i < Times.Count; i++) if (Values.Values.Any(values => values[i] is not null)) return Times[i];
            return null;
        }
    }
}

/// <summary>How the history fares.</summary>
public sealed record HistoryHealth(bool Available, string? Trouble, long LostBlocks, int Targets);
