using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Jarvis.Server.Auth;
using Jarvis.Server.Persistence;
using Jarvis.Server.Tests.Tools;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Tests.Gate;

public sealed class ApiKeyTests
{
    private const string Start105 = """{"tool":"start_vm","args":{"guest":105}}""";
    private const string Stop104 = """{"tool":"stop_vm","args":{"guest":104}}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_acts_up_to_its_ceiling_and_a_person_decides_the_rest()
    {
        await using var rig = await ToolRig.StartAsync();
        var key = await AddAsync(rig, new { name = "robot", role = "operator", ceiling = "yellow" });
        var (_, started) = await rig.SendAsync(Start105, key);
        await rig.EndAsync(started);
        Assert.Contains(" running ", (await rig.WorldAsync())[105], StringComparison.Ordinal);

        var before = await rig.WorldAsync();
        var (status, waiting) = await rig.SendAsync("""{"tool":"stop_vm","args":{"guest":104},"confirmed":true}""", key);
        Assert.Equal((HttpStatusCode.Accepted, "NEEDS_HUMAN"), (status, waiting.GetProperty("verdict").GetString()));
        var approval = waiting.GetProperty("approval");
        Assert.Equal(HttpStatusCode.Forbidden, (await rig.DecideAsync(approval, new { decision = "approve" }, key)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await rig.SendAsync("""{"active":false}""", key, "/api/monitor/killswitch", method: HttpMethod.Put)).Status);
        Assert.Equal(before, await rig.WorldAsync());

        var (decided, answer) = await rig.DecideAsync(approval, new { decision = "approve" });
        Assert.Equal(HttpStatusCode.OK, decided);
        await rig.EndAsync(answer);
        Assert.Contains(" stopped ", (await rig.WorldAsync())[104], StringComparison.Ordinal);
        var actors = (await rig.Cluster.AskAsync("/api/audit?actor=KEY:ROBOT")).GetProperty("items").EnumerateArray().Select(r => r.GetProperty("kind").GetString()).Distinct();
        Assert.Equal(["key"], actors);
    }

    [Fact]
    public async Task G02_what_a_key_read_from_outside_counts_to_what_it_does_next()
    {
        await using var rig = await ToolRig.StartAsync();
        var key = await AddAsync(rig, new { name = "robot", role = "operator", ceiling = "yellow" });
        Assert.Equal(HttpStatusCode.OK, (await rig.CallAsync("get_guest_config", new { guest = 104 }, bearer: key)).Status);

        Assert.Equal(HttpStatusCode.Accepted, (await rig.SendAsync(Start105, key)).Status);
        Assert.Contains(" stopped ", (await rig.WorldAsync())[105], StringComparison.Ordinal);

        rig.Cluster.Server.Time.Advance(TimeSpan.FromMinutes(16));
        await rig.RestAsync();
        await rig.EndAsync((await rig.SendAsync(Start105, key)).Answer);
    }

    [Fact]
    public async Task G02_what_a_key_learns_later_of_its_run_counts_as_if_it_had_waited()
    {
        await using var rig = await ToolRig.StartAsync();
        var key = await AddAsync(rig, new { name = "robot", role = "operator", ceiling = "yellow" });
        var (_, begun) = await rig.SendAsync("""{"tool":"create_snapshot","args":{"guest":104,"name":"one"}}""", key, follows: true);
        Assert.Equal("running", begun.GetProperty("outcome").GetString());
        await rig.EndAsync(begun, key);

        Assert.Equal(HttpStatusCode.Accepted, (await rig.SendAsync(Start105, key)).Status);
        Assert.Contains(" stopped ", (await rig.WorldAsync())[105], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_green_key_reads_and_asks_for_the_rest_and_a_viewers_only_reads()
    {
        await using var rig = await ToolRig.StartAsync();
        var green = await AddAsync(rig, new { name = "green", role = "operator", ceiling = "green" });
        var viewer = await AddAsync(rig, new { name = "viewer", role = "viewer", ceiling = "green" });
        Assert.Equal(HttpStatusCode.Accepted, (await rig.SendAsync(Start105, green)).Status);
        Assert.Equal(HttpStatusCode.OK, (await rig.CallAsync("get_cluster_status", new { }, bearer: viewer)).Status);
        await rig.RefusedAsync(HttpStatusCode.Forbidden, "DENY_ROLE", Start105, viewer);
    }

    [Fact]
    public async Task A_grant_holds_for_its_tool_on_its_targets_and_for_nothing_else()
    {
        await using var rig = await ToolRig.StartAsync();
        var key = await AddAsync(rig, new
        {
            name = "night", role = "operator", ceiling = "green",
            grants = new[] { new { tool = "stop_vm", targets = new[] { new { cluster = "lab1", kind = "guest", id = "104" } } } },
        });
        Assert.Equal(HttpStatusCode.Accepted, (await rig.SendAsync("""{"tool":"stop_vm","args":{"guest":102}}""", key)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await rig.SendAsync("""{"tool":"shutdown_vm","args":{"guest":104}}""", key)).Status);
        var (status, answer) = await rig.SendAsync(Stop104, key);
        Assert.Equal(HttpStatusCode.OK, status);
        await rig.EndAsync(answer);
        Assert.Contains(" stopped ", (await rig.WorldAsync())[104], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_and_what_it_asked_for_are_worth_nothing()
    {
        await using var rig = await ToolRig.StartAsync();
        var key = await AddAsync(rig, new { name = "robot", role = "operator", ceiling = "yellow" });
        var approval = (await rig.SendAsync(Stop104, key)).Answer.GetProperty("approval");
        var id = Assert.Single((await rig.Cluster.AskAsync("/api/keys")).EnumerateArray()).GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.NoContent, (await rig.SendAsync("", path: $"/api/keys/{id}", method: HttpMethod.Delete)).Status);
        var before = await rig.WorldAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await rig.SendAsync(Start105, key)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await rig.DecideAsync(approval, new { decision = "approve" })).Status);
        Assert.Equal(before, await rig.WorldAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await rig.SendAsync("", path: $"/api/keys/{id}", method: HttpMethod.Delete)).Status);
    }

    [Fact]
    public async Task A_key_has_no_more_than_its_owner_and_ends_with_the_account_or_its_day()
    {
        await using var rig = await ToolRig.StartAsync();
        var server = rig.Cluster.Server;
        await server.AddAccountAsync("otto", Role.Admin, "some password");
        var otto = (await server.SignInAsync("otto", "some password")).Access;
        var key = await AddAsync(server, otto, new { name = "ottos", role = "operator", ceiling = "yellow" });
        var brief = await AddAsync(rig, new { name = "brief", role = "operator", ceiling = "yellow", days = 1 });
        Assert.Equal(HttpStatusCode.OK, (await rig.SendAsync(Start105, key)).Status);

        await rig.SendAsync("""{"role":"viewer"}""", path: "/api/users/otto", method: HttpMethod.Patch);
        await rig.RefusedAsync(HttpStatusCode.Forbidden, "DENY_ROLE", """{"tool":"create_snapshot","args":{"guest":104,"name":"later"}}""", key);
        await rig.SendAsync("", path: "/api/users/otto", method: HttpMethod.Delete);
        Assert.Equal(HttpStatusCode.Unauthorized, (await rig.SendAsync(Start105, key)).Status);

        Assert.Equal(HttpStatusCode.OK, (await rig.CallAsync("get_cluster_status", new { }, bearer: brief)).Status);
        server.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await rig.CallAsync("get_cluster_status", new { }, bearer: brief)).Status);
    }

    [Fact]
    public async Task A_run_is_its_callers_and_the_operators_to_see_and_to_stop()
    {
        await using var rig = await ToolRig.StartAsync();
        var key = await AddAsync(rig, new { name = "robot", role = "operator", ceiling = "yellow" });
        var other = await AddAsync(rig, new { name = "other", role = "operator", ceiling = "yellow" });
        var viewer = await RestTests.SignInAsync(rig, Role.Viewer);
        var id = (await rig.SendAsync(Start105, key)).Answer.GetProperty("auditId").GetString();
        foreach (var (bearer, status) in new[] { (key, HttpStatusCode.OK), (other, HttpStatusCode.NotFound), (viewer, HttpStatusCode.NotFound), (await RestTests.SignInAsync(rig, Role.Operator), HttpStatusCode.OK) })
        {
            Assert.Equal(status, (await rig.SendAsync("", bearer, $"/api/tools/runs/{id}", method: HttpMethod.Get)).Status);
            if (status == HttpStatusCode.NotFound) Assert.Equal(status, (await rig.SendAsync("", bearer, $"/api/tools/runs/{id}/cancel")).Status);
        }
    }

    [Theory]
    [InlineData("""{"name":"Robot","role":"operator","ceiling":"green"}""")]
    [InlineData("""{"name":"r","role":"admin","ceiling":"green"}""")]
    [InlineData("""{"name":"r","role":"operator","ceiling":"red"}""")]
    [InlineData("""{"name":"r","role":"viewer","ceiling":"yellow"}""")]
    [InlineData("""{"name":"r","role":"operator","ceiling":"green","days":0}""")]
    [InlineData("""{"name":"r","role":"operator","ceiling":"green","grants":[{"tool":"vm_nuke","targets":[]}]}""")]
    [InlineData("""{"name":"r","role":"operator","ceiling":"green","grants":[{"tool":"stop_vm","targets":[]}]}""")]
    [InlineData("""{"name":"r","role":"operator","ceiling":"green","grants":[{"tool":"stop_vm","targets":[{"cluster":"nowhere","kind":"guest","id":"104"}]}]}""")]
    [InlineData("""{"name":"r","role":"operator","ceiling":"green","grants":[{"tool":"get_cluster_status","targets":[{"cluster":"x","kind":"guest","id":"104"}]}]}""")]
    public async Task A_key_that_may_not_be_is_not_made(string body)
    {
        await using var server = await TestServer.StartAsync();
        var admin = (await server.SignInAsync()).Access;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/keys") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", admin);
        using var answer = await server.Http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(0, (await KeywordTests.AskAsync(server, "/api/keys", admin)).GetArrayLength());
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_kept_nowhere()
    {
        using var data = new TestFolder();
        await using var server = await TestServer.StartAsync(data: data.Path);
        var admin = (await server.SignInAsync()).Access;
        var secret = await AddAsync(server, admin, new { name = "robot", role = "viewer", ceiling = "green" });
        using var twice = await server.SendAsync(HttpMethod.Post, "/api/keys", new { name = "robot", role = "viewer", ceiling = "green" }, admin);
        await Problem.Is(HttpStatusCode.Conflict, "KEY_TAKEN", twice);
        Assert.DoesNotContain(secret, (await KeywordTests.AskAsync(server, "/api/keys", admin)).GetRawText(), StringComparison.Ordinal);
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.EnumerateFiles(data.Path).Where(f => !DataFolder.IsLock(Path.GetFileName(f))))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var all = new MemoryStream();
            await stream.CopyToAsync(all, Stop);
            Assert.Equal(-1, all.ToArray().AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret)));
        }
    }

    [Fact]
    public async Task The_same_key_opens_mcp()
    {
        await using var rig = await ToolRig.StartAsync();
        var key = await AddAsync(rig, new { name = "claude", role = "operator", ceiling = "green" });
        Assert.Contains("get_cluster_status", await McpAsync(rig, key), StringComparison.Ordinal);
        Assert.Equal("Unauthorized", await McpAsync(rig, rig.Cluster.Signed.Access));
        Assert.Equal("Unauthorized", await McpAsync(rig, key + "x"));
    }

    internal static async Task<string> AddAsync(TestServer server, string bearer, object key)
    {
        using var answer = await server.SendAsync(HttpMethod.Post, "/api/keys", key, bearer);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Stop));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("secret").GetString()!;
    }

    private static Task<string> AddAsync(ToolRig rig, object key) => AddAsync(rig.Cluster.Server, rig.Cluster.Signed.Access, key);

    private static async Task<string> McpAsync(ToolRig rig, string bearer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Authorization = new("Bearer", bearer);
        using var answer = await rig.Cluster.Server.Http.SendAsync(request, Stop);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(Stop) : answer.StatusCode.ToString();
    }
}
