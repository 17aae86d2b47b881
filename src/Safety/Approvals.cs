using System.Text.Json;
using System.Text.Json.Nodes;
using Jarvis.Safety.Arguments;
using Jarvis.Safety.Ledger;

namespace Jarvis.Safety;

/// <summary>What a person decides about a call that waits.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    /// <param name="Seen">The digest of the plan that was read; another one is refused.</param>
    /// <param name="Keyword">What was typed into the approval's own field.</param>
    /// <param name="Run">It runs at once; otherwise when its caller repeats the call.</param>
    /// <param name="AnswerAtOnce">Whoever decides follows the run, and is answered as soon as it has begun.</param>
    public sealed record Approve(string? Seen = null, string? Keyword = null, bool Run = true, bool AnswerAtOnce = false) : Decision
    {
        public override string ToString() => nameof(Approve);
    }

    public sealed record Deny(string? Reason = null) : Decision;

    /// <summary>Other arguments take the place of those that were asked for, are judged anew, and wait to be approved.</summary>
    public sealed record Edit(ReadOnlyMemory<byte> ArgumentsJson) : Decision;
}

/// <summary>The calls that wait for a person, and what people said.</summary>
public sealed class Approvals
{
    private const int MostListed = 500;
    private readonly Works _works;
    private readonly Judging _judging;
    private readonly Redemption _redemption;

    internal Approvals(Works works, Judging judging, Redemption redemption) => (_works, _judging, _redemption) = (works, judging, redemption);

    /// <summary>The newest first: those that are open, or all.</summary>
    public IReadOnlyList<Approval> List(bool openOnly = true, int limit = 100) => _works.Store.Write(w =>
    {
        w.Approvals.Expire(_works.Clock.Now);
        return w.Approvals.List(openOnly, Math.Clamp(limit, 1, MostListed));
    });

    public Approval? Find(string id) => _works.Store.Write(w =>
    {
        w.Approvals.Expire(_works.Clock.Now);
        return w.Approvals.Find(id);
    });

    public async Task<ToolOutcome> DecideAsync(string id, Decision decision, Caller by, CancellationToken cancellationToken)
    {
        var audit = _works.NewId();
        if (await RefusedAsync(by, cancellationToken) is { } refused) return Refuse(audit, by, "", refused);
        try
        {
            _works.Fault(Stage.Decide);
            if (decision is Decision.Edit edit) return await EditAsync(id, edit, by, audit, cancellationToken);
            var (verdict, approval) = Decide(id, decision, by, audit);
            if (approval is null) return new ToolOutcome.Refused { AuditId = audit, Verdict = verdict };
            _works.Host.Tell(new Notice(NoticeKind.ApprovalDecided, id, $"{approval.Tool}: {approval.State} by {approval.DecidedBy}"));
            return decision is Decision.Approve { Run: true } approve ? await _redemption.RedeemAsync(approval, approve.AnswerAtOnce)
                : decision is Decision.Approve ? Waiting(approval)
                : new ToolOutcome.Refused { AuditId = audit, Verdict = verdict, Denied = true };
        }
        catch (StoreUnavailableException e)
        {
            return new ToolOutcome.Refused { AuditId = audit, Verdict = new Verdict(VerdictCode.DenyState, e.Message) };
        }
    }

    /// <summary>The time to decide begins anew.</summary>
    public async Task<Verdict> ExtendAsync(string id, Caller by, CancellationToken cancellationToken) =>
        await RefusedAsync(by, cancellationToken) ?? _works.Store.Write(w =>
        {
            if (Open(w, id) is { } why) return why;
            w.Approvals.Extend(id, _works.Clock.Now + _works.Options.ApprovalLives);
            return Done("It waits for another while.");
        });

    /// <summary>The same call may be asked for again.</summary>
    public async Task<Verdict> UndoDenialAsync(string id, Caller by, CancellationToken cancellationToken) =>
        await RefusedAsync(by, cancellationToken) ?? _works.Store.Write(w =>
        {
            if (!w.Limits.Undeny(id)) return new Verdict(VerdictCode.DenyState, "No denial of this approval is in force.");
            Record(w, _works.NewId(), by, id, "", "UNDENIED", null);
            return Done("It may be asked for again.");
        });

