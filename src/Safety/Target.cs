namespace Jarvis.Safety;

/// <summary>Something that can be touched, in its cluster; <see cref="Cluster"/> is empty for what stands in none.</summary>
public sealed record Target(string Cluster, Kind Kind, string Id)
{
    public override string ToString() => Cluster.Length == 0 ? $"{Name} {Id}" : $"{Name} {Id} of {Cluster}";

    private string Name => Kind switch
    {
        Kind.Guest => "guest",
        Kind.Node => "node",
        Kind.Service => "service",
        Kind.Storage => "storage",
        Kind.Volume => "volume",
        Kind.Path => "path",
        _ => "entity",
    };
}

/// <summary>What the arguments say of a target: its number or name, and the cluster and node beside it, if they name one.</summary>
public sealed record TargetQuery(Kind Kind, string Text, string? Cluster = null, string? Node = null)
{
    /// <summary>What the call does to it: where it only reads, nobody compares the fingerprint, which may be cheap.</summary>
    public Effect Effect { get; init; } = Effect.Removes;
}

/// <summary>A target as it is at this moment.</summary>
public sealed record TargetState
{
    public required Target Target { get; init; }
    public string Name { get; init; } = "";
    public string? Node { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
    public string? Pool { get; init; }

    /// <summary>Changes when it does: for a guest its configuration's digest, node, lock, status, snapshots, and what tells it
    /// from another guest that was later given the same number.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>What stops when it stops: a node's running guests, a storage's guests.</summary>
    public IReadOnlyList<TargetState> Holds { get; init; } = [];
}

/// <summary>A target and the worst that a call does to it.</summary>
public sealed record Touched(TargetState State, Effect Effect);

public enum ConsequenceKind { LosesQuorum, StopsLastReplica, DeletesNewestBackup }

/// <summary>What would hold no longer after a call and holds now.</summary>
public sealed record Consequence(ConsequenceKind Kind, string Text);

/// <summary>A call that is about to be judged, as far as the host needs it to foresee what it leads to.</summary>
public sealed record Intended(string Tool, IReadOnlyList<Touched> Touched);
