using System.Net;
using System.Text;
using System.Text.Json;
using Jarvis.Server.Auth;
using Jarvis.Server.Cluster;
using Jarvis.Server.Tests.Tools;

namespace Jarvis.Server.Tests.Gate;

public sealed class RestTests
{
    private const string Stop104 = """{"tool":"stop_vm","args":{"guest":104}}""";

    [Fact]
    public async Task A_red_call_waits_for_a_person_and_runs_once_when_approved()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        var (status, waiting) = await rig.SendAsync(Stop104);
        Assert.Equal((HttpStatusCode.Accepted, "waiting", "NEEDS_HUMAN"), (status, waiting.GetProperty("outcome").GetString(), waiting.GetProperty("verdict").GetString()));
        var approval = waiting.GetProperty("approval");
        Assert.Equal(("red", false), (approval.GetProperty("tier").GetString(), approval.GetProperty("keywordRequired").GetBoolean()));
        Assert.Contains("is stopped hard", approval.GetProperty("plan").GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await rig.WorldAsync());
        Assert.Equal([approval.GetProperty("id").GetString()], (await rig.Cluster.AskAsync("/api/approvals")).EnumerateArray().Select(a => a.GetProperty("id").GetString()));

        var (decided, answer) = await rig.DecideAsync(approval, new { decision = "approve", seen = approval.GetProperty("seen").GetString() });
        Assert.Equal(HttpStatusCode.OK, decided);
        await rig.EndAsync(answer);
        var after = await rig.WorldAsync();
        Assert.Contains(" stopped ", after[104], StringComparison.Ordinal);
        Assert.Equal(before.Where(g => g.Key != 104), after.Where(g => g.Key != 104));