    /// <summary>Nothing that a caller has asked for is run any more: its key was revoked. Gives how many calls waited.</summary>
    public int Withdraw(string actor, Caller.Operator by)
    {
        var withdrawn = _works.Store.Write(w =>
        {
            var ids = w.Approvals.DenyAll(by.User, "its key was revoked", _works.Clock.Now, actor);
            foreach (var id in ids) Record(w, _works.NewId(), by, id, w.Approvals.Find(id)!.Tool, "DENIED", "its key was revoked");
            return ids;
        });
        foreach (var id in withdrawn) _works.Host.Tell(new Notice(NoticeKind.ApprovalDecided, id, $"withdrawn: the key of {actor} was revoked"));
        return withdrawn.Count;
    }

    private (Verdict Verdict, Approval? Decided) Decide(string id, Decision decision, Caller by, string audit) => _works.Store.Write(w =>
    {
        var now = _works.Clock.Now;
        var approval = w.Approvals.Find(id);
        var verdict = Open(w, id) ?? (decision is Decision.Approve approve ? Wrong(w, approval!, approve, by, now) : null);
        if (verdict is not null)
        {
            Record(w, audit, by, id, approval?.Tool ?? "", verdict.Name, null);
            return (verdict, (Approval?)null);
        }

        var reason = (decision as Decision.Deny)?.Reason is { } words ? PlainText.Shown(_works.Output.Redact(words), 500) : null;
        var approved = decision is Decision.Approve;
        w.Approvals.Decide(id, approved ? ApprovalState.Approved : ApprovalState.Denied, by.Person!, reason, now);
        if (!approved) w.Limits.Deny($"{approval!.Person ?? approval.Actor}|{approval.Digest}", now + _works.Options.DenialLives, id);
        Record(w, audit, by, id, approval!.Tool, approved ? "APPROVED" : "DENIED", reason);
        return (new Verdict(approved ? VerdictCode.AllowLogged : VerdictCode.DenyReplay, approved ? "Approved." : $"Denied by {by.Person}{(reason is null ? "" : $": {reason}")}."), w.Approvals.Find(id));
    });

    private Verdict? Wrong(Writing w, Approval approval, Decision.Approve approve, Caller by, DateTimeOffset now)
    {
        if (_judging.Kill(w).Active) return new(VerdictCode.DenyKill, "The kill switch is on.");
        if (approval.TwoPersons && (approval.DecidedBy ?? approval.Person) == by.Person) return new(VerdictCode.DenyRole, "Another person must approve this: it is your own call.");
        if (approve.Seen is { } seen && seen != approval.Seen) return new(VerdictCode.DenyState, "The plan has changed since you read it; read it again.");
        return !approval.KeywordRequired ? null : w.Switches.Check(approve.Keyword, now) switch
        {
            KeywordCheck.Right => null,
            KeywordCheck.Wrong => new(VerdictCode.NeedsFactor, "That is not the approval keyword."),
            KeywordCheck.Locked => new(VerdictCode.NeedsFactor, "The approval keyword was wrong five times: it is locked for 15 minutes."),
            _ => new(VerdictCode.DenyState, "No approval keyword is set; an administrator sets it in the settings."),
        };
    }

