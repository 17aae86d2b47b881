namespace Jarvis.Server.Events;

/// <summary>Which events, newest first. Everything left out matches all.</summary>
public sealed record EventQuery
{
    public const int MaxLimit = 1000;

    /// <summary>Only ids below it: the cursor of the page before.</summary>
    public long? Before { get; init; }

    /// <summary>Only ids above it.</summary>
    public long? After { get; init; }

    /// <summary>1 to <see cref="MaxLimit"/>; brought into that range.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>A whole type, or the beginning of one up to a dot: <c>guest</c> matches <c>guest.stopped</c>.</summary>
    public string? Type { get; init; }
    public Severity? AtLeast { get; init; }
    public Source? Source { get; init; }
    public string? Cluster { get; init; }

    /// <summary>With a cluster also what belongs to none, such as a sign-in.</summary>
    public bool AndGeneral { get; init; }
    public string? Node { get; init; }
    public string? Target { get; init; }
    public string? Correlation { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }
}

/// <summary>Events newest first, and the <see cref="EventQuery.Before"/> of the next page; null on the last. Of what was stored up
/// to <c>Newest</c>, whatever it is about, the page leaves nothing out.</summary>
public sealed record EventPage(IReadOnlyList<EventRow> Items, long? Next, long Newest);

/// <summary>What checking the hash chain found.</summary>
public sealed record VerifyResult
{
    public required bool Ok { get; init; }

    /// <summary>Rows checked.</summary>
    public required long Rows { get; init; }

    /// <summary>Texts that were deleted; their rows still verify.</summary>
    public required long DeletedTexts { get; init; }

    /// <summary>The last id that retention removed; 0 if none.</summary>
    public required long RemovedThrough { get; init; }

    /// <summary>The first row at which the chain breaks, if it does.</summary>
    public long? BrokenAt { get; init; }

    /// <summary>What is wrong, for people.</summary>
    public string? Why { get; init; }
}

/// <summary>Whether the event log can be used.</summary>
public sealed record EventLogHealth
{
    public required bool Available { get; init; }

    /// <summary>Why it is not available, or what it found wrong at start; null when all is well.</summary>
    public required string? Trouble { get; init; }
    public required int Queued { get; init; }

    /// <summary>Happenings that were refused or lost since start.</summary>
    public required long Lost { get; init; }

    /// <summary>Bytes written to disk since midnight UTC, copying from the write-ahead log included.</summary>
    public required long BytesWrittenToday { get; init; }
    public required long LastId { get; init; }
}

/// <summary>The event log cannot store; the message says why.</summary>
public sealed class EventLogUnavailableException(string why, Exception? inner = null) : Exception(why, inner);

/// <summary>A follower fell so far behind that it must begin again with <see cref="EventLog.SinceAsync"/>.</summary>
public sealed class FollowerLaggedException(long lastId) : Exception($"Too far behind; begin again after event {lastId}.")
{
    public long LastId => lastId;
}
