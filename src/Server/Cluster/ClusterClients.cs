using System.Collections.Immutable;
using Jarvis.Proxmox;

namespace Jarvis.Server.Cluster;

/// <summary>How a cluster is asked: as set up, and within what it may cost.</summary>
internal sealed record ClusterConnection(ClusterOptions Options, ProxmoxClient Client, CallBudget Budget);

/// <summary>The connections to the clusters, opened and closed as these come and go.</summary>
internal sealed class ClusterClients(ClusterMeters meters, TimeProvider clock) : IDisposable
{
    private ImmutableDictionary<LiveCluster, ClusterConnection> _open = ImmutableDictionary<LiveCluster, ClusterConnection>.Empty;

    /// <summary>Null when the cluster has gone, or cannot be connected to as it is set up.</summary>
    public ClusterConnection? Of(LiveCluster cluster) => Volatile.Read(ref _open).GetValueOrDefault(cluster);

    /// <summary>Opens a connection in place of the one before, if there was one; what that had under way ends.</summary>
    public ClusterConnection Open(LiveCluster cluster, ClusterOptions options)
    {
        var before = Of(cluster);
        var connection = Connect(options, before?.Budget ?? new(clock));
        ImmutableInterlocked.Update(ref _open, static (all, one) => all.SetItem(one.cluster, one.connection), (cluster, connection));
        before?.Client.Dispose();
        return connection;
    }

    public void Close(LiveCluster cluster)
    {
        if (ImmutableInterlocked.TryRemove(ref _open, cluster, out var connection)) connection.Client.Dispose();
    }

    public void Dispose()
    {
        foreach (var cluster in _open.Keys) Close(cluster);
    }

    private ClusterConnection Connect(ClusterOptions options, CallBudget budget) => new(
        options,
        new(
            new()
            {
                Endpoints = options.Endpoints,
                LearnedEndpoints = options.LearnedEndpoints,
                Credential = ProxmoxCredential.FromTokenFile(options.TokenFile),
                Fingerprints = options.Fingerprints,
                LearnedFingerprints = options.LearnedFingerprints,
                CaFile = options.CaFile is { Length: > 0 } file ? file : null,
                Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
                CallFinished = call =>
                {
                    budget.Count();
                    meters.Count(options.Key, call);
                },
            },
            clock),
        budget);
}
