using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jarvis.Server.Auth;
using Jarvis.Server.Tests.Tools;

namespace Jarvis.Server.Tests.Gate;

public sealed class PolicyTests
{
    private const string Stop104 = """{"tool":"stop_vm","args":{"guest":104}}""";

    [Fact]
    public async Task A_guest_is_protected_at_once_and_no_more_when_the_rule_is_gone()
    {
        await using var rig = await ToolRig.StartAsync();
        var (status, set) = await SetAsync(rig, p => p["protected"] = Rules("104"));
        Assert.Equal((HttpStatusCode.OK, "admin"), (status, set.GetProperty("by").GetString()));
        await rig.RefusedAsync(HttpStatusCode.Forbidden, "DENY_PROTECTED", Stop104);

        await SetAsync(rig, p => p["protected"] = new JsonArray(new JsonObject { ["kind"] = "guest", ["name"] = "CI" }));
        var (_, unsaid) = await rig.SendAsync(Stop104);
        Assert.Contains("it is protected by the configuration", unsaid.GetProperty("detail").GetString(), StringComparison.Ordinal);

        await SetAsync(rig, p => p["protected"] = new JsonArray());
        Assert.Equal(HttpStatusCode.Accepted, (await rig.SendAsync(Stop104)).Status);
        Assert.Equal(3, (await rig.Cluster.AskAsync("/api/audit?verdict=POLICY_SET")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task C15_what_waited_under_other_rules_runs_no_more()
    {
        await using var rig = await ToolRig.StartAsync();
        var approval = (await rig.SendAsync(Stop104)).Answer.GetProperty("approval");
        await SetAsync(rig, p => p["writesPerHour"] = 29);
        var before = await rig.WorldAsync();

        var (status, refused) = await rig.DecideAsync(approval, new { decision = "approve" });

        Assert.Equal((HttpStatusCode.Conflict, "DENY_STATE"), (status, refused.GetProperty("code").GetString()));
        Assert.Contains("rules have changed", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await rig.WorldAsync());
    }

    [Fact]
    public async Task Where_two_are_needed_the_one_who_asked_may_not_approve()
    {
        await using var rig = await ToolRig.StartAsync();
        await SetAsync(rig, p => p["twoPersons"] = Rules("104"));
        var approval = (await rig.CallAsync("stop_vm", new { guest = 104 }, confirmed: true)).Answer.GetProperty("approval");
        Assert.True(approval.GetProperty("twoPersons").GetBoolean());

        var (status, refused) = await rig.DecideAsync(approval, new { decision = "approve" });
        Assert.Equal((HttpStatusCode.Forbidden, "DENY_ROLE"), (status, refused.GetProperty("code").GetString()));
        var (decided, answer) = await rig.DecideAsync(approval, new { decision = "approve" }, await RestTests.SignInAsync(rig, Role.Operator));
        Assert.Equal(HttpStatusCode.OK, decided);
        await rig.EndAsync(answer);
        Assert.Contains(" stopped ", (await rig.WorldAsync())[104], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("writesPerHour", "0")]
    [InlineData("approvalMinutes", "61")]
    [InlineData("requestsPerMinute", "\"ten\"")]
    [InlineData("protected", """[{"kind":"guest"}]""")]
    [InlineData("protected", """[{"kind":"guest","id":"ci"}]""")]
    [InlineData("protected", """[{"kind":"node","tag":"x"}]""")]
    [InlineData("protected", """[{"kind":"path","id":"/etc"}]""")]
    [InlineData("protected", """[null]""")]
    [InlineData("twoPersons", "null")]
    public async Task Rules_that_are_none_change_nothing(string name, string value)
    {
        await using var server = await TestServer.StartAsync();
        var admin = (await server.SignInAsync()).Access;
        var before = await KeywordTests.AskAsync(server, "/api/policy", admin);
        var policy = JsonNode.Parse(before.GetProperty("policy").GetRawText())!.AsObject();
        policy[name] = JsonNode.Parse(value);

        using var answer = await server.SendAsync(HttpMethod.Put, "/api/policy", policy, admin);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(before.GetRawText(), (await KeywordTests.AskAsync(server, "/api/policy", admin)).GetRawText());
    }

    [Fact]
    public async Task It_outlives_a_restart_and_adds_to_the_configuration()
    {
        using var data = new TestFolder();
        string version;
        await using (var server = await TestServer.StartAsync([("Safety:ProtectedNodes:0", "pve1")], data: data.Path))
        {
            var admin = (await server.SignInAsync()).Access;
            var view = await KeywordTests.AskAsync(server, "/api/policy", admin);
            Assert.Equal("pve1", view.GetProperty("configuredProtected")[0].GetProperty("id").GetString());
            Assert.Equal(30, view.GetProperty("policy").GetProperty("writesPerHour").GetInt32());
            var policy = JsonNode.Parse(view.GetProperty("policy").GetRawText())!.AsObject();
            policy["protected"] = Rules("104");
            policy["writesPerHour"] = 7;
            using var set = await server.SendAsync(HttpMethod.Put, "/api/policy", policy, admin);
            Assert.Equal(HttpStatusCode.OK, set.StatusCode);
            version = (await KeywordTests.AskAsync(server, "/api/policy", admin)).GetProperty("version").GetString()!;
            Assert.NotEqual(view.GetProperty("version").GetString(), version);
        }

        await using var again = await TestServer.StartAsync(data: data.Path);
        var after = await KeywordTests.AskAsync(again, "/api/policy", (await again.SignInAsync()).Access);
        Assert.Equal((7, "104", version), (after.GetProperty("policy").GetProperty("writesPerHour").GetInt32(), after.GetProperty("policy").GetProperty("protected")[0].GetProperty("id").GetString(), after.GetProperty("version").GetString()));
    }

    internal static JsonArray Rules(string guest) => [new JsonObject { ["kind"] = "guest", ["cluster"] = "lab1", ["id"] = guest, ["why"] = "the house hangs on it" }];

    internal static async Task<(HttpStatusCode Status, JsonElement Answer)> SetAsync(ToolRig rig, Action<JsonObject> change)
    {
        var policy = JsonNode.Parse((await rig.Cluster.AskAsync("/api/policy")).GetProperty("policy").GetRawText())!.AsObject();
        change(policy);
        return await rig.SendAsync(policy.ToJsonString(), path: "/api/policy", method: HttpMethod.Put);
    }
}
