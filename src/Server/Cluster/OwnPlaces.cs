using Jarvis.Proxmox;

namespace Jarvis.Server.Cluster;

/// <summary>Where a machine is in a cluster: a node, a guest, or neither; <c>Whole</c> when all could be read.</summary>
internal sealed record OwnPlace(string? Node, int? Guest, bool Whole)
{
    public bool Found => Node is not null || Guest is not null;
}

/// <summary>Finds this machine in a cluster: a node by its address, a guest by that of its network card or the id of its firmware.</summary>
internal sealed class OwnPlaces(OwnMachine machine, Lookups lookups, TimeProvider time)
{
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    public async Task<OwnPlace> FindAsync(LiveCluster cluster, CancellationToken cancellationToken)
    {
        var rows = await AskAsync(cluster, "own node", client => client.GetClusterStatusAsync(cancellationToken), cancellationToken);
        if (rows?.FirstOrDefault(r => r is { Type: "node", Ip: { } ip } && machine.Addresses.Contains(ip)) is { } node) return new(node.Name, null, true);
        var whole = rows is not null;
        if (machine.Inside is null) return new(null, null, whole);
        foreach (var guest in cluster.Current.View.Guests.Where(g => g is { Missing: false, Status: GuestStatus.Running } && g.Type == machine.Inside))
        {
            var config = await AskAsync(
                cluster, $"own guest {guest.Vmid}", client => client.GetGuestConfigAsync(guest.Node, Lookups.TypeOf(guest), guest.Vmid, cancellationToken), cancellationToken);
            if (config is not null && IsThis(config)) return new(null, guest.Vmid, true);
            whole &= config is not null;
        }

        return new(null, null, whole);
    }

    private bool IsThis(Proxmox.GuestConfig config) =>
        config.Networks.Values.Any(card => card.Parts.Values.Any(part => machine.Macs.Contains(part, StringComparer.OrdinalIgnoreCase)))
        || machine.Uuid is not null && config["smbios1"] is { } firmware && machine.Uuid.Equals(PropertyString.Parse(firmware, "")["uuid"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Null when it cannot be read; within what watching may cost, however long that takes.</summary>
    private async Task<T?> AskAsync<T>(LiveCluster cluster, string what, Func<ProxmoxClient, Task<T>> ask, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            var asked = await lookups.AskAsync(cluster, what, Keep, 1, ask, cancellationToken);
            if (asked.Refused is not { Code: "OBSERVER_BUDGET" }) return asked.Value;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
