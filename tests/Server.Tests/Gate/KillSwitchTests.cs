using System.Net;
using Jarvis.Server.Auth;
using Jarvis.Server.Tests.Tools;

namespace Jarvis.Server.Tests.Gate;

public sealed class KillSwitchTests
{
    [Fact]
    public async Task H08_it_stops_new_calls_and_those_that_wait_and_reads_go_on()
    {
        await using var rig = await ToolRig.StartAsync();
        var operators = await RestTests.SignInAsync(rig, Role.Operator);
        var approval = (await rig.CallAsync("stop_vm", new { guest = 104 })).Answer.GetProperty("approval");
        Assert.Equal(HttpStatusCode.OK, (await SetAsync(rig, true, operators)).Status);

        await rig.RefusedAsync(HttpStatusCode.Forbidden, "DENY_KILL", """{"tool":"start_vm","args":{"guest":105}}""");
        Assert.Equal(HttpStatusCode.Conflict, (await rig.DecideAsync(approval, new { decision = "approve" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await rig.CallAsync("get_cluster_status", new { })).Status);

        Assert.Equal(HttpStatusCode.Forbidden, (await SetAsync(rig, false, operators)).Status);
        Assert.True((await rig.Cluster.AskAsync("/api/monitor/killswitch")).GetProperty("active").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await SetAsync(rig, false)).Status);
        await rig.DoAsync("start_vm", new { guest = 105 });
        Assert.Contains(" running ", (await rig.WorldAsync())[105], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"active":"yes"}""")]
    public async Task A_body_that_says_nothing_changes_nothing(string body)
    {
        await using var rig = await ToolRig.StartAsync();
        await SetAsync(rig, true);

        var (status, _) = await rig.SendAsync(body, path: "/api/monitor/killswitch", method: HttpMethod.Put);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.True((await rig.Cluster.AskAsync("/api/monitor/killswitch")).GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task What_was_decided_is_in_the_audit_whose_chain_holds_and_in_the_events()
    {
        await using var rig = await ToolRig.StartAsync();
        await SetAsync(rig, true);
        await SetAsync(rig, false);
        await rig.DoAsync("start_vm", new { guest = 105 });

        var rows = (await rig.Cluster.AskAsync("/api/audit")).GetProperty("items").EnumerateArray().Select(r => r.GetProperty("verdict").GetString()).ToList();
        Assert.Equal(["ALLOW_LOGGED", "ALLOW_LOGGED", "KILL_OFF", "KILL_ON"], rows);
        Assert.True((await rig.Cluster.AskAsync("/api/audit/verify")).GetProperty("whole").GetBoolean());
        var types = (await rig.Cluster.AskAsync("/api/events?limit=100")).GetProperty("items").EnumerateArray().Select(e => e.GetProperty("type").GetString()).ToList();
        Assert.Equal(2, types.Count(t => t == "safety.kill-switch"));
        Assert.Contains("run.ended", types);
    }

    private static Task<(HttpStatusCode Status, System.Text.Json.JsonElement Answer)> SetAsync(ToolRig rig, bool active, string? bearer = null) =>
        rig.SendAsync(active ? """{"active":true}""" : """{"active":false}""", bearer, "/api/monitor/killswitch", method: HttpMethod.Put);
}
