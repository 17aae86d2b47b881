using System.Text.Json;

namespace Jarvis.Safety.Tests;

/// <summary>What an administrator may set, who may, and how it holds.</summary>
public sealed class PolicyRuleTests : IDisposable
{
    private static readonly Policy Legal = new() { Protected = [], TwoPersons = [], WritesPerHour = 20, WritesPerIncident = 2, RequestsPerMinute = 5, ApprovalMinutes = 5 };
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    public static TheoryData<string, int, int> Numbers => new() { { "writesPerHour", 1, 10_000 }, { "writesPerIncident", 1, 100 }, { "requestsPerMinute", 1, 1_000 }, { "approvalMinutes", 1, 60 } };

    [Theory, MemberData(nameof(Numbers))]
    public async Task A_number_is_legal_within_its_bounds_and_nowhere_else(string name, int least, int most)
    {
        foreach (var legal in new[] { least, least + 1, most - 1, most }) Assert.Equal("ALLOW_LOGGED", (await SetAsync(With(name, legal))).Name);
        var words = $"{name} must be {least} to {most}.";
        foreach (var wrong in new[] { least - 1, most + 1 }) Assert.Equal(("DENY_ARGS", words), Said(await SetAsync(With(name, wrong))));
        Assert.Equal(most, Number(_rig.Kernel.Policy.Current, name));
    }

    [Fact]
    public async Task There_are_at_most_200_rules_of_each_kind()
    {
        var rule = new TargetRule { Kind = Kind.Guest, Id = "101" };
        Assert.True((await SetAsync(Legal with { Protected = [.. Enumerable.Repeat(rule, 200)], TwoPersons = [.. Enumerable.Repeat(rule, 200)] })).Allows);
        Assert.Equal(("DENY_ARGS", "protected takes at most 200 rules."), Said(await SetAsync(Legal with { Protected = [.. Enumerable.Repeat(rule, 201)] })));
        Assert.Equal(("DENY_ARGS", "twoPersons takes at most 200 rules."), Said(await SetAsync(Legal with { TwoPersons = [.. Enumerable.Repeat(rule, 201)] })));
        Assert.Equal(("DENY_ARGS", "protected takes at most 200 rules."), Said(await SetAsync(Legal with { Protected = null! })));
        Assert.Equal(("DENY_ARGS", "twoPersons takes at most 200 rules."), Said(await SetAsync(Legal with { TwoPersons = null! })));
    }

    [Theory]
    [InlineData("""{"kind":"guest","id":"100"}""", null)]
    [InlineData("""{"kind":"guest","id":"999999999"}""", null)]
    [InlineData("""{"kind":"guest","name":"web"}""", null)]
    [InlineData("""{"kind":"guest","tag":"prod"}""", null)]
    [InlineData("""{"kind":"guest","pool":"prod"}""", null)]
    [InlineData("""{"kind":"guest","tag":"prod","pool":"prod","cluster":"lab","why":"it is"}""", null)]
    [InlineData("""{"kind":"node","id":"pve1"}""", null)]
    [InlineData("""{"kind":"node","name":"pve1"}""", null)]
    [InlineData("""{"kind":"storage","id":"nfs"}""", null)]
    [InlineData("""{"kind":"guest","why":"@100"}""", "A rule says which by at least one of id, name, tag and pool.")]
    [InlineData("""{"kind":"volume","id":"nfs"}""", "A rule has a kind: guest, node or storage.")]
    [InlineData("""{"kind":"service","id":"ssh"}""", "A rule has a kind: guest, node or storage.")]
    [InlineData("""{"kind":"path","id":"/etc"}""", "A rule has a kind: guest, node or storage.")]
    [InlineData("""{"kind":"node","cluster":"lab"}""", "A rule says which by at least one of id, name, tag and pool.")]
    [InlineData("""{"kind":"node","tag":"prod"}""", "Only guests have a tag or a pool.")]
    [InlineData("""{"kind":"storage","id":"nfs","pool":"prod"}""", "Only guests have a tag or a pool.")]
    [InlineData("""{"kind":"node","id":"pve1","tag":"prod","pool":"prod"}""", "Only guests have a tag or a pool.")]
    [InlineData("""{"kind":"guest","id":"99"}""", "The id of a guest is its number, 100 to 999999999.")]
    [InlineData("""{"kind":"guest","id":"1000000000"}""", "The id of a guest is its number, 100 to 999999999.")]
    [InlineData("""{"kind":"guest","id":"0101"}""", "The id of a guest is its number, 100 to 999999999.")]
    [InlineData("""{"kind":"guest","id":"+101"}""", "The id of a guest is its number, 100 to 999999999.")]
    [InlineData("""{"kind":"guest","id":"web"}""", "The id of a guest is its number, 100 to 999999999.")]
    [InlineData("""{"kind":"guest","name":""}""", "Each text of a rule has 1 to 100 characters, and no control characters.")]
    [InlineData("""{"kind":"guest","name":"@101"}""", "Each text of a rule has 1 to 100 characters, and no control characters.")]
    [InlineData("""{"kind":"node","id":"@101"}""", "Each text of a rule has 1 to 100 characters, and no control characters.")]
    [InlineData("""{"kind":"guest","tag":"@101"}""", "Each text of a rule has 1 to 100 characters, and no control characters.")]
    [InlineData("""{"kind":"guest","pool":"@101"}""", "Each text of a rule has 1 to 100 characters, and no control characters.")]
    [InlineData("""{"kind":"guest","id":"101","cluster":"@101"}""", "Each text of a rule has 1 to 100 characters, and no control characters.")]
    [InlineData("""{"kind":"guest","id":"101","why":"@101"}""", "Each text of a rule has 1 to 100 characters, and no control characters.")]
    [InlineData("""{"kind":"guest","name":"@100"}""", null)]
    [InlineData("""{"kind":"guest","name":"we\nb"}""", "Each text of a rule has 1 to 100 characters, and no control characters.")]
    public async Task A_rule_is_legal_or_it_is_said_what_would_be(string rule, string? wrong)
    {
        var text = rule.Replace("@100", new string('x', 100), StringComparison.Ordinal).Replace("@101", new string('x', 101), StringComparison.Ordinal);
        var read = JsonSerializer.Deserialize($"[{text}]", SafetyJson.Default.ListTargetRule)![0];
        foreach (var policy in new[] { Legal with { Protected = [read] }, Legal with { TwoPersons = [read] }, Legal with { Protected = [new() { Kind = Kind.Node, Id = "pve1" }, read] } })
        {
            Assert.Equal(wrong is null ? ("ALLOW_LOGGED", "The policy is set.") : ("DENY_ARGS", wrong), Said(await SetAsync(policy)));
        }
    }

