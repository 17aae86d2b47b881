using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Jarvis.Proxmox;

namespace Jarvis.Server.Cluster;

/// <summary>What a guest is at this moment, as its node says it, in one line that changes whenever it does.</summary>
internal sealed class GuestFacts(ClusterClients clients)
{
    /// <exception cref="InvalidOperationException">The cluster is paused, or is being connected to anew.</exception>
    /// <exception cref="ProxmoxException">It could not be read.</exception>
    public async Task<string> FingerprintAsync(LiveCluster cluster, GuestView guest, CancellationToken cancellationToken)
    {
        var client = Client(cluster);
        var type = Lookups.TypeOf(guest);
        var config = client.GetGuestConfigNowAsync(guest.Node, type, guest.Vmid, cancellationToken);
        var status = await client.GetGuestStatusNowAsync(guest.Node, type, guest.Vmid, cancellationToken);
        // The settings hold vmgenid or the time of creation, by which another guest of this number is another, and the
        // digest covers the snapshots.
        var settings = (await config).Settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}");
        var text = string.Join('\n', [guest.Node, status.Status, status.QmpStatus, status.Lock, status.Ha?.State, .. settings]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Whether a guest runs now; one that cannot be asked does not.</summary>
    public async Task<bool> RunsAsync(LiveCluster cluster, GuestView guest, CancellationToken cancellationToken)
    {
        try
        {
            return (await Client(cluster).GetGuestStatusNowAsync(guest.Node, Lookups.TypeOf(guest), guest.Vmid, cancellationToken)).Status == "running";
        }
        catch (ProxmoxException)
        {
            return false;
        }
    }

    /// <summary>What became of a task; null while it runs, and when its end says nothing: one that only tells high availability what is wanted.</summary>
    public async Task<(bool Ok, string Text)?> EndOfAsync(LiveCluster cluster, string upid, CancellationToken cancellationToken)
    {
        var task = Upid.Parse(upid);
        if (task.Type is "hastart" or "hastop" or "hamigrate") return null;
        var state = await Client(cluster).GetTaskStateAsync(task, cancellationToken);
        return state.Status != "stopped" ? null
            : (TaskResult.OutcomeOf(state.ExitStatus) is TaskOutcome.Ok or TaskOutcome.Warnings, string.Create(CultureInfo.InvariantCulture, $"{upid} ended: {state.ExitStatus ?? "no exit status"}"));
    }

    /// <summary>For who does something, or plans to: what they ask from then on is not counted as watching.</summary>
    /// <exception cref="InvalidOperationException">The cluster is paused, or is being connected to anew.</exception>
    public ProxmoxClient Client(LiveCluster cluster)
    {
        if (cluster.Entry.Paused) throw new InvalidOperationException($"{cluster.Entry.Name} is paused; resume it first");
        var connection = clients.Of(cluster) ?? throw new InvalidOperationException($"{cluster.Key} was removed, or is connected to anew just now");
        connection.Budget.Act();
        return connection.Client;
    }
}
