namespace Jarvis.Simulator;

/// <summary>A cause of trouble that is in force.</summary>
internal sealed record Fault(
    string Id, string Kind, string Target, IReadOnlyDictionary<string, string> Parameters, DateTimeOffset Since);

/// <summary>What the front end does to requests for a node; null or zero where nothing is wrong.</summary>
internal sealed record TransportFault(
    bool Refused, bool Silent, TimeSpan Delay, int? Status, double Probability, bool Truncate, bool Garble, bool Reset,
        string? RevokedToken);

/// <summary>Causes that can be switched on and off.</summary>
internal sealed partial class Faults(VirtualCluster cluster)
{
    private readonly List<Fault> active = [];
    private int next = 1;

    public IReadOnlyList<Fault> Active => active;

    public bool Any(string kind) => active.Exists(f => f.Kind == kind);

    public IEnumerable<Fault> Of(string kind) => active.Where(f => f.Kind == kind);

    /// <summary>Whether a partition separates this node from the majority.</summary>
    public bool Cut(string node) => active.Exists(f => f.Kind == "partition" && f.Target.Split(',').Contains(node));

    /// <summary>Since when a partition separates this node; null if none does.</summary>
    public DateTimeOffset? CutSince(string node) =>
        active.Find(f => f.Kind == "partition" && f.Target.Split(',').Contains(node))?.Since;

    /// <summary>Switches a fault on; <see cref="ArgumentException"/> names what is legal.</summary>
    public string Add(string kind, string target, IReadOnlyDictionary<string, string>? parameters = null)
    {
        using var scope = cluster.Enter();
        var given = parameters ?? new Dictionary<string, string>();
        FaultKind.Check(cluster, kind, target, given);
        var fault = new Fault($"f{next++}", kind, target, given, cluster.Now);
        active.Add(fault);
        Begin(fault);
        return fault.Id;
    }

    /// <summary>Ends the cause; what it has broken stays broken. False if there is no such fault.</summary>
    public bool Remove(string id)
    {
        using var scope = cluster.Enter();
        var fault = active.Find(f => f.Id == id);
        if (fault is null)
        {
            return false;
        }

        active.Remove(fault);
        End(fault);
        return true;
    }

    public IReadOnlyList<Fault> List()
    {
        using var scope = cluster.Enter();
        return [.. active];
    }

    /// <summary>What to do to a request for <paramref name="path"/> that this node's API would answer or be asked for.</summary>
    public TransportFault Transport(string node, string path)
    {
        var power = cluster.Nodes.TryGetValue(node, out var found) ? found.Power : NodePower.On;
        var result = new TransportFault(
            power is NodePower.Off or NodePower.Booting, power is NodePower.Hung, TimeSpan.Zero, null, 1, false, false,
            false, null);
        foreach (var fault in active.Where(f => (f.Target == "*" || f.Target == node)
            && path.StartsWith(f.Parameters.GetValueOrDefault("path", ""), StringComparison.Ordinal)))
        {
            var probability = FaultKind.Number(fault, "probability", 1);
            result = fault.Kind switch
            {
                "slow" => result with
                {
                    Delay = TimeSpan.FromSeconds(FaultKind.Number(fault, "seconds", 5)),
                    Probability = probability
                },
                "errors" => result with { Status = (int)FaultKind.Number(fault, "status", 500), Probability = probability },
                "truncate" => result with { Truncate = true, Probability = probability },
                "garble" => result with { Garble = true, Probability = probability },
                "reset" => result with { Reset = true, Probability = probability },
                _ => result,
            };
        }

        return result;
    }

    /// <summary>Whether a token (user@realm!id) has been revoked by a fault.</summary>
    public bool TokenRevoked(string token) =>
        active.Exists(f => f.Kind == "token-revoked" && (f.Target == "*" || f.Target == token));

    internal void Drop(string kind, string target) => active.RemoveAll(f => f.Kind == kind && f.Target == target);
}
