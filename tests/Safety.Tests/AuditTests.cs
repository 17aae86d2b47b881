using System.Text;

namespace Jarvis.Safety.Tests;

/// <summary>What was done stands, and stands as it was written.</summary>
public sealed class AuditTests : IDisposable
{
    private const string Full = "CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
    private const string Unlock = "DROP TRIGGER audit_stays; DROP TRIGGER audit_remains; DROP TRIGGER payloads_stay; ";
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    private async Task Fill(int rows = 6)
    {
        for (var i = 0; i < rows; i++) await _rig.Invoke("start_vm", """{"guest":101}""", Rig.Otto);
    }

    private AuditVerification Verify() => _rig.Kernel.Audit.Verify(Rig.Cancel);

    [Fact]
    public async Task One_call_is_one_id_with_one_row_or_two()
    {
        var done = await _rig.Invoke("start_vm", """{"guest":101}""", Rig.Model);
        var rows = _rig.Kernel.Audit.Of(done.AuditId);
        Assert.Equal([AuditPart.Intent, AuditPart.Outcome], rows.Select(r => r.Part));
        Assert.All(rows, row => Assert.Equal(("model", "model:otto", "test", "start_vm", Tier.Yellow, "ALLOW_LOGGED"), (row.Kind, row.Actor, row.Channel, row.Tool, row.Tier, row.Verdict)));
        Assert.Equal("""{"why":"It takes nothing away.","person":"otto","arguments":{"cluster":"lab","guest":101},"targets":["guest 101 of lab (web)"]}""", rows[0].Text);
        var read = await _rig.Invoke("get_status", "{}", Rig.Model);
        Assert.Equal([AuditPart.Intent, AuditPart.Outcome], _rig.Kernel.Audit.Of(read.AuditId).Select(r => r.Part));
        Assert.Equal(_rig.Kernel.Audit.Read().Select(r => r.Seq).OrderDescending(), _rig.Kernel.Audit.Read().Select(r => r.Seq));
        Assert.True(Verify().Whole);
    }

    [Fact]
    public async Task Reads_are_written_together_and_none_is_lost_by_an_orderly_end()
    {
        for (var i = 0; i < 100; i++) await _rig.Invoke("get_status", "{}", Rig.Model);
        _rig.Reopen();
        Assert.Equal(200, Verify().Rows);
    }

