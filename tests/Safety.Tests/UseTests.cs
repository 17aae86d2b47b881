using System.Text;

namespace Jarvis.Safety.Tests;

/// <summary>What comes of a call afterwards: an approval used, a run stopped, asked after, or sent again.</summary>
public sealed class UseTests : IDisposable
{
    private const string Stop = """{"guest":101}""";
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    private AuditRow Row(ToolOutcome outcome) => Assert.Single(_rig.Kernel.Audit.Of(outcome.AuditId));

    [Fact]
    public async Task A_call_that_its_channel_could_not_bring_is_refused_and_on_record()
    {
        var known = _rig.Kernel.Invoker.Malformed("stop_vm", "The body is no JSON.", Rig.Model, _rig.Turn);
        Assert.Equal(("DENY_ARGS", Tier.Red, "stop_vm"), (Row(known).Verdict, Row(known).Tier, Row(known).Tool));
        Assert.Equal("""{"why":"The body is no JSON.","person":"otto"}""", Row(known).Text);
        Assert.Equal(Tier.Black, Row(_rig.Kernel.Invoker.Malformed("vm_nuke", "The body is no JSON.", Rig.Model, _rig.Turn)).Tier);
        await _rig.Kernel.KillSwitch.SetAsync(true, Rig.Otto, Rig.Cancel);
        Assert.Empty(_rig.World.Done);
    }

    [Fact]
    public async Task The_end_of_a_run_is_waited_for_as_long_as_a_caller_is()
    {
        var call = _rig.Invoke("migrate_guest", Stop, Rig.Otto with { Confirmed = true });
        await _rig.World.Entered.Task;
        _rig.Time.Advance(TimeSpan.FromSeconds(15));
        var id = Assert.IsType<ToolOutcome.Running>(await call).AuditId;
        var again = _rig.Kernel.Invoker.EndOfAsync(id, Rig.Cancel);
        _rig.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(id, Assert.IsType<ToolOutcome.Running>(await again).AuditId);
        var end = _rig.Kernel.Invoker.EndOfAsync(id, Rig.Cancel);
        _rig.World.Gate.SetResult();
        Assert.Equal("did migrate 101", Assert.IsType<ToolOutcome.Completed>(await end).Output.Text);
        Assert.IsType<ToolOutcome.Completed>(await _rig.Kernel.Invoker.EndOfAsync(id, Rig.Cancel));
        Assert.Null(await _rig.Kernel.Invoker.EndOfAsync("none", Rig.Cancel));
    }

    [Fact]
    public async Task A_run_of_ones_own_can_be_stopped_after_it_was_answered_as_running()
    {
        var call = _rig.Invoke("migrate_guest", Stop, Rig.Otto with { Confirmed = true });
        await _rig.World.Entered.Task;
        _rig.Time.Advance(TimeSpan.FromSeconds(15));
        var id = Assert.IsType<ToolOutcome.Running>(await call).AuditId;
        Assert.False(_rig.Kernel.Invoker.Cancel(id, Rig.Vera));
        Assert.True(_rig.Kernel.Invoker.Cancel(id, Rig.Otto));
        Assert.IsType<ToolOutcome.Unknown>(await _rig.Kernel.Invoker.EndOfAsync(id, Rig.Cancel));
        Assert.Empty(_rig.World.Done);
    }

    [Fact]
    public async Task What_a_switch_answers_is_what_it_did()
    {
        var (kill, word) = (_rig.Kernel.KillSwitch, _rig.Kernel.Keyword);
        Assert.Equal("Only a signed-in operator switches it on here.", (await kill.SetAsync(true, Rig.Vera, Rig.Cancel)).Why);
        Assert.Equal("Only a signed-in administrator switches it off.", (await kill.SetAsync(false, Rig.Otto, Rig.Cancel)).Why);
        Assert.Equal("Nothing is changed any more.", (await kill.SetAsync(true, Rig.Otto, Rig.Cancel)).Why);
        Assert.Equal("Changes are possible again.", (await kill.SetAsync(false, Rig.Anna, Rig.Cancel)).Why);
        Assert.Equal("The keyword is set.", (await word.SetAsync(Rig.Word, Rig.Anna, Rig.Cancel)).Why);
        Assert.Equal("ORANGE calls are refused until one is set.", (await word.SetAsync(null, Rig.Anna, Rig.Cancel)).Why);
    }