    [Fact]
    public async Task A_rule_that_is_none_is_refused() =>
        Assert.Equal(("DENY_ARGS", "A rule has a kind: guest, node or storage."), Said(await SetAsync(Legal with { Protected = [null!] })));

    [Fact]
    public async Task Only_who_is_an_administrator_still_sets_it()
    {
        foreach (var by in new Caller[] { Rig.Otto, Rig.Vera, Rig.Model, Rig.Key, Rig.Mcp, Rig.Runbook, Rig.Otto with { Role = Role.Admin } })
        {
            Assert.Equal(("DENY_ROLE", "Only a signed-in administrator sets the policy."), Said(await _rig.Kernel.Policy.SetAsync(Legal, by, Rig.Cancel)));
        }

        Assert.Null(_rig.Kernel.Policy.State);
        Assert.DoesNotContain(_rig.Kernel.Audit.Read(), r => r.Verdict == "POLICY_SET");
    }

    [Fact]
    public async Task What_is_set_holds_at_once_and_after_a_restart_and_stands_in_the_audit_with_what_was_before()
    {
        var configured = _rig.Kernel.Policy.Current;
        Assert.Equal((_rig.Options.WritesPerHour, (int)_rig.Options.ApprovalLives.TotalMinutes), (configured.WritesPerHour, configured.ApprovalMinutes));
        await SetAsync(Legal with { WritesPerHour = 7 });
        var version = _rig.Kernel.Policy.Version;
        var own = new TargetRule { Kind = Kind.Guest, Id = "101", Why = "it is mine" };
        await SetAsync(Legal with { WritesPerHour = 8, Protected = [own], ApprovalMinutes = 9 });

        Assert.NotEqual(version, _rig.Kernel.Policy.Version);
        Holds();
        var rows = _rig.Kernel.Audit.Read().Where(r => r.Verdict == "POLICY_SET").ToList();
        Assert.Equal([AuditPart.Decision, AuditPart.Decision], rows.Select(r => r.Part));
        using var payload = JsonDocument.Parse(rows[0].Text!);
        Assert.Equal((8, 7), (payload.RootElement.GetProperty("policy").GetProperty("writesPerHour").GetInt32(), payload.RootElement.GetProperty("before").GetProperty("writesPerHour").GetInt32()));
        await _rig.Refused("DENY_PROTECTED", "stop_vm", """{"guest":101}""", Rig.Model);
        _rig.Reopen();
        Holds();
        await _rig.Refused("DENY_PROTECTED", "stop_vm", """{"guest":101}""", Rig.Model);
        Assert.Equal(_rig.Time.GetUtcNow().AddMinutes(9), (await _rig.Wait("stop_vm", """{"guest":102}""", Rig.Model)).ExpiresAt);

        void Holds()
        {
            var state = _rig.Kernel.Policy.State!;
            Assert.Equal(("anna", 8, 9), (state.By, state.Policy.WritesPerHour, _rig.Kernel.Policy.Current.ApprovalMinutes));
            Assert.Equal([own], _rig.Kernel.Policy.Current.Protected);
        }
    }

    [Theory]
    [InlineData("""{"protected":[],"twoPersons":[],"writesPerHour":0,"writesPerIncident":2,"requestsPerMinute":5,"approvalMinutes":5}""")]
    [InlineData("no policy")]
    public async Task A_stored_policy_that_is_none_lets_nothing_run(string text)
    {
        await SetAsync(Legal);
        _rig.Tamper($"UPDATE policy SET text = '{text}'");
        _rig.Reopen();
        Assert.Equal("DENY_KILL", Rig.Code(await _rig.Invoke("start_vm", """{"guest":101}""", Rig.Otto)));
        Assert.Empty(_rig.World.Done);
    }

    private Task<Verdict> SetAsync(Policy policy) => _rig.Kernel.Policy.SetAsync(policy, Rig.Anna, Rig.Cancel);

    private static (string Name, string Why) Said(Verdict verdict) => (verdict.Name, verdict.Why);

    private static Policy With(string name, int value) => name switch
    {
        "writesPerHour" => Legal with { WritesPerHour = value },
        "writesPerIncident" => Legal with { WritesPerIncident = value },
        "requestsPerMinute" => Legal with { RequestsPerMinute = value },
        _ => Legal with { ApprovalMinutes = value },
    };

    private static int Number(Policy policy, string name) => name switch
    {
        "writesPerHour" => policy.WritesPerHour,
        "writesPerIncident" => policy.WritesPerIncident,
        "requestsPerMinute" => policy.RequestsPerMinute,
        _ => policy.ApprovalMinutes,
    };
}
