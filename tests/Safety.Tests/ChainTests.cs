using Jarvis.Safety.Ledger;

namespace Jarvis.Safety.Tests;

/// <summary>What rows and signatures are made of: whatever was written by an older version must still be whole.</summary>
public sealed class ChainTests : IDisposable
{
    private static readonly AuditEntry Entry = new()
    {
        Id = "019e83", Part = AuditPart.Intent, Kind = "model", Actor = "model:otto", Channel = "chat", Tool = "stop_vm", Tier = Tier.Red, Verdict = "ALLOW_LOGGED", Approval = "a1", Digest = "d1", Payload = "{}",
    };

    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_rows_hash_is_over_all_of_it_as_it_has_always_been()
    {
        var payload = AuditChain.PayloadDigest([1, 2, 3], "žluťoučký");
        Assert.Equal("988796117F1912B9FBFD128B4855EA5E5F3EC87F2DC04C48D5662518F763F35A", Convert.ToHexString(payload));
        Assert.Equal("4FD4320176BCAAF04BC93EE16DD25C8E5001FE0BCAC6EA338EBB51ADDCE2C25E", Convert.ToHexString(AuditChain.Next(AuditChain.Start, 7, 1_780_000_000_000, Entry, payload)));
    }

    [Fact]
    public void A_signature_is_over_what_which_row_and_its_hash()
    {
        var path = Path.Combine(_rig.Folder, "known.key");
        File.WriteAllBytes(path, [.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
        var key = AuditKey.Load(path, make: false);
        var hash = AuditChain.PayloadDigest([], "x");
        Assert.Equal("7FCFB9A7BCAA965C8C1D3B270ADF56E44F52F540E18D5DD11C8B6B2AE3A942FE", Convert.ToHexString(key.Sign('c', 7, hash)));
        var signature = key.Sign('c', 7, hash);
        Assert.True(key.Signed('c', 7, hash, signature));
        Assert.False(key.Signed('h', 7, hash, signature));
        Assert.False(key.Signed('c', 8, hash, signature));
        Assert.False(key.Signed('c', 7, AuditChain.PayloadDigest([], "y"), signature));
    }

    [Fact]
    public async Task A_text_that_is_changed_with_its_digest_is_found()
    {
        await _rig.Invoke("start_vm", """{"guest":101}""", Rig.Model);
        Assert.True(_rig.Kernel.Audit.Verify(Rig.Cancel).Whole);
        var salt = new byte[16];
        var digest = Convert.ToHexString(AuditChain.PayloadDigest(salt, "{}"));
        _rig.Tamper($"DROP TRIGGER payloads_stay; DROP TRIGGER audit_stays; UPDATE payloads SET text = '{{}}', salt = x'{Convert.ToHexString(salt)}' WHERE seq = 1; UPDATE audit SET payload = x'{digest}' WHERE seq = 1");
        var found = _rig.Kernel.Audit.Verify(Rig.Cancel);
        Assert.False(found.Whole);
        Assert.Equal(1, found.FirstBad);
    }

    [Fact]
    public async Task Glass_is_broken_once_a_session_and_mended_for_all_and_both_stand_in_the_audit()
    {
        var (_, first) = await _rig.Kernel.BreakGlassAsync(Rig.Anna, "the router is on fire", Rig.Cancel);
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        var (_, again) = await _rig.Kernel.BreakGlassAsync(Rig.Anna, "and the switch as well", Rig.Cancel);
        Assert.Equal([again!], _rig.Kernel.BreakGlasses);
        var (_, other) = await _rig.Kernel.BreakGlassAsync(Rig.Anna with { Session = "s9" }, "from the phone", Rig.Cancel);
        Assert.Equal([again!, other!], _rig.Kernel.BreakGlasses);
        Assert.Equal(first!.Until.AddMinutes(1), again!.Until);

        Assert.True(_rig.Kernel.EndBreakGlass(Rig.Otto));
        Assert.Empty(_rig.Kernel.BreakGlasses);
        Assert.Contains(_rig.World.Notices, n => n.Text == "otto ended break-glass.");
        var row = _rig.Kernel.Audit.Read(limit: 1)[0];
        Assert.Equal(("BREAK_GLASS_ENDED", "{\"of\":\"anna, anna\"}"), (row.Verdict, row.Text));
        Assert.False(_rig.Kernel.EndBreakGlass(Rig.Otto));
        Assert.Equal(row.Seq, _rig.Kernel.Audit.Read(limit: 1)[0].Seq);
    }

    [Fact]
    public async Task Glass_whose_time_is_over_is_not_there_to_be_mended()
    {
        await _rig.Kernel.BreakGlassAsync(Rig.Anna, "the router is on fire", Rig.Cancel);
        _rig.Time.Advance(_rig.Options.BreakGlassLives);
        Assert.False(_rig.Kernel.EndBreakGlass(Rig.Otto));
        await _rig.Kernel.BreakGlassAsync(Rig.Anna, "the router is on fire", Rig.Cancel);
        _rig.Time.Advance(_rig.Options.BreakGlassLives);
        var (_, late) = await _rig.Kernel.BreakGlassAsync(Rig.Anna with { Session = "s9" }, "again on fire", Rig.Cancel);
        Assert.Equal([late!], _rig.Kernel.BreakGlasses);
    }

    [Fact]
    public async Task A_run_is_seen_and_stopped_by_whoever_called_and_by_operators()
    {
        var moving = _rig.Invoke("migrate_guest", """{"guest":101}""", Rig.Otto with { Confirmed = true });
        await _rig.World.Entered.Task;
        var run = Assert.Single(_rig.Kernel.Invoker.Running(Rig.Otto));
        Assert.Equal(("migrate_guest", "guest 101 of lab", Tier.Red, "person:otto"), (run.Tool, run.Targets, run.Tier, run.Actor));
        Assert.Single(_rig.Kernel.Invoker.Running(Rig.Anna));
        Assert.NotNull(_rig.Kernel.Invoker.Find(run.AuditId, Rig.Anna));
        Assert.NotNull(_rig.Kernel.Invoker.Find(run.AuditId, Rig.Otto with { User = "paul" }));
        foreach (var stranger in new Caller[] { Rig.Vera, Rig.Key, Rig.Mcp })
        {
            Assert.Empty(_rig.Kernel.Invoker.Running(stranger));
            Assert.Null(_rig.Kernel.Invoker.Find(run.AuditId, stranger));
            Assert.False(_rig.Kernel.Invoker.Cancel(run.AuditId, stranger));
        }

        _rig.World.Gate.SetResult();
        await moving;
        Assert.Empty(_rig.Kernel.Invoker.Running(Rig.Otto));
    }

    [Fact]
    public async Task What_is_told_once_more_of_a_repeated_call_marks_who_repeats_it()
    {
        const string run = """{"node":"pve2","command":"uptime"}""";
        await _rig.SetKeyword();
        var approval = await _rig.Wait("execute_command", run, Rig.Otto, new Turn("rest", "c1") { IdempotencyKey = "same" });
        Assert.IsType<ToolOutcome.Completed>(await _rig.Approve(approval, keyword: Rig.Word));
        var again = new Turn("rest", "c1") { IdempotencyKey = "same" };
        Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("execute_command", run, Rig.Otto, again));
        Assert.Equal(["execute_command"], again.Taints);
        Assert.Single(_rig.World.Done);
    }
}
