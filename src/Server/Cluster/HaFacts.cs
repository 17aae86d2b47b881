using Jarvis.Proxmox;

namespace Jarvis.Server.Cluster;

/// <summary>Guests of which one is to run always, as high availability has it; <c>Called</c> is the group or rule.</summary>
internal sealed record Replicas(string Called, IReadOnlyList<int> Vmids);

/// <summary>What high availability is told about a cluster's guests.</summary>
internal sealed class HaFacts(GuestFacts facts)
{
    /// <summary>The groups (before Proxmox VE 9) and the rules that keep guests apart, with at least two guests each.</summary>
    public async Task<IReadOnlyList<Replicas>> ReplicasAsync(LiveCluster cluster, CancellationToken cancellationToken)
    {
        var client = facts.Client(cluster);
        var resources = await client.GetHaResourcesAsync(cancellationToken);
        var groups = from r in resources
                     where r.Group is { Length: > 0 }
                     group Vmid(r.Sid) by r.Group into g
                     select new Replicas($"the HA group {g.Key}", [.. g.OfType<int>()]);
        return [.. groups.Concat(await RulesAsync(client, cancellationToken)).Where(r => r.Vmids.Count > 1)];
    }

    private static async Task<IEnumerable<Replicas>> RulesAsync(ProxmoxClient client, CancellationToken cancellationToken)
    {
        try
        {
            return from r in await client.GetHaRulesAsync(cancellationToken)
                   where r is { Type: "resource-affinity", Affinity: "negative", Disable: not true, Resources: not null }
                   select new Replicas($"the HA rule {r.Rule}", [.. r.Resources!.Split(',', StringSplitOptions.TrimEntries).Select(Vmid).OfType<int>()]);
        }
        catch (ProxmoxException e) when (e.Kind is ProxmoxFailure.NotSupported)
        {
            return [];
        }
    }

    private static int? Vmid(string sid) => sid.Split(':') is [_, var number] && int.TryParse(number, out var vmid) ? vmid : null;
}