    [Fact]
    public async Task An_approved_run_is_stopped_like_any_other()
    {
        var (one, two) = (await _rig.Wait("migrate_guest", Stop, Rig.Model), await _rig.Wait("migrate_guest", """{"guest":102}""", Rig.Model));
        var first = _rig.Approve(one);
        await _rig.World.Entered.Task;
        _rig.Time.Advance(TimeSpan.FromSeconds(15));
        var running = Assert.IsType<ToolOutcome.Running>(await first);
        Assert.True(_rig.Kernel.Invoker.Cancel(running.AuditId, Rig.Otto));
        while (_rig.Kernel.Invoker.Find(running.AuditId) is ToolOutcome.Running) await Task.Yield();
        Assert.Contains("person:otto cancelled it", Assert.IsType<ToolOutcome.Unknown>(_rig.Kernel.Invoker.Find(running.AuditId)).Why, StringComparison.Ordinal);
        _rig.World.Entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var second = _rig.Approve(two);
        await _rig.World.Entered.Task;
        await _rig.Kernel.KillSwitch.SetAsync(true, Rig.Otto, Rig.Cancel);
        Assert.Contains("the kill switch was switched on", Assert.IsType<ToolOutcome.Unknown>(await second).Why, StringComparison.Ordinal);
        Assert.Empty(_rig.World.Done);
    }

    [Fact]
    public async Task I12_whatever_throws_while_an_approval_is_decided_or_used_has_no_effect()
    {
        foreach (var stage in new[] { Stage.Judge, Stage.Record, Stage.Redeem })
        {
            var approval = await _rig.Wait("stop_vm", Stop, Rig.Otto);
            await _rig.Approve(approval, run: false);
            Throw(stage);
            Assert.Equal("DENY_STATE", Rig.Code(await _rig.Redeem(approval, Stop, Rig.Otto)));
            _rig.Kernel.Fault = _ => { };
        }
        var asked = await _rig.Wait("stop_vm", Stop, Rig.Otto);
        Throw(Stage.Decide);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _rig.Approve(asked));
        Assert.Equal(ApprovalState.Requested, _rig.Kernel.Approvals.Find(asked.Id)!.State);
        Assert.Empty(_rig.World.Done);

