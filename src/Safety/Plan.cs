namespace Jarvis.Safety;

/// <summary>What a call will do, said before it does.</summary>
public sealed record Plan
{
    public required string Summary { get; init; }
    public IReadOnlyList<Change> Changes { get; init; } = [];

    /// <summary>What it touches beside the targets in its arguments: the guests that a selector stands for.</summary>
    public IReadOnlyList<PlannedTarget> Touches { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];
    public string? Duration { get; init; }
    public string? Undo { get; init; }

    /// <summary>No snapshot is made first, although the tool says so: here it would stand in the way of what is done.</summary>
    public bool WithoutSnapshot { get; init; }
}

public sealed record Change(string What, string? Before, string? After);

public sealed record PlannedTarget(TargetQuery Query, Effect Effect);

/// <summary>A plan as a person sees it before consenting: made from what is stored, every text on one line and escaped.</summary>
public sealed record ShownPlan
{
    public required string Tool { get; init; }
    public required string Arguments { get; init; }
    public required Tier Tier { get; init; }
    public required string? RaisedBecause { get; init; }
    public required string Summary { get; init; }
    public required IReadOnlyList<Change> Changes { get; init; }
    public required IReadOnlyList<ShownTarget> Targets { get; init; }
    public required IReadOnlyList<string> Warnings { get; init; }
    public required string? Duration { get; init; }
    public required string? Undo { get; init; }

    /// <summary>Text from outside that was read before this was asked for.</summary>
    public required IReadOnlyList<string> AskedAfterReading { get; init; }

    /// <summary>The model's own words; never a fact.</summary>
    public required string? ModelSays { get; init; }
}

public sealed record ShownTarget(string Text, Effect Effect, IReadOnlyList<string> Holds);
