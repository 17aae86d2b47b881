namespace Jarvis.Safety.Tests;

/// <summary>The decision table: tier × caller × role × approval × protected × kill switch × taint.</summary>
public sealed class GateTests
{
    private static readonly ToolCatalogue Catalogue = ToolCatalogue.Of(new RigTools(new World()));
    private static readonly SafetyGate Gate = new(new ProtectedTargets([new TargetRule { Kind = Kind.Guest, Id = "100" }]));
    private static readonly Caller[] Callers = [Rig.Anna, Rig.Otto, Rig.Vera, Rig.Model, Rig.Mcp, Rig.Key, Rig.Runbook];
    private static readonly Touched Plain = Touch(101, Effect.Interrupts);
    private static readonly Touched Sacred = Touch(100, Effect.Interrupts);

    public static TheoryData<Tier> Tiers => [.. Enum.GetValues<Tier>()];

    [Theory]
    [InlineData(Tier.Green, "operator", "ALLOW")]
    [InlineData(Tier.Green, "viewer", "ALLOW")]
    [InlineData(Tier.Green, "model", "ALLOW")]
    [InlineData(Tier.Green, "mcp", "ALLOW")]
    [InlineData(Tier.Green, "key", "ALLOW")]
    [InlineData(Tier.Green, "runbook", "ALLOW")]
    [InlineData(Tier.Yellow, "operator", "ALLOW_LOGGED")]
    [InlineData(Tier.Yellow, "viewer", "DENY_ROLE")]
    [InlineData(Tier.Yellow, "model", "ALLOW_LOGGED")]
    [InlineData(Tier.Yellow, "mcp", "ALLOW_LOGGED")]
    [InlineData(Tier.Yellow, "key", "ALLOW_LOGGED")]
    [InlineData(Tier.Yellow, "runbook", "ALLOW_LOGGED")]
    [InlineData(Tier.Orange, "operator", "NEEDS_FACTOR")]
    [InlineData(Tier.Orange, "viewer", "DENY_ROLE")]
    [InlineData(Tier.Orange, "model", "NEEDS_FACTOR")]
    [InlineData(Tier.Orange, "mcp", "NEEDS_FACTOR")]
    [InlineData(Tier.Orange, "key", "NEEDS_FACTOR")]
    [InlineData(Tier.Orange, "runbook", "NEEDS_FACTOR")]
    [InlineData(Tier.Red, "operator", "NEEDS_HUMAN")]
    [InlineData(Tier.Red, "viewer", "DENY_ROLE")]
    [InlineData(Tier.Red, "model", "NEEDS_HUMAN")]
    [InlineData(Tier.Red, "mcp", "NEEDS_HUMAN")]
    [InlineData(Tier.Red, "key", "NEEDS_HUMAN")]
    [InlineData(Tier.Red, "runbook", "NEEDS_HUMAN")]
    [InlineData(Tier.Black, "operator", "DENY_BLACK")]
    [InlineData(Tier.Black, "viewer", "DENY_BLACK")]
    [InlineData(Tier.Black, "model", "DENY_BLACK")]
    [InlineData(Tier.Black, "mcp", "DENY_BLACK")]
    [InlineData(Tier.Black, "key", "DENY_BLACK")]
    [InlineData(Tier.Black, "runbook", "DENY_BLACK")]
    public void A_tier_means_the_same_to_every_caller_but_for_its_role(Tier tier, string caller, string verdict) =>
        Assert.Equal(verdict, Judge(Case(tier, Named(caller))));