        var (again, refused) = await rig.DecideAsync(approval, new { decision = "approve" });
        Assert.Equal((HttpStatusCode.Conflict, "DENY_REPLAY"), (again, refused.GetProperty("code").GetString()));
        Assert.Empty((await rig.Cluster.AskAsync("/api/approvals")).EnumerateArray());
    }

    [Fact]
    public async Task Who_follows_a_run_is_answered_when_it_has_begun_and_hears_how_far_it_is()
    {
        await using var rig = await ToolRig.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tools/execute")
        {
            Content = new StringContent("""{"tool":"bulk_guests","args":{"action":"start","selector":{"names":[105,106]}},"confirmed":true}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", rig.Cluster.Signed.Access);
        request.Headers.TryAddWithoutValidation("Prefer", "handling=lenient, respond-async");

        // The clock stands: what takes time cannot have ended.
        using var answer = await rig.Cluster.Server.Http.SendAsync(request, ToolRig.Stop);
        var begun = JsonElement.Parse(await answer.Content.ReadAsStringAsync(ToolRig.Stop));
        Assert.Equal((HttpStatusCode.OK, "running"), (answer.StatusCode, begun.GetProperty("outcome").GetString()));
        var running = await rig.Cluster.AskAsync($"/api/tools/runs/{begun.GetProperty("auditId").GetString()}");
        Assert.StartsWith("1 of 2: spare (105)", running.GetProperty("progress").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, running.GetProperty("progress").GetProperty("share").GetDouble());

        Assert.Equal(JsonValueKind.Null, (await rig.EndAsync(running)).GetProperty("progress").ValueKind);
    }

    [Fact]
    public async Task A_denied_call_does_not_run_and_its_denial_can_be_undone()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();
        var approval = (await rig.SendAsync(Stop104)).Answer.GetProperty("approval");

        Assert.Equal(HttpStatusCode.NoContent, (await rig.DecideAsync(approval, new { decision = "deny", reason = "not now" })).Status);
        var denied = (await rig.Cluster.AskAsync($"/api/approvals/{approval.GetProperty("id").GetString()}"));
        Assert.Equal(("denied", "admin", "not now"), (denied.GetProperty("state").GetString(), denied.GetProperty("decidedBy").GetString(), denied.GetProperty("reason").GetString()));
        var (again, refused) = await rig.DecideAsync(approval, new { decision = "approve" });
        Assert.Equal((HttpStatusCode.Conflict, "DENY_REPLAY"), (again, refused.GetProperty("code").GetString()));
        var (undone, _) = await rig.SendAsync("{}", path: $"/api/approvals/{approval.GetProperty("id").GetString()}/undo-denial");

        Assert.Equal(HttpStatusCode.NoContent, undone);
        Assert.Equal(before, await rig.WorldAsync());
    }

    [Fact]
    public async Task An_edited_call_is_judged_anew_and_waits()
    {
        await using var rig = await ToolRig.StartAsync();
        var approval = (await rig.CallAsync("shutdown_vm", new { guest = 104 })).Answer.GetProperty("approval");

        var (status, edited) = await rig.DecideAsync(approval, new { decision = "approve", args = new { guest = 104, timeout_s = 30 } });

        Assert.Equal((HttpStatusCode.Accepted, "waiting"), (status, edited.GetProperty("outcome").GetString()));
        Assert.Contains("30", edited.GetProperty("approval").GetProperty("plan").GetProperty("arguments").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(approval.GetProperty("seen").GetString(), edited.GetProperty("approval").GetProperty("seen").GetString());
        var (stale, refused) = await rig.DecideAsync(approval, new { decision = "approve", seen = approval.GetProperty("seen").GetString() });
        Assert.Equal((HttpStatusCode.Conflict, "DENY_STATE"), (stale, refused.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task C05_an_approval_that_expired_runs_nothing()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();
        var approval = (await rig.SendAsync(Stop104)).Answer.GetProperty("approval");
        rig.Cluster.Server.Time.Advance(TimeSpan.FromMinutes(5.1));
        var session = await rig.Cluster.Server.SignInAsync();

        var (status, refused) = await rig.DecideAsync(approval, new { decision = "approve" }, session.Access);

        Assert.Equal((HttpStatusCode.Conflict, "DENY_EXPIRED"), (status, refused.GetProperty("code").GetString()));
        Assert.Equal(before, await rig.WorldAsync());
    }

    [Fact]
    public async Task C13_a_guest_that_changed_since_the_plan_is_left_alone()
    {
        await using var rig = await ToolRig.StartAsync();
        var approval = (await rig.SendAsync(Stop104)).Answer.GetProperty("approval");
        await rig.ChangeAsync("/nodes/pve3/qemu/104/config", ("onboot", "1"));
        var before = await rig.WorldAsync();

        var (status, refused) = await rig.DecideAsync(approval, new { decision = "approve" });

        Assert.Equal((HttpStatusCode.Conflict, "DENY_STATE"), (status, refused.GetProperty("code").GetString()));
        Assert.Equal(before, await rig.WorldAsync());
    }

    [Theory]
    [InlineData("A01", """{"tool":"stop_vm","args":{"guest":104,"confirmed":true}}""")]
    [InlineData("A04", """{"tool":"stop_vm","args":{"guest":104,"approval_id":"x"}}""")]
    [InlineData("A05", """{"tool":"stop_vm","args":{"guest":104,"guest":103}}""")]
    [InlineData("A06", """{"tool":"stop_vm","args":{"guest":104,"gu\u0065st":103}}""")]
    [InlineData("A07", """{"tool":"stop_vm","args":{"Guest":104}}""")]
    [InlineData("A08", """{"tool":"stop_vm","args":{"guest":104,"id":103}}""")]
    [InlineData("A09", """{"tool":"stop_vm","args":{"guest":"104"}}""")]
    [InlineData("A09", """{"tool":"stop_vm","args":{"guest":104.0}}""")]
    [InlineData("A09", """{"tool":"stop_vm","args":{"guest":[104]}}""")]
    [InlineData("A14", """{"tool":"stop_vm","args":{"guest":9007199254740993}}""")]
    public async Task Smuggled_arguments_are_refused(string id, string body)
    {
        Assert.NotEmpty(id);
        await using var rig = await ToolRig.StartAsync();
        await rig.RefusedAsync(HttpStatusCode.BadRequest, "DENY_ARGS", body);
    }

    [Theory]
    [InlineData("B01", "vm_nuke")]
    [InlineData("B02", "Stop_VM")]
    [InlineData("B03", "stop_vm ")]
    [InlineData("B03", "st\u043Ep_vm")]
    public async Task A_tool_that_is_not_known_is_black(string id, string tool)
    {
        Assert.NotEmpty(id);
        await using var rig = await ToolRig.StartAsync();
        await rig.RefusedAsync(HttpStatusCode.Forbidden, "DENY_BLACK", JsonSerializer.Serialize(new { tool, args = new { } }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"tool":"stop_vm","args":{"guest":104},"confirmed":"true"}""")]
    [InlineData("""{"tool":"stop_vm","args":{"guest":104},"confirmed":true,"confirmed":true}""")]
    [InlineData("""{"tool":"stop_vm","args":{"guest":104},"override":true}""")]
    [InlineData("""{"tool":"stop_vm","args":{"guest":104},"confirmed":true}}""")]
    [InlineData("""{"tool":"stop_vm","args":{"guest":104 """)]
    public async Task A_body_that_is_no_call_is_refused(string body)
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        var (status, answer) = await rig.SendAsync(body);

        Assert.Equal((HttpStatusCode.BadRequest, "DENY_ARGS"), (status, answer.GetProperty("code").GetString()));
        Assert.Equal(before, await rig.WorldAsync());
    }

    [Theory]
    [InlineData(Stop104)]
    [InlineData("""{"tool":"stop_vm","args":{"guest":104},"confirmed":true}""")]
    [InlineData("""{"tool":"start_vm","args":{"guest":105}}""")]
    public async Task H01_a_viewer_reads_and_does_nothing_else(string body)
    {
        await using var rig = await ToolRig.StartAsync();
        var viewer = await SignInAsync(rig, Role.Viewer);
        Assert.Equal(HttpStatusCode.OK, (await rig.CallAsync("get_cluster_status", new { }, bearer: viewer)).Status);
        await rig.RefusedAsync(HttpStatusCode.Forbidden, "DENY_ROLE", body, viewer);
    }

    [Fact]
    public async Task A_dry_run_shows_the_plan_and_does_nothing()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        var (status, answer) = await rig.CallAsync("stop_vm", new { guest = "ci" }, dryRun: true);

        Assert.Equal((HttpStatusCode.OK, "planned", "NEEDS_HUMAN"), (status, answer.GetProperty("outcome").GetString(), answer.GetProperty("verdict").GetString()));
        Assert.Contains("VM 104 (ci) on pve3", answer.GetProperty("plan").GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await rig.WorldAsync());
        Assert.Empty((await rig.Cluster.AskAsync("/api/approvals")).EnumerateArray());
    }

    [Fact]
    public async Task What_was_confirmed_is_what_was_read_and_not_what_it_became()
    {
        await using var rig = await ToolRig.StartAsync();
        const string body = """{"tool":"bulk_guests","args":{"action":"snapshot","selector":{"names":["ci"]}}""";
        var seen = (await rig.SendAsync(body + ""","dryRun":true}""")).Answer.GetProperty("seen").GetString();
        await rig.DoAsync("stop_vm", new { guest = "ci" }, confirmed: true);
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.Only!, v => v.Guests.Single(g => g.Vmid == 104).Status == GuestStatus.Stopped);
        var before = await rig.WorldAsync();

        await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", $"{body},\"confirmed\":true,\"seen\":\"{seen}\"}}");
        await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", body + ""","confirmed":true,"seen":"made up"}""");

        Assert.Equal(before, await rig.WorldAsync());
        var again = (await rig.SendAsync(body + ""","dryRun":true}""")).Answer.GetProperty("seen").GetString();
        var (status, _) = await rig.SendAsync($"{body},\"confirmed\":true,\"seen\":\"{again}\"}}");
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task H16_a_call_sent_twice_under_one_key_is_one()
    {
        await using var rig = await ToolRig.StartAsync();
        const string body = """{"tool":"create_snapshot","args":{"guest":104,"name":"once"}}""";

        var first = (await rig.SendAsync(body, key: "k1")).Answer;
        var second = (await rig.SendAsync(body, key: "k1")).Answer;

        Assert.Equal(first.GetProperty("auditId").GetString(), second.GetProperty("auditId").GetString());
        await rig.EndAsync(second);
        Assert.EndsWith(" once,current", (await rig.WorldAsync())[104], StringComparison.Ordinal);
    }

    internal static async Task<string> SignInAsync(ToolRig rig, Role role)
    {
        var name = role.ToString().ToLowerInvariant();
        await rig.Cluster.Server.AddAccountAsync(name, role, "some password");
        return (await rig.Cluster.Server.SignInAsync(name, "some password")).Access;
    }
}
