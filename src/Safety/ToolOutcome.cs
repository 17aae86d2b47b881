namespace Jarvis.Safety;

/// <summary>What became of a call.</summary>
public abstract record ToolOutcome
{
    private ToolOutcome()
    {
    }

    public required string AuditId { get; init; }
    public required Verdict Verdict { get; init; }

    /// <summary>It ran, and this is what it gave.</summary>
    public sealed record Completed(ToolOutput Output, string? Upid, string? Snapshot) : ToolOutcome;

    /// <summary>It ran and did not succeed; the text says what was tried and what came back.</summary>
    public sealed record Failed(string Why, string? Upid, string? Snapshot = null) : ToolOutcome;

    /// <summary>It did not run.</summary>
    public sealed record Refused : ToolOutcome
    {
        public string Why => Verdict.Why;

        /// <summary>The caller is the person who denied it just now.</summary>
        public bool Denied { get; init; }
    }

    /// <summary>A person decides. The id in the approval is for people's screens, never for a model.</summary>
    public sealed record Waiting(Approval Approval) : ToolOutcome;

    /// <summary>It goes on; ask for it by its audit id.</summary>
    public sealed record Running(RunProgress? Progress = null) : ToolOutcome;

    /// <summary>It began, and whether it had its effect is not known; it is never sent again.</summary>
    public sealed record Unknown(string Why, string? Upid, string? Snapshot = null) : ToolOutcome;
}

/// <summary>How far a run is, in its own words; the share is 0 to 1, null where nobody can tell.</summary>
public sealed record RunProgress(string Text, double? Share);
