namespace Jarvis.Safety.Tests;

/// <summary>What is kept in the folder, for how long, and what happens when it cannot be.</summary>
public sealed class LedgerTests : IDisposable
{
    private const string Guest = """{"guest":101}""";
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task An_idempotency_key_is_remembered_for_a_day()
    {
        var turn = new Turn("rest", "c1") { IdempotencyKey = "click" };
        var first = await _rig.Invoke("start_vm", Guest, Rig.Otto, turn);
        _rig.Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        await _rig.Invoke("start_vm", Guest, Rig.Otto, new Turn("rest", "c1") { IdempotencyKey = "another" });
        Assert.Equal(first.AuditId, (await _rig.Invoke("start_vm", Guest, Rig.Otto, turn)).AuditId);
        Assert.NotEqual(first.AuditId, (await _rig.Invoke("start_vm", Guest, Rig.Anna, turn)).AuditId);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        await _rig.Invoke("start_vm", Guest, Rig.Otto, new Turn("rest", "c1") { IdempotencyKey = "a third" });
        Assert.NotEqual(first.AuditId, (await _rig.Invoke("start_vm", Guest, Rig.Otto, turn)).AuditId);
    }

    [Fact]
    public async Task A_key_itself_is_not_kept_but_what_it_hashes_to()
    {
        await _rig.Invoke("start_vm", Guest, Rig.Otto, new Turn("rest", "c1") { IdempotencyKey = "click-secret" });
        Assert.Equal(64, ((string)_rig.Stored("SELECT key FROM keys")!).Length);
    }

    [Fact]
    public async Task What_ended_is_forgotten_after_ninety_days_and_what_is_unknown_is_not()
    {
        await _rig.Approve(await _rig.Wait("stop_vm", Guest, Rig.Model));
        var unsure = await _rig.Invoke("break", """{"guest":101,"unsure":true}""", Rig.Otto);
        await _rig.Invoke("break", Guest, Rig.Otto);
        _rig.Time.Advance(TimeSpan.FromDays(90));
        _rig.Reopen();
        Assert.Single(_rig.Kernel.Approvals.List(openOnly: false));
        Assert.Equal(3L, _rig.Stored("SELECT COUNT(*) FROM runs"));
        _rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        _rig.Reopen();
        Assert.Empty(_rig.Kernel.Approvals.List(openOnly: false));
        Assert.Equal(1L, _rig.Stored("SELECT COUNT(*) FROM runs"));
        Assert.IsType<ToolOutcome.Unknown>(_rig.Kernel.Invoker.Find(unsure.AuditId));
    }

