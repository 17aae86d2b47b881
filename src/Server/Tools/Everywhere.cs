using Jarvis.Proxmox;
using Jarvis.Safety;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Tools;

/// <summary>Rows, how many more there are, and what could not be asked: nothing may be concluded about that.</summary>
public sealed record Rows<T>(IReadOnlyList<T> Items, int NotShown, IReadOnlyList<Unread> Unread);

/// <summary>A node, storage or cluster that could not be asked.</summary>
public sealed record Unread(string What, string Why);

/// <summary>A node to be asked, or a whole cluster through one of its nodes.</summary>
internal sealed record Place(LiveCluster Cluster, string Node)
{
    public string Key => Cluster.Key;
}

/// <summary>Asks many places: what one of them cannot tell hides nothing of the others, and is said.</summary>
internal sealed class Everywhere(Reach reach)
{
    /// <summary>As many rows as fit into what a model is given at once.</summary>
    public const int MostRows = 200;

    private const int AtOnce = 4;

    /// <summary>Rows of one node, or of all; the most urgent first.</summary>
    public Task<Rows<T>> OfNodesAsync<T>(
        NodeName? node, ClusterKey? cluster, string what, int calls, Func<ProxmoxClient, Place, Task<IReadOnlyList<T>>> ask, Func<T, int> urgency, CancellationToken cancellationToken) =>
        OfNodesAsync(node, cluster, what, calls, ask, urgency, MostRows, cancellationToken);

    /// <summary>As above, and no more than so many.</summary>
    public Task<Rows<T>> OfNodesAsync<T>(
        NodeName? node, ClusterKey? cluster, string what, int calls, Func<ProxmoxClient, Place, Task<IReadOnlyList<T>>> ask, Func<T, int> urgency, int most, CancellationToken cancellationToken) =>
        AskAsync(Nodes(node, cluster), what, calls, ask, urgency, place => $"{place.Key}/{place.Node}", most, cancellationToken);

    /// <summary>Rows of each cluster as a whole.</summary>
    public Task<Rows<T>> OfClustersAsync<T>(
        ClusterKey? cluster, string what, int calls, Func<ProxmoxClient, Place, Task<IReadOnlyList<T>>> ask, Func<T, int> urgency, CancellationToken cancellationToken) =>
        AskAsync([.. reach.Clusters(cluster).Select(c => new Place(c, Speaker(c)))], what, calls, ask, urgency, place => place.Key, MostRows, cancellationToken);

    /// <summary>What one node says.</summary>
    public async Task<T> OfNodeAsync<T>(NodeName node, ClusterKey? cluster, string what, Func<ProxmoxClient, Place, Task<T>> ask, CancellationToken cancellationToken) where T : class
    {
        var place = Nodes(node, cluster)[0];
        if (Dark(place) is { } why) throw new ReadFailedException(why);
        return await reach.AskAsync(place.Cluster, $"{what} {place.Node}", client => ask(client, place), cancellationToken);
    }

    private IReadOnlyList<Place> Nodes(NodeName? node, ClusterKey? cluster)
    {
        if (node is { } named) return reach.Node(named, cluster) is var (of, view) ? [new(of, view.Name)] : [];
        return [.. reach.Clusters(cluster).SelectMany(c => c.Current.View.Nodes.Select(n => new Place(c, n.Name)))];
    }

    private async Task<Rows<T>> AskAsync<T>(
        IReadOnlyList<Place> places, string what, int calls, Func<ProxmoxClient, Place, Task<IReadOnlyList<T>>> ask, Func<T, int> urgency, Func<Place, string> called, int most, CancellationToken cancellationToken)
    {
        var answers = new (IReadOnlyList<T>? Rows, string? Why)[places.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, places.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, stop) =>
        {
            var place = places[i];
            try
            {
                answers[i] = Dark(place) is { } why ? (null, why) : (await reach.AskAsync(place.Cluster, $"{what} {place.Node}", client => ask(client, place), calls, stop), null);
            }
            catch (ReadFailedException e)
            {
                answers[i] = (null, e.Message);
            }
        });
        var unread = places.Zip(answers).Where(a => a.Second.Rows is null).Select(a => new Unread(called(a.First), a.Second.Why!)).ToList();
        if (unread.Count == places.Count) throw new ReadFailedException(places.Count == 0 ? "No node is known yet: nothing could be read." : string.Join(' ', unread.Select(u => places.Count == 1 ? u.Why : $"{u.What}: {u.Why}").Distinct()));
        var rows = answers.Where(a => a.Rows is not null).SelectMany(a => a.Rows!).OrderBy(urgency).ToList();
        return new([.. rows.Take(most)], Math.Max(0, rows.Count - most), unread);
    }

    /// <summary>Why it is of no use to ask a node, if it is not.</summary>
    private static string? Dark(Place place) => place.Cluster.Current.Node(place.Node) is { Status: NodeStatus.Offline } ? $"The node {place.Node} is offline: what it has cannot be known." : null;

    /// <summary>A node that answers for the cluster.</summary>
    private static string Speaker(LiveCluster cluster) =>
        cluster.Current.View.Nodes.OrderBy(n => n.Status is NodeStatus.Online ? 0 : 1).FirstOrDefault()?.Name ?? "";
}
