using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Jarvis.Safety;

/// <summary>A call that may run, or does. It can be stopped from before it was judged.</summary>
internal sealed class Active(string id, string actor, bool writes) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public string Id => id;

    public string Actor => actor;

    public bool Writes => writes;

    public TaskCompletionSource<ToolOutcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RunProgress? Progress { get; set; }

    /// <summary>What let it run; null before that.</summary>
    public Verdict? Verdict { get; set; }

    /// <summary>Its caller was told that it goes on.</summary>
    public bool IsLate { get; set; }

    public string? StoppedBy { get; private set; }

    public CancellationToken Token => _stop.Token;

    /// <summary>Stopped because somebody wants that, not because the server ends.</summary>
    public bool Cancelled { get; private set; }

    public void Stop(string why, bool cancels = true)
    {
        StoppedBy ??= why;
        Cancelled |= cancels;
        try
        {
            // Not here: what hangs on the token must not hold up whoever stops the rest.
            _ = _stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }
    }

    public void Dispose() => _stop.Dispose();
}

/// <summary>Runs what was allowed, once, and writes down how it ended.</summary>
internal sealed class Runs(Works works)
{
    private const int LongestText = 4000;
    private const int MostReads = 32;
    private readonly ConcurrentDictionary<string, Active> _active = new(StringComparer.Ordinal);

    /// <summary>The newest reads that took longer than their callers were kept waiting.</summary>
    private readonly ConcurrentQueue<(string Actor, ToolOutcome Outcome)> _reads = new();

    public Active Register(string id, Caller caller, bool writes) => _active[id] = new Active(id, caller.Actor, writes);

    public void Drop(Active active) => _active.TryRemove(active.Id, out _);

    public Active? Find(string id) => _active.GetValueOrDefault(id);

    /// <summary>A read whose caller was told that it goes on; reads are not stored.</summary>
    public (string Actor, ToolOutcome Outcome)? ReadOf(string id) =>
        Find(id) is { Writes: false, Verdict: { } verdict } active ? (active.Actor, new ToolOutcome.Running(active.Progress) { AuditId = id, Verdict = verdict })
            : _reads.FirstOrDefault(r => r.Outcome.AuditId == id) is { Outcome: not null } read ? read : null;

    public void StopWrites(string why)
    {
        foreach (var active in _active.Values.Where(a => a.Writes)) active.Stop(why);
    }

    public void StopAll(string why)
    {
        foreach (var active in _active.Values) active.Stop(why, cancels: false);
    }

    /// <summary>Its outcome, or that it goes on after the time in which a caller is answered.</summary>
    public async Task<ToolOutcome> RunAsync(Prepared call, Caller caller, Turn turn, Verdict verdict, Active active, bool recorded, CancellationToken cancellationToken)
    {
        active.Verdict = verdict;
        var run = ExecuteAsync(call, caller, turn, verdict, active, recorded, call.Tier == Tier.Green ? cancellationToken : CancellationToken.None);
        return run.IsCompleted ? await run
            : turn.AnswerAtOnce && call.Tier > Tier.Green ? new ToolOutcome.Running(active.Progress) { AuditId = active.Id, Verdict = verdict }
            : await AnswerAsync(run, active.Id, verdict, cancellationToken);
    }

    public async Task<ToolOutcome> AnswerAsync(Task<ToolOutcome> run, string id, Verdict verdict, CancellationToken cancellationToken)
    {
        try
        {
            return await run.WaitAsync(works.Options.AnswerWithin, works.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            var active = Find(id);
            if (active is not null) active.IsLate = true;
            // Its end may have come before it was known that nobody waits for it: then it is told here or nowhere.
            if (run.IsCompleted) return await run;
            return new ToolOutcome.Running(active?.Progress) { AuditId = id, Verdict = verdict };
        }
    }

    private async Task<ToolOutcome> ExecuteAsync(
        Prepared call, Caller caller, Turn turn, Verdict verdict, Active active, bool recorded, CancellationToken cancellationToken)
    {
        var began = works.Time.GetTimestamp();
        var (upid, entered) = ((string?)null, false);
        var run = new ToolRun(active.Id, caller, turn, call.Touched, Started, (what, share) => Progress(active, turn, what, share), () => active.Cancelled);
        ToolOutcome outcome;
        using (var limit = new CancellationTokenSource(call.Tool.Timeout, works.Time))
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, active.Token, cancellationToken))
        {
            try
            {
                if (call.Tool.SnapshotFirst && call.Tier > Tier.Green) run.Snapshot = await SnapshotAsync(call, stop.Token);
                works.Fault(Stage.Run);
                active.Token.ThrowIfCancellationRequested();
                stop.Token.ThrowIfCancellationRequested();
                entered = true;
                var result = await call.Tool.InvokeAsync(call.Values, run, stop.Token);
                outcome = new ToolOutcome.Completed(Output(result, caller), upid, run.Snapshot) { AuditId = active.Id, Verdict = verdict };
            }
            catch (OutcomeUnknownException e) when (call.Tier > Tier.Green)
            {
                outcome = new ToolOutcome.Unknown(Text(e.Message), upid, run.Snapshot) { AuditId = active.Id, Verdict = verdict };
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested || active.Token.IsCancellationRequested)
            {
                var why = active.StoppedBy ?? (limit.IsCancellationRequested ? $"it took longer than {call.Tool.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s" : "it was cancelled");
                outcome = entered && call.Tier > Tier.Green
                    ? new ToolOutcome.Unknown($"{call.Tool.Name} was stopped while it ran: {why}.", upid, run.Snapshot) { AuditId = active.Id, Verdict = verdict }
                    : new ToolOutcome.Failed($"{call.Tool.Name} did not run to its end: {why}.", upid, run.Snapshot) { AuditId = active.Id, Verdict = verdict };
            }
            catch (Exception e)
            {
                outcome = new ToolOutcome.Failed(Text(e.Message), upid, run.Snapshot) { AuditId = active.Id, Verdict = verdict };
            }
        }

