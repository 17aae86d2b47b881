namespace Jarvis.Safety.Tests;

/// <summary>What runs, how it ends, and what is given of it.</summary>
public sealed class RunTests : IDisposable
{
    private const string Guest = """{"guest":101}""";
    private static readonly Caller Sure = Rig.Otto with { Confirmed = true };
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_call_that_takes_long_is_answered_as_running_and_found_when_it_has_ended()
    {
        var call = _rig.Invoke("migrate_guest", Guest, Sure);
        await _rig.World.Entered.Task;
        _rig.Time.Advance(TimeSpan.FromSeconds(15));
        var running = Assert.IsType<ToolOutcome.Running>(await call);
        Assert.IsType<ToolOutcome.Running>(_rig.Kernel.Invoker.Find(running.AuditId));
        var ended = new TaskCompletionSource();
        _rig.World.Gate.SetResult();
        while (_rig.Kernel.Invoker.Find(running.AuditId) is not ToolOutcome.Completed) await Task.Yield();
        var done = Assert.IsType<ToolOutcome.Completed>(_rig.Kernel.Invoker.Find(running.AuditId));
        Assert.Equal(("did migrate 101", "UPID:pve1:101"), (done.Output.Text, done.Upid));
    }

    [Fact]
    public async Task Whoever_calls_is_told_how_far_it_is()
    {
        var told = new List<(string, double?)>();
        _rig.World.Gate.SetResult();
        await _rig.Invoke("migrate_guest", Guest, Sure, new Turn("test", "c1") { Progress = (what, share) => told.Add((what, share)) });
        Assert.Equal([("copying", 0.5)], told);
    }

    [Fact]
    public async Task I09_a_run_past_its_time_is_unknown_and_reconciled_never_sent_again()
    {
        var call = _rig.Invoke("migrate_guest", Guest, Sure);
        await _rig.World.Entered.Task;
        _rig.Time.Advance(TimeSpan.FromSeconds(15));
        var id = (await call).AuditId;
        _rig.Time.Advance(TimeSpan.FromSeconds(120));
        while (_rig.Kernel.Invoker.Find(id) is ToolOutcome.Running) await Task.Yield();
        Assert.Equal("UPID:pve1:101", Assert.IsType<ToolOutcome.Unknown>(_rig.Kernel.Invoker.Find(id)).Upid);
        _rig.World.Found = new Reconciled(RunState.Failed, "migration aborted");
        Assert.Equal(1, await _rig.Kernel.ReconcileAsync(Rig.Cancel));
        Assert.Equal("migration aborted", Assert.IsType<ToolOutcome.Failed>(_rig.Kernel.Invoker.Find(id)).Why);
        Assert.Empty(_rig.World.Done);
    }

    [Fact]
    public async Task A_run_is_cancelled_by_whoever_began_it_or_a_person_who_may()
    {
        var approval = await _rig.Wait("migrate_guest", Guest, Rig.Model);
        var call = _rig.Approve(approval);
        await _rig.World.Entered.Task;
        var id = _rig.Kernel.Approvals.Find(approval.Id)!.Run!;
        foreach (var caller in new Caller[] { Rig.Mcp, Rig.Vera, Rig.Model with { User = "anna" } }) Assert.False(_rig.Kernel.Invoker.Cancel(id, caller));
        Assert.False(_rig.Kernel.Invoker.Cancel("none", Rig.Otto));
        Assert.True(_rig.Kernel.Invoker.Cancel(id, Rig.Model));
        Assert.Contains("model:otto cancelled it", Assert.IsType<ToolOutcome.Unknown>(await call).Why, StringComparison.Ordinal);
        Assert.False(_rig.Kernel.Invoker.Cancel(id, Rig.Otto));
    }

    [Fact]
    public async Task I09_a_tool_that_lost_the_answer_says_so()
    {
        var outcome = Assert.IsType<ToolOutcome.Unknown>(await _rig.Invoke("break", """{"guest":101,"unsure":true}""", Rig.Otto));
        Assert.Equal("the answer was lost", outcome.Why);
        Assert.Contains("\"outcome\":\"Unknown\"", _rig.Kernel.Audit.Of(outcome.AuditId)[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_gives_the_words_that_came_back_without_the_secret_in_them()
    {
        var outcome = Assert.IsType<ToolOutcome.Failed>(await _rig.Invoke("break", Guest, Rig.Otto));
        Assert.Equal("500 no such disk on 101, password=[redacted]", outcome.Why);
    }

    [Fact]
    public async Task What_is_no_longer_as_it_was_read_does_not_run()
    {
        var read = await _rig.Kernel.Invoker.PreviewAsync("update_guest", """{"guest":101}"""u8.ToArray(), Rig.Otto, _rig.Turn, Rig.Cancel);
        _rig.World.Change(101, "as it is now");
        await _rig.Refused("DENY_STATE", "update_guest", Guest, Sure, new Turn("test", "c1") { Seen = read.Seen });
        Assert.Empty(_rig.World.Done);
        _rig.World.Change(101, "as it was");
        Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("update_guest", Guest, Sure, new Turn("test", "c1") { Seen = read.Seen }));
        await _rig.Refused("DENY_STATE", "update_guest", """{"guest":101,"cores":2}""", Sure, new Turn("test", "c1") { Seen = read.Seen });
    }

    [Fact]
    public async Task A_snapshot_comes_first_and_is_named()
    {
        var done = Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("update_guest", Guest, Sure));
        Assert.Equal($"101 {done.Snapshot}", Assert.Single(_rig.World.Snapshots));
        Assert.StartsWith("jarvis-", done.Snapshot, StringComparison.Ordinal);
        _rig.World.CanSnapshot = false;
        Assert.Null(Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("update_guest", Guest, Sure)).Snapshot);
    }

