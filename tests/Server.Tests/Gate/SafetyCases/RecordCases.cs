using System.Net;
using Jarvis.Safety;

namespace Jarvis.Server.Tests.Gate.SafetyCases;

/// <summary>Cases I: what happened is on record, and what cannot be recorded or known is not taken for done.</summary>
[Collection(SharedCaseRig.Name)]
public sealed class RecordCases(CaseRig rig)
{
    [Theory, EveryChannel]
    public async Task I04_a_secret_in_arguments_is_not_stored_and_the_digest_is_over_what_was_sent(string by)
    {
        const string text = $$"""{"text":"use https://root:{{CaseTools.Secret}}@nas/x and password={{CaseTools.Secret}}"}""";
        var speaker = await rig.SpeakAsync(by);
        var (said, other) = (await rig.CallAsync(speaker, "case_note", text), await rig.CallAsync(speaker, "case_note", text.Replace("hunter2", "hunter3", StringComparison.Ordinal)));
        var (row, changed) = (rig.Kernel.Audit.Of(said.AuditId!)[0], rig.Kernel.Audit.Of(other.AuditId!)[0]);
        Assert.DoesNotContain("hunter", row.Text, StringComparison.Ordinal);
        Assert.Equal(row.Text, changed.Text);
        Assert.NotEqual(row.Digest, changed.Digest);
        Assert.Contains(CaseTools.Secret, rig.Case.Done[^2], StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Tools.Cluster.Server.Log.All, line => line.Contains(CaseTools.Secret, StringComparison.Ordinal));
    }

    [Theory, EveryChannel]
    public async Task I05_no_text_makes_a_second_row_or_hides_in_one(string by)
    {
        var speaker = await rig.SpeakAsync(by);
        await rig.RefusedAsync(speaker, "DENY_BLACK", ("x\r\n2026-11-23 ALLOW stop_vm \u001b[2K\u202E", "{}"));
        var row = rig.Kernel.Audit.Read(limit: 1)[0];
        Assert.DoesNotContain(row.Tool + row.Text, letter => char.IsControl(letter) || letter == '\u202E');
        var said = await rig.CallAsync(speaker, "case_note", """{"text":"a\r\n2026-11-23 ALLOW stop_vm \u202E\u2028"}""");
        Assert.DoesNotContain(rig.Kernel.Audit.Of(said.AuditId!)[0].Text!, letter => char.IsControl(letter) || letter is '\u202E' or '\u2028');
    }

