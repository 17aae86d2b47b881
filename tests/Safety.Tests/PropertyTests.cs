using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Jarvis.Safety.Arguments;
using Microsoft.Data.Sqlite;

namespace Jarvis.Safety.Tests;

/// <summary>What holds for every sequence of calls, whoever sends it.</summary>
public sealed class PropertyTests
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("JARVIS_LONG") == "1";
    private static readonly ToolCatalogue Catalogue = ToolCatalogue.Of(new RigTools(new World()));

    private static readonly string[] Calls =
    [
        """get_status {}""", """get_notes {"guest":102}""", """start_vm {"guest":101}""", """stop_vm {"guest":101}""", """stop_vm {"guest":100}""", """stop_vm {"guest":"db"}""",
        """stop_vm {"guest":101,"confirmed":true}""", """stop_vm {"guest":100,"guest":101}""", """update_guest {"guest":101,"cores":2}""", """update_guest {"guest":102,"cores":3}""",
        """backup_guest {"guest":101,"mode":"stop"}""", """backup_guest {"guest":101}""", """execute_command {"node":"pve2","command":"uptime"}""", """reboot_node {"node":"pve1"}""",
        """reboot_node {"node":"pve2"}""", """destroy_vm {"guest":101}""", """notify {"text":"x"}""", """vm_nuke {}""", """stop_many {"selector":{"tag":"prod"}}""", """restart_service {"node":"pve1","service":"corosync"}""",
    ];

    private static readonly Caller[] Callers =
    [
        Rig.Anna, Rig.Otto, Rig.Otto with { Confirmed = true }, Rig.Vera with { Confirmed = true }, Rig.Model, Rig.Model with { User = "anna" }, Rig.Mcp, Rig.Mcp with { Limit = Tier.Green },
        Rig.Key with { Grants = [new Grant("stop_vm", [new Target("lab", Kind.Guest, "101")])] }, Rig.Runbook,
        Rig.Runbook with { Tool = "stop_vm", Standing = [new StandingApproval("p", "restart", "stop_vm", Kind.Guest, 1)] },
    ];

    private static readonly Gen<(int What, int Call, int Caller, int Pick)[]> Sequences = Gen.Select(Gen.Int[0, 9], Gen.Int[0, Calls.Length - 1], Gen.Int[0, Callers.Length - 1], Gen.Int[0, 1000]).Array[1, 25];

    /// <summary>Effects of ORANGE and RED calls, as <see cref="RigTools"/> names them.</summary>
    private static bool Grave(string done) =>
        done.StartsWith("stop", StringComparison.Ordinal) || done.StartsWith("update", StringComparison.Ordinal) || done.StartsWith("run ", StringComparison.Ordinal)
        || done.StartsWith("reboot", StringComparison.Ordinal) || done.EndsWith(" Stop", StringComparison.Ordinal) || done.Contains("corosync", StringComparison.Ordinal);

    [Fact]
    public async Task However_obedient_the_model_grave_effects_are_used_approvals_one_to_one() => await Sequences.SampleAsync(
        async steps =>
        {
            using var rig = new Rig();
            await rig.SetKeyword();
            var asked = new List<Approval>();
            var turn = new Turn("chat", "c1");
            foreach (var (what, call, caller, pick) in steps) await Step(rig, asked, turn, what, Calls[call], Callers[caller], pick);
            var approvals = rig.Kernel.Approvals.List(openOnly: false, limit: 500);
            Assert.Equal(rig.World.Done.Count(Grave), approvals.Count(a => a.State == ApprovalState.Consumed && a.Tier > Tier.Yellow));
            Assert.Equal(approvals.Count(a => a.Run is not null), approvals.Where(a => a.Run is not null).Select(a => a.Run).Distinct().Count());
            Assert.DoesNotContain(rig.World.Done, d => d.Contains("destroy", StringComparison.Ordinal) || d is "stop 100" or "reboot pve1");
            var verified = rig.Kernel.Audit.Verify(Rig.Cancel);
            Assert.True(verified.Whole, verified.Why);
        },
        iter: Long ? 10_000 : 40);

    private static async Task Step(Rig rig, List<Approval> asked, Turn turn, int what, string call, Caller caller, int pick)
    {
        var approval = asked.Count == 0 ? null : asked[pick % asked.Count];
        var (tool, json) = (call[..call.IndexOf(' ', StringComparison.Ordinal)], call[(call.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        switch (what)
        {
            case 5 when approval is not null:
                await rig.Approve(approval, caller, keyword: pick % 2 == 0 ? Rig.Word : "a wrong one", run: pick % 3 > 0);
                break;
            case 6 when approval is not null:
                await rig.Redeem(approval, json, caller, turn);
                break;
            case 7 when approval is not null:
                await rig.Deny(approval);
                break;
            case 8:
                rig.Time.Advance(TimeSpan.FromSeconds(pick));
                if (pick % 5 == 0) rig.World.Change(101, $"{pick}");
                if (pick % 7 == 0) rig.Reopen();
                break;
            case 9:
                await rig.Kernel.KillSwitch.SetAsync(pick % 2 == 0, pick % 3 == 0 ? caller : Rig.Anna, Rig.Cancel);
                break;
            default:
                if (await rig.Invoke(tool, json, caller, turn) is ToolOutcome.Waiting waiting) asked.Add(waiting.Approval);
                break;
        }
    }

    [Fact]
    public async Task Whatever_throws_at_whatever_stage_nothing_runs_that_was_not_recorded() => await Gen.Select(Gen.Int[0, 6], Gen.Int[0, Calls.Length - 1], Gen.Int[0, Callers.Length - 1]).Array[1, 10].SampleAsync(
        async steps =>
        {
            using var rig = new Rig();
            foreach (var (stage, call, caller) in steps)
            {
                var before = rig.World.Done.Count;
                rig.Kernel.Fault = at =>
                {
                    if (at == (Stage)stage) throw new InvalidOperationException("a bug");
                };
                var (tool, json) = (Calls[call].Split(' ', 2)[0], Calls[call].Split(' ', 2)[1]);
                var outcome = await rig.Invoke(tool, json, Callers[caller]);
                rig.Kernel.Fault = _ => { };
                Assert.Equal(outcome is ToolOutcome.Completed && tool is not ("get_status" or "get_notes"), rig.World.Done.Count > before);
                if (outcome is ToolOutcome.Completed) Assert.Equal(AuditPart.Intent, rig.Kernel.Audit.Of(outcome.AuditId)[0].Part);
                Assert.True(outcome is not ToolOutcome.Completed || (Stage)stage >= Stage.Finish);
            }
            Assert.True(rig.Kernel.Audit.Verify(Rig.Cancel).Whole);
        },
        iter: Long ? 10_000 : 40);

    [Fact]
    public async Task Whoever_acts_for_a_person_over_whatever_channel_is_judged_alike() => await Gen.Select(Gen.Int[0, Calls.Length - 1], Gen.Bool, Gen.Bool, Gen.Enum<Role>()).Array[1, 8].SampleAsync(
        async steps =>
        {
            using var rig = new Rig();
            await rig.SetKeyword();
            foreach (var (call, tainted, killed, role) in steps)
            {
                // What was spent in the step before is another's in each channel: a person's chat and voice spend together.
                rig.Time.Advance(TimeSpan.FromHours(1));
                await rig.Kernel.KillSwitch.SetAsync(killed, Rig.Anna, Rig.Cancel);
                var (tool, json) = (Calls[call].Split(' ', 2)[0], Calls[call].Split(' ', 2)[1]);
                var verdicts = new HashSet<string>();
                foreach (var (channel, caller) in new (string, Caller)[] { ("chat", Rig.Model with { Role = role }), ("voice", Rig.Model with { Role = role }), ("mcp", Rig.Mcp with { Role = role }), ("rest", Rig.Key with { Role = role }) })
                {
                    var turn = new Turn(channel, "c1");
                    if (tainted) turn.Mark("a web page");
                    verdicts.Add(Rig.Code(await rig.Invoke(tool, json, caller, turn)));
                }
                Assert.Single(verdicts);
            }
        },
        iter: Long ? 10_000 : 40);

    [Fact]
    public async Task Any_flipped_bit_of_a_row_is_found()
    {
        using var rig = new Rig();
        for (var i = 0; i < 8; i++) await rig.Invoke("update_guest", $$"""{"guest":101,"cores":{{i + 1}}}""", Rig.Otto with { Confirmed = true });
        rig.Tamper("DROP TRIGGER audit_stays; DROP TRIGGER audit_remains; DROP TRIGGER payloads_stay");
        var (path, columns) = (Path.Combine(rig.Folder, "safety.db"), new[] { "id", "kind", "actor", "channel", "tool", "verdict", "digest", "payload", "hash", "at", "part", "tier" });
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        Gen.Select(Gen.Int[1, 16], Gen.Int[0, columns.Length + 1], Gen.Int[0, 100_000], Gen.Int[0, 6]).Sample(
            (seq, column, at, bit) =>
            {
                var (table, name) = column < columns.Length ? ("audit", columns[column]) : ("payloads", column == columns.Length ? "text" : "salt");
                var before = Value($"SELECT {name} FROM {table} WHERE seq = {seq}");
                Set(table, name, seq, Flipped(before, at, bit));
                var found = rig.Kernel.Audit.Verify(Rig.Cancel);
                Set(table, name, seq, before);
                return !found.Whole && found.FirstBad == seq;
            },
            iter: Long ? 10_000 : 300, threads: 1);
        Assert.True(rig.Kernel.Audit.Verify(Rig.Cancel).Whole);

        object Value(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar()!;
        }

        void Set(string table, string name, int seq, object value)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"UPDATE {table} SET {name} = $value WHERE seq = {seq}";
            command.Parameters.AddWithValue("$value", value);
            command.ExecuteNonQuery();
        }
    }

    private static object Flipped(object value, int at, int bit) => value switch
    {
        byte[] bytes => bytes.Select((b, i) => i == at % bytes.Length ? (byte)(b ^ (1 << bit)) : b).ToArray(),
        string text => string.Concat(text.Select((c, i) => i == at % text.Length ? (char)(c ^ (1 << bit)) : c)),
        long number => number ^ (1L << bit),
        _ => throw new InvalidOperationException($"{value.GetType()}"),
    };

    [Fact]
    public void One_meaning_has_one_digest_however_it_is_written_and_two_have_two() => Gen.Select(
        Gen.Int[100, 110], Gen.Int[1, 4], Gen.String[Gen.Char["ab\u00e9\"\\\n \u4e2d"], 0, 5].Null(), Gen.Bool, Gen.Bool, Gen.Bool).Array[2].Sample(
        both =>
        {
            var fields = Catalogue.Find("update_guest")!.Fields;
            var texts = both.Select(b => Written(b.Item1, b.Item2, b.Item3, b.Item4, b.Item5, b.Item6)).ToArray();
            var digests = texts.Select(t => Convert.ToHexString(CanonicalJson.Of(fields, Binder.Bind(fields, Encoding.UTF8.GetBytes(t))))).ToArray();
            var same = (both[0].Item1, both[0].Item2, both[0].Item3) == (both[1].Item1, both[1].Item2, both[1].Item3);
            return same == (digests[0] == digests[1]);
        },
        iter: Long ? 200_000 : 3_000);

    /// <summary>The same arguments in another order, with other escapes and spaces, defaults written or left out.</summary>
    private static string Written(int guest, int cores, string? description, bool turned, bool escaped, bool spaced)
    {
        var members = new List<string> { $"\"guest\":{guest}" };
        if (cores != 1 || turned) members.Add($"\"{(escaped ? "co\\u0072es" : "cores")}\":{cores}");
        if (description is not null) members.Add($"\"description\":{(escaped ? JsonSerializer.Serialize(description) : JsonValue.Create(description).ToJsonString(Relaxed))}");
        else if (spaced) members.Add("\"description\":null");
        if (turned) members.Reverse();
        return spaced ? $" {{\n\t{string.Join(" ,\r\n ", members)} }} " : $"{{{string.Join(',', members)}}}";
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void No_bytes_make_the_binder_fail_in_another_way_than_it_says() => Gen.OneOf(
        Gen.Byte.Array[0, 60],
        Gen.Select(Gen.Int[0, Calls.Length - 1], Gen.Int[0, 200], Gen.Byte).Select((call, at, with) =>
        {
            var bytes = Encoding.UTF8.GetBytes(Calls[call].Split(' ', 2)[1]);
            bytes[at % bytes.Length] = with;
            return bytes;
        })).Sample(
        bytes => Catalogue.Tools.All(tool =>
        {
            try
            {
                Binder.Bind(tool.Fields, bytes);
                return true;
            }
            catch (MalformedException e)
            {
                return e.Message.Length is > 0 and < 2000;
            }
        }),
        iter: Long ? 500_000 : 3_000);
}