    [Fact]
    public async Task A_budget_is_counted_for_each_cluster_and_each_hour()
    {
        _rig.Kernel.Options = _rig.Kernel.Options with { WritesPerHour = 2 };
        await _rig.Invoke("start_vm", Guest, Rig.Model);
        _rig.Time.Advance(TimeSpan.FromMinutes(30));
        await _rig.Invoke("start_vm", Guest, Rig.Model);
        await _rig.Refused("DENY_BUDGET", "start_vm", Guest, Rig.Model);
        Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("refresh_all", "{}", Rig.Model)));
        _rig.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("start_vm", Guest, Rig.Model)));
        await _rig.Refused("DENY_BUDGET", "start_vm", Guest, Rig.Model);
    }

    [Fact]
    public async Task I02_a_checkpoint_is_signed_every_thousand_rows()
    {
        for (var i = 0; i < 499; i++) await _rig.Invoke("get_status", "{}", Rig.Model);
        _rig.Kernel.Audit.Read(limit: 1);
        Assert.Equal(0L, _rig.Stored("SELECT COUNT(*) FROM checkpoints"));
        await _rig.Invoke("get_status", "{}", Rig.Model);
        _rig.Kernel.Audit.Read(limit: 1);
        Assert.Equal(1000L, _rig.Stored("SELECT MAX(seq) FROM checkpoints"));
        await _rig.Invoke("get_status", "{}", Rig.Model);
        Assert.True(_rig.Kernel.Audit.Verify(Rig.Cancel).Whole);
        _rig.Tamper("UPDATE checkpoints SET signature = zeroblob(32)");
        Assert.Equal((1000, false), (_rig.Kernel.Audit.Verify(Rig.Cancel).FirstBad!.Value, _rig.Kernel.Audit.Verify(Rig.Cancel).Whole));
    }

    [Fact]
    public async Task I02_a_checkpoint_holds_when_the_key_of_the_head_was_had()
    {
        for (var i = 0; i < 3; i++) await _rig.Invoke("start_vm", Guest, Rig.Otto);
        _rig.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        await _rig.Invoke("start_vm", Guest, Rig.Otto);
        Assert.Equal(0L, _rig.Stored("SELECT COUNT(*) FROM checkpoints"));
        _rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        await _rig.Invoke("start_vm", Guest, Rig.Otto);
        Assert.Equal(9L, _rig.Stored("SELECT seq FROM checkpoints"));
    }

    [Fact]
    public async Task Reads_are_written_when_many_wait_or_a_moment_has_passed()
    {
        for (var i = 0; i < 511; i++) await _rig.Invoke("get_status", "{}", Rig.Model);
        Assert.Equal(0L, _rig.Stored("SELECT COUNT(*) FROM audit"));
        await _rig.Invoke("get_status", "{}", Rig.Model);
        Assert.Equal(1024L, _rig.Stored("SELECT COUNT(*) FROM audit"));
        await _rig.Invoke("get_status", "{}", Rig.Model);
        _rig.Time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal(1024L, _rig.Stored("SELECT COUNT(*) FROM audit"));
        _rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1026L, _rig.Stored("SELECT COUNT(*) FROM audit"));
        Assert.Equal(0, _rig.Kernel.Audit.Unrecorded);
    }

    [Fact]
    public async Task Reads_are_in_the_audit_before_the_write_that_came_after_them()
    {
        var read = await _rig.Invoke("get_status", "{}", Rig.Model);
        _rig.Time.Advance(TimeSpan.FromMilliseconds(50));
        var write = await _rig.Invoke("start_vm", Guest, Rig.Otto);
        Assert.Equal([read.AuditId, read.AuditId, write.AuditId, write.AuditId], _rig.Kernel.Audit.Read().Select(r => r.Id).Reverse());
        Assert.Equal(TimeSpan.FromMilliseconds(50), _rig.Kernel.Audit.Of(write.AuditId)[0].At - _rig.Kernel.Audit.Of(read.AuditId)[0].At);
    }

    [Fact]
    public async Task I01_what_waited_is_written_when_the_disk_has_room_again()
    {
        var read = await _rig.Invoke("get_status", "{}", Rig.Model);
        _rig.Tamper("CREATE TRIGGER broken BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        var later = await _rig.Invoke("get_status", "{}", Rig.Model);
        Assert.Equal("DENY_STATE", Rig.Code(await _rig.Invoke("start_vm", Guest, Rig.Model)));
        _rig.Tamper("DROP TRIGGER broken");
        var write = await _rig.Invoke("start_vm", Guest, Rig.Model);
        Assert.Equal([read.AuditId, later.AuditId, write.AuditId], _rig.Kernel.Audit.Read().Select(r => r.Id).Reverse().Distinct());
        Assert.Equal(0, _rig.Kernel.Audit.Unrecorded);
        Assert.Equal(["StoreLost", "StoreBack"], _rig.World.Notices.Where(n => n.Kind is NoticeKind.StoreLost or NoticeKind.StoreBack).Select(n => n.Kind.ToString()));
        Assert.True(_rig.Kernel.Audit.Verify(Rig.Cancel).Whole);
    }

    [Fact]
    public async Task A_lost_file_is_tried_again_after_five_seconds()
    {
        _rig.Kernel.Dispose();
        var key = Path.Combine(_rig.Folder, "safety.key");
        var held = await File.ReadAllBytesAsync(key, Rig.Cancel);
        await File.WriteAllBytesAsync(key, held[..31], Rig.Cancel);
        using var kernel = _rig.Open();
        Assert.Equal("safety.key must hold 32 bytes and holds 31; restore it from a backup.", kernel.Audit.Trouble);
        await File.WriteAllBytesAsync(key, held, Rig.Cancel);
        _rig.Time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromMilliseconds(1));
        Assert.True(kernel.KillSwitch.State.Active);
        _rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(kernel.KillSwitch.State.Active);
        Assert.Null(kernel.Audit.Damage);
    }

    [Fact]
    public async Task Nothing_is_recorded_and_nothing_done_after_the_end()
    {
        var kernel = _rig.Open();
        kernel.Dispose();
        Assert.Equal("DENY_STATE", Rig.Code(await kernel.Invoker.InvokeAsync("start_vm", """{"guest":101}"""u8.ToArray(), Rig.Otto, _rig.Turn, Rig.Cancel)));
        await kernel.Invoker.InvokeAsync("vm_nuke", "{}"u8.ToArray(), Rig.Otto, _rig.Turn, Rig.Cancel);
        Assert.True(kernel.Audit.Unrecorded > 0);
        Assert.True(kernel.KillSwitch.State.Active);
        Assert.Empty(_rig.World.Done);
    }

    [Fact]
    public async Task A_page_of_the_audit_has_a_bound()
    {
        for (var i = 0; i < 3; i++) await _rig.Invoke("start_vm", Guest, Rig.Otto);
        Assert.Equal([6L], _rig.Kernel.Audit.Read(limit: 0).Select(r => r.Seq));
        Assert.Equal([3L, 2L], _rig.Kernel.Audit.Read(before: 4, limit: 2).Select(r => r.Seq));
    }
}
