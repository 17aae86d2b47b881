using Jarvis.Server.Cluster;
using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Cli;

/// <summary>What the server watches: the clusters of the configuration, and those that were added on the screen.</summary>
internal static class ClusterChecks
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(IConfiguration configuration, DataFolder data, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var clusters = configuration.GetSection("Clusters").Get<List<ClusterOptions>>() ?? [];
        try
        {
            var (added, paused) = ClusterStore.ReadFrom(data);
            // As the server does: the configuration wins, a simulated cluster is in it, and of a paused one nothing is asked.
            foreach (var stored in added.Where(s => s.Scenario is null && clusters.All(c => c.Key != s.Key)).ToList())
            {
                if (stored.Damage is { } damage) findings.Add(new(Grade.Fail, $"Cluster {stored.Key}: {damage}", "remove it on the clusters page and add it again, or restore a backup"));
                else clusters.Add(stored.ToOptions(new(data)));
            }

            findings.AddRange(clusters.Where(c => paused.Contains(c.Key)).Select(c => new Finding(Grade.Ok, $"Cluster {c.Key}: paused, not asked")));
            clusters.RemoveAll(c => paused.Contains(c.Key));
        }
        catch (SqliteException e)
        {
            findings.Add(new(Grade.Fail, $"Clusters: those that were added cannot be read: {e.Message}", "the line about jarvis.db says more"));
        }

        var found = await Task.WhenAll(clusters.Select(async c => (c.Key, Findings: await ClusterCheck.RunAsync(c, cancellationToken))));
        findings.AddRange(from cluster in found
                          from finding in cluster.Findings
                          select new Finding(finding.Ok ? Grade.Ok : Grade.Fail, $"Cluster {cluster.Key}: {finding.Text}", finding.Cure));
        return findings;
    }
}
