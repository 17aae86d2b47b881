using System.Text.Json;
using Jarvis.Safety.Arguments;
using Jarvis.Safety.Ledger;

namespace Jarvis.Safety;

/// <summary>The one door. Model, MCP client, runbook, script and person all run tools through here.</summary>
public sealed class ToolInvoker
{
    private readonly Works _works;
    private readonly Judging _judging;
    private readonly Redemption _redemption;

    internal ToolInvoker(Works works, Judging judging, Redemption redemption) => (_works, _judging, _redemption) = (works, judging, redemption);

    public ToolCatalogue Catalogue => _works.Catalogue;

    /// <summary>Judges the call, whose arguments are the bytes as the peer sent them, and runs it if it may be.</summary>
    public async Task<ToolOutcome> InvokeAsync(string tool, ReadOnlyMemory<byte> argumentsJson, Caller caller, Turn turn, CancellationToken cancellationToken)
    {
        var id = _works.NewId();
        if (_works.Catalogue.Find(tool) is not { } known) return Refuse(id, tool, null, caller, turn, new Verdict(VerdictCode.DenyBlack, $"There is no tool called {PlainText.Shown(tool, 60)}."));
        var (call, wrong) = await PrepareAsync(known, argumentsJson, cancellationToken);
        if (call is null) return Refuse(id, tool, known, caller, turn, wrong!);
        var active = _works.Runs.Register(id, caller, writes: call.Tier > Tier.Green);
        var handed = false;
        try
        {
            var (judged, recorded) = Judge(call, caller, turn, id);
            if (judged.Joins is { } first)
            {
                var joined = await JoinAsync(id, first, cancellationToken);
                if (known.Outside && joined is ToolOutcome.Completed or ToolOutcome.Failed) turn.Mark(known.Name);
                return joined;
            }
            if (judged.Verdict.Waits) return Waits(id, judged);
            if (!judged.Verdict.Allows) return new ToolOutcome.Refused { AuditId = id, Verdict = judged.Verdict };
            handed = true;
            return await _works.Runs.RunAsync(call, caller, turn, judged.Verdict, active, recorded, cancellationToken);
        }
        finally
        {
            if (!handed) _works.Runs.Drop(active);
        }
    }

    /// <summary>A call that came so malformed that its channel could not bring it here: it is refused and written down like any other.</summary>
    public ToolOutcome Malformed(string tool, string why, Caller caller, Turn turn) =>
        Refuse(_works.NewId(), tool, _works.Catalogue.Find(tool), caller, turn, new Verdict(VerdictCode.DenyArgs, why));

    /// <summary>What would become of a call, and what it would do; nothing is run, asked or counted.</summary>
    public async Task<Preview> PreviewAsync(string tool, ReadOnlyMemory<byte> argumentsJson, Caller caller, Turn turn, CancellationToken cancellationToken)
    {
        if (_works.Catalogue.Find(tool) is not { } known) return new(new Verdict(VerdictCode.DenyBlack, $"There is no tool called {PlainText.Shown(tool, 60)}."), null);
        var (call, wrong) = await PrepareAsync(known, argumentsJson, cancellationToken);
        if (call is null) return new(wrong!, null);
        var verdict = _works.Gate.Judge(_judging.Case(call, caller, turn, Kill(), keyword: true, budget: int.MaxValue, requests: int.MaxValue, denied: null));
        return new(verdict, _works.Rendering.Of(call, caller, turn), call.Seen);
    }

    /// <summary>Repeats a call that waited: it runs when a person has approved it, with the arguments that were approved.</summary>
    public Task<ToolOutcome> RedeemAsync(
        string approvalId, string tool, ReadOnlyMemory<byte> argumentsJson, Caller caller, Turn turn, CancellationToken cancellationToken) =>
        _redemption.RepeatAsync(approvalId, tool, argumentsJson, caller, turn, cancellationToken);