        if (entered && call.Tool.Outside) turn.Mark(call.Touched.Count == 0 ? call.Tool.Name : $"{call.Tool.Name} of {call.TargetsText}");
        Finish(call, caller, turn, outcome, upid, works.Time.GetElapsedTime(began), recorded);
        if (active is { IsLate: true, Writes: false })
        {
            _reads.Enqueue((active.Actor, outcome));
            if (_reads.Count > MostReads) _reads.TryDequeue(out _);
        }

        active.Done.TrySetResult(outcome);
        Drop(active);
        active.Dispose();
        return outcome;

        void Started(string started)
        {
            upid = PlainText.Shown(started, 300);
            if (recorded && call.Tier > Tier.Green) Recording(active.Id, () => works.Store.Write(w => w.Runs.Started(active.Id, upid)));
        }
    }

    private void Finish(Prepared call, Caller caller, Turn turn, ToolOutcome outcome, string? upid, TimeSpan took, bool recorded)
    {
        var (state, text) = Told(outcome);
        var payload = new JsonObject { ["outcome"] = state.ToString(), ["milliseconds"] = Math.Round(took.TotalMilliseconds, 1) };
        if (upid is not null) payload["upid"] = upid;
        var snapshot = SnapshotOf(outcome);
        if (snapshot is not null) payload["snapshot"] = snapshot;
        if (state != RunState.Completed) payload["text"] = PlainText.Shown(text, LongestText);
        var entry = Works.Entry(outcome.AuditId, AuditPart.Outcome, caller, turn, call.Tool.Name, call.Tier, outcome.Verdict.Name, payload, digest: call.Digest);
        Recording(outcome.AuditId, () =>
        {
            works.Fault(Stage.Finish);
            if (call.Tier == Tier.Green)
            {
                works.Store.Post(entry);
                return;
            }
            if (recorded)
            {
                works.Store.Write(w =>
                {
                    w.Runs.End(outcome.AuditId, state, text, works.Time.GetUtcNow(), snapshot, outcome is ToolOutcome.Completed { Output.IsJson: true });
                    w.Approvals.Settle(outcome.AuditId, state == RunState.Unknown ? ApprovalState.Unknown : ApprovalState.Consumed, works.Output.Arguments(call.Canonical));
                    w.Audit.Append(entry);
                });
            }
            else works.Host.Tell(new Notice(NoticeKind.Unrecorded, outcome.AuditId, $"{call.Tool.Name} on {call.TargetsText} by {caller.Actor} ended as {state}; nothing could be stored."));
        });
        if (call.Tier > Tier.Green) works.Host.Tell(new Notice(NoticeKind.RunEnded, outcome.AuditId, $"{call.Tool.Name}: {state}"));
    }

    public static (RunState State, string Text) Told(ToolOutcome outcome) => outcome switch
    {
        ToolOutcome.Completed completed => (RunState.Completed, completed.Output.Text),
        ToolOutcome.Failed failed => (RunState.Failed, failed.Why),
        ToolOutcome.Unknown unknown => (RunState.Unknown, unknown.Why),
        _ => (RunState.Running, ""),
    };

    private static string? SnapshotOf(ToolOutcome outcome) => outcome switch
    {
        ToolOutcome.Completed completed => completed.Snapshot,
        ToolOutcome.Failed failed => failed.Snapshot,
        ToolOutcome.Unknown unknown => unknown.Snapshot,
        _ => null,
    };

    /// <summary>The effect has happened: that it cannot be written down must not hide how it ended.</summary>
    private void Recording(string id, Action record)
    {
        try
        {
            record();
        }
        catch (Exception e)
        {
            works.Host.Tell(new Notice(NoticeKind.Unrecorded, id, $"What became of this run could not be stored: {e.Message}"));
        }
    }

    private ToolOutput Output(object? result, Caller caller)
    {
        try
        {
            return works.Output.Of(result, caller.Actor);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new ToolOutput($"It ran; what it gave cannot be shown ({e.GetType().Name}).", IsJson: false, 0, null);
        }
    }

    private async Task<string?> SnapshotAsync(Prepared call, CancellationToken cancellationToken)
    {
        if (call.Plan is { WithoutSnapshot: true }) return null;
        var guest = call.Touched.First(t => t.State.Target.Kind == Kind.Guest).State;
        var name = $"jarvis-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        return await works.Host.Snapshot(guest, name, cancellationToken) ? name : null;
    }

    private void Progress(Active active, Turn turn, string what, double? share)
    {
        active.Progress = new(PlainText.Shown(works.Output.Clean(what), 300), share);
        turn.Progress?.Invoke(active.Progress.Text, share);
    }

    private string Text(string message) => PlainText.Shown(works.Output.Clean(message), LongestText);
}
