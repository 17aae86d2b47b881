using Jarvis.Proxmox;

namespace Jarvis.Server.Cluster;

/// <summary>Makes the snapshot to which a guest can go back when a change to it was wrong.</summary>
internal sealed class SafetySnapshots(GuestFacts facts)
{
    private const string Unable = "snapshot feature is not available";

    /// <summary>False when the guest's storage cannot make one.</summary>
    /// <exception cref="ProxmoxException">It was refused for another reason.</exception>
    /// <exception cref="InvalidOperationException">It could have been made, and was not.</exception>
    public async Task<bool> MakeAsync(LiveCluster cluster, GuestView guest, string name, CancellationToken cancellationToken)
    {
        if (guest.Template) return false;
        var client = facts.Client(cluster);
        try
        {
            var upid = await client.CreateSnapshotAsync(guest.Node, Lookups.TypeOf(guest), guest.Vmid, name, "made before a change", withMemory: false, cancellationToken);
            var ended = await client.WaitAsync(upid, null, cancellationToken);
            return ended.Outcome is TaskOutcome.Ok or TaskOutcome.Warnings
                || (ended.ExitStatus.Contains(Unable, StringComparison.Ordinal) ? false
                    : throw new InvalidOperationException($"The snapshot before the change failed, so that nothing was changed: {ended.ExitStatus}"));
        }
        catch (ProxmoxException e) when (e.Reason?.Contains(Unable, StringComparison.Ordinal) is true)
        {
            return false;
        }
    }
}
