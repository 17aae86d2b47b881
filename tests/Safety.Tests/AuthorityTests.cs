namespace Jarvis.Safety.Tests;

/// <summary>Who may do what, how often, and what stops all of it.</summary>
public sealed class AuthorityTests : IDisposable
{
    private const string Start = """{"guest":101}""";
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("start_vm", """{"guest":101}""")]
    [InlineData("stop_vm", """{"guest":101}""")]
    [InlineData("execute_command", """{"node":"pve1","command":"ls"}""")]
    public Task H01_a_viewer_changes_nothing(string tool, string json) => _rig.Refused("DENY_ROLE", tool, json, Rig.Vera);

    [Theory]
    [InlineData("stop_vm", """{"guest":100}""", "tag")]
    [InlineData("stop_vm", """{"guest":"jarvis"}""", "tag")]
    [InlineData("stop_vm", """{"guest":101}""", "id")]
    [InlineData("stop_vm", """{"guest":102}""", "name")]
    [InlineData("stop_vm", """{"guest":103}""", "pool")]
    [InlineData("update_guest", """{"guest":103}""", "pool")]
    [InlineData("reboot_node", """{"node":"pve1"}""", "parent")]
    [InlineData("detach_storage", """{"storage":"local-zfs"}""", "storage")]
    [InlineData("restart_service", """{"node":"pve1","service":"docker"}""", "service")]
    [InlineData("restart_service", """{"node":"pve1","service":"docker.service"}""", "service")]
    [InlineData("destroy_vm", """{"guest":100}""", "black")]
    public async Task H04_a_protected_target_is_protected_however_it_is_reached(string tool, string json, string _)
    {
        using var rig = new Rig(new SafetyOptions
        {
            Protected =
            [
                new TargetRule { Kind = Kind.Guest, Id = "101", Cluster = "lab" },
                new TargetRule { Kind = Kind.Guest, Name = "DB" },
                new TargetRule { Kind = Kind.Guest, Pool = "core" },
                new TargetRule { Kind = Kind.Service, Name = "docker.service" },
            ],
        });
        foreach (var caller in new Caller[] { Rig.Model, Rig.Mcp, Rig.Key, Rig.Anna with { Confirmed = true } }) await rig.Refused("DENY_PROTECTED", tool, json, caller);
    }

    [Fact]
    public async Task H04_a_protected_guest_may_be_started() =>
        Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("start_vm", """{"guest":100}""", Rig.Model)));

    [Fact]
    public async Task H06_a_key_has_one_budget_whichever_door_it_comes_through()
    {
        for (var i = 0; i < 30; i++) Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("start_vm", Start, Rig.Mcp)));
        await _rig.Refused("DENY_BUDGET", "start_vm", Start, Rig.Key with { Key = Rig.Mcp.Key });
        Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("start_vm", Start, Rig.Key)));
    }

    [Fact]
    public async Task H06_the_budget_is_exact_under_64_at_once_and_outlives_a_restart()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => _rig.Invoke("start_vm", Start, Rig.Model))));
        Assert.Equal(30, outcomes.Count(o => o is ToolOutcome.Completed));
        Assert.Equal(34, outcomes.Count(o => Rig.Code(o) == "DENY_BUDGET"));
        Assert.Equal(30, _rig.World.Done.Count);
        _rig.Reopen();
        await _rig.Refused("DENY_BUDGET", "start_vm", Start, Rig.Model);
        Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("start_vm", Start, Rig.Mcp)));
        for (var i = 0; i < 40; i++) Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("start_vm", Start, Rig.Otto)));
        _rig.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("start_vm", Start, Rig.Model)));
    }

    [Fact]
    public async Task Runbooks_share_three_writes_an_incident_and_act_one_at_a_time()
    {
        for (var i = 0; i < 3; i++) Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("start_vm", Start, Rig.Runbook with { Name = $"r{i}" })));
        await _rig.Refused("DENY_BUDGET", "start_vm", Start, Rig.Runbook with { Name = "r9" });
        Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("start_vm", Start, Rig.Runbook with { Incident = "i2" })));

        var mover = Rig.Runbook with { Tool = "migrate_guest", Incident = "i3", Standing = [new StandingApproval("p", "restart", "migrate_guest", Kind.Guest, 1)] };
        var moving = _rig.Invoke("migrate_guest", Start, mover);
        await _rig.World.Entered.Task;
        await _rig.Refused("DENY_BUDGET", "start_vm", Start, Rig.Runbook with { Incident = "i4" });
        Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("start_vm", Start, Rig.Model)));
        _rig.World.Gate.SetResult();
        await moving;
        Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("start_vm", Start, Rig.Runbook with { Incident = "i4" })));
    }

    [Fact]
    public async Task What_was_allowed_beforehand_is_kept_as_an_approval_too()
    {
        var key = Rig.Key with { Grants = [new Grant("stop_vm", [new Target("lab", Kind.Guest, "101")])] };
        var done = await _rig.Invoke("stop_vm", Start, key);
        var kept = Assert.Single(_rig.Kernel.Approvals.List(openOnly: false));
        Assert.Equal((Consent.Grant, ApprovalState.Consumed, done.AuditId), (kept.Consent, kept.State, kept.Run));
        Assert.Contains("\"consent\":\"Grant\"", _rig.Kernel.Audit.Of(done.AuditId)[0].Text, StringComparison.Ordinal);
        Assert.IsType<ToolOutcome.Waiting>(await _rig.Invoke("stop_vm", """{"guest":102}""", key));
    }

    [Fact]
    public async Task H08_a_call_stopped_between_judgement_and_effect_has_none()
    {
        _rig.Kernel.Fault = stage =>
        {
            if (stage == Stage.Run) Assert.True(_rig.Kernel.KillSwitch.SetAsync(true, Rig.Otto, Rig.Cancel).Result.Allows);
        };
        var outcome = Assert.IsType<ToolOutcome.Failed>(await _rig.Invoke("start_vm", Start, Rig.Model));
        Assert.Equal("start_vm did not run to its end: the kill switch was switched on.", outcome.Why);
        Assert.Empty(_rig.World.Done);
    }

    [Fact]
    public async Task H08_reads_go_on()
    {
        _rig.Kernel.Fault = stage =>
        {
            if (stage == Stage.Run) Assert.True(_rig.Kernel.KillSwitch.SetAsync(true, Rig.Otto, Rig.Cancel).Result.Allows);
        };
        Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("get_notes", Start, Rig.Model));
    }

    [Fact]
    public async Task H08_the_kill_switch_stops_what_is_new_what_waits_and_what_runs()
    {
        var waiting = await _rig.Wait("stop_vm", Start, Rig.Model);
        var approved = await _rig.Wait("stop_vm", """{"guest":102}""", Rig.Model);
        await _rig.Approve(approved, run: false);
        var moving = _rig.Invoke("migrate_guest", Start, Rig.Otto with { Confirmed = true });
        await _rig.World.Entered.Task;
        Assert.True((await _rig.Kernel.KillSwitch.SetAsync(true, Rig.Otto, Rig.Cancel)).Allows);
        Assert.Contains("the kill switch was switched on", Assert.IsType<ToolOutcome.Unknown>(await moving.WaitAsync(TimeSpan.FromSeconds(20), Rig.Cancel)).Why, StringComparison.Ordinal);
        await _rig.Refused("DENY_KILL", "start_vm", Start, Rig.Model);
        await _rig.Refused("DENY_KILL", "start_vm", Start, Rig.Anna);
        Assert.Equal("DENY_REPLAY", Rig.Code(await _rig.Approve(waiting)));
        Assert.Equal("DENY_REPLAY", Rig.Code(await _rig.Redeem(approved, """{"guest":102}""")));
        Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("get_status", "{}", Rig.Model));
        _rig.Reopen();
        await _rig.Refused("DENY_KILL", "start_vm", Start, Rig.Model);
        Assert.True((await _rig.Kernel.KillSwitch.SetAsync(false, Rig.Anna, Rig.Cancel)).Allows);
        Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("start_vm", Start, Rig.Model)));
        Assert.Equal(["start 101"], _rig.World.Done);
    }

    [Theory]
    [InlineData("DELETE FROM kill")]
    [InlineData("DROP TABLE kill")]
    [InlineData("PRAGMA ignore_check_constraints = ON; UPDATE kill SET active = 'no'")]
    public async Task H09_a_kill_switch_that_cannot_be_read_is_on(string damage)
    {
        _rig.Tamper(damage);
        Assert.True(_rig.Kernel.KillSwitch.State.Active);
        Assert.IsType<ToolOutcome.Refused>(await _rig.Invoke("start_vm", Start, Rig.Anna));
        Assert.Equal("DENY_KILL", Rig.Code(await _rig.Invoke("start_vm", Start, Rig.Model)));
        Assert.Empty(_rig.World.Done);
        Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("get_status", "{}", Rig.Model));
    }

    [Fact]
    public async Task H10_only_a_signed_in_administrator_switches_it_off()
    {
        await _rig.Kernel.KillSwitch.SetAsync(true, Rig.Otto, Rig.Cancel);
        foreach (var caller in new Caller[] { Rig.Model with { Role = Role.Admin }, Rig.Mcp with { Role = Role.Admin }, Rig.Key with { Role = Role.Admin }, Rig.Runbook, Rig.Otto, Rig.Otto with { Role = Role.Admin }, Rig.Anna with { Role = Role.Operator } })
        {
            Assert.Equal("DENY_ROLE", (await _rig.Kernel.KillSwitch.SetAsync(false, caller, Rig.Cancel)).Name);
            Assert.True(_rig.Kernel.KillSwitch.State.Active);
        }
        Assert.Equal("DENY_ROLE", (await _rig.Kernel.KillSwitch.SetAsync(true, Rig.Vera, Rig.Cancel)).Name);
    }

    [Fact]
    public async Task A_kill_switch_that_cannot_be_stored_is_on_all_the_same()
    {
        _rig.Tamper("CREATE TRIGGER broken BEFORE INSERT ON kill BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        var unstored = await _rig.Kernel.KillSwitch.SetAsync(true, Rig.Otto, Rig.Cancel);
        Assert.Equal("DENY_STATE", unstored.Name);
        Assert.StartsWith("It is on until the server ends", unstored.Why, StringComparison.Ordinal);
        Assert.True(_rig.Kernel.KillSwitch.State.Active);
        await _rig.Refused("DENY_KILL", "start_vm", Start, Rig.Model);
        _rig.Tamper("DROP TRIGGER broken");
        Assert.True((await _rig.Kernel.KillSwitch.SetAsync(false, Rig.Anna, Rig.Cancel)).Allows);
        Assert.False(_rig.Kernel.KillSwitch.State.Active);
    }

    [Fact]
    public async Task H08_nothing_is_approved_and_nothing_approved_is_used_under_a_kill_switch_that_could_not_be_stored()
    {
        var (asked, approved) = (await _rig.Wait("stop_vm", Start, Rig.Model), await _rig.Wait("stop_vm", """{"guest":102}""", Rig.Model));
        await _rig.Approve(approved, run: false);
        _rig.Tamper("CREATE TRIGGER broken BEFORE INSERT ON kill BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        await _rig.Kernel.KillSwitch.SetAsync(true, Rig.Otto, Rig.Cancel);
        Assert.Equal("DENY_KILL", Rig.Code(await _rig.Approve(asked, run: false)));
        Assert.Equal("DENY_KILL", Rig.Code(await _rig.Redeem(approved, """{"guest":102}""")));
        Assert.Equal(ApprovalState.Approved, _rig.Kernel.Approvals.Find(approved.Id)!.State);
        var preview = await _rig.Kernel.Invoker.PreviewAsync("start_vm", """{"guest":101}"""u8.ToArray(), Rig.Otto, _rig.Turn, Rig.Cancel);
        Assert.Equal("DENY_KILL", preview.Verdict.Name);
        Assert.Empty(_rig.World.Done);
    }

    [Fact]
    public async Task H14_break_glass_is_an_administrators_for_ten_minutes_and_on_record()
    {
        Assert.Null((await _rig.Kernel.BreakGlassAsync(Rig.Otto, "the router is on fire", Rig.Cancel)).Glass);
        Assert.Null((await _rig.Kernel.BreakGlassAsync(Rig.Otto with { Role = Role.Admin }, "the router is on fire", Rig.Cancel)).Glass);
        Assert.Null((await _rig.Kernel.BreakGlassAsync(Rig.Anna with { Role = Role.Operator }, "the router is on fire", Rig.Cancel)).Glass);
        Assert.Null((await _rig.Kernel.BreakGlassAsync(Rig.Anna, " ", Rig.Cancel)).Glass);
        var (_, glass) = await _rig.Kernel.BreakGlassAsync(Rig.Anna, "the router is on fire", Rig.Cancel);
        var anna = Rig.Anna with { BreakGlass = glass };
        Assert.Single(_rig.Kernel.BreakGlasses);
        Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("stop_vm", Start, anna));
        Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("execute_command", """{"node":"pve2","command":"id"}""", anna));
        await _rig.Refused("DENY_BLACK", "destroy_vm", Start, anna);
        await _rig.Refused("DENY_PROTECTED", "stop_vm", """{"guest":100}""", anna);
        Assert.Equal(2, _rig.Kernel.Approvals.List(openOnly: false).Count(a => a.Consent == Consent.BreakGlass));
        _rig.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.IsType<ToolOutcome.Waiting>(await _rig.Invoke("stop_vm", Start, anna));
        Assert.Empty(_rig.Kernel.BreakGlasses);
    }

    [Fact]
    public async Task H16_the_same_key_joins_the_call_that_runs_and_gets_the_end_of_one_that_ran()
    {
        var turn = new Turn("rest", "c1") { IdempotencyKey = "click-1" };
        var first = _rig.Invoke("migrate_guest", Start, Rig.Otto with { Confirmed = true }, turn);
        await _rig.World.Entered.Task;
        var second = _rig.Invoke("migrate_guest", Start, Rig.Otto with { Confirmed = true }, turn);
        _rig.World.Gate.SetResult();
        Assert.Equal((await first).AuditId, (await second).AuditId);
        Assert.IsType<ToolOutcome.Completed>(await second);
        Assert.Equal((await first).AuditId, (await _rig.Invoke("migrate_guest", Start, Rig.Otto with { Confirmed = true }, turn)).AuditId);
        _rig.Reopen();
        Assert.Equal((await first).AuditId, (await _rig.Invoke("migrate_guest", Start, Rig.Otto with { Confirmed = true }, turn)).AuditId);
        Assert.Equal("DENY_REPLAY", Rig.Code(await _rig.Invoke("migrate_guest", """{"guest":102}""", Rig.Otto with { Confirmed = true }, turn)));
        Assert.Equal(["migrate 101"], _rig.World.Done);
    }

    [Fact]
    public async Task The_same_key_finds_the_approval_that_waits()
    {
        var turn = new Turn("rest", "c1") { IdempotencyKey = "click-2" };
        var approval = await _rig.Wait("stop_vm", Start, Rig.Model, turn);
        Assert.Equal(approval.Id, (await _rig.Wait("stop_vm", Start, Rig.Model, turn)).Id);
        Assert.IsType<ToolOutcome.Completed>(await _rig.Approve(approval));
        Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("stop_vm", Start, Rig.Model, turn));
        Assert.Equal(["stop 101"], _rig.World.Done);
    }

    [Fact]
    public async Task What_would_lose_the_last_backup_is_refused_to_programs_and_shown_to_people()
    {
        _rig.World.Consequences = [new Consequence(ConsequenceKind.DeletesNewestBackup, "It is the newest backup of guest 101.")];
        const string json = """{"volume":"local:backup/vzdump-qemu-101.vma.zst"}""";
        foreach (var caller in new Caller[] { Rig.Model, Rig.Mcp, Rig.Key, Rig.Runbook with { Tool = "delete_backup" } }) await _rig.Refused("DENY_PROTECTED", "delete_backup", json, caller);
        var approval = await _rig.Wait("delete_backup", json, Rig.Otto);
        Assert.Equal(["It is the newest backup of guest 101."], approval.Plan.Warnings);
        Assert.IsType<ToolOutcome.Completed>(await _rig.Approve(approval));
    }

    [Fact]
    public async Task C07_two_persons_are_needed_too_for_what_holds_such_a_target()
    {
        using var rig = new Rig(new SafetyOptions { TwoPersons = [new TargetRule { Kind = Kind.Guest, Tag = "prod" }] });
        await rig.SetKeyword();
        Assert.True((await rig.Wait("reboot_node", """{"node":"pve2"}""", Rig.Otto)).TwoPersons);
    }
}