    /// <summary>How a run stands, or ended; null when there is none of this id, or it was a read that its caller was told the end of.</summary>
    public ToolOutcome? Find(string auditId)
    {
        try
        {
            return _works.Store.Write(w => w.Runs.Find(auditId)) is { } run ? Outcome(run) : _works.Runs.ReadOf(auditId)?.Outcome;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>The same, waiting for its end for as long as a caller is kept waiting.</summary>
    public async Task<ToolOutcome?> EndOfAsync(string auditId, CancellationToken cancellationToken) =>
        _works.Runs.Find(auditId) is { } active
            ? await _works.Runs.AnswerAsync(active.Done.Task, auditId, new Verdict(VerdictCode.AllowLogged, "It runs."), cancellationToken)
            : Find(auditId);

    /// <summary>How a run stands, for who may see it: whoever called, and people who decide.</summary>
    public ToolOutcome? Find(string auditId, Caller by)
    {
        try
        {
            var found = _works.Store.Write(w => w.Runs.Find(auditId)) is { } run ? (run.Actor, Outcome(run)) : _works.Runs.ReadOf(auditId);
            return found is var (actor, outcome) && Sees(by, actor) ? outcome : null;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Whether what a run gives may hold text from outside; it may where the tool is not known any more.</summary>
    public bool MayHoldOutsideText(string auditId)
    {
        try
        {
            return _works.Store.Write(w => w.Runs.Find(auditId)) is not { } run || _works.Catalogue.Find(run.Tool) is not { Outside: false };
        }
        catch (StoreUnavailableException)
        {
            return true;
        }
    }

    /// <summary>What runs above Green, for who may see it, the oldest first.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public IReadOnlyList<RunningCall> Running(Caller by) =>
    [
        .. _works.Store.Write(w => w.Runs.In(RunState.Running)).Where(r => Sees(by, r.Actor))
            .Select(r => new RunningCall(r.AuditId, r.Tool, InWords(r.Targets), r.Tier, r.Actor, r.At, _works.Runs.Find(r.AuditId)?.Progress)),
    ];

    /// <summary>Asks a run to stop; false when it does not run, or is not this caller's to stop. How it ends is its outcome.</summary>
    public bool Cancel(string auditId, Caller by)
    {
        if (_works.Runs.Find(auditId) is not { } active || !Sees(by, active.Actor)) return false;
        active.Stop($"{PlainText.Shown(by.Actor, 100)} cancelled it");
        return true;
    }

    private static string InWords(string targets) => string.Join(", ", JsonSerializer.Deserialize(targets, SafetyJson.Default.ListTarget)!);

    private static bool Sees(Caller by, string actor) => actor == by.Actor || by is Caller.Operator { Role: >= Role.Operator };

    /// <summary>A further piece of a result that was cut; null when it is not kept, or was not this caller's.</summary>
    public string? More(string handle, Caller caller, int offset, int length) => _works.Shelf.Read(handle, caller.Actor, offset, length);

    private async Task<(Prepared? Call, Verdict? Wrong)> PrepareAsync(Tool tool, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        try
        {
            _works.Fault(Stage.Prepare);
            return (await _works.Preparation.PrepareAsync(tool, json, cancellationToken), null);
        }
        catch (MalformedException e)
        {
            return (null, new Verdict(VerdictCode.DenyArgs, e.Message));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            return (null, new Verdict(VerdictCode.DenyState, $"What it would touch could not be read: {PlainText.Shown(_works.Output.Clean(e.Message), 500)}"));
        }
    }

    private (Judged Judged, bool Recorded) Judge(Prepared call, Caller caller, Turn turn, string id)
    {
        try
        {
            if (call.Tier == Tier.Green) return (new Judged(_judging.Green(call, caller, turn, id)), true);
            return (_judging.Write(call, caller, turn, id), true);
        }
        catch (StoreUnavailableException e)
        {
            return (new Judged(Unrecorded(call, caller, turn, e)), false);
        }
        catch (Exception e)
        {
            return (new Judged(new Verdict(VerdictCode.DenyState, $"The call could not be judged ({e.GetType().Name}).")), false);
        }
    }

    /// <summary>Nothing can be written down: a signed-in person may still start and stop guests, and nobody may anything else.</summary>
    private Verdict Unrecorded(Prepared call, Caller caller, Turn turn, StoreUnavailableException e)
    {
        var refused = new Verdict(VerdictCode.DenyState, $"Nothing is changed while it cannot be recorded. {PlainText.Shown(e.Message, 300)}");
        if (caller is not Caller.Operator || !call.Tool.Unrecorded) return refused;
        var verdict = _works.Gate.Judge(_judging.Case(call, caller, turn, Kill(), keyword: false, budget: int.MaxValue, requests: int.MaxValue, denied: null));
        if (verdict.Waits) return refused;
        if (verdict.Allows) _works.Host.Tell(new Notice(NoticeKind.Unrecorded, null, $"{call.Tool.Name} on {call.TargetsText} by {caller.Actor} runs without a record."));
        return verdict;
    }

    private KillState Kill() => _works.Stopped ? KillState.Unreadable : _works.Store.ReadKill();

    private ToolOutcome.Waiting Waits(string id, Judged judged)
    {
        _works.Host.Tell(new Notice(NoticeKind.ApprovalAsked, judged.Approval!.Id, $"{judged.Approval.Tool} waits for a person."));
        return new ToolOutcome.Waiting(judged.Approval) { AuditId = id, Verdict = judged.Verdict };
    }

    private async Task<ToolOutcome> JoinAsync(string id, UsedKey first, CancellationToken cancellationToken)
    {
        try
        {
            return await JoinAsync(first, cancellationToken);
        }
        catch (StoreUnavailableException e)
        {
            return new ToolOutcome.Refused { AuditId = id, Verdict = new Verdict(VerdictCode.DenyState, e.Message) };
        }
    }

    private async Task<ToolOutcome> JoinAsync(UsedKey first, CancellationToken cancellationToken)
    {
        if (_works.Runs.Find(first.AuditId) is { } active)
        {
            return await _works.Runs.AnswerAsync(active.Done.Task, first.AuditId, new Verdict(VerdictCode.AllowLogged, "It was sent before and runs."), cancellationToken);
        }
        var (run, approval) = _works.Store.Write(w => (w.Runs.Find(first.AuditId), first.Approval is { } id ? w.Approvals.Find(id) : null));
        if (run is null && approval?.Run is { } used) run = _works.Store.Write(w => w.Runs.Find(used));
        return run is not null ? Outcome(run)
            : approval is { State: ApprovalState.Requested or ApprovalState.Approved } ? new ToolOutcome.Waiting(approval) { AuditId = first.AuditId, Verdict = new Verdict(approval.Verdict, approval.Why) }
            : new ToolOutcome.Refused { AuditId = first.AuditId, Verdict = new Verdict(VerdictCode.DenyReplay, "The same call was sent before and was not approved.") };
    }

    private ToolOutcome Outcome(StoredRun run) => run.State switch
    {
        RunState.Completed => new ToolOutcome.Completed(new ToolOutput(run.Text ?? "", run.Json, run.Text?.Length ?? 0, null), run.Upid, run.Snapshot) { AuditId = run.AuditId, Verdict = run.Verdict },
        RunState.Failed => new ToolOutcome.Failed(run.Text ?? "", run.Upid, run.Snapshot) { AuditId = run.AuditId, Verdict = run.Verdict },
        RunState.Unknown => new ToolOutcome.Unknown(run.Text ?? "", run.Upid, run.Snapshot) { AuditId = run.AuditId, Verdict = run.Verdict },
        _ => new ToolOutcome.Running(_works.Runs.Find(run.AuditId)?.Progress) { AuditId = run.AuditId, Verdict = run.Verdict },
    };

    private ToolOutcome.Refused Refuse(string id, string name, Tool? tool, Caller caller, Turn turn, Verdict verdict)
    {
        _works.Store.Post(Works.Entry(id, AuditPart.Whole, caller, turn, name, tool?.Tier ?? Tier.Black, verdict.Name, _works.Payload(null, verdict, caller)));
        return new ToolOutcome.Refused { AuditId = id, Verdict = verdict };
    }
}

/// <summary>A call that runs; its targets in words.</summary>
public sealed record RunningCall(string AuditId, string Tool, string Targets, Tier Tier, string Actor, DateTimeOffset At, RunProgress? Progress);

/// <summary>What a call would come to; <c>Seen</c> binds the call that follows to it (<see cref="Turn.Seen"/>).</summary>
public sealed record Preview(Verdict Verdict, ShownPlan? Plan, string? Seen = null);
