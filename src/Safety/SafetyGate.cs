namespace Jarvis.Safety;

/// <summary>All that a judgement depends on.</summary>
internal sealed record GateCase
{
    public required Tool Tool { get; init; }

    /// <summary>The tool's own, or what its arguments raised it to.</summary>
    public required Tier Tier { get; init; }
    public required Caller Caller { get; init; }
    public required IReadOnlyList<Touched> Touched { get; init; }
    public required IReadOnlyList<Consequence> Consequences { get; init; }

    /// <summary>Why it cannot be, as its target is now.</summary>
    public string? Wrong { get; init; }
    public required bool Tainted { get; init; }

    /// <summary>The operator asked for this tool on these targets.</summary>
    public required bool Asked { get; init; }
    public required bool IsQuestion { get; init; }

    /// <summary>By the rules of the house the word of one person is not enough.</summary>
    public required bool TwoPersons { get; init; }
    public required bool Killed { get; init; }
    public required bool KeywordSet { get; init; }

    /// <summary>Writes left of the caller's budget, before this one.</summary>
    public required int BudgetLeft { get; init; }

    /// <summary>Approvals that may still be asked for in this minute.</summary>
    public required int RequestsLeft { get; init; }

    /// <summary>When the same call, denied by a person, may be asked for again.</summary>
    public required DateTimeOffset? DeniedUntil { get; init; }
    public required DateTimeOffset Now { get; init; }

    public int Units => Math.Max(1, Touched.Count);

    public bool Counted => Tier > Tier.Green && Caller is not Caller.Operator;
}

/// <summary>Decides; does nothing else. Pure, so a table of cases is its whole test.</summary>
internal sealed class SafetyGate(ProtectedTargets protectedTargets)
{
    public Verdict Judge(GateCase call)
    {
        try
        {
            return Refusal(call) ?? Permission(call);
        }
        catch (Exception e)
        {
            return new(VerdictCode.DenyState, $"The call could not be judged ({e.GetType().Name}).");
        }
    }

    private Verdict? Refusal(GateCase call) =>
        Killed(call) ?? Protected(call) ?? Black(call) ?? OutsideRole(call) ?? NotMeant(call) ?? WrongState(call) ?? OverBudget(call);

    private static Verdict? Killed(GateCase call) =>
        call.Killed && call.Tier > Tier.Green
            ? new(VerdictCode.DenyKill, "The kill switch is on: nothing is changed until an administrator switches it off.") : null;

    private Verdict? Protected(GateCase call)
    {
        foreach (var touched in call.Touched)
        {
            if (call.Tier > Tier.Green && protectedTargets.Refuses(touched) is { } why) return new(VerdictCode.DenyProtected, why);
        }
        return call.Tier > Tier.Green && call.Consequences is [var first, ..] && call.Caller is not Caller.Operator
            ? new(VerdictCode.DenyProtected, $"{PlainText.Shown(first.Text, 300)} Only a person may do that.") : null;
    }

    private static Verdict? Black(GateCase call) =>
        call.Tier is > Tier.Red or < Tier.Green ? new(VerdictCode.DenyBlack, $"{call.Tool.Name} is never run from here. {call.Tool.Description}") : null;

    private static Verdict? OutsideRole(GateCase call)
    {
        if (call.Caller.Scope is { } scope && !scope.Contains(call.Tool.Name)) return new(VerdictCode.DenyRole, $"{call.Tool.Name} is not among the tools of this caller.");
        if (call.Tier > Tier.Green && call.Caller.Role < Role.Operator) return new(VerdictCode.DenyRole, "A viewer may read; to act needs the role operator.");
        return call.Caller is Caller.Runbook runbook && runbook.Tool != call.Tool.Name && call.Tier > Tier.Green
            ? new(VerdictCode.DenyRole, $"The runbook {runbook.Name} declares {runbook.Tool} and nothing else.") : null;
    }

    private static Verdict? NotMeant(GateCase call)
    {
        if (call.Tier > Tier.Green && call.IsQuestion && call.Caller is Caller.Model)
        {
            return new(VerdictCode.DenyQuestion, "The operator asked a question and wanted nothing changed.");
        }
        return call.Tool.Sends && call.Tainted && !call.Asked && call.Caller is not Caller.Operator
            ? new(VerdictCode.DenyTaint, "Nothing is sent out after text from outside was read, unless the operator asks for it.") : null;
    }

