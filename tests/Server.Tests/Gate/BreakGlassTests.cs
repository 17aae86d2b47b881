using System.Net;
using Jarvis.Server.Auth;
using Jarvis.Server.Tests.Tools;

namespace Jarvis.Server.Tests.Gate;

public sealed class BreakGlassTests
{
    private const string Stop104 = """{"tool":"stop_vm","args":{"guest":104}}""";

    [Fact]
    public async Task For_ten_minutes_one_administrators_red_calls_run_in_one_session()
    {
        await using var rig = await ToolRig.StartAsync();
        var operators = await RestTests.SignInAsync(rig, Role.Operator);
        Assert.Equal((HttpStatusCode.Forbidden, "PASSWORD_WRONG"), await BreakAsync(rig, "wrong", "the storage burns"));
        Assert.Equal(HttpStatusCode.BadRequest, (await BreakAsync(rig, TestServer.Password, "why")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await BreakAsync(rig, "some password", "the storage burns", operators)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await rig.CallAsync("stop_vm", new { guest = 102 })).Status);

        Assert.Equal(HttpStatusCode.OK, (await BreakAsync(rig, TestServer.Password, "the storage burns")).Status);
        var seen = Assert.Single((await rig.SendAsync("", operators, "/api/break-glass", method: HttpMethod.Get)).Answer.EnumerateArray());
        Assert.Equal(("admin", "the storage burns", false), (seen.GetProperty("user").GetString(), seen.GetProperty("reason").GetString(), seen.GetProperty("yours").GetBoolean()));
        Assert.True(Assert.Single((await rig.Cluster.AskAsync("/api/break-glass")).EnumerateArray()).GetProperty("yours").GetBoolean());
        await rig.DoAsync("stop_vm", new { guest = 104 });
        Assert.Contains(" stopped ", (await rig.WorldAsync())[104], StringComparison.Ordinal);

        var other = (await rig.Cluster.Server.SignInAsync()).Access;
        Assert.Equal(HttpStatusCode.Accepted, (await rig.CallAsync("shutdown_vm", new { guest = 102 }, bearer: other)).Status);
        Assert.Contains("safety.break-glass", (await rig.Cluster.AskAsync("/api/events?limit=100")).GetProperty("items").EnumerateArray().Select(e => e.GetProperty("type").GetString()));

        rig.Cluster.Server.Time.Advance(TimeSpan.FromMinutes(10));
        var late = (await rig.Cluster.Server.SignInAsync()).Access;
        Assert.Empty((await rig.SendAsync("", late, "/api/break-glass", method: HttpMethod.Get)).Answer.EnumerateArray());
    }

    [Fact]
    public async Task Any_operator_ends_it_and_it_ends_with_its_session()
    {
        await using var rig = await ToolRig.StartAsync();
        var operators = await RestTests.SignInAsync(rig, Role.Operator);
        await BreakAsync(rig, TestServer.Password, "the storage burns");

        Assert.Equal(HttpStatusCode.NoContent, (await rig.SendAsync("", operators, "/api/break-glass", method: HttpMethod.Delete)).Status);
        Assert.Empty((await rig.Cluster.AskAsync("/api/break-glass")).EnumerateArray());
        Assert.Equal(HttpStatusCode.Accepted, (await rig.SendAsync(Stop104)).Status);
        var verdicts = (await rig.Cluster.AskAsync("/api/audit")).GetProperty("items").EnumerateArray().Select(r => r.GetProperty("verdict").GetString());
        Assert.Equal(["NEEDS_HUMAN", "BREAK_GLASS_ENDED", "BREAK_GLASS"], verdicts);

        await BreakAsync(rig, TestServer.Password, "it burns again");
        Assert.Single((await rig.Cluster.AskAsync("/api/break-glass")).EnumerateArray());
        await rig.SendAsync("", path: "/api/auth/logout");
        Assert.Empty((await rig.SendAsync("", operators, "/api/break-glass", method: HttpMethod.Get)).Answer.EnumerateArray());
    }

    [Fact]
    public async Task It_opens_nothing_that_is_protected_or_killed()
    {
        await using var rig = await ToolRig.StartAsync();
        await PolicyTests.SetAsync(rig, p => p["protected"] = PolicyTests.Rules("104"));
        await BreakAsync(rig, TestServer.Password, "the storage burns");
        await rig.RefusedAsync(HttpStatusCode.Forbidden, "DENY_PROTECTED", Stop104);
        await rig.SendAsync("""{"active":true}""", path: "/api/monitor/killswitch", method: HttpMethod.Put);
        await rig.RefusedAsync(HttpStatusCode.Forbidden, "DENY_KILL", """{"tool":"stop_vm","args":{"guest":102}}""");
    }

    private static async Task<(HttpStatusCode Status, string? Code)> BreakAsync(ToolRig rig, string password, string reason, string? bearer = null)
    {
        var (status, answer) = await rig.SendAsync(System.Text.Json.JsonSerializer.Serialize(new { password, reason }), bearer, "/api/break-glass");
        return (status, answer.ValueKind == System.Text.Json.JsonValueKind.Object && answer.TryGetProperty("code", out var code) ? code.GetString() : null);
    }
}
