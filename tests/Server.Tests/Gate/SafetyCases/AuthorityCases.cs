using System.Net;
using Jarvis.Safety;

namespace Jarvis.Server.Tests.Gate.SafetyCases;

/// <summary>Cases H: who may, how much, on what, and whether anybody may at all.</summary>
[Collection(SharedCaseRig.Name)]
public sealed class AuthorityCases(CaseRig rig)
{
    [Theory, EveryChannel]
    public async Task H01_a_viewer_reads_and_changes_nothing(string by)
    {
        var speaker = await rig.SpeakAsync(by, Role.Viewer);
        Assert.Equal("ALLOW", (await rig.CallAsync(speaker, "get_cluster_status", "{}")).Verdict);
        await rig.RefusedAsync(speaker, "DENY_ROLE", ("start_vm", """{"guest":105}"""), ("stop_vm", """{"guest":104}"""), ("case_orange", """{"node":"pve1","words":"x"}"""));
    }

    [Theory, EveryChannel]
    public Task H03_a_guest_that_is_not_where_the_caller_says_is_refused(string by) => rig.RefusedAsync(by, "DENY_ARGS",
        ("stop_vm", """{"guest":104,"cluster":"lab2"}"""), ("stop_vm", """{"guest":104,"node":"pve1"}"""), ("start_vm", """{"guest":"nobody"}"""), ("start_vm", """{"guest":"105"}"""));

    public static TheoryData<string, string> ByAnyName => new MatrixTheoryData<string, string>(Channel.All, ["id", "name", "tag", "pool"]);

    [Theory, MemberData(nameof(ByAnyName))]
    public async Task H04_a_protected_target_is_protected_however_it_is_named_and_reached(string by, string how)
    {
        var rule = new TargetRule { Kind = Kind.Guest };
        using var rules = rig.Ruled(o => o with
        {
            Protected = [how switch { "id" => rule with { Id = "100" }, "name" => rule with { Name = "WEB" }, "tag" => rule with { Tag = "prod" }, _ => rule with { Pool = "prod" } }],
        });
        await rig.RefusedAsync(by, "DENY_PROTECTED",
            ("stop_vm", """{"guest":100}"""), ("shutdown_vm", """{"guest":"web"}"""), ("case_red", """{"guest":100}"""), ("case_node", """{"node":"pve1"}"""), ("case_black", """{"guest":100}"""));
    }

    [Theory, EveryChannel]
    public async Task H04_a_protected_node_is_not_interrupted(string by)
    {
        using var rules = rig.Ruled(o => o with { Protected = [new TargetRule { Kind = Kind.Node, Id = "pve2" }, new TargetRule { Kind = Kind.Storage, Name = "nfs" }] });
        await rig.RefusedAsync(by, "DENY_PROTECTED", ("case_node", """{"node":"pve2"}"""), ("case_orange", """{"node":"pve2","words":"reboot"}"""), ("case_storage", """{"storage":"nfs"}"""));
        await rig.WaitsAsync(await rig.SpeakAsync(by), "case_node", """{"node":"pve3"}""");
    }

    [Theory, EveryChannel]
    public async Task H04_a_protected_guest_may_be_started(string by)
    {
        using var rules = rig.Ruled(o => o with { Protected = [new TargetRule { Kind = Kind.Guest, Id = "106" }] });
        await rig.RefusedAsync(by, "DENY_PROTECTED", ("stop_container", """{"guest":106}"""));
        Assert.Equal(("completed", "ALLOW_LOGGED"), Of(await rig.CallAsync(await rig.SpeakAsync(by), "start_container", """{"guest":106}""")));
        rig.Kernel.Options = rig.Kernel.Options with { Protected = [] };
        await rig.Tools.DoAsync("stop_container", new { guest = 106 }, confirmed: true, bearer: await (await rig.NewPersonAsync()).BearerAsync());
    }

