namespace Jarvis.Simulator;

/// <summary>A guest under HA: what is asked of it and where the manager has got to.</summary>
internal sealed class HaResource
{
    public required string Sid { get; init; }
    public required int VmId { get; init; }

    /// <summary>started, stopped, disabled, ignored.</summary>
    public string Requested { get; set; } = "started";

    /// <summary>started, stopped, request_start, request_stop, fence, recovery, migrate, error, queued …</summary>
    public string State { get; set; } = "queued";
    public string Node { get; set; } = "";
    public string? Group { get; set; }
    public string? Comment { get; set; }
    public int MaxRestart { get; set; } = 1;
    public int MaxRelocate { get; set; } = 1;
    public bool Failback { get; set; } = true;
    public int Failures { get; set; }
    public string? MigrateTo { get; set; }
}

internal sealed partial class VirtualCluster
{
    private readonly SortedDictionary<string, HaResource> haResources = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, HaResource> HaResources => haResources;

    /// <summary>The node whose manager is active.</summary>
    public string HaMaster => nodes.Values.FirstOrDefault(n => n.Member && n.Answers)?.Name ?? nodes.Keys.First();

    /// <summary>Whether the side that no partition has cut off has quorum.</summary>
    public bool Quorate => !Faults.Any("quorum-lost") && nodes.Values.Count(n => n.Member) * 2 > nodes.Count;

    /// <summary>Whether this node stands on a side with quorum.</summary>
    public bool QuorateAt(string node) => !Faults.Cut(node) ? Quorate
        : !Faults.Any("quorum-lost") && nodes.Values.Count(n => n.Answers && Faults.Cut(n.Name)) * 2 > nodes.Count;

    /// <summary>Whether one node sees another as online.</summary>
    public bool Sees(string from, string other) => from == other
        || (Faults.Cut(from) ? nodes[other].Answers && Faults.Cut(other) : nodes[other].Member);

    public void RequireQuorum(string node)
    {
        if (!QuorateAt(node))
        {
            throw PveException.Failed("cluster not ready - no quorum?");
        }
    }

    public HaResource? Managed(VirtualGuest guest) =>
        haResources.GetValueOrDefault(guest.Sid) is { Requested: not "ignored" } resource ? resource : null;

    public void AddHa(
        string sid, string state = "started", string? group = null, string? comment = null, int maxRestart = 1,
        int maxRelocate = 1)
    {
        RequireQuorum(HaMaster);
        var guest = HaGuest(sid);
        if (haResources.ContainsKey(guest.Sid))
        {
            throw PveException.Failed($"resource ID '{guest.Sid}' already defined");
        }

        haResources[guest.Sid] = new HaResource
        {
            Sid = guest.Sid, VmId = guest.VmId, Requested = state, Group = group, Comment = comment,
            MaxRestart = maxRestart, MaxRelocate = maxRelocate, Node = guest.Node,
        };
        PokeHa();
    }

    public void UpdateHa(
        string sid, string? state = null, string? group = null, string? comment = null, int? maxRestart = null,
        int? maxRelocate = null)
    {
        RequireQuorum(HaMaster);
        var resource = FindHa(sid);
        resource.Requested = state ?? resource.Requested;
        resource.Group = group ?? resource.Group;
        resource.Comment = comment ?? resource.Comment;
        resource.MaxRestart = maxRestart ?? resource.MaxRestart;
        resource.MaxRelocate = maxRelocate ?? resource.MaxRelocate;
        resource.Failures = 0;
        PokeHa();
    }

    public void RemoveHa(string sid)
    {
        RequireQuorum(HaMaster);
        haResources.Remove(FindHa(sid).Sid);
    }

    public HaResource FindHa(string sid) =>
        haResources.GetValueOrDefault(sid) ?? haResources.Values.FirstOrDefault(h => Text(h.VmId) == sid)
        ?? throw PveException.Failed($"no such resource '{sid}'");

    internal void SeedHa(VirtualGuest guest, string state) => haResources[guest.Sid] = new HaResource
    {
        Sid = guest.Sid, VmId = guest.VmId, Requested = state, State = guest.Running ? "started" : "stopped", Node = guest.Node,
    };

    private VirtualGuest HaGuest(string sid)
    {
        var number = sid[(sid.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return int.TryParse(number, out var vmid) && guests.TryGetValue(vmid, out var guest)
            && (number == sid || guest.Sid == sid)
            ? guest
            : throw PveException.Failed($"unable to add resource '{sid}' - service does not exist in the cluster");
    }

    private string RequestHa(VirtualGuest guest, HaResource resource, string state, string type, string user) =>
        Launch(LiveNode(guest.Node), type, Text(guest.VmId), user, run =>
        {
            run.Log($"Requesting HA {(state == "started" ? "start" : "stop")} for {guest.Word} {guest.VmId}");
            run.After(dice.Seconds(.5, 1.1), () =>
            {
                resource.Requested = state;
                resource.Failures = 0;
                run.Done();
                PokeHa();
            });
        });
}
