using System.Globalization;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Hubs;

internal enum ScopeKind { Cluster, Node, Guest }

/// <summary>What a screen looks at: everything, one cluster, or one node or guest of it.</summary>
internal sealed record Scope(string? Cluster, ScopeKind Kind, string Name)
{
    private readonly int _vmid = Kind is ScopeKind.Guest ? int.Parse(Name, CultureInfo.InvariantCulture) : 0;

    /// <summary>Reads <c>cluster</c>, <c>node/NAME</c> or <c>guest/VMID</c>; null when it is none of these.</summary>
    public static Scope? Parse(string? cluster, string scope) => scope.Split('/') switch
    {
        ["cluster"] => new(cluster, ScopeKind.Cluster, ""),
        ["node", { Length: > 0 and <= 64 } name] when cluster is not null => new(cluster, ScopeKind.Node, name),
        ["guest", var id] when cluster is not null && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _) =>
            new(cluster, ScopeKind.Guest, id),
        _ => null,
    };

    public bool Covers(string cluster) => Cluster is null || Cluster == cluster;

    public ClusterView Narrow(ClusterView view) => Kind switch
    {
        ScopeKind.Cluster => view,
        ScopeKind.Node => view with
        {
            Nodes = [.. view.Nodes.Where(n => n.Name == Name)],
            Guests = [.. view.Guests.Where(g => g.Node == Name)],
            Storages = [.. view.Storages.Where(s => s.Shared || s.Node == Name)],
            Tasks = [.. view.Tasks.Where(t => t.Node == Name)],
        },
        _ => view with
        {
            Nodes = [],
            Guests = [.. view.Guests.Where(g => g.Vmid == _vmid)],
            Storages = [],
            Tasks = [.. view.Tasks.Where(t => t.Target == Name)],
        },
    };

    /// <summary>Keeps what concerns this scope. A guest that leaves the node is named as removed.</summary>
    public ClusterDelta Narrow(ClusterChange change) => Kind switch
    {
        ScopeKind.Cluster => change.Delta,
        ScopeKind.Node => OfNode(change),
        _ => change.Delta with
        {
            Nodes = null,
            Guests = change.Delta.Guests?.Where(g => g.Vmid == _vmid).ToArray(),
            GuestNumbers = change.Delta.GuestNumbers?.Only(v => v == _vmid),
            Storages = null,
            Tasks = change.Delta.Tasks?.Where(t => t.Target == Name).ToArray(),
            RemovedNodes = null,
            RemovedStorages = null,
        },
    };

    private ClusterDelta OfNode(ClusterChange change)
    {
        var delta = change.Delta;
        var left = delta.Guests?.Where(g => g.Node != Name && change.Before.Guest(g.Vmid)?.Node == Name).Select(g => g.Vmid) ?? [];
        return delta with
        {
            Nodes = delta.Nodes?.Where(n => n.Name == Name).ToArray(),
            Guests = delta.Guests?.Where(g => g.Node == Name).ToArray(),
            GuestNumbers = delta.GuestNumbers?.Only(v => change.After.Guest(v)?.Node == Name),
            Storages = delta.Storages?.Where(s => s.Shared || s.Node == Name).ToArray(),
            Tasks = delta.Tasks?.Where(t => t.Node == Name).ToArray(),
            RemovedGuests = [.. delta.RemovedGuests ?? [], .. left],
        };
    }
}
