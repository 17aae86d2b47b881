using Jarvis.Server.Cluster.History;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Jarvis.Server.Cluster;

/// <summary>Whether each cluster can be read, and whether its numbers are kept.</summary>
internal sealed class ClusterHealth(LiveClusters clusters, MetricHistory history) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var troubles = clusters.All.Where(c => !c.Entry.Paused).Select(c => c.Current.View).Select(Trouble).OfType<string>().ToList();
        if (history.Health is { Available: false, Trouble: var why }) troubles.Add($"history is not kept: {why}");
        return Task.FromResult(troubles.Count > 0 ? HealthCheckResult.Degraded(string.Join("; ", troubles))
            : HealthCheckResult.Healthy(clusters.All.Count == 0 ? "no cluster is configured" : $"{clusters.All.Count(c => !c.Entry.Paused)} watched"));
    }

    private static string? Trouble(ClusterView view) => view.Header switch
    {
        { BlindSince: { } since } header => $"{view.Key} cannot be read since {since:u}: {header.Trouble}",
        { ObservedAt: null } header => $"{view.Key} has not been read yet{(header.Trouble is { } trouble ? $": {trouble}" : "")}",
        _ => null,
    };
}
