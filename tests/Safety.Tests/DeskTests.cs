using System.Text;

namespace Jarvis.Safety.Tests;

/// <summary>The desk at which people decide: what it lists, refuses, writes down and tells.</summary>
public sealed class DeskTests : IDisposable
{
    private const string Stop = """{"guest":101}""";
    private const string Full = "CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_refused_call_is_on_record_under_its_own_tier()
    {
        Assert.Equal(("DENY_ARGS", Tier.Red), (Row(await _rig.Invoke("stop_vm", "{}", Rig.Model)).Verdict, Row(await _rig.Invoke("stop_vm", "{}", Rig.Model)).Tier));
        Assert.Equal(("DENY_BLACK", Tier.Black), (Row(await _rig.Invoke("vm_nuke", "{}", Rig.Model)).Verdict, Row(await _rig.Invoke("vm_nuke", "{}", Rig.Model)).Tier));
        var unread = await _rig.Invoke("get_status", "{}", Rig.Key with { Scope = ["start_vm"] });
        Assert.Equal(("DENY_ROLE", Tier.Green, AuditPart.Whole), (Row(unread).Verdict, Row(unread).Tier, Row(unread).Part));
    }

    [Fact]
    public async Task A_call_that_needs_no_approval_leaves_none_and_what_was_approved_beforehand_is_not_open_while_it_runs()
    {
        await _rig.Invoke("start_vm", Stop, Rig.Model);
        Assert.Empty(_rig.Kernel.Approvals.List(openOnly: false));
        var moving = _rig.Invoke("migrate_guest", Stop, Rig.Otto with { Confirmed = true });
        await _rig.World.Entered.Task;
        Assert.Empty(_rig.Kernel.Approvals.List());
        var kept = Assert.Single(_rig.Kernel.Approvals.List(openOnly: false));
        Assert.IsType<ToolOutcome.Running>(_rig.Kernel.Invoker.Find(kept.Run!));
        Assert.Equal(0, await _rig.Kernel.ReconcileAsync(Rig.Cancel));
        Assert.IsType<ToolOutcome.Running>(_rig.Kernel.Invoker.Find(kept.Run!));
        _rig.World.Gate.SetResult();
        Assert.IsType<ToolOutcome.Completed>(await moving);
    }