    [Theory, EveryChannel("mcp", "model")]
    public async Task H06_the_budget_is_exact_under_64_at_once(string by)
    {
        using var rules = rig.Ruled(o => o with { WritesPerHour = 10 });
        var speaker = await rig.SpeakAsync(by);
        var before = rig.Case.Done.Count;
        var all = await rig.Tools.Running(Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => speaker.SendAsync("case_note", $$"""{"text":"{{i}}"}""")))));
        Assert.Equal((10, 54), (all.Count(s => s.Outcome == "completed"), all.Count(s => s.Verdict == "DENY_BUDGET")));
        Assert.Equal(before + 10, rig.Case.Done.Count);
    }

    [Theory, EveryChannel]
    public async Task H08_the_kill_switch_stops_what_is_new_what_waits_and_what_runs(string by)
    {
        var (admin, speaker) = (await rig.NewPersonAsync(Role.Admin), await rig.SpeakAsync(by));
        var waiting = await rig.WaitsAsync(speaker, "case_red", """{"guest":104}""");
        (rig.Case.Held, rig.Case.Entered) = (new(), new(TaskCreationOptions.RunContinuationsAsynchronously));
        var running = speaker.SendAsync("case_hold", "{}");
        await rig.Case.Entered.Task;
        Assert.True((await rig.Kernel.KillSwitch.SetAsync(true, speaker.Person.Caller, CaseRig.Stop)).Allows);
        try
        {
            Assert.Equal("unknown", (await rig.Tools.Running(running)).Outcome);
            await rig.RefusedAsync(by, "DENY_KILL", ("start_vm", """{"guest":105}"""), ("stop_vm", """{"guest":104}"""), ("case_note", "{}"));
            Assert.Equal("DENY_REPLAY", (await rig.ApproveAsync(waiting)).Verdict.Name);
            Assert.Equal("ALLOW", (await rig.CallAsync(speaker, "get_cluster_status", "{}")).Verdict);
        }
        finally
        {
            Assert.True((await rig.Kernel.KillSwitch.SetAsync(false, admin.Caller, CaseRig.Stop)).Allows);
        }
    }

    [Theory, EveryChannel]
    public async Task H09_a_kill_switch_that_cannot_be_read_is_on(string by)
    {
        rig.Tamper("DELETE FROM kill");
        try
        {
            await rig.RefusedAsync(by, "DENY_KILL", ("start_vm", """{"guest":105}"""), ("case_note", "{}"));
        }
        finally
        {
            rig.Tamper("INSERT INTO kill VALUES (1, 0, '', 0)");
        }
        Assert.Equal("ALLOW_LOGGED", (await rig.CallAsync(await rig.SpeakAsync(by), "case_note", "{}")).Verdict);
    }

    [Theory, EveryChannel]
    public async Task H10_only_a_signed_in_administrator_switches_it_off(string by)
    {
        const string path = "/api/monitor/killswitch";
        var (admin, speaker) = (await rig.NewPersonAsync(Role.Admin), await rig.SpeakAsync(by));
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(true, await speaker.Person.BearerAsync())).Status);
        try
        {
            await rig.RefusedAsync(speaker, "DENY_BLACK", ("set_kill_switch", """{"active":false}"""), ("killswitch", """{"active":false}"""));
            Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(false, await speaker.Person.BearerAsync())).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await PutAsync(false, rig.NewToken(admin))).Status);
            foreach (var caller in new Caller[] { new Caller.Model { User = admin.Name, Role = Role.Admin }, new Caller.McpClient { Key = "k", Owner = admin.Name, Role = Role.Admin, Limit = Tier.Red }, new Caller.ApiKey { Key = "k", Owner = admin.Name, Role = Role.Admin, Limit = Tier.Red } })
            {
                Assert.Equal("DENY_ROLE", (await rig.Kernel.KillSwitch.SetAsync(false, caller, CaseRig.Stop)).Name);
            }
            Assert.True(rig.Kernel.KillSwitch.State.Active);
        }
        finally
        {
            Assert.Equal(HttpStatusCode.OK, (await PutAsync(false, await admin.BearerAsync())).Status);
        }

        Task<(HttpStatusCode Status, System.Text.Json.JsonElement Answer)> PutAsync(bool active, string bearer) =>
            rig.Tools.SendAsync(active ? """{"active":true}""" : """{"active":false}""", bearer, path, method: HttpMethod.Put);
    }

    [Theory, EveryChannel]
    public async Task H14_what_destroys_is_never_run(string by)
    {
        await rig.RefusedAsync(by, "DENY_BLACK", ("case_black", """{"guest":104}"""));
        var admin = await rig.NewPersonAsync(Role.Admin);
        var (verdict, glass) = await rig.Kernel.BreakGlassAsync(admin.Caller, "a fire in the rack", CaseRig.Stop);
        Assert.True(verdict.Allows);
        var (before, turn) = (await rig.WorldAsync(), new Turn("rest", "s"));
        var outcome = await rig.Kernel.Invoker.InvokeAsync("case_black", """{"guest":104}"""u8.ToArray(), admin.Caller with { BreakGlass = glass }, turn, CaseRig.Stop);
        Assert.Equal("DENY_BLACK", Assert.IsType<ToolOutcome.Refused>(outcome).Verdict.Name);
        Assert.Equal(before, await rig.WorldAsync());
        Assert.IsType<ToolOutcome.Completed>(await rig.Kernel.Invoker.InvokeAsync("case_red", """{"guest":104}"""u8.ToArray(), admin.Caller with { BreakGlass = glass }, turn, CaseRig.Stop));
    }

    /// <summary>The protocol of MCP has no such key.</summary>
    [Theory, EveryChannel("rest", "model")]
    public async Task H16_a_call_sent_twice_under_one_key_is_one(string by)
    {
        var (speaker, before) = (await rig.SpeakAsync(by), rig.Case.Done.Count);
        if (speaker is ModelChannel model) model.Turn = new("chat", "c16") { IdempotencyKey = "k16" };
        const string body = """{"tool":"case_note","args":{"text":"once"}}""";
        List<Said> all = [];
        for (var i = 0; i < 3; i++) all.Add(by == "model" ? await speaker.SendAsync("case_note", """{"text":"once"}""") : RestChannel.Read(await rig.Tools.SendAsync(body, await speaker.Person.BearerAsync(), key: "k16")));
        Assert.Equal(before + 1, rig.Case.Done.Count);
        Assert.Single(all.Select(s => s.AuditId).Distinct());
        Assert.All(all, said => Assert.Equal("completed", said.Outcome));
    }

    private static (string, string?) Of(Said said) => (said.Outcome, said.Verdict);
}
