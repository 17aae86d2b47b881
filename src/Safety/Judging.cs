using System.Text.Json;
using Jarvis.Safety.Ledger;

namespace Jarvis.Safety;

/// <summary>How a call was judged, and what was written with it.</summary>
internal sealed record Judged(Verdict Verdict, Approval? Approval = null, UsedKey? Joins = null);

/// <summary>Judges in the transaction that writes the judgement down: what it depends on cannot change in between.</summary>
internal sealed class Judging(Works works)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>A read: there is nothing to be counted or consented to, and its rows are written in groups.</summary>
    public Verdict Green(Prepared call, Caller caller, Turn turn, string id)
    {
        works.Fault(Stage.Judge);
        var verdict = works.Gate.Judge(Case(call, caller, turn, KillState.Off, keyword: false, budget: int.MaxValue, requests: int.MaxValue, denied: null));
        works.Fault(Stage.Record);
        works.Store.Post(Works.Entry(id, verdict.Allows ? AuditPart.Intent : AuditPart.Whole, caller, turn, call.Tool.Name, call.Tier, verdict.Name,
            works.Payload(call, verdict, caller), digest: call.Digest));
        return verdict;
    }

    /// <exception cref="StoreUnavailableException">Nothing can be recorded.</exception>
    public Judged Write(Prepared call, Caller caller, Turn turn, string id) => works.Store.Write(w =>
    {
        works.Fault(Stage.Judge);
        var now = works.Clock.Now;
        if (Key(turn) is { } key && w.Limits.Key(caller.Actor, key) is { } used)
        {
            if (used.Digest == call.Digest) return new Judged(new Verdict(VerdictCode.AllowLogged, "It was sent before under the same key."), Joins: used);
            return Refused(w, call, caller, turn, id, new Verdict(VerdictCode.DenyReplay, "The same idempotency key was used for another call."));
        }

        var (owner, budget) = Budget(caller);
        w.Approvals.Expire(now);
        var left = caller is Caller.Runbook && w.Runs.AnyRunning(caller.Kind) ? 0 : budget - w.Limits.Used(owner, call.Cluster, now);
        var gateCase = Case(call, caller, turn, Kill(w), w.Switches.KeywordSet, left,
            works.Options.RequestsPerMinute - w.Approvals.AskedSince(caller.Actor, now - Minute), w.Limits.DeniedUntil(DenialKey(call, caller)));
        var verdict = works.Gate.Judge(gateCase);
        works.Fault(Stage.Record);
        if (!verdict.Allows && !verdict.Waits) return Refused(w, call, caller, turn, id, verdict);

        if (gateCase.Counted) w.Limits.Take(owner, call.Cluster, gateCase.Units, now);
        var approval = verdict.Waits || verdict.Consent != Consent.None ? Approval(call, caller, turn, id, verdict, now) : null;
        if (approval is not null) w.Approvals.Insert(approval);
        if (Key(turn) is { } fresh) w.Limits.Keep(caller.Actor, fresh, new UsedKey(call.Digest, id, verdict.Waits ? approval!.Id : null), now);
        if (verdict.Allows) w.Runs.Insert(Run(call, caller, turn, id, verdict, approval?.Id, works.Time.GetUtcNow()));
        w.Audit.Append(Works.Entry(id, verdict.Allows ? AuditPart.Intent : AuditPart.Whole, caller, turn, call.Tool.Name, call.Tier, verdict.Name,
            works.Payload(call, verdict, caller), approval?.Id ?? "", call.Digest));
        return new Judged(verdict, approval);
    });

    public GateCase Case(Prepared call, Caller caller, Turn turn, KillState kill, bool keyword, int budget, int requests, DateTimeOffset? denied) => new()
    {
        Tool = call.Tool,
        Tier = call.Tier,
        Caller = caller,
        Touched = call.Touched,
        Consequences = call.Consequences,
        Wrong = call.Wrong is { } wrong ? PlainText.Shown(works.Output.Clean(wrong), 500)
            : turn.Seen is { } seen && seen != call.Seen ? "What it touches is no longer as it was when its plan was read; read it again." : null,
        Tainted = turn.Tainted,
        Asked = turn.Asked(call.Tool.Name, call.Touched),
        IsQuestion = turn.IsQuestion,
        TwoPersons = NeedsTwo(call),
        Killed = kill.Active,
        KeywordSet = keyword,
        BudgetLeft = budget,
        RequestsLeft = requests,
        DeniedUntil = denied,
        Now = works.Clock.Now,
    };

    public KillState Kill(Writing w) => works.Stopped ? KillState.Unreadable : w.Switches.Kill();

    public StoredRun Run(Prepared call, Caller caller, Turn turn, string id, Verdict verdict, string? approval, DateTimeOffset at) => new()
    {
        AuditId = id,
        State = RunState.Running,
        Tool = call.Tool.Name,
        Arguments = works.Output.Arguments(call.Canonical),
        Targets = Targets(call),
        Kind = caller.Kind,
        Actor = caller.Actor,
        Channel = turn.Channel,
        Tier = call.Tier,
        Verdict = verdict,
        Approval = approval,
        Digest = call.Digest,
        At = at,
    };

    public Approval Approval(Prepared call, Caller caller, Turn turn, string id, Verdict verdict, DateTimeOffset now)
    {
        var plan = works.Rendering.Of(call, caller, turn);
        return new Approval
        {
            Id = Works.NewApprovalId(),
            State = verdict.Waits ? ApprovalState.Requested : ApprovalState.Consumed,
            Consent = verdict.Waits ? Consent.Approval : verdict.Consent,
            Tool = call.Tool.Name,
            Tier = call.Tier,
            Verdict = verdict.Code,
            Why = verdict.Why,
            TwoPersons = NeedsTwo(call),
            Actor = caller.Actor,
            Person = caller.Person,
            Channel = turn.Channel,
            Conversation = turn.Conversation,
            Plan = plan,
            Seen = Rendering.Digest(plan),
            AskedAt = now,
            ExpiresAt = now + works.Options.ApprovalLives,
            DecidedAt = verdict.Waits ? null : now,
            DecidedBy = verdict.Waits ? null : caller.Person,
            AuditId = id,
            Run = verdict.Waits ? null : id,
            Arguments = verdict.Waits ? call.Canonical : works.Output.Arguments(call.Canonical),
            Digest = call.Digest,
            Policy = works.PolicyVersion,
            Fingerprint = call.Fingerprint,
            Caller = JsonSerializer.Serialize(caller, SafetyJson.Default.Caller),
            Targets = Targets(call),
        };
    }

    // What a target holds stops and goes with it.
    private bool NeedsTwo(Prepared call) =>
        call.Touched.Any(t => works.Options.TwoPersons.Any(rule => rule.Fits(t.State) || t.Effect >= Effect.Interrupts && t.State.Holds.Any(rule.Fits)));

    private static string? Key(Turn turn) => turn.IdempotencyKey is { } key ? Prepared.Hash(key) : null;

    /// <summary>A denial holds for whoever acts for the same person, whatever the channel.</summary>
    public static string DenialKey(Prepared call, Caller caller) => $"{caller.Person ?? caller.Actor}|{call.Digest}";

    private Judged Refused(Writing w, Prepared call, Caller caller, Turn turn, string id, Verdict verdict)
    {
        w.Audit.Append(Works.Entry(id, AuditPart.Whole, caller, turn, call.Tool.Name, call.Tier, verdict.Name, works.Payload(call, verdict, caller), digest: call.Digest));
        return new Judged(verdict);
    }

    private (string Owner, int Most) Budget(Caller caller) =>
        caller switch
        {
            Caller.Runbook runbook => ($"incident:{runbook.Incident}", works.Options.WritesPerIncident),
            // One key has one budget, whichever door it comes through.
            Caller.McpClient client => ($"key:{client.Key}", works.Options.WritesPerHour),
            _ => (caller.Actor, works.Options.WritesPerHour),
        };

    private static string Targets(Prepared call) => JsonSerializer.Serialize([.. call.Touched.Select(t => t.State.Target)], SafetyJson.Default.ListTarget);
}