    [Fact]
    public async Task I04_a_secret_approved_beforehand_is_not_kept_while_its_call_runs()
    {
        _rig.Kernel.Fault = stage =>
        {
            if (stage == Stage.Run) Assert.DoesNotContain("hunter2", Assert.Single(_rig.Kernel.Approvals.List(openOnly: false)).Arguments, StringComparison.Ordinal);
        };
        Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("update_guest", """{"guest":101,"description":"password=hunter2hunter2"}""", Rig.Otto with { Confirmed = true }));
    }

    [Fact]
    public async Task C02_what_was_approved_while_it_was_edited_stays_what_was_approved()
    {
        var approval = await _rig.Wait("stop_vm", Stop, Rig.Model);
        _rig.World.Trouble = query =>
        {
            if (query.Text == "102") Assert.IsType<ToolOutcome.Waiting>(_rig.Approve(approval, run: false).GetAwaiter().GetResult());
            return null;
        };
        Assert.Equal("DENY_REPLAY", Rig.Code(await Edit(approval, """{"guest":102}""")));
        Assert.Equal(approval.Seen, _rig.Kernel.Approvals.Find(approval.Id)!.Seen);
        Assert.Contains(_rig.Kernel.Audit.Read(), r => (r.Verdict, r.Approval, r.Part) == ("DENY_REPLAY", approval.Id, AuditPart.Decision));
    }

    [Fact]
    public async Task I04_what_expired_keeps_no_arguments_in_the_file()
    {
        var approval = await _rig.Wait("update_guest", """{"guest":101,"description":"password=hunter2hunter2"}""", Rig.Model);
        _rig.Time.Advance(TimeSpan.FromMinutes(5));
        await _rig.Invoke("start_vm", Stop, Rig.Model);
        Assert.Equal("", _rig.Stored($"SELECT arguments FROM approvals WHERE id = '{approval.Id}'"));
    }

    private Task<ToolOutcome> Edit(Approval approval, string json, Caller? by = null) =>
        _rig.Kernel.Approvals.DecideAsync(approval.Id, new Decision.Edit(Encoding.UTF8.GetBytes(json)), by ?? Rig.Otto, Rig.Cancel);

    private AuditRow Row(ToolOutcome outcome) => Assert.Single(_rig.Kernel.Audit.Of(outcome.AuditId));

    [Fact]
    public async Task What_is_open_is_listed_the_newest_first()
    {
        var used = await _rig.Wait("stop_vm", """{"guest":103}""", Rig.Model);
        await _rig.Approve(used);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        var first = await _rig.Wait("stop_vm", Stop, Rig.Model);
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        var second = await _rig.Wait("stop_vm", """{"guest":102}""", Rig.Model);
        await _rig.Approve(second, run: false);
        Assert.Equal([second.Id, first.Id], _rig.Kernel.Approvals.List().Select(a => a.Id));
        Assert.Equal([second.Id, first.Id, used.Id], _rig.Kernel.Approvals.List(openOnly: false).Select(a => a.Id));
        Assert.Equal([second.Id], _rig.Kernel.Approvals.List(limit: 0).Select(a => a.Id));
        _rig.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal([second.Id], _rig.Kernel.Approvals.List().Select(a => a.Id));
        Assert.Null(_rig.Kernel.Approvals.Find("none"));
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ApprovalState.Expired, _rig.Kernel.Approvals.Find(second.Id)!.State);
    }

    [Fact]
    public async Task What_waits_or_was_refused_has_not_run()
    {
        var approval = await _rig.Wait("stop_vm", Stop, Rig.Model);
        Assert.Null(_rig.Kernel.Invoker.Find(approval.AuditId));
        Assert.False(_rig.Kernel.Invoker.Cancel(approval.AuditId, Rig.Otto));
        Assert.Equal((null, null, null), (approval.Run, approval.DecidedBy, approval.DecidedAt));
        Assert.Equal(approval.Id, Assert.Single(_rig.Kernel.Audit.Of(approval.AuditId)).Approval);
        Assert.Contains(_rig.World.Notices, n => n == new Notice(NoticeKind.ApprovalAsked, approval.Id, "stop_vm waits for a person."));
    }

    [Fact]
    public async Task Who_decided_what_and_why_is_on_record_and_told()
    {
        var (one, two) = (await _rig.Wait("stop_vm", Stop, Rig.Model), await _rig.Wait("stop_vm", """{"guest":102}""", Rig.Model));
        Assert.Equal(one.AuditId, Assert.IsType<ToolOutcome.Waiting>(await _rig.Approve(one, run: false)).AuditId);
        var denied = Assert.IsType<ToolOutcome.Refused>(await _rig.Deny(two, "the token=abcdef123456 is in it"));
        Assert.True(denied.Denied);
        Assert.Equal(("DENIED", Tier.Red, two.Id, """{"reason":"the token=[redacted] is in it"}"""), (Row(denied).Verdict, Row(denied).Tier, Row(denied).Approval, Row(denied).Text));
        var kept = _rig.Kernel.Approvals.Find(two.Id)!;
        Assert.Equal((ApprovalState.Denied, "otto", "the token=[redacted] is in it", _rig.Time.GetUtcNow(), ""), (kept.State, kept.DecidedBy, kept.Reason, kept.DecidedAt, kept.Arguments));
        Assert.Contains(_rig.Kernel.Audit.Read(), r => (r.Verdict, r.Approval, r.Actor, r.Part) == ("APPROVED", one.Id, "person:otto", AuditPart.Decision));
        Assert.Equal(["stop_vm: Approved by otto", "stop_vm: Denied by otto"], _rig.World.Notices.Where(n => n.Kind == NoticeKind.ApprovalDecided).Select(n => n.Text));
        var done = await _rig.Redeem(one, Stop);
        Assert.Contains("\"approvedBy\":\"otto\"", _rig.Kernel.Audit.Of(done.AuditId)[0].Text, StringComparison.Ordinal);
        Assert.Equal((one.Id, done.AuditId), (_rig.Kernel.Audit.Of(done.AuditId)[0].Approval, _rig.Kernel.Approvals.Find(one.Id)!.Run));
    }

    [Fact]
    public async Task A_refused_decision_is_on_record_and_changes_nothing()
    {
        var approval = await _rig.Wait("stop_vm", Stop, Rig.Model);
        var viewer = Row(await _rig.Approve(approval, Rig.Vera));
        Assert.Equal(("DENY_ROLE", AuditPart.Decision, """{"why":"Only a signed-in person with the role operator decides."}"""), (viewer.Verdict, viewer.Part, viewer.Text));
        Assert.Equal("DENY_REPLAY", Row(await _rig.Approve(approval with { Id = "none" })).Verdict);
        var stale = await _rig.Approve(approval, seen: "another");
        Assert.Equal(("DENY_STATE", "stop_vm", approval.Id), (Row(stale).Verdict, Row(stale).Tool, Row(stale).Approval));
        Assert.Equal(ApprovalState.Requested, _rig.Kernel.Approvals.Find(approval.Id)!.State);
    }

    [Fact]
    public async Task What_is_no_longer_open_is_neither_edited_nor_denied_nor_extended()
    {
        var approval = await _rig.Wait("stop_vm", Stop, Rig.Model);
        await _rig.Approve(approval, run: false);
        Assert.Equal("DENY_REPLAY", Rig.Code(await Edit(approval, Stop)));
        Assert.Equal("DENY_REPLAY", Rig.Code(await _rig.Deny(approval)));
        var late = await _rig.Wait("stop_vm", """{"guest":102}""", Rig.Model);
        _rig.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("DENY_EXPIRED", (await _rig.Kernel.Approvals.ExtendAsync(late.Id, Rig.Otto, Rig.Cancel)).Name);
        Assert.Equal("DENY_REPLAY", Rig.Code(await Edit(late, Stop)));
        Assert.Equal("DENY_EXPIRED", Rig.Code(await _rig.Redeem(late, """{"guest":102}""")));
    }

    [Fact]
    public async Task An_edited_call_has_another_time_to_live_and_an_editor()
    {
        var approval = await _rig.Wait("stop_vm", Stop, Rig.Model);
        _rig.Time.Advance(TimeSpan.FromMinutes(3));
        var edited = Assert.IsType<ToolOutcome.Waiting>(await Edit(approval, """{"guest":102}""")).Approval;
        Assert.Equal((approval.Id, approval.AuditId, "otto", _rig.Time.GetUtcNow() + TimeSpan.FromMinutes(5), approval.AskedAt), (edited.Id, edited.AuditId, edited.DecidedBy, edited.ExpiresAt, edited.AskedAt));
        var row = _rig.Kernel.Audit.Read().Single(r => r.Verdict == "EDITED");
        Assert.Equal((edited.Digest, edited.Id), (row.Digest, row.Approval));
        Assert.Contains("\"guest\":102", row.Text, StringComparison.Ordinal);
        Assert.Equal("DENY_REPLAY", Rig.Code(await _rig.Redeem(edited, Stop)));
    }

    [Fact]
    public async Task An_edit_is_refused_while_the_lab_cannot_be_read_or_nothing_may_change()
    {
        var approval = await _rig.Wait("stop_vm", Stop, Rig.Model);
        _rig.World.Trouble = _ => new HttpRequestException("connection refused");
        Assert.Equal("DENY_STATE", Rig.Code(await Edit(approval, """{"guest":102}""")));
        _rig.World.Trouble = _ => null;
        Assert.Equal("DENY_ROLE", Rig.Code(await Edit(approval, """{"guest":102}""", Rig.Vera)));
        Assert.Equal(approval.Seen, _rig.Kernel.Approvals.Find(approval.Id)!.Seen);
        _rig.Tamper("UPDATE kill SET active = 1");
        Assert.Equal("DENY_KILL", Rig.Code(await Edit(approval, """{"guest":102}""")));
        Assert.Equal("DENY_KILL", Rig.Code(await _rig.Approve(approval)));
    }

    [Fact]
    public async Task A_denial_is_undone_by_those_who_may_and_once()
    {
        var approval = await _rig.Wait("stop_vm", Stop, Rig.Model);
        Assert.Equal("DENY_STATE", (await _rig.Kernel.Approvals.UndoDenialAsync(approval.Id, Rig.Otto, Rig.Cancel)).Name);
        await _rig.Deny(approval);
        foreach (var caller in new Caller[] { Rig.Vera, Rig.Model, Rig.Key }) Assert.Equal("DENY_ROLE", (await _rig.Kernel.Approvals.UndoDenialAsync(approval.Id, caller, Rig.Cancel)).Name);
        Assert.True((await _rig.Kernel.Approvals.UndoDenialAsync(approval.Id, Rig.Otto, Rig.Cancel)).Allows);
        Assert.Single(_rig.Kernel.Audit.Read(), r => r.Verdict == "UNDENIED" && r.Approval == approval.Id);
        Assert.Equal("DENY_STATE", (await _rig.Kernel.Approvals.UndoDenialAsync(approval.Id, Rig.Otto, Rig.Cancel)).Name);
    }

    [Fact]
    public async Task I01_no_decision_is_taken_that_cannot_be_recorded()
    {
        var approval = await _rig.Wait("stop_vm", Stop, Rig.Model);
        _rig.Tamper(Full);
        Assert.Equal("DENY_STATE", Rig.Code(await _rig.Approve(approval)));
        Assert.Equal("DENY_STATE", Rig.Code(await _rig.Deny(approval)));
        Assert.Equal("DENY_STATE", (await _rig.Kernel.Keyword.SetAsync(Rig.Word, Rig.Anna, Rig.Cancel)).Name);
        var (verdict, glass) = await _rig.Kernel.BreakGlassAsync(Rig.Anna, "the router is on fire", Rig.Cancel);
        Assert.Equal(("DENY_STATE", null), (verdict.Name, glass));
        Assert.Empty(_rig.Kernel.BreakGlasses);
        Assert.Empty(_rig.World.Done);
        _rig.Tamper("DROP TRIGGER broken");
        Assert.False(_rig.Kernel.Keyword.IsSet);
        Assert.Equal(ApprovalState.Requested, _rig.Kernel.Approvals.Find(approval.Id)!.State);
        Assert.IsType<ToolOutcome.Completed>(await _rig.Approve(approval));
    }

    [Fact]
    public async Task A_keyword_taken_away_approves_nothing()
    {
        await _rig.SetKeyword();
        var approval = await _rig.Wait("reboot_node", """{"node":"pve2"}""", Rig.Model);
        Assert.True((await _rig.Kernel.Keyword.SetAsync(null, Rig.Anna, Rig.Cancel)).Allows);
        Assert.Equal("DENY_STATE", Rig.Code(await _rig.Approve(approval, keyword: Rig.Word)));
        Assert.Equal(["KEYWORD_SET", "KEYWORD_CLEARED"], _rig.Kernel.Audit.Read().Where(r => r.Verdict.StartsWith("KEYWORD", StringComparison.Ordinal)).Select(r => r.Verdict).Reverse());
    }

    [Theory]
    [InlineData("12345", "DENY_ARGS")]
    [InlineData("123456", "ALLOW_LOGGED")]
    [InlineData("tab\there", "DENY_ARGS")]
    public async Task A_keyword_is_long_enough_and_can_be_typed(string word, string code) => Assert.Equal(code, (await _rig.Kernel.Keyword.SetAsync(word, Rig.Anna, Rig.Cancel)).Name);

    [Fact]
    public async Task A_keyword_has_a_longest_length_that_still_works()
    {
        Assert.Equal("DENY_ARGS", (await _rig.Kernel.Keyword.SetAsync(new string('x', 129), Rig.Anna, Rig.Cancel)).Name);
        Assert.True((await _rig.Kernel.Keyword.SetAsync(new string('x', 128), Rig.Anna, Rig.Cancel)).Allows);
        Assert.IsType<ToolOutcome.Completed>(await _rig.Approve(await _rig.Wait("reboot_node", """{"node":"pve2"}""", Rig.Model), keyword: new string('x', 128)));
    }

    [Fact]
    public async Task What_is_approved_beforehand_keeps_no_secret_and_says_whose_word_it_was()
    {
        await _rig.Invoke("update_guest", """{"guest":101,"description":"password=hunter2hunter2"}""", Rig.Otto with { Confirmed = true });
        var kept = Assert.Single(_rig.Kernel.Approvals.List(openOnly: false));
        Assert.Equal((Consent.Own, "otto", _rig.Time.GetUtcNow()), (kept.Consent, kept.DecidedBy, kept.DecidedAt));
        Assert.DoesNotContain("hunter2", kept.Arguments, StringComparison.Ordinal);
        Assert.Equal("DENY_REPLAY", Rig.Code(await _rig.Redeem(kept, """{"guest":101,"description":"password=hunter2hunter2"}""", Rig.Otto)));
    }

    [Fact]
    public async Task H14_a_reason_is_given_and_told()
    {
        foreach (var reason in new[] { "  1234  ", new string('x', 501) }) Assert.Equal("DENY_ARGS", (await _rig.Kernel.BreakGlassAsync(Rig.Anna, reason, Rig.Cancel)).Verdict.Name);
        foreach (var reason in new[] { "12345", new string('x', 500) }) Assert.True((await _rig.Kernel.BreakGlassAsync(Rig.Anna, reason, Rig.Cancel)).Verdict.Allows);
        Assert.Equal(2, _rig.World.Notices.Count(n => n.Kind == NoticeKind.BreakGlass));
        Assert.Contains(_rig.Kernel.Audit.Read(), r => r.Verdict == "BREAK_GLASS" && r.Text == """{"reason":"12345"}""");
        _rig.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty(_rig.Kernel.BreakGlasses);
    }

    [Fact]
    public async Task A_kill_switch_that_cannot_be_stored_as_off_stays_on()
    {
        Assert.True((await _rig.Kernel.KillSwitch.SetAsync(true, Rig.Otto, Rig.Cancel)).Allows);
        _rig.Tamper(Full);
        Assert.Equal("DENY_STATE", (await _rig.Kernel.KillSwitch.SetAsync(false, Rig.Anna, Rig.Cancel)).Name);
        Assert.Equal((true, "otto"), (_rig.Kernel.KillSwitch.State.Active, _rig.Kernel.KillSwitch.State.By));
        _rig.Tamper("DROP TRIGGER broken");
        Assert.True((await _rig.Kernel.KillSwitch.SetAsync(false, Rig.Anna, Rig.Cancel)).Allows);
        Assert.Equal(["switched on by otto", "switched off by anna"], _rig.World.Notices.Where(n => n.Kind == NoticeKind.KillSwitch).Select(n => n.Text));
        Assert.Equal(["KILL_OFF", "KILL_ON"], _rig.Kernel.Audit.Read().Where(r => r.Verdict.StartsWith("KILL", StringComparison.Ordinal)).Select(r => r.Verdict));
    }

    [Fact]
    public async Task H08_what_the_kill_switch_denied_is_counted_and_stays_denied()
    {
        var approval = await _rig.Wait("stop_vm", Stop, Rig.Model);
        await _rig.Kernel.KillSwitch.SetAsync(true, Rig.Otto, Rig.Cancel);
        Assert.Equal("""{"denied":1}""", _rig.Kernel.Audit.Read().Single(r => r.Verdict == "KILL_ON").Text);
        await _rig.Kernel.KillSwitch.SetAsync(false, Rig.Anna, Rig.Cancel);
        Assert.Equal((ApprovalState.Denied, "otto"), (_rig.Kernel.Approvals.Find(approval.Id)!.State, _rig.Kernel.Approvals.Find(approval.Id)!.DecidedBy));
        Assert.Equal("DENY_REPLAY", Rig.Code(await _rig.Approve(approval)));
        Assert.IsType<ToolOutcome.Waiting>(await _rig.Invoke("stop_vm", Stop, Rig.Model));
        await _rig.Kernel.KillSwitch.SetAsync(false, Rig.Anna, Rig.Cancel);
        Assert.Single(_rig.Kernel.Approvals.List());
    }
}