    private static Verdict? WrongState(GateCase call) => call.Wrong is { } why ? new(VerdictCode.DenyState, why) : null;

    private static Verdict? OverBudget(GateCase call)
    {
        if (!call.Counted) return null;
        if (call.DeniedUntil is { } until && until > call.Now)
        {
            return new(VerdictCode.DenyReplay, "A person denied this very call a short while ago; it is not asked again.");
        }
        return call.BudgetLeft < call.Units ? new(VerdictCode.DenyBudget, "The writes of this caller for this hour are used up.") : null;
    }

    private static Verdict Permission(GateCase call) => call.Tier switch
    {
        Tier.Green => new(VerdictCode.Allow, "It reads."),
        Tier.Yellow => Yellow(call),
        Tier.Orange => Orange(call),
        _ => Red(call),
    };

    private static Verdict Yellow(GateCase call)
    {
        if (call.Caller is Caller.Operator { Confirmed: true } || BreakGlass(call)) return Logged;
        if (call.Consequences.Count > 0) return Human(call, "it leads to more than itself");
        if (Suspicious(call)) return Human(call, "text from outside was read before it was asked for");
        return call.Caller.Ceiling >= Tier.Yellow || Granted(call) ? Logged : Human(call, "it is above what this caller may run alone");
    }

    private static Verdict Orange(GateCase call)
    {
        if (BreakGlass(call)) return Run(Consent.BreakGlass, "break-glass");
        if (!call.KeywordSet) return new(VerdictCode.DenyState, "No approval keyword is set; an administrator sets it in the settings.");
        return call.RequestsLeft < 1 ? TooMany
            : new(VerdictCode.NeedsFactor, $"{call.Tool.Name} gives power over a host: a person types the approval keyword for this one call.");
    }

    private static Verdict Red(GateCase call)
    {
        if (BreakGlass(call)) return Run(Consent.BreakGlass, "break-glass");
        if (call.TwoPersons) return Human(call, "its target needs the word of two");
        if (call.Caller is Caller.Operator { Confirmed: true }) return Run(Consent.Own, "the person confirmed it in the request");
        if (!Suspicious(call) && Granted(call)) return Run(Consent.Grant, "this key was granted this tool on this target");
        if (!Suspicious(call) && Standing(call)) return Run(Consent.Standing, "a policy lets this runbook do it");
        return Human(call, "it interrupts or changes something");
    }

    private static bool Suspicious(GateCase call) => call.Tainted && !call.Asked && call.Caller is not Caller.Operator;

    private static bool BreakGlass(GateCase call) =>
        call.Caller is Caller.Operator { Role: Role.Admin, BreakGlass: { } glass } person
        && glass.User == person.User && glass.Session == person.Session && call.Now < glass.Until;

    private static bool Granted(GateCase call)
    {
        var grants = call.Caller switch
        {
            Caller.McpClient client => client.Grants,
            Caller.ApiKey key => key.Grants,
            _ => [],
        };
        return call.Touched.Count > 0 && grants.Any(g => g.Tool == call.Tool.Name && call.Touched.All(t => g.Targets.Contains(t.State.Target)));
    }

    private static bool Standing(GateCase call) =>
        call.Caller is Caller.Runbook runbook && call.Touched.Count > 0
        && runbook.Standing.Any(s => s.Runbook == runbook.Name && s.Tool == call.Tool.Name && runbook.Autonomy >= s.Autonomy
            && call.Touched.All(t => t.State.Target.Kind == s.Kind));

    private static Verdict Human(GateCase call, string why) =>
        call.RequestsLeft < 1 ? TooMany : new(VerdictCode.NeedsHuman, $"A person confirms {call.Tool.Name} for this one call: {why}.");

    private static Verdict Run(Consent consent, string why) => new(VerdictCode.AllowLogged, $"Approved: {why}.", consent);

    private static Verdict Logged { get; } = new(VerdictCode.AllowLogged, "It takes nothing away.");

    private static Verdict TooMany { get; } = new(VerdictCode.DenyBudget, "Too many approvals were asked for within a minute.");
}