    [Fact]
    public async Task A_caller_that_goes_away_does_not_stop_a_write()
    {
        using var gone = new CancellationTokenSource();
        var call = _rig.Kernel.Invoker.InvokeAsync("migrate_guest", """{"guest":101}"""u8.ToArray(), Sure, _rig.Turn, gone.Token);
        await _rig.World.Entered.Task;
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        _rig.World.Gate.SetResult();
        while (_rig.World.Done.Count == 0) await Task.Yield();
        Assert.Equal(["migrate 101"], _rig.World.Done);
    }

    [Fact]
    public async Task D23_what_is_long_is_cut_with_a_handle_and_what_moves_a_cursor_is_taken_out()
    {
        var done = Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("get_log", """{"length":100000}""", Rig.Model));
        Assert.Equal(64 * 1024, done.Output.Text.Length);
        Assert.StartsWith("red xxx", done.Output.Text, StringComparison.Ordinal);
        Assert.Equal(100_004, done.Output.TotalBytes);
        Assert.Equal(100_004 - 65_536, _rig.Kernel.Invoker.More(done.Output.Handle!, Rig.Model, 65_536, 1_000_000)!.Length);
        Assert.Null(_rig.Kernel.Invoker.More(done.Output.Handle!, Rig.Mcp, 0, 10));
        _rig.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.Null(_rig.Kernel.Invoker.More(done.Output.Handle!, Rig.Model, 0, 10));
    }

    [Fact]
    public async Task Secrets_in_a_result_are_blanked()
    {
        var done = Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("get_config", "{}", Rig.Model));
        Assert.Equal("""{"name":"web","cipassword":"[redacted]","note":"token=[redacted]","nested":{"apiKey":"[redacted]"}}""", done.Output.Text);
    }

    [Fact]
    public async Task A_preview_does_nothing_and_counts_nothing()
    {
        for (var i = 0; i < 50; i++)
        {
            var preview = await _rig.Kernel.Invoker.PreviewAsync("update_guest", """{"guest":"web","cores":2}"""u8.ToArray(), Rig.Model, _rig.Turn, Rig.Cancel);
            Assert.Equal(("NEEDS_HUMAN", "Guest 101 gets 2 cores."), (preview.Verdict.Name, preview.Plan!.Summary));
        }
        Assert.Empty(_rig.World.Done);
        Assert.Empty(_rig.Kernel.Approvals.List(openOnly: false));
        Assert.IsType<ToolOutcome.Waiting>(await _rig.Invoke("update_guest", Guest, Rig.Model));
    }

    [Fact]
    public async Task An_argument_raises_the_tier_and_never_lowers_it()
    {
        Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("backup_guest", Guest, Rig.Model)));
        var approval = await _rig.Wait("backup_guest", """{"guest":101,"mode":"stop"}""", Rig.Model);
        Assert.Equal((Tier.Red, "the guest is interrupted"), (approval.Tier, approval.Plan.RaisedBecause));
        Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("restart_service", """{"node":"pve1","service":"nginx"}""", Rig.Model)));
        Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("restart_service", """{"node":"pve1","service":"chrony"}""", Rig.Model)));
        await _rig.Refused("DENY_ROLE", "restart_service", """{"node":"pve1","service":"chrony"}""", Rig.Vera);
        Assert.Equal("DENY_STATE", Rig.Code(await _rig.Invoke("restart_service", """{"node":"pve1","service":"corosync"}""", Rig.Model)));
        await _rig.SetKeyword();
        Assert.True((await _rig.Wait("restart_service", """{"node":"pve1","service":"corosync.service"}""", Rig.Model)).KeywordRequired);
    }

    [Fact]
    public async Task The_cluster_of_a_guest_found_by_name_is_part_of_the_call()
    {
        var done = Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("start_vm", """{"guest":"web"}""", Rig.Model));
        Assert.Equal("did start 101 in lab", done.Output.Text);
        Assert.Contains("""{"cluster":"lab","guest":101}""", _rig.Kernel.Audit.Of(done.AuditId)[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lab_that_cannot_be_read_changes_nothing()
    {
        _rig.World.Trouble = _ => new HttpRequestException("connection refused, token=abcdef123456");
        var outcome = Assert.IsType<ToolOutcome.Refused>(await _rig.Invoke("start_vm", Guest, Rig.Otto));
        Assert.Equal(("DENY_STATE", "What it would touch could not be read: connection refused, token=[redacted]"), (outcome.Verdict.Name, outcome.Why));
    }

    [Fact]
    public async Task What_cannot_be_as_its_target_is_now_is_refused_after_the_role_and_a_repeated_click_still_joins_the_first()
    {
        var click = new Turn("rest", "c1") { IdempotencyKey = "open-1" };
        var first = Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("open_gate", Guest, Rig.Otto, click));

        Assert.Equal(first.AuditId, Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("open_gate", Guest, Rig.Otto, click)).AuditId);
        await _rig.Refused("DENY_STATE", "open_gate", Guest, Rig.Otto);
        await _rig.Refused("DENY_ROLE", "open_gate", Guest, Rig.Vera);
    }
}
