using System.Text.Json.Nodes;
using Jarvis.Safety.Ledger;

namespace Jarvis.Safety;

/// <summary>Stops everything that changes something: new calls, those that wait, those that run.</summary>
public sealed class KillSwitch
{
    private readonly Works _works;

    internal KillSwitch(Works works) => _works = works;

    /// <summary>On when it cannot be read.</summary>
    public KillState State => _works.Stopped ? KillState.Unreadable with { By = "set while it could not be stored" } : _works.Store.ReadKill();

    /// <summary>On by any operator, off by an administrator; people alone.</summary>
    public async Task<Verdict> SetAsync(bool active, Caller by, CancellationToken cancellationToken)
    {
        var needed = active ? Role.Operator : Role.Admin;
        if (by is not Caller.Operator person || person.Role < needed || !(await _works.Host.RoleOf(person.User, cancellationToken) >= needed))
        {
            return new(VerdictCode.DenyRole, active ? "Only a signed-in operator switches it on here." : "Only a signed-in administrator switches it off.");
        }

        if (active) _works.Stopped = true;
        var verdict = Store(active, by);
        if (active) _works.Runs.StopWrites("the kill switch was switched on");
        if (verdict.Allows)
        {
            _works.Stopped = false;
            _works.Host.Tell(new Notice(NoticeKind.KillSwitch, null, active ? $"switched on by {person.User}" : $"switched off by {person.User}"));
        }
        return verdict;
    }

    private Verdict Store(bool active, Caller by)
    {
        try
        {
            return _works.Store.Write(w =>
            {
                w.Switches.SetKill(active, by.Person!, _works.Time.GetUtcNow());
                var denied = active ? w.Approvals.DenyAll(by.Person!, "the kill switch was switched on", _works.Clock.Now) : [];
                w.Audit.Append(Works.Entry(_works.NewId(), AuditPart.Decision, by, new Turn("switch", ""), "", Tier.Black, active ? "KILL_ON" : "KILL_OFF",
                    new JsonObject { ["denied"] = denied.Count }));
                return new Verdict(VerdictCode.AllowLogged, active ? "Nothing is changed any more." : "Changes are possible again.");
            });
        }
        catch (StoreUnavailableException e)
        {
            return new(VerdictCode.DenyState, active ? $"It is on until the server ends, and could not be stored: {e.Message}" : e.Message);
        }
    }
}