    /// <summary>A person may start and stop guests all the same, and the server's log says so.</summary>
    [Theory, EveryChannel]
    public async Task I01_what_cannot_be_recorded_is_not_done(string by)
    {
        var speaker = await rig.SpeakAsync(by);
        if (by == "rest") await speaker.Person.BearerAsync();
        var before = await rig.WorldAsync();
        rig.Tamper("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
        try
        {
            foreach (var (tool, arguments) in new[] { ("case_note", "{}"), ("case_red", """{"guest":104}"""), ("create_snapshot", """{"guest":104,"name":"unrecorded"}""") })
            {
                var said = await speaker.SendAsync(tool, arguments);
                Assert.True((said.Outcome, said.Verdict) == ("refused", "DENY_STATE"), $"{tool}: {said}");
            }
            Assert.Equal(before, await rig.WorldAsync());
            var unrecorded = rig.Kernel.Audit.Unrecorded;
            Assert.Equal("completed", (await speaker.SendAsync("get_vms", "{}")).Outcome);
            rig.Tools.Cluster.Server.Time.Advance(TimeSpan.FromSeconds(5));
            Assert.True(rig.Kernel.Audit.Unrecorded > unrecorded);
            var start = await speaker.SendAsync("start_vm", """{"guest":105}""");
            Assert.Equal(by == "rest" ? "completed" : "refused", start.Outcome);
        }
        finally
        {
            rig.Tamper("DROP TRIGGER full");
        }
        if (by != "rest") return;
        Assert.Contains(rig.Tools.Cluster.Server.Log.All, line => line.Contains("start_vm on guest 105 of lab1", StringComparison.Ordinal) && line.Contains("without a record", StringComparison.Ordinal));
        await rig.Tools.DoAsync("stop_vm", new { guest = 105 }, confirmed: true, bearer: await (await rig.NewPersonAsync()).BearerAsync());
    }

    [Theory, EveryChannel]
    public Task I12_what_throws_before_the_effect_is_a_refusal(string by) => rig.RefusedAsync(by, "DENY_STATE", ("case_trouble", "{}"));

    [Theory, EveryChannel]
    public async Task I09_a_call_whose_answer_was_lost_is_unknown_and_not_sent_again(string by)
    {
        var (speaker, before) = (await rig.SpeakAsync(by), rig.Case.Done.Count);
        var said = await rig.CallAsync(speaker, "case_lost", "{}");
        Assert.Equal(("unknown", before + 1), (said.Outcome, rig.Case.Done.Count));
        Assert.Contains("\"outcome\":\"Unknown\"", rig.Kernel.Audit.Of(said.AuditId!)[1].Text, StringComparison.Ordinal);
        await rig.Tools.Running(rig.Kernel.ReconcileAsync(CaseRig.Stop));
        Assert.Equal(before + 1, rig.Case.Done.Count);
        Assert.IsType<ToolOutcome.Unknown>(rig.Kernel.Invoker.Find(said.AuditId!));
    }

    [Fact]
    public async Task What_was_cut_is_read_on_by_whom_it_was_given_to()
    {
        var (one, other) = (await (await rig.NewPersonAsync()).BearerAsync(), await (await rig.NewPersonAsync()).BearerAsync());
        var (_, answer) = await rig.Tools.SendAsync("""{"tool":"case_long"}""", one);
        var from = answer.GetProperty("handle").GetString();
        Assert.DoesNotContain("19999", answer.GetProperty("result").ToString(), StringComparison.Ordinal);

        var rest = await ReadAsync(one, 110_000);
        Assert.Equal((HttpStatusCode.OK, 10_000), (rest.Status, rest.Text.Length));
        Assert.EndsWith("19998 19999 ", rest.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await ReadAsync(other, 0)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await ReadAsync(one, -1)).Status);

        async Task<(HttpStatusCode Status, string Text)> ReadAsync(string bearer, int offset)
        {
            using var piece = await rig.Tools.Cluster.AskAsync(HttpMethod.Get, $"/api/tools/output/{from}?offset={offset}", bearer: bearer);
            return (piece.StatusCode, await piece.Content.ReadAsStringAsync(CaseRig.Stop));
        }
    }

    [Fact]
    public async Task I02_a_changed_row_is_named_to_whoever_verifies()
    {
        await rig.CallAsync(await rig.SpeakAsync("rest"), "case_note", "{}");
        var admin = await rig.NewPersonAsync(Role.Admin);
        Assert.True((await VerifyAsync()).GetProperty("whole").GetBoolean());
        var row = rig.Kernel.Audit.Read(limit: 1)[0];
        var copy = Directory.CreateTempSubdirectory("jarvis-audit-");
        try
        {
            rig.Tamper($"DROP TRIGGER audit_stays; UPDATE audit SET actor = 'person:nobody' WHERE seq = {row.Seq}", copy.FullName);
            var found = AuditTrail.VerifyFolder(copy.FullName, CaseRig.Stop);
            Assert.Equal((false, row.Seq), (found.Whole, found.FirstBad));
        }
        finally
        {
            copy.Delete(recursive: true);
        }

        async Task<System.Text.Json.JsonElement> VerifyAsync()
        {
            var (status, answer) = await rig.Tools.SendAsync("", await admin.BearerAsync(), "/api/audit/verify", method: HttpMethod.Get);
            Assert.Equal(HttpStatusCode.OK, status);
            return answer;
        }
    }
}
