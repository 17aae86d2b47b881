namespace Jarvis.Safety;

/// <summary>Targets of a kind, by what is given of number or id, name, tag and pool; all that is given must fit.</summary>
public sealed record TargetRule
{
    public required Kind Kind { get; init; }
    public string? Cluster { get; init; }
    public string? Id { get; init; }
    public string? Name { get; init; }
    public string? Tag { get; init; }
    public string? Pool { get; init; }

    /// <summary>Said to whoever is refused.</summary>
    public string Why { get; init => field = value ?? Usual; } = Usual;

    private const string Usual = "it is protected by the configuration";

    public bool Fits(TargetState state) =>
        Kind == state.Target.Kind
        && this is not { Id: null, Name: null, Tag: null, Pool: null }
        && (Cluster is null || Cluster == state.Target.Cluster)
        && (Id is null || Id == state.Target.Id)
        && (Name is null || string.Equals(Name, state.Name, StringComparison.OrdinalIgnoreCase))
        && (Tag is null || state.Tags.Contains(Tag, StringComparer.OrdinalIgnoreCase))
        && (Pool is null || Pool == state.Pool);
}

/// <summary>What may be looked at and started, and never stopped, changed or taken away.</summary>
internal sealed class ProtectedTargets(IReadOnlyList<TargetRule> rules)
{
    public const string Tag = "jarvis-protected";

    /// <summary>Why the call may not be, or null.</summary>
    public string? Refuses(Touched touched)
    {
        if (touched.Effect <= Effect.Adds) return null;
        if (Rule(touched.State) is { } why) return $"{Label(touched.State)} is protected: {why}.";
        if (touched.Effect < Effect.Interrupts) return null;
        foreach (var held in touched.State.Holds)
        {
            if (Rule(held) is { } because) return $"{Label(touched.State)} holds {Label(held)}, which is protected: {because}.";
        }
        return null;
    }

    private string? Rule(TargetState state)
    {
        foreach (var rule in rules)
        {
            if (rule.Fits(state)) return rule.Why;
        }
        return state.Tags.Contains(Tag, StringComparer.OrdinalIgnoreCase) ? $"it has the tag {Tag}" : null;
    }

    internal static string Label(TargetState state) =>
        state.Name.Length == 0 || state.Name == state.Target.Id ? state.Target.ToString() : $"{state.Target} ({PlainText.Shown(state.Name, 100)})";
}
