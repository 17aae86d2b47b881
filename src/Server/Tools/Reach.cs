using Jarvis.Proxmox;
using Jarvis.Safety;
using Jarvis.Server.Cluster;
using GuestType = Jarvis.Server.Cluster.GuestType;

namespace Jarvis.Server.Tools;

/// <summary>A guest and how it is asked.</summary>
internal sealed record Reached(LiveCluster Cluster, GuestView Guest, ProxmoxClient Client)
{
    public Proxmox.GuestType Type => Lookups.TypeOf(Guest);

    public int Vmid => Guest.Vmid;

    /// <summary>As high availability calls it.</summary>
    public string Sid => $"{(Guest.Type is GuestType.Vm ? "vm" : "ct")}:{Guest.Vmid}";

    /// <summary>As people call it: <c>VM 101 (web) on pve1</c>.</summary>
    public string Called => $"{(Guest.Type is GuestType.Vm ? "VM" : "container")} {Guest.Vmid} ({Guest.Name}) on {Guest.Node}";
}

/// <summary>From the arguments, which the gate has resolved, to what they name.</summary>
internal sealed class Reach(LiveClusters clusters, GuestFacts facts, Lookups lookups)
{
    /// <summary>The clusters that are meant: the one that is named, or all.</summary>
    public IReadOnlyList<LiveCluster> Clusters(ClusterKey? key) =>
        key is not { } named ? clusters.All : clusters.Find(named.Value) is { } one ? [one] : throw new InvalidOperationException($"There is no cluster {named}; there are: {string.Join(", ", clusters.All.Select(c => c.Key))}.");

    /// <summary>Why nothing, or nothing new, is known of a cluster; null when it is read.</summary>
    public static Unread? Unread(LiveCluster cluster) => cluster.Current.View.Header switch
    {
        { ObservedAt: null, Trouble: var trouble } => new(cluster.Key, trouble ?? "It has not been read yet."),
        { BlindSince: { } since, ObservedAt: { } seen } => new(cluster.Key, $"It cannot be read since {since:u}; what is listed is of {seen:u}."),
        _ => null,
    };

    /// <summary>As the gate resolved it.</summary>
    public Reached Guest(GuestRef guest, ClusterKey? key)
    {
        var cluster = Clusters(key) is [var one] ? one : throw new InvalidOperationException("Several clusters are watched; name the cluster.");
        var row = cluster.Current.Guest(guest.Id.Value) is { Missing: false } known ? known : throw new InvalidOperationException($"{cluster.Key} has no guest {guest.Id}.");
        return Reached(cluster, row);
    }

    /// <summary>As its node has it now.</summary>
    /// <exception cref="WrongStateException">It is locked: something is being done to it.</exception>
    public static async Task<Proxmox.Wire.GuestStatus> UnlockedAsync(Reached to, CancellationToken cancellationToken)
    {
        var now = await to.Client.GetGuestStatusNowAsync(to.Guest.Node, to.Type, to.Vmid, cancellationToken);
        return now.Lock is { } held ? throw new WrongStateException($"{to.Called} is locked ({held}): something is being done to it.") : now;
    }

    /// <summary>The one cluster that the gate has found.</summary>
    public (LiveCluster Cluster, ProxmoxClient Client) Cluster(ClusterKey? key) =>
        Clusters(key) is [var one] ? (one, facts.Client(one)) : throw new InvalidOperationException("Several clusters are watched; name the cluster.");

    public ProxmoxClient Client(LiveCluster cluster) => facts.Client(cluster);

    public Reached Reached(LiveCluster cluster, GuestView guest) => new(cluster, guest, Client(cluster));

    /// <summary>The cluster that has a node of this name.</summary>
    public (LiveCluster Cluster, NodeView Node) Node(NodeName node, ClusterKey? key)
    {
        var found = Clusters(key).Where(c => c.Current.Node(node.Value) is not null).ToList();
        return found switch
        {
            [var one] => (one, one.Current.Node(node.Value)!),
            [] => throw new InvalidOperationException($"There is no node {node}; there are: {string.Join(", ", Clusters(key).SelectMany(c => c.Current.View.Nodes).Select(n => n.Name))}.{NotRead(key)}"),
            _ => throw new InvalidOperationException($"Several clusters have a node {node}: {string.Join(", ", found.Select(c => c.Key))}; name the cluster."),
        };
    }

    // A node of a cluster that was never read is not known, and may be there.
    private string NotRead(ClusterKey? key) =>
        string.Concat(Clusters(key).Where(c => c.Current.View.Header.ObservedAt is null).Select(c => $" {c.Key} has not been read yet."));

    /// <summary>Asks Proxmox within what watching may cost, together with all who look at the same.</summary>
    /// <exception cref="ReadFailedException">It was not answered; the message says why.</exception>
    public Task<T> AskAsync<T>(LiveCluster cluster, string what, Func<ProxmoxClient, Task<T>> ask, CancellationToken cancellationToken) where T : class =>
        AskAsync(cluster, what, ask, 1, cancellationToken);

    /// <summary>As above, for what takes several calls.</summary>
    /// <exception cref="ReadFailedException">It was not answered; the message says why.</exception>
    public async Task<T> AskAsync<T>(LiveCluster cluster, string what, Func<ProxmoxClient, Task<T>> ask, int calls, CancellationToken cancellationToken) where T : class
    {
        var asked = await lookups.AskAsync(cluster, $"tool {what}", TimeSpan.FromSeconds(5), calls, ask, cancellationToken);
        return asked.Value ?? throw new ReadFailedException(asked.Refused!.Detail);
    }
}

/// <summary>What was asked for could not be read: nothing is known of it, least of all that there is none.</summary>
internal sealed class ReadFailedException(string why) : Exception(why);