    private async Task<ToolOutcome> EditAsync(string id, Decision.Edit edit, Caller by, string audit, CancellationToken cancellationToken)
    {
        var asked = _works.Store.Write(w => Open(w, id) is null ? w.Approvals.Find(id) : null);
        if (asked is null || _works.Catalogue.Find(asked.Tool) is not { } tool) return Refuse(audit, by, id, new Verdict(VerdictCode.DenyReplay, "It is no longer open."));
        Prepared call;
        try
        {
            call = await _works.Preparation.PrepareAsync(tool, edit.ArgumentsJson, cancellationToken);
        }
        catch (MalformedException e)
        {
            return Refuse(audit, by, id, new Verdict(VerdictCode.DenyArgs, e.Message));
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return Refuse(audit, by, id, new Verdict(VerdictCode.DenyState, $"What it would touch could not be read: {PlainText.Shown(_works.Output.Clean(e.Message), 300)}"));
        }

        var caller = JsonSerializer.Deserialize(asked.Caller, SafetyJson.Default.Caller)!;
        // What led to the call led to this one.
        var turn = new Turn(asked.Channel, asked.Conversation) { Reason = asked.Plan.ModelSays };
        foreach (var source in asked.Plan.AskedAfterReading) turn.Mark(source);
        return _works.Store.Write<ToolOutcome>(w =>
        {
            var verdict = Open(w, id) ?? _works.Gate.Judge(_judging.Case(call, caller, turn, _judging.Kill(w), w.Switches.KeywordSet, int.MaxValue, int.MaxValue, null));
            if (!verdict.Allows && !verdict.Waits)
            {
                Record(w, audit, by, id, asked.Tool, verdict.Name, verdict.Why);
                return new ToolOutcome.Refused { AuditId = audit, Verdict = verdict };
            }
            var waits = verdict.Waits ? verdict : new Verdict(VerdictCode.NeedsHuman, "It was edited and waits to be approved.");
            var edited = _judging.Approval(call, caller, turn, asked.AuditId, waits, _works.Clock.Now);
            w.Approvals.Replace(edited with { Id = id }, by.Person!);
            Record(w, audit, by, id, asked.Tool, "EDITED", null, call);
            return Waiting(w.Approvals.Find(id)!);
        });
    }

    /// <summary>Only a signed-in person decides, who may and still may.</summary>
    private async Task<Verdict?> RefusedAsync(Caller by, CancellationToken cancellationToken)
    {
        if (by is not Caller.Operator { Role: >= Role.Operator } person) return new(VerdictCode.DenyRole, "Only a signed-in person with the role operator decides.");
        return await _works.Host.RoleOf(person.User, cancellationToken) is >= Role.Operator ? null : new(VerdictCode.DenyRole, "This account may no longer decide.");
    }

    private Verdict? Open(Writing w, string id) => w.Approvals.Find(id) switch
    {
        null => new(VerdictCode.DenyReplay, "There is no such approval."),
        { State: ApprovalState.Expired } => new(VerdictCode.DenyExpired, "It has expired."),
        { State: ApprovalState.Requested } approval => approval.ExpiresAt > _works.Clock.Now ? null : new(VerdictCode.DenyExpired, "It has expired."),
        { State: ApprovalState.Approved } => new(VerdictCode.DenyReplay, "It is approved already."),
        { State: ApprovalState.Denied } => new(VerdictCode.DenyReplay, "It was denied."),
        _ => new(VerdictCode.DenyReplay, "It was used."),
    };

    private void Record(Writing w, string audit, Caller by, string approval, string tool, string what, string? reason, Prepared? call = null)
    {
        var payload = call is null ? [] : _works.Payload(call, Done("Edited."), by);
        if (reason is not null) payload["reason"] = reason;
        w.Audit.Append(Works.Entry(audit, AuditPart.Decision, by, Desk, tool, _works.Catalogue.Find(tool)?.Tier ?? Tier.Black, what, payload, PlainText.Shown(approval, 60), call?.Digest ?? ""));
    }

    private ToolOutcome.Refused Refuse(string audit, Caller by, string approval, Verdict verdict)
    {
        var payload = new JsonObject { ["why"] = _works.Output.Redact(PlainText.Shown(verdict.Why, 1000)) };
        _works.Store.Post(Works.Entry(audit, AuditPart.Decision, by, Desk, "", Tier.Black, verdict.Name, payload, approval));
        return new ToolOutcome.Refused { AuditId = audit, Verdict = verdict };
    }

    private static ToolOutcome.Waiting Waiting(Approval approval) => new(approval) { AuditId = approval.AuditId, Verdict = new Verdict(approval.Verdict, approval.Why) };

    private static Verdict Done(string what) => new(VerdictCode.AllowLogged, what);

    private static Turn Desk => new("approvals", "");
}