    [Theory]
    [MemberData(nameof(Tiers))]
    public void The_kill_switch_stops_every_write_and_no_read(Tier tier)
    {
        foreach (var caller in Callers) Assert.Equal(tier == Tier.Green ? "ALLOW" : "DENY_KILL", Judge(Case(tier, caller) with { Killed = true, Touched = [Sacred] }));
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void A_protected_target_beats_everything_but_the_kill_switch(Tier tier)
    {
        var own = Rig.Anna with { Confirmed = true, BreakGlass = Glass(Rig.Anna) };
        foreach (var caller in Callers.Append(own)) Assert.Equal(tier == Tier.Green ? "ALLOW" : "DENY_PROTECTED", Judge(Case(tier, caller) with { Touched = [Plain, Sacred], BudgetLeft = 0 }));
    }

    [Fact]
    public void Of_several_reasons_the_gravest_is_said()
    {
        var call = Case(Tier.Black, Rig.Model with { Role = Role.Viewer }) with
        {
            Tool = Catalogue.Find("notify")!,
            Killed = true,
            Touched = [Sacred],
            IsQuestion = true,
            Tainted = true,
            Wrong = "It is open.",
            DeniedUntil = Start + TimeSpan.FromSeconds(1),
            BudgetLeft = 0,
        };
        Assert.Equal("DENY_KILL", Judge(call));
        Assert.Equal("DENY_PROTECTED", Judge(call = call with { Killed = false }));
        Assert.Equal("DENY_BLACK", Judge(call = call with { Touched = [Plain] }));
        Assert.Equal("DENY_ROLE", Judge(call = call with { Tier = Tier.Yellow }));
        Assert.Equal("DENY_QUESTION", Judge(call = call with { Caller = Rig.Model }));
        Assert.Equal("DENY_TAINT", Judge(call = call with { IsQuestion = false }));
        Assert.Equal("DENY_STATE", Judge(call = call with { Tainted = false }));
        Assert.Equal("DENY_REPLAY", Judge(call = call with { Wrong = null }));
        Assert.Equal("DENY_BUDGET", Judge(call = call with { DeniedUntil = null }));
        Assert.Equal("ALLOW_LOGGED", Judge(call with { BudgetLeft = 1 }));
    }

    [Theory]
    [InlineData(Effect.Reads, true)]
    [InlineData(Effect.Adds, true)]
    [InlineData(Effect.Changes, false)]
    [InlineData(Effect.Interrupts, false)]
    [InlineData(Effect.Removes, false)]
    public void A_protected_target_may_be_started_and_not_stopped_changed_or_removed(Effect effect, bool may) =>
        Assert.Equal(may ? "ALLOW_LOGGED" : "DENY_PROTECTED", Judge(Case(Tier.Yellow, Rig.Otto) with { Touched = [Touch(100, effect)] }));

    [Theory]
    [InlineData(Effect.Changes, "ALLOW_LOGGED")]
    [InlineData(Effect.Interrupts, "DENY_PROTECTED")]
    [InlineData(Effect.Removes, "DENY_PROTECTED")]
    public void What_holds_a_protected_target_is_not_interrupted(Effect effect, string verdict)
    {
        var node = new Touched(new TargetState { Target = new Target("lab", Kind.Node, "pve1"), Fingerprint = "", Holds = [Plain.State, Sacred.State] }, effect);
        Assert.Equal(verdict, Judge(Case(Tier.Yellow, Rig.Otto) with { Touched = [node] }));
    }

    [Fact]
    public void Taint_raises_a_yellow_call_of_all_but_a_person_unless_it_was_asked_for()
    {
        foreach (var caller in Callers.Where(c => c.Role >= Role.Operator))
        {
            Assert.Equal(caller is Caller.Operator ? "ALLOW_LOGGED" : "NEEDS_HUMAN", Judge(Case(Tier.Yellow, caller) with { Tainted = true }));
            Assert.Equal("ALLOW_LOGGED", Judge(Case(Tier.Yellow, caller) with { Tainted = true, Asked = true }));
            Assert.Equal("ALLOW", Judge(Case(Tier.Green, caller) with { Tainted = true }));
        }
    }

    [Fact]
    public void What_a_tainted_turn_sends_out_is_denied_unless_the_operator_asked()
    {
        var call = Case(Tier.Yellow, Rig.Model) with { Tool = Catalogue.Find("notify")!, Tainted = true, Touched = [] };
        Assert.Equal("DENY_TAINT", Judge(call));
        Assert.Equal("ALLOW_LOGGED", Judge(call with { Asked = true }));
        Assert.Equal("ALLOW_LOGGED", Judge(call with { Caller = Rig.Otto }));
    }

    [Fact]
    public void A_question_is_no_order()
    {
        Assert.Equal("DENY_QUESTION", Judge(Case(Tier.Yellow, Rig.Model) with { IsQuestion = true }));
        Assert.Equal("ALLOW", Judge(Case(Tier.Green, Rig.Model) with { IsQuestion = true }));
    }

    [Fact]
    public void A_person_confirms_their_own_red_call_and_no_orange_one()
    {
        Assert.Equal(("ALLOW_LOGGED", Consent.Own), Whole(Case(Tier.Red, Rig.Otto with { Confirmed = true })));
        Assert.Equal("NEEDS_FACTOR", Judge(Case(Tier.Orange, Rig.Otto with { Confirmed = true })));
        Assert.Equal("DENY_ROLE", Judge(Case(Tier.Red, Rig.Vera with { Confirmed = true })));
        Assert.Equal("DENY_BLACK", Judge(Case(Tier.Black, Rig.Anna with { Confirmed = true })));
    }

    [Fact]
    public void C07_where_two_persons_are_needed_nothing_said_beforehand_counts_but_break_glass()
    {
        var target = Plain.State.Target;
        foreach (var caller in new Caller[]
        {
            Rig.Otto with { Confirmed = true }, Rig.Key with { Grants = [new Grant("stop_vm", [target])] },
            Rig.Runbook with { Tool = "stop_vm", Standing = [new StandingApproval("p1", "restart", "stop_vm", Kind.Guest, 1)] },
        })
        {
            Assert.Equal("ALLOW_LOGGED", Judge(Case(Tier.Red, caller)));
            Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, caller) with { TwoPersons = true }));
        }
        Assert.Equal(("ALLOW_LOGGED", Consent.BreakGlass), Whole(Case(Tier.Red, Rig.Anna with { BreakGlass = Glass(Rig.Anna) }) with { TwoPersons = true }));
    }

    [Fact]
    public void H14_break_glass_passes_red_and_orange_and_never_black()
    {
        var anna = Rig.Anna with { BreakGlass = Glass(Rig.Anna) };
        Assert.Equal(("ALLOW_LOGGED", Consent.BreakGlass), Whole(Case(Tier.Red, anna)));
        Assert.Equal(("ALLOW_LOGGED", Consent.BreakGlass), Whole(Case(Tier.Orange, anna) with { KeywordSet = false }));
        Assert.Equal("DENY_BLACK", Judge(Case(Tier.Black, anna)));
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, anna with { Session = "other" })));
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, anna) with { Now = Start + TimeSpan.FromMinutes(10) }));
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, Rig.Otto with { BreakGlass = Glass(Rig.Anna) })));
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, Rig.Otto with { BreakGlass = Glass(Rig.Otto) })));
    }

    [Fact]
    public void A_grant_holds_for_its_tool_and_its_targets()
    {
        var key = Rig.Key with { Limit = Tier.Green, Grants = [new Grant("stop_vm", [Plain.State.Target])] };
        Assert.Equal(("ALLOW_LOGGED", Consent.Grant), Whole(Case(Tier.Red, key)));
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, key) with { Touched = [Plain, Touch(102, Effect.Interrupts)] }));
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, key) with { Tool = Catalogue.Find("update_guest")! }));
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, key) with { Touched = [] }));
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, key) with { Tainted = true }));
        Assert.Equal("NEEDS_FACTOR", Judge(Case(Tier.Orange, key)));
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Yellow, key) with { Tool = Catalogue.Find("start_vm")! }));
        Assert.Equal("ALLOW_LOGGED", Judge(Case(Tier.Yellow, Rig.Mcp with { Limit = Tier.Green, Grants = key.Grants })));
    }

    [Fact]
    public void No_ceiling_lies_above_yellow() =>
        Assert.All(new Caller[] { Rig.Key with { Limit = Tier.Red }, Rig.Mcp with { Limit = Tier.Black } }, caller => Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, caller))));

    [Fact]
    public void A_standing_approval_holds_for_its_runbook_tool_kind_and_autonomy()
    {
        var runbook = Rig.Runbook with { Tool = "stop_vm", Standing = [new StandingApproval("p1", "restart", "stop_vm", Kind.Guest, 3)] };
        Assert.Equal(("ALLOW_LOGGED", Consent.Standing), Whole(Case(Tier.Red, runbook)));
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, runbook with { Autonomy = 2 })));
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, runbook with { Name = "other" })));
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, runbook) with { Tainted = true }));
        Assert.Equal("DENY_ROLE", Judge(Case(Tier.Red, runbook with { Tool = "start_vm" })));
        Assert.Equal("NEEDS_FACTOR", Judge(Case(Tier.Orange, runbook)));
        var node = new Touched(new TargetState { Target = new Target("lab", Kind.Node, "pve1"), Fingerprint = "" }, Effect.Interrupts);
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, runbook) with { Touched = [Plain, node] }));
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, runbook) with { Touched = [] }));
        Assert.Equal("ALLOW", Judge(Case(Tier.Green, runbook with { Tool = "start_vm" })));
    }

    [Fact]
    public void What_would_lose_a_quorum_is_for_people_alone_and_they_are_told()
    {
        foreach (var caller in Callers.Where(c => c.Role >= Role.Operator))
        {
            var call = Case(Tier.Yellow, caller) with { Consequences = [new Consequence(ConsequenceKind.LosesQuorum, "Two nodes remain of five.")] };
            Assert.Equal(caller is Caller.Operator ? "NEEDS_HUMAN" : "DENY_PROTECTED", Judge(call));
            Assert.Equal("ALLOW", Judge(call with { Tier = Tier.Green }));
        }
        var led = Case(Tier.Yellow, Rig.Otto with { Confirmed = true }) with { Consequences = [new Consequence(ConsequenceKind.LosesQuorum, "Two nodes remain of five.")] };
        Assert.Equal("ALLOW_LOGGED", Judge(led));
        Assert.Equal("ALLOW_LOGGED", Judge(led with { Caller = Rig.Anna with { BreakGlass = Glass(Rig.Anna) } }));
    }

    [Fact]
    public void Budgets_count_for_all_but_people_and_by_what_is_touched()
    {
        foreach (var caller in Callers.Where(c => c.Role >= Role.Operator))
        {
            var call = Case(Tier.Yellow, caller) with { Touched = [Plain, Touch(102, Effect.Adds)] };
            Assert.Equal("ALLOW_LOGGED", Judge(call with { BudgetLeft = 2 }));
            Assert.Equal(caller is Caller.Operator ? "ALLOW_LOGGED" : "DENY_BUDGET", Judge(call with { BudgetLeft = 1 }));
            Assert.Equal("ALLOW", Judge(Case(Tier.Green, caller) with { BudgetLeft = 0 }));
        }
    }

    [Fact]
    public void A_denied_call_is_denied_again_but_a_person_may_ask_anew()
    {
        Assert.Equal("DENY_REPLAY", Judge(Case(Tier.Red, Rig.Model) with { DeniedUntil = Start + TimeSpan.FromSeconds(1) }));
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, Rig.Model) with { DeniedUntil = Start }));
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, Rig.Otto) with { DeniedUntil = Start + TimeSpan.FromSeconds(1) }));
    }

    [Fact]
    public void Too_many_requests_for_approval_are_over_budget()
    {
        Assert.Equal("DENY_BUDGET", Judge(Case(Tier.Red, Rig.Model) with { RequestsLeft = 0 }));
        Assert.Equal("DENY_BUDGET", Judge(Case(Tier.Orange, Rig.Model) with { RequestsLeft = 0 }));
        Assert.Equal("NEEDS_HUMAN", Judge(Case(Tier.Red, Rig.Model) with { RequestsLeft = 1 }));
        Assert.Equal("NEEDS_FACTOR", Judge(Case(Tier.Orange, Rig.Model) with { RequestsLeft = 1 }));
        Assert.Equal("ALLOW_LOGGED", Judge(Case(Tier.Yellow, Rig.Model) with { RequestsLeft = 0 }));
    }

    [Fact]
    public void Orange_without_a_keyword_says_where_to_set_it() =>
        Assert.Equal("DENY_STATE", Judge(Case(Tier.Orange, Rig.Otto) with { KeywordSet = false }));

    [Fact]
    public void A_caller_keeps_to_its_scope() =>
        Assert.Equal("DENY_ROLE", Judge(Case(Tier.Green, Rig.Key with { Scope = ["get_status"] })));

    [Fact]
    public void I12_a_gate_that_throws_refuses() =>
        Assert.Equal("DENY_STATE", Judge(Case(Tier.Yellow, Rig.Otto) with { Touched = [null!] }));

    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static string Judge(GateCase call) => Gate.Judge(call).Name;

    private static (string, Consent) Whole(GateCase call) => Gate.Judge(call) is var verdict ? (verdict.Name, verdict.Consent) : default;

    private static Caller Named(string name) => name == "viewer" ? Rig.Vera : Callers.Last(c => c.Kind == name && c.Role >= Role.Operator);

    private static BreakGlass Glass(Caller.Operator person) => new() { User = person.User, Session = person.Session, Reason = "fire", Until = Start + TimeSpan.FromMinutes(10) };

    private static Touched Touch(int vmid, Effect effect) =>
        new(new TargetState { Target = new Target("lab", Kind.Guest, $"{vmid}"), Fingerprint = "" }, effect);

    private static GateCase Case(Tier tier, Caller caller) => new()
    {
        Tool = Catalogue.Find("stop_vm")!,
        Tier = tier,
        Caller = caller is Caller.Runbook { Tool: "start_vm" } runbook && runbook.Standing.Count == 0 ? runbook with { Tool = "stop_vm" } : caller,
        Touched = [Plain],
        Consequences = [],
        Tainted = false,
        Asked = false,
        IsQuestion = false,
        TwoPersons = false,
        Killed = false,
        KeywordSet = true,
        BudgetLeft = 30,
        RequestsLeft = 10,
        DeniedUntil = null,
        Now = Start,
    };
}