        void Throw(Stage at) => _rig.Kernel.Fault = stage =>
        {
            if (stage == at) throw new InvalidOperationException("a bug");
        };
    }

    [Fact]
    public async Task C16_an_account_that_is_gone_has_approved_nothing()
    {
        var approval = await _rig.Wait("stop_vm", Stop, Rig.Model);
        await _rig.Approve(approval, Rig.Otto with { User = "paul" }, run: false);
        _rig.World.Roles.TryRemove("paul", out _);
        Assert.Equal("DENY_ROLE", Rig.Code(await _rig.Redeem(approval, Stop)));
        Assert.Empty(_rig.World.Done);
    }

    [Fact]
    public async Task A_run_that_is_stored_as_running_and_runs_nowhere_is_asked_after()
    {
        var done = await _rig.Invoke("start_vm", Stop, Rig.Model);
        _rig.Tamper("UPDATE runs SET state = 0");
        _rig.World.Found = new Reconciled(RunState.Running, "still at it");
        Assert.Equal(0, await _rig.Kernel.ReconcileAsync(Rig.Cancel));
        Assert.IsType<ToolOutcome.Unknown>(_rig.Kernel.Invoker.Find(done.AuditId));
        _rig.World.Found = new Reconciled(RunState.Failed, "no, token=abcdef123456");
        Assert.Equal(1, await _rig.Kernel.ReconcileAsync(Rig.Cancel));
        Assert.Equal("no, token=[redacted]", Assert.IsType<ToolOutcome.Failed>(_rig.Kernel.Invoker.Find(done.AuditId)).Why);
        Assert.Equal("""{"outcome":"Failed","text":"no, token=[redacted]"}""", _rig.Kernel.Audit.Of(done.AuditId)[^1].Text);
    }

    [Fact]
    public async Task What_is_found_of_an_ended_run_is_what_it_gave()
    {
        var done = await _rig.Invoke("start_vm", Stop, Rig.Model);
        Assert.Equal(new ToolOutput("did start 101 in lab", IsJson: false, 20, null), Assert.IsType<ToolOutcome.Completed>(_rig.Kernel.Invoker.Find(done.AuditId)).Output);
        var failed = await _rig.Invoke("break", Stop, Rig.Model);
        Assert.Equal(Assert.IsType<ToolOutcome.Failed>(failed).Why, Assert.IsType<ToolOutcome.Failed>(_rig.Kernel.Invoker.Find(failed.AuditId)).Why);
        _rig.Tamper("DROP TABLE runs");
        Assert.Null(_rig.Kernel.Invoker.Find(done.AuditId));
    }

    [Fact]
    public async Task A_call_that_was_denied_is_not_repeated_under_its_key()
    {
        var turn = new Turn("rest", "c1") { IdempotencyKey = "click-3" };
        var approval = await _rig.Wait("stop_vm", Stop, Rig.Otto, turn);
        await _rig.Approve(approval, run: false);
        Assert.Equal(approval.Id, (await _rig.Wait("stop_vm", Stop, Rig.Otto, turn)).Id);
        var other = new Turn("rest", "c1") { IdempotencyKey = "click-4" };
        await _rig.Deny(await _rig.Wait("stop_vm", """{"guest":102}""", Rig.Otto, other));
        Assert.Equal("DENY_REPLAY", Rig.Code(await _rig.Invoke("stop_vm", """{"guest":102}""", Rig.Otto, other)));
        Assert.Empty(_rig.World.Done);
    }

    [Fact]
    public async Task A_preview_says_what_would_be_and_refuses_what_would_be_refused()
    {
        async Task<Verdict> Preview(string tool, string json) => (await _rig.Kernel.Invoker.PreviewAsync(tool, Encoding.UTF8.GetBytes(json), Rig.Otto, _rig.Turn, Rig.Cancel)).Verdict;
        Assert.Equal("DENY_BLACK", (await Preview("vm_nuke", "{}")).Name);
        Assert.Equal("DENY_ARGS", (await Preview("stop_vm", "{}")).Name);
        Assert.Equal("NEEDS_FACTOR", (await Preview("reboot_node", """{"node":"pve2"}""")).Name);
        Assert.Equal("DENY_PROTECTED", (await Preview("stop_vm", """{"guest":100}""")).Name);
        _rig.Tamper("UPDATE kill SET active = 1");
        Assert.Equal("DENY_KILL", (await Preview("stop_vm", Stop)).Name);
    }

    [Fact]
    public async Task A_caller_that_goes_away_before_the_judgement_leaves_nothing_behind()
    {
        using var gone = new CancellationTokenSource();
        _rig.World.Trouble = _ =>
        {
            gone.Cancel();
            return new OperationCanceledException(gone.Token);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _rig.Kernel.Invoker.InvokeAsync("start_vm", Encoding.UTF8.GetBytes(Stop), Rig.Otto, _rig.Turn, gone.Token));
        Assert.Empty(_rig.World.Done);
    }

    [Fact]
    public async Task An_approval_used_while_the_lab_cannot_be_read_does_nothing()
    {
        var (one, two) = (await _rig.Wait("stop_vm", Stop, Rig.Model), await _rig.Wait("stop_vm", """{"guest":102}""", Rig.Model));
        await _rig.Approve(one, run: false);
        _rig.World.Trouble = _ => new HttpRequestException("connection refused, token=abcdef123456");
        var refused = Assert.IsType<ToolOutcome.Refused>(await _rig.Redeem(one, Stop));
        Assert.Equal(("DENY_STATE", "What it would touch could not be read: connection refused, token=[redacted]"), (refused.Verdict.Name, refused.Why));
        Assert.Equal(("DENY_STATE", Tier.Red), (Row(refused).Verdict, Row(refused).Tier));
        Assert.Equal("DENY_STATE", Rig.Code(await _rig.Approve(two)));
        _rig.World.Trouble = _ => null;
        Assert.Equal("DENY_REPLAY", Rig.Code(await _rig.Redeem(two, """{"guest":102}""")));
        Assert.Equal("gate", _rig.Kernel.Approvals.Find(two.Id)!.DecidedBy);
        Assert.IsType<ToolOutcome.Completed>(await _rig.Redeem(one, Stop));
        Assert.Equal(["stop 101"], _rig.World.Done);
    }

    [Fact]
    public async Task A_lost_approval_is_on_record_and_stays_lost()
    {
        var approval = await _rig.Wait("stop_vm", Stop, Rig.Model);
        await _rig.Approve(approval, run: false);
        _rig.World.Guests[101] = _rig.World.Guests[101] with { Tags = ["jarvis-protected"] };
        var refused = await _rig.Redeem(approval, Stop);
        Assert.Equal(("DENY_PROTECTED", approval.Id, AuditPart.Whole), (Row(refused).Verdict, Row(refused).Approval, Row(refused).Part));
        Assert.False(_rig.Kernel.Invoker.Cancel(refused.AuditId, Rig.Otto));
        _rig.World.Guests[101] = _rig.World.Guests[101] with { Tags = ["prod"] };
        Assert.Equal("DENY_REPLAY", Rig.Code(await _rig.Redeem(approval, Stop)));
        Assert.Equal(ApprovalState.Denied, _rig.Kernel.Approvals.Find(approval.Id)!.State);
        Assert.Empty(_rig.World.Done);
    }
}
