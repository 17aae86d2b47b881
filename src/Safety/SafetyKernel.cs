using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jarvis.Safety.Ledger;

namespace Jarvis.Safety;

/// <summary>The trust kernel of one server: the door to the tools, and the desks at which people decide.</summary>
public sealed class SafetyKernel : IDisposable
{
    private readonly Works _works;
    /// <summary>The <c>user_version</c> of the <c>safety.db</c> that this program writes; a higher one is refused.</summary>
    public const int StoreVersion = Ledger.Schema.Version;

    private ImmutableList<BreakGlass> _glasses = [];

    /// <summary>Opens <c>safety.db</c> and <c>safety.key</c> in the folder, or makes them.</summary>
    public SafetyKernel(ToolCatalogue catalogue, HostDelegates host, SafetyOptions options, string folder, TimeProvider time)
    {
        _works = new Works(catalogue, host, options, folder, time);
        var judging = new Judging(_works);
        var redemption = new Redemption(_works, judging);
        Invoker = new ToolInvoker(_works, judging, redemption);
        Approvals = new Approvals(_works, judging, redemption);
        KillSwitch = new KillSwitch(_works);
        Keyword = new ApprovalKeyword(_works);
        Audit = new AuditTrail(_works);
        Policy = new PolicyDesk(_works);
        Recover();
    }

    public ToolInvoker Invoker { get; }
    public Approvals Approvals { get; }
    public KillSwitch KillSwitch { get; }
    public ApprovalKeyword Keyword { get; }
    public AuditTrail Audit { get; }

    /// <summary>Who may pass RED and ORANGE without being asked, until when.</summary>
    public IReadOnlyList<BreakGlass> BreakGlasses => _glasses.RemoveAll(g => g.Until <= _works.Clock.Now);

    public PolicyDesk Policy { get; }

    /// <summary>The rules as configured, to which the policy adds. Set, they hold from the next judgement on, also for what was
    /// approved under the old.</summary>
    public SafetyOptions Options
    {
        get => _works.Configured;
        set => _works.Configured = value;
    }

    /// <summary>Where this server itself runs, as the host found out: protected as what is configured.</summary>
    public IReadOnlyList<TargetRule> Own
    {
        get => _works.Own;
        set => _works.Own = value;
    }

    internal Action<Stage> Fault
    {
        set => _works.Fault = value;
    }

    /// <summary>Begins break-glass for an administrator who has just signed in again; the host has checked that.</summary>
    public async Task<(Verdict Verdict, BreakGlass? Glass)> BreakGlassAsync(Caller.Operator by, string reason, CancellationToken cancellationToken)
    {
        if (by.Role != Role.Admin || await _works.Host.RoleOf(by.User, cancellationToken) != Role.Admin) return (new(VerdictCode.DenyRole, "Only an administrator may break the glass."), null);
        if (reason.Trim().Length is < 5 or > 500) return (new(VerdictCode.DenyArgs, "Say why in 5 to 500 characters."), null);
        var glass = new BreakGlass { User = by.User, Session = by.Session, Reason = reason.Trim(), Until = _works.Clock.Now + _works.Options.BreakGlassLives };
        try
        {
            _works.Store.Write(w => w.Audit.Append(Works.Entry(_works.NewId(), AuditPart.Decision, by, new Turn("break-glass", ""), "", Tier.Black, "BREAK_GLASS",
                new JsonObject { ["reason"] = PlainText.Shown(_works.Output.Redact(glass.Reason), 500) })));
        }
        catch (StoreUnavailableException e)
        {
            return (new(VerdictCode.DenyState, e.Message), null);
        }
        ImmutableInterlocked.Update(ref _glasses, (glasses, one) => glasses.RemoveAll(g => g.Until <= _works.Clock.Now || g.Session == one.Session).Add(one), glass);
        _works.Host.Tell(new Notice(NoticeKind.BreakGlass, null, $"{by.User} broke the glass until {glass.Until:u}."));
        return (new(VerdictCode.AllowLogged, $"Until {glass.Until:u}, in this session."), glass);
    }

    /// <summary>Ends break-glass, whosever it is; any operator may. False when there is none.</summary>
    /// <exception cref="StoreUnavailableException">It has ended, and that could not be recorded.</exception>
    public bool EndBreakGlass(Caller.Operator by)
    {
        var ended = Interlocked.Exchange(ref _glasses, []).RemoveAll(g => g.Until <= _works.Clock.Now);
        if (ended.Count == 0) return false;
        _works.Host.Tell(new Notice(NoticeKind.BreakGlass, null, $"{by.User} ended break-glass."));
        _works.Store.Write(w => w.Audit.Append(Works.Entry(_works.NewId(), AuditPart.Decision, by, new Turn("break-glass", ""), "", Tier.Black, "BREAK_GLASS_ENDED",
            new JsonObject { ["of"] = string.Join(", ", ended.Select(g => PlainText.Shown(g.User, 100))) })));
        return true;
    }

    /// <summary>Asks what became of runs whose end is not known; none is ever sent again. Gives how many are known now.</summary>
    public async Task<int> ReconcileAsync(CancellationToken cancellationToken)
    {
        Recover();
        var known = 0;
        foreach (var run in _works.Store.Write(w => w.Runs.In(RunState.Unknown)))
        {
            var targets = JsonSerializer.Deserialize(run.Targets, SafetyJson.Default.ListTarget)!;
            var found = await _works.Host.Reconcile(new UnfinishedRun(run.AuditId, run.Tool, run.Arguments, targets, run.Upid, run.At), cancellationToken);
            if (found.State is not (RunState.Completed or RunState.Failed)) continue;
            Close(run, found.State, AuditPart.Reconciled, PlainText.Shown(_works.Output.Clean(found.Text), 2000), ApprovalState.Consumed);
            known++;
        }
        return known;
    }

    public void Dispose()
    {
        _works.Runs.StopAll("the server ends");
        _works.Store.Dispose();
    }

    /// <summary>What is stored as running and runs nowhere has an outcome that nobody saw.</summary>
    private void Recover()
    {
        try
        {
            foreach (var run in _works.Store.Write(w => w.Runs.In(RunState.Running)))
            {
                if (_works.Runs.Find(run.AuditId) is not null) continue;
                Close(run, RunState.Unknown, AuditPart.Outcome, "The server ended while it ran.", ApprovalState.Unknown);
            }
        }
        catch (StoreUnavailableException)
        {
            // Told by the store; until it is back nothing is changed.
        }
    }

    private void Close(StoredRun run, RunState state, AuditPart part, string text, ApprovalState approval) => _works.Store.Write(w =>
    {
        // It may have ended by itself since it was read.
        if (w.Runs.Find(run.AuditId)?.State != run.State) return;
        w.Runs.End(run.AuditId, state, text, _works.Time.GetUtcNow());
        w.Approvals.Settle(run.AuditId, approval, run.Arguments);
        var payload = new JsonObject { ["outcome"] = state.ToString(), ["text"] = text };
        if (run.Upid is not null) payload["upid"] = run.Upid;
        w.Audit.Append(new AuditEntry
        {
            Id = run.AuditId, Part = part, Kind = run.Kind, Actor = run.Actor, Channel = run.Channel, Tool = run.Tool, Tier = run.Tier,
            Verdict = run.Verdict.Name, Approval = run.Approval ?? "", Digest = run.Digest, Payload = payload.ToJsonString(),
        });
    });
}