    [Fact]
    public async Task I01_what_cannot_be_recorded_is_not_done_but_for_reads_and_a_persons_start_and_stop()
    {
        _rig.Tamper(Full);
        foreach (var caller in new Caller[] { Rig.Model, Rig.Mcp, Rig.Key, Rig.Runbook }) Assert.Equal("DENY_STATE", Rig.Code(await _rig.Invoke("start_vm", """{"guest":101}""", caller)));
        Assert.Equal("DENY_STATE", Rig.Code(await _rig.Invoke("update_guest", """{"guest":101}""", Rig.Otto with { Confirmed = true })));
        Assert.Equal("DENY_STATE", Rig.Code(await _rig.Invoke("stop_vm", """{"guest":101}""", Rig.Otto)));
        Assert.Empty(_rig.World.Done);
        Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("get_status", "{}", Rig.Model));
        Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("start_vm", """{"guest":101}""", Rig.Otto));
        Assert.IsType<ToolOutcome.Completed>(await _rig.Invoke("stop_vm", """{"guest":101}""", Rig.Otto with { Confirmed = true }));
        Assert.Equal("DENY_PROTECTED", Rig.Code(await _rig.Invoke("stop_vm", """{"guest":100}""", Rig.Otto with { Confirmed = true })));
        Assert.Equal("DENY_ROLE", Rig.Code(await _rig.Invoke("start_vm", """{"guest":101}""", Rig.Vera)));
        Assert.Equal(["start 101", "stop 101"], _rig.World.Done);
        Assert.Equal(
            [
                "start_vm on guest 101 of lab by person:otto runs without a record.", "start_vm on guest 101 of lab by person:otto ended as Completed; nothing could be stored.",
                "stop_vm on guest 101 of lab by person:otto runs without a record.", "stop_vm on guest 101 of lab by person:otto ended as Completed; nothing could be stored.",
            ],
            _rig.World.Notices.Where(n => n.Kind == NoticeKind.Unrecorded).Select(n => n.Text));
        Assert.Single(_rig.World.Notices, n => n.Kind == NoticeKind.StoreLost);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_rig.Kernel.Audit.Unrecorded > 0);
        Assert.NotNull(_rig.Kernel.Audit.Trouble);
        _rig.Tamper("DROP TRIGGER broken");
        Assert.Equal("ALLOW_LOGGED", Rig.Code(await _rig.Invoke("start_vm", """{"guest":101}""", Rig.Model)));
        Assert.Null(_rig.Kernel.Audit.Trouble);
        Assert.True(Verify().Whole);
    }

    [Fact]
    public async Task I01_a_file_that_is_no_database_stops_every_write_and_no_read()
    {
        _rig.Kernel.Dispose();
        foreach (var file in Directory.EnumerateFiles(_rig.Folder, "safety.db*")) File.WriteAllText(file, new string('x', 8192));
        using var kernel = _rig.Open();
        Assert.True(kernel.KillSwitch.State.Active);
        Assert.IsType<ToolOutcome.Refused>(await kernel.Invoker.InvokeAsync("start_vm", """{"guest":101}"""u8.ToArray(), Rig.Otto, _rig.Turn, Rig.Cancel));
        Assert.IsType<ToolOutcome.Completed>(await kernel.Invoker.InvokeAsync("get_status", "{}"u8.ToArray(), Rig.Otto, _rig.Turn, Rig.Cancel));
        // What runs is not known, which is not the same as nothing.
        Assert.Throws<StoreUnavailableException>(() => kernel.Invoker.Running(Rig.Anna));
        Assert.Empty(_rig.World.Done);
    }

    [Theory]
    [InlineData("UPDATE audit SET tool = 'start_container' WHERE seq = 4", 4)]
    [InlineData("UPDATE audit SET at = at + 1 WHERE seq = 4", 4)]
    [InlineData("UPDATE audit SET verdict = 'ALLOW' WHERE seq = 4", 4)]
    [InlineData("UPDATE audit SET tier = 0 WHERE seq = 4", 4)]
    [InlineData("UPDATE payloads SET text = replace(text, '101', '102') WHERE seq = 3", 3)]
    [InlineData("DELETE FROM audit WHERE seq = 5", 5)]
    [InlineData("DELETE FROM audit WHERE seq = 1", 1)]
    [InlineData("UPDATE audit SET seq = 100 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 6; UPDATE audit SET seq = 6 WHERE seq = 100", 5)]
    [InlineData("INSERT INTO audit SELECT 13, id, part, at, kind, actor, channel, tool, tier, verdict, approval, digest, payload, hash FROM audit WHERE seq = 12", 13)]
    [InlineData("DELETE FROM audit WHERE seq > 9", 10)]
    [InlineData("DELETE FROM audit", 1)]
    [InlineData("DELETE FROM audit WHERE seq > 9; UPDATE head SET seq = 9, hash = (SELECT hash FROM audit WHERE seq = 9)", 9)]
    [InlineData("DELETE FROM head", 12)]
    public async Task I02_whatever_was_done_to_the_rows_the_first_bad_one_is_named(string sql, int row)
    {
        await Fill();
        Assert.Equal((true, 12L), (Verify().Whole, Verify().Rows));
        _rig.Tamper(Unlock + sql);
        Assert.Equal((false, (long?)row), (Verify().Whole, Verify().FirstBad));
    }

    [Theory]
    [InlineData("")]
    [InlineData("DELETE FROM payloads WHERE seq > 9; ")]
    public async Task I02_what_is_written_afterwards_does_not_make_whole_what_was_cut(string also)
    {
        await Fill();
        _rig.Tamper(Unlock + also + "DELETE FROM audit WHERE seq > 9; UPDATE head SET seq = 9, hash = (SELECT hash FROM audit WHERE seq = 9)");
        _rig.Reopen();
        Assert.NotNull(_rig.Kernel.Audit.Damage);
        await Fill();
        Assert.Equal(10, Verify().FirstBad);
    }

    [Fact]
    public async Task I02_a_cut_tail_is_found_by_the_checkpoint_even_when_the_head_was_forged_away()
    {
        await Fill(2);
        _rig.Time.Advance(TimeSpan.FromHours(1));
        await Fill(1);
        _rig.Tamper(Unlock + "DELETE FROM audit WHERE seq > 3");
        Assert.Equal((4L, true), (Verify().FirstBad!.Value, Verify().Why!.Contains("checkpoint", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_audit_can_be_checked_without_a_server()
    {
        await Fill();
        Verify();
        Assert.Equal(12, AuditTrail.VerifyFolder(_rig.Folder, Rig.Cancel).Rows);
        var empty = Path.Combine(_rig.Folder, "empty");
        Directory.CreateDirectory(empty);
        Assert.Throws<StoreUnavailableException>(() => AuditTrail.VerifyFolder(empty, Rig.Cancel));
        Assert.Empty(Directory.EnumerateFiles(empty));
    }

    [Fact]
    public async Task I02_another_key_signs_nothing()
    {
        await Fill();
        _rig.Kernel.Dispose();
        File.Delete(Path.Combine(_rig.Folder, "safety.key"));
        using var kernel = _rig.Open();
        Assert.NotNull(kernel.Audit.Damage);
        Assert.False(kernel.Audit.Verify(Rig.Cancel).Whole);
    }

    [Fact]
    public async Task Rows_cannot_be_changed_by_way_of_the_store()
    {
        await Fill(1);
        Assert.ThrowsAny<Exception>(() => _rig.Tamper("UPDATE audit SET tool = 'x'"));
        Assert.ThrowsAny<Exception>(() => _rig.Tamper("DELETE FROM audit"));
        Assert.ThrowsAny<Exception>(() => _rig.Tamper("UPDATE payloads SET text = 'x'"));
    }

    [Fact]
    public async Task Texts_can_be_deleted_without_breaking_the_chain()
    {
        await Fill();
        _rig.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(12, _rig.Kernel.Audit.DeleteTextsBefore(_rig.Time.GetUtcNow()));
        await Fill(1);
        Assert.Equal(new AuditVerification(true, 14, null, null, 12), Verify());
        Assert.Null(_rig.Kernel.Audit.Read(before: 3)[0].Text);
    }

    [Fact]
    public async Task I04_a_secret_in_arguments_is_not_stored_and_the_digest_is_over_what_was_sent()
    {
        using var rig = new Rig(new SafetyOptions { Secrets = ["s3cr3t-of-the-house"] });
        async Task<ToolOutcome> Tell(string text) => await rig.Invoke("notify", $$"""{"text":"{{text}}"}""", Rig.Otto);
        string[] secrets = ["s3cr3t-of-the-house", "https://u:hunter2hunter2@nas/x", "password=hunter2hunter2", "https://x/?token=hunter2hunter2", "Authorization: Bearer hunter2hunter2"];
        var digests = new HashSet<string>();
        foreach (var secret in secrets) digests.Add(rig.Kernel.Audit.Of((await Tell($"see {secret} there")).AuditId)[0].Digest);
        Assert.Equal(secrets.Length, digests.Count);
        Assert.Equal($"notify see {secrets[0]} there", rig.World.Done[0]);
        await rig.SetKeyword();
        var approval = await rig.Wait("execute_command", """{"node":"pve2","command":"curl -u x password=hunter2hunter2"}""", Rig.Model);
        Assert.DoesNotContain("hunter2", approval.Plan.Arguments, StringComparison.Ordinal);
        Assert.IsType<ToolOutcome.Completed>(await rig.Approve(approval, keyword: Rig.Word));
        Assert.Contains("hunter2hunter2", rig.World.Done[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", string.Join('\n', rig.Kernel.Audit.Read(limit: 1000).Select(r => r.ToString())), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", rig.Kernel.Approvals.Find(approval.Id)!.Arguments, StringComparison.Ordinal);
    }

    [Fact]
    public async Task I05_no_text_makes_a_second_row_or_hides_in_one()
    {
        var turn = new Turn("rest\r\nadmin", "c1");
        var outcome = await _rig.Invoke("start_vm\r\n2026-01-01 ALLOW \u001b[2K\u202e", "{}", Rig.Otto with { User = "otto\nroot" }, turn);
        var row = Assert.Single(_rig.Kernel.Audit.Of(outcome.AuditId));
        Assert.Equal(("start_vm\\r\\n2026-01-01 ALLOW \\u{1B}[2K\\u{202E}", "rest\\r\\nadmin", "person:otto\\nroot"), (row.Tool, row.Channel, row.Actor));
        Assert.DoesNotContain(row.ToString(), letter => char.IsControl(letter) || letter == '\u202e');
    }

    [Fact]
    public async Task I12_whatever_throws_before_the_effect_is_a_refusal()
    {
        await _rig.SetKeyword();
        var approval = await _rig.Wait("stop_vm", """{"guest":101}""", Rig.Model);
        await _rig.Approve(approval, run: false);
        foreach (var stage in new[] { Stage.Prepare, Stage.Judge, Stage.Record, Stage.Redeem })
        {
            _rig.Kernel.Fault = at =>
            {
                if (at == stage) throw new InvalidOperationException("a bug");
            };
            if (stage != Stage.Redeem)
            {
                foreach (var tool in new[] { "start_vm", "stop_vm", "get_notes" }) Assert.Equal("DENY_STATE", Rig.Code(await _rig.Invoke(tool, """{"guest":101}""", Rig.Otto with { Confirmed = true })));
            }
            else Assert.Equal("DENY_STATE", Rig.Code(await _rig.Redeem(approval, """{"guest":101}""")));
        }
        Assert.Empty(_rig.World.Done);
        Assert.Equal(0, _rig.World.Reads);
        _rig.Kernel.Fault = _ => { };
        Assert.True(Verify().Whole);
    }

    [Fact]
    public async Task A_folder_of_an_older_server_is_brought_up_to_date_with_what_it_holds()
    {
        await _rig.Kernel.KillSwitch.SetAsync(true, Rig.Otto, Rig.Cancel);
        _rig.Tamper("ALTER TABLE runs DROP COLUMN snapshot; ALTER TABLE runs DROP COLUMN json; DROP TABLE policy; PRAGMA user_version = 1");
        _rig.Kernel.Dispose();
        using var kernel = _rig.Open();
        Assert.Null(kernel.Audit.Trouble);
        Assert.True(kernel.KillSwitch.State.Active);
        await kernel.KillSwitch.SetAsync(false, Rig.Anna, Rig.Cancel);
        var ran = Assert.IsType<ToolOutcome.Completed>(await kernel.Invoker.InvokeAsync("start_vm", Encoding.UTF8.GetBytes("""{"guest":101}"""), Rig.Otto, _rig.Turn, Rig.Cancel));
        Assert.Equal(ran.Output.Text, Assert.IsType<ToolOutcome.Completed>(kernel.Invoker.Find(ran.AuditId)).Output.Text);
    }

    [Fact]
    public void A_folder_of_a_newer_server_is_left_alone()
    {
        _rig.Tamper("PRAGMA user_version = 99");
        _rig.Kernel.Dispose();
        using var kernel = _rig.Open();
        Assert.Contains("start the newer server", kernel.Audit.Trouble, StringComparison.Ordinal);
        Assert.True(kernel.KillSwitch.State.Active);
    }
}
