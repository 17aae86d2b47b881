using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Jarvis.Safety;
using Jarvis.Server.Cluster;
using Jarvis.Server.Cluster.History;

namespace Jarvis.Server.Tools;

/// <summary>How numbers went over time.</summary>
internal sealed class MetricsTools(Reach reach, Metrics metrics)
{
    [Tool(Tier.Green, Outside = false), Description("How a number of a node, guest or storage went: least, mean, most, 95th percentile, and where it is heading. The series itself is at the path in the answer.")]
    public async Task<MetricSummary> GetMetricsHistoryAsync(
        [Length(1, 300), Description("node/NAME, guest/VMID, storage/NAME, or storage/NODE/NAME where it is not shared")] string target, Metric metric, MetricsRange range = MetricsRange.Hour,
        ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var found = reach.Clusters(cluster).Where(c => Metrics.Exists(c.Current, target) is null).ToList();
        var of = found switch
        {
            [var one] => one,
            [] => throw new ReadFailedException(string.Join(' ', reach.Clusters(cluster).Select(c => Metrics.Exists(c.Current, target)).Distinct())),
            _ => throw new ReadFailedException($"Several clusters have {target}: {string.Join(", ", found.Select(c => c.Key))}; name the cluster."),
        };
        var span = range.ToString().ToLowerInvariant();
        var read = await metrics.ReadAsync(of, target, span, cancellationToken);
        var answer = read.Value ?? throw new ReadFailedException(read.Refused!.Detail);
        var series = answer.Series.GetValueOrDefault(char.ToLowerInvariant($"{metric}"[0]) + $"{metric}"[1..]) ?? [];
        var path = $"/api/clusters/{of.Key}/metrics/{target}?range={span}";
        return MetricSummary.Of(answer, target, metric, span, [.. answer.Times.Zip(series).Where(p => p.Second is not null).Select(p => (p.First, p.Second!.Value))], path);
    }
}

/// <summary>How far back.</summary>
public enum MetricsRange { Hour, Day, Week, Month, Year }

/// <summary>A number over time; all are null when nothing is known of that time. <c>Trend</c> is rising, falling, steady or unclear.</summary>
public sealed record MetricSummary(
    string Cluster, string Target, Metric Metric, string Unit, string Range, string Source, DateTimeOffset? From, DateTimeOffset? To, double StepSeconds, int Points, int PointsUnknown,
    double? Minimum, double? Mean, double? Maximum, DateTimeOffset? MaximumAt, double? Percentile95, double? Latest, string Trend, double? ChangePerHour, string Series)
{
    // Less than this part of the mean, over the whole time, is no change worth a word.
    private const double Noticeable = 0.05;

    // A line that explains less of the values than this says nothing about where they go.
    private const double Explained = 0.3;

    internal static MetricSummary Of(MetricsAnswer answer, string target, Metric metric, string range, IReadOnlyList<(long At, double Value)> known, string series)
    {
        var unit = metric switch { Metric.Cpu => "fraction of all cores", Metric.Memory or Metric.Disk => "bytes", _ => "bytes per second" };
        var unknown = answer.Times.Count - known.Count;
        if (known.Count == 0)
        {
            return new(answer.Cluster, target, metric, unit, range, answer.Source, null, null, answer.StepSeconds, 0, unknown, null, null, null, null, null, null, "unclear", null, series);
        }

        var sorted = known.Select(p => p.Value).Order().ToArray();
        var most = known.MaxBy(p => p.Value);
        var (slope, fit) = Line(known);
        var mean = sorted.Average();
        var change = slope * (known[^1].At - known[0].At);
        var trend = known.Count < 3 ? "unclear" : Math.Abs(change) < Noticeable * Math.Abs(mean) ? "steady" : fit < Explained ? "unclear" : change > 0 ? "rising" : "falling";
        return new(
            answer.Cluster, target, metric, unit, range, answer.Source, DateTimeOffset.FromUnixTimeSeconds(known[0].At), DateTimeOffset.FromUnixTimeSeconds(known[^1].At), answer.StepSeconds,
            known.Count, unknown, Short(sorted[0]), Short(mean), Short(most.Value), DateTimeOffset.FromUnixTimeSeconds(most.At),
            Short(sorted[(int)Math.Ceiling(0.95 * sorted.Length) - 1]), Short(known[^1].Value), trend, trend is "unclear" ? null : Short(slope * 3600), series);
    }

    /// <summary>The straight line that fits best: its slope a second, and which part of the spread it explains.</summary>
    private static (double Slope, double Fit) Line(IReadOnlyList<(long At, double Value)> points)
    {
        var (x, y) = (points.Average(p => (double)p.At), points.Average(p => p.Value));
        var (xx, xy, yy) = (points.Sum(p => (p.At - x) * (p.At - x)), points.Sum(p => (p.At - x) * (p.Value - y)), points.Sum(p => (p.Value - y) * (p.Value - y)));
        return xx == 0 || yy == 0 ? (0, 1) : (xy / xx, xy * xy / (xx * yy));
    }

    /// <summary>Four digits are more than such numbers are good for.</summary>
    private static double Short(double value)
    {
        if (value == 0 || !double.IsFinite(value)) return 0;
        var scale = Math.Pow(10, 3 - Math.Floor(Math.Log10(Math.Abs(value))));
        return double.IsFinite(scale) && scale != 0 ? Math.Round(value * scale) / scale : 0;
    }
}
