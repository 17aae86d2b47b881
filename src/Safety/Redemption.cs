using System.Text;
using System.Text.Json;
using Jarvis.Safety.Arguments;

namespace Jarvis.Safety;

/// <summary>Uses an approval: once, for what it was given for, while everything is as it was.</summary>
internal sealed class Redemption(Works works, Judging judging)
{
    /// <summary>The caller repeats the call; what runs is what was approved.</summary>
    public async Task<ToolOutcome> RepeatAsync(string approvalId, string tool, ReadOnlyMemory<byte> json, Caller caller, Turn turn, CancellationToken cancellationToken)
    {
        var id = works.NewId();
        Approval? approval;
        try
        {
            approval = works.Store.Write(w => w.Approvals.Find(approvalId));
            if (approval is null || approval.Actor != caller.Actor || approval.Conversation != turn.Conversation || !await SameAsync(approval, tool, json, cancellationToken))
            {
                return Refuse(id, tool, caller, turn, new Verdict(VerdictCode.DenyReplay, "No approval was given for this call."));
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return Refuse(id, tool, caller, turn, Unread(e));
        }
        return approval.State == ApprovalState.Requested && approval.ExpiresAt > works.Clock.Now
            ? new ToolOutcome.Waiting(approval) { AuditId = approval.AuditId, Verdict = new Verdict(approval.Verdict, approval.Why) }
            : await RedeemAsync(approval, turn.AnswerAtOnce, turn);
    }

    /// <summary>Runs what was approved. That the request which approved it was broken off does not take the word back, so nothing cancels this.</summary>
    public async Task<ToolOutcome> RedeemAsync(Approval approval, bool answerAtOnce, Turn? repeated = null)
    {
        var cancellationToken = CancellationToken.None;
        var id = works.NewId();
        var turn = new Turn(approval.Channel, approval.Conversation) { AnswerAtOnce = answerAtOnce };
        var caller = JsonSerializer.Deserialize(approval.Caller, SafetyJson.Default.Caller)!;
        var active = works.Runs.Register(id, caller, writes: true);
        var handed = false;
        try
        {
            var (call, verdict) = await ReadyAsync(approval, caller, cancellationToken);
            if (call is not null && verdict is null) verdict = Consume(approval, call, caller, turn, id);
            if (call is null || verdict is not { Allows: true }) return Lost(id, approval, caller, turn, verdict!);
            handed = true;
            var outcome = await works.Runs.RunAsync(call, caller, turn, verdict, active, recorded: true, cancellationToken);
            // Whoever repeated the call is given what it read.
            foreach (var source in turn.Taints) repeated?.Mark(source);
            return outcome;
        }
        finally
        {
            if (!handed) works.Runs.Drop(active);
        }
    }

    private async Task<bool> SameAsync(Approval approval, string tool, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        if (tool != approval.Tool || works.Catalogue.Find(tool) is not { } known) return false;
        try
        {
            return (await works.Preparation.PrepareAsync(known, json, cancellationToken)).Digest == approval.Digest;
        }
        catch (MalformedException)
        {
            return false;
        }
    }

    /// <summary>The call as it would be now, or why it is no longer the one that was approved.</summary>
    private async Task<(Prepared? Call, Verdict? Wrong)> ReadyAsync(Approval approval, Caller caller, CancellationToken cancellationToken)
    {
        if (Unusable(approval) is { } why) return (null, why);
        if (approval.Policy != works.PolicyVersion || works.Catalogue.Find(approval.Tool) is not { } tool) return (null, Moved("the rules have changed since"));
        try
        {
            works.Fault(Stage.Redeem);
            var call = await works.Preparation.PrepareAsync(tool, Encoding.UTF8.GetBytes(approval.Arguments), cancellationToken);
            if (call.Digest != approval.Digest || call.Fingerprint != approval.Fingerprint) return (null, Moved("what it touches has changed since it was shown"));
            if (await RoleOfAsync(approval.DecidedBy, cancellationToken) < Role.Operator) return (null, new(VerdictCode.DenyRole, "Whoever approved it may no longer do so."));
            if (caller.Person is not null && await RoleOfAsync(caller.Person, cancellationToken) < Role.Operator) return (null, new(VerdictCode.DenyRole, "The person it was for may no longer act."));
            return (call, null);
        }
        catch (MalformedException e)
        {
            return (null, Moved(e.Message));
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return (null, Unread(e));
        }
    }

    private Verdict Consume(Approval shown, Prepared call, Caller caller, Turn turn, string id)
    {
        try
        {
            return works.Store.Write(w =>
            {
                works.Fault(Stage.Judge);
                var approval = w.Approvals.Find(shown.Id);
                if (approval is null || Unusable(approval) is not null) return approval is null ? Replayed : Unusable(approval)!;
                if (approval.Digest != call.Digest) return Replayed;
                var verdict = works.Gate.Judge(judging.Case(call, caller, turn, judging.Kill(w), keyword: true, budget: int.MaxValue, requests: int.MaxValue, denied: null));
                if (verdict is { Allows: false, Waits: false }) return verdict;
                if (verdict.Code == VerdictCode.NeedsFactor && approval.Verdict != VerdictCode.NeedsFactor) return Moved("it asks for the keyword now");
                works.Fault(Stage.Record);
                if (!w.Approvals.Consume(approval.Id, id)) return Replayed;
                var allowed = new Verdict(VerdictCode.AllowLogged, $"Approved by {approval.DecidedBy}.", Consent.Approval);
                w.Runs.Insert(judging.Run(call, caller, turn, id, allowed, approval.Id, works.Time.GetUtcNow()));
                var payload = works.Payload(call, allowed, caller);
                payload["approvedBy"] = PlainText.Shown(approval.DecidedBy ?? "", 100);
                w.Audit.Append(Works.Entry(id, AuditPart.Intent, caller, turn, call.Tool.Name, call.Tier, allowed.Name, payload, approval.Id, call.Digest));
                return allowed;
            });
        }
        catch (Exception e)
        {
            return new Verdict(VerdictCode.DenyState, $"The approval could not be used ({e.GetType().Name}).");
        }
    }

    private ToolOutcome.Refused Lost(string id, Approval approval, Caller caller, Turn turn, Verdict verdict)
    {
        try
        {
            works.Store.Write(w =>
            {
                if (verdict.Code is VerdictCode.DenyRole or VerdictCode.DenyProtected or VerdictCode.DenyState && w.Approvals.Find(approval.Id)?.State == ApprovalState.Approved)
                {
                    w.Approvals.Decide(approval.Id, ApprovalState.Denied, "gate", verdict.Why, works.Clock.Now);
                }
            });
        }
        catch (StoreUnavailableException)
        {
            // It stays unused: every use is judged anew.
        }
        return Refuse(id, approval.Tool, caller, turn, verdict, approval.Id);
    }

    private ToolOutcome.Refused Refuse(string id, string tool, Caller caller, Turn turn, Verdict verdict, string approval = "")
    {
        var tier = works.Catalogue.Find(tool)?.Tier ?? Tier.Black;
        works.Store.Post(Works.Entry(id, AuditPart.Whole, caller, turn, tool, tier, verdict.Name, works.Payload(null, verdict, caller), approval));
        return new ToolOutcome.Refused { AuditId = id, Verdict = verdict };
    }

    private async ValueTask<Role> RoleOfAsync(string? person, CancellationToken cancellationToken) =>
        person is not null && await works.Host.RoleOf(person, cancellationToken) is { } role ? role : (Role)(-1);

    /// <summary>Why it cannot be used, whatever it is for.</summary>
    private Verdict? Unusable(Approval approval) => approval.State switch
    {
        ApprovalState.Expired => Expired,
        ApprovalState.Requested or ApprovalState.Approved when approval.ExpiresAt <= works.Clock.Now => Expired,
        ApprovalState.Approved => null,
        ApprovalState.Requested => new(VerdictCode.DenyReplay, "Nobody has approved it."),
        ApprovalState.Denied => new(VerdictCode.DenyReplay, "It was denied."),
        _ => Replayed,
    };

    private Verdict Unread(Exception e) => new(VerdictCode.DenyState, $"What it would touch could not be read: {PlainText.Shown(works.Output.Clean(e.Message), 300)}");

    private static Verdict Moved(string why) => new(VerdictCode.DenyState, $"The approval holds no longer: {why}.");

    private static Verdict Expired { get; } = new(VerdictCode.DenyExpired, "The approval has expired; ask again.");

    private static Verdict Replayed { get; } = new(VerdictCode.DenyReplay, "The approval was used.");
}
