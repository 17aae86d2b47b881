using System.Globalization;

namespace Jarvis.Proxmox;

public enum TaskOutcome
{
    Ok,
    Warnings,
    Error,

    /// <summary>The worker died without a word, or its node cannot be asked any more.</summary>
    Unknown,
}

/// <summary>How a task ended.</summary>
public sealed record TaskResult
{
    public required Upid Upid { get; init; }

    public required TaskOutcome Outcome { get; init; }

    /// <summary>OK, <c>WARNINGS: n</c>, or the error text in Proxmox's own words.</summary>
    public required string ExitStatus { get; init; }

    public int Warnings => WarningsOf(ExitStatus);

    /// <summary>From the task's start, as its node noted it, to when the end was seen.</summary>
    public required TimeSpan Duration { get; init; }

    public required IReadOnlyList<string> LastLogLines { get; init; }

    public static TaskOutcome OutcomeOf(string? exitStatus) => exitStatus switch
    {
        null or "" or "unexpected status" => TaskOutcome.Unknown,
        "OK" => TaskOutcome.Ok,
        _ when WarningsOf(exitStatus) > 0 => TaskOutcome.Warnings,
        _ => TaskOutcome.Error,
    };

    public static int WarningsOf(string? exitStatus) =>
        exitStatus is not null && exitStatus.StartsWith("WARNINGS: ", StringComparison.Ordinal)
        && int.TryParse(exitStatus.AsSpan(10), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : 0;
}
