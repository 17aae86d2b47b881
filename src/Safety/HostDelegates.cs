namespace Jarvis.Safety;

/// <summary>What the kernel asks of the server that it lives in.</summary>
public sealed record HostDelegates
{
    /// <summary>Every target that the query fits, as it is now; empty when there is none.</summary>
    public required Func<TargetQuery, CancellationToken, ValueTask<IReadOnlyList<TargetState>>> Find { get; init; }

    /// <summary>The person's role at this moment; null when the account is gone or closed.</summary>
    public required Func<string, CancellationToken, ValueTask<Role?>> RoleOf { get; init; }

    /// <summary>What would hold no longer.</summary>
    public Func<Intended, CancellationToken, ValueTask<IReadOnlyList<Consequence>>> Foresee { get; init; } =
        static (_, _) => ValueTask.FromResult<IReadOnlyList<Consequence>>([]);

    /// <summary>Makes a snapshot of a guest; false when its storage cannot.</summary>
    public Func<TargetState, string, CancellationToken, ValueTask<bool>> Snapshot { get; init; } = static (_, _, _) => ValueTask.FromResult(false);

    /// <summary>Reads what became of a run whose end was not seen; it is never sent again.</summary>
    public Func<UnfinishedRun, CancellationToken, ValueTask<Reconciled>> Reconcile { get; init; } =
        static (_, _) => ValueTask.FromResult(new Reconciled(RunState.Unknown, "nobody can say"));

    /// <summary>Told of what screens and channels want to know; must not block or throw.</summary>
    public Action<Notice> Tell { get; init; } = static _ => { };
}

/// <summary>A run that had begun when the process ended, or whose end could not be known.</summary>
public sealed record UnfinishedRun(string AuditId, string Tool, string Arguments, IReadOnlyList<Target> Targets, string? Upid, DateTimeOffset At);

public sealed record Reconciled(RunState State, string Text);

public enum RunState { Running, Completed, Failed, Unknown }

public enum NoticeKind { ApprovalAsked, ApprovalDecided, RunEnded, KillSwitch, BreakGlass, Unrecorded, StoreLost, StoreBack }

public sealed record Notice(NoticeKind Kind, string? Id, string Text);
