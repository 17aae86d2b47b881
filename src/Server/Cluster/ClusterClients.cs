using System.Collections.Frozen;
using Jarvis.Proxmox;

namespace Jarvis.Server.Cluster;

/// <summary>The connection to each watched cluster, by its key, with what its calls cost.</summary>
internal sealed class ClusterClients : IDisposable
{
    private readonly FrozenDictionary<string, (ProxmoxClient Client, CallBudget Budget)> _byKey;

    public ClusterClients(IReadOnlyList<ClusterOptions> clusters, ClusterMeters meters, TimeProvider clock) =>
        _byKey = clusters.ToFrozenDictionary(c => c.Key, c => Open(c, meters, clock), StringComparer.Ordinal);

    public ProxmoxClient this[string key] => _byKey[key].Client;

    public CallBudget Budget(string key) => _byKey[key].Budget;

    public void Dispose()
    {
        foreach (var (client, _) in _byKey.Values) client.Dispose();
    }

    private static (ProxmoxClient, CallBudget) Open(ClusterOptions options, ClusterMeters meters, TimeProvider clock)
    {
        var budget = new CallBudget(clock);
        return (new(
            new()
            {
                Endpoints = options.Endpoints,
                Credential = ProxmoxCredential.FromTokenFile(options.TokenFile),
                Fingerprints = options.Fingerprints,
                CaFile = options.CaFile is { Length: > 0 } file ? file : null,
                Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
                CallFinished = call =>
                {
                    budget.Count();
                    meters.Count(options.Key, call);
                },
            },
            clock), budget);
    }
}
