namespace Jarvis.Safety;

public enum ApprovalState { Requested, Approved, Denied, Consumed, Expired, Unknown }

/// <summary>A person's consent to one call: asked for, decided, used once.</summary>
public sealed record Approval
{
    public required string Id { get; init; }
    public required ApprovalState State { get; init; }

    /// <summary>Whose word it is; anything but <see cref="Consent.Approval"/> was given beforehand and is kept for the record.</summary>
    public required Consent Consent { get; init; }
    public required string Tool { get; init; }
    public required Tier Tier { get; init; }

    /// <summary><c>NEEDS_FACTOR</c> asks for the keyword.</summary>
    public required VerdictCode Verdict { get; init; }
    public required string Why { get; init; }

    /// <summary>The person whose call it is, or who edited it, may not approve it.</summary>
    public required bool TwoPersons { get; init; }
    public required string Actor { get; init; }
    public required string? Person { get; init; }
    public required string Channel { get; init; }
    public required string Conversation { get; init; }
    public required ShownPlan Plan { get; init; }

    /// <summary>The digest of the plan; whoever approves says which one they read.</summary>
    public required string Seen { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Who decided; while it waits, who edited it.</summary>
    public string? DecidedBy { get; init; }
    public string? Reason { get; init; }

    /// <summary>The audit id of the call that asked.</summary>
    public required string AuditId { get; init; }

    /// <summary>The audit id of the run that used it.</summary>
    public string? Run { get; init; }

    public bool KeywordRequired => Verdict == VerdictCode.NeedsFactor;

    internal string Arguments { get; init; } = "";
    internal string Digest { get; init; } = "";
    internal string Policy { get; init; } = "";
    internal string Fingerprint { get; init; } = "";
    internal string Caller { get; init; } = "";
    internal string Targets { get; init; } = "";
}
