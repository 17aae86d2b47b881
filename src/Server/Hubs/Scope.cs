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

    /// <summary>Keeps what this scope may concern; a guest that moved away still arrives, with its new node.</summary>
    public ClusterDelta Narrow(ClusterDelta delta) => Kind switch
    {
        ScopeKind.Cluster => delta,
        ScopeKind.Node => delta with { Nodes = delta.Nodes?.Where(n => n.Name == Name).ToArray() },
        _ => delta with
        {
            Nodes = null,
            Guests = delta.Guests?.Where(g => g.Vmid == _vmid).ToArray(),
            GuestNumbers = delta.GuestNumbers?.Only(_vmid),
            Storages = null,
            Tasks = delta.Tasks?.Where(t => t.Target == Name).ToArray(),
            RemovedNodes = null,
            RemovedStorages = null,
        },
    };
}
