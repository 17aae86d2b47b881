using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Jarvis.Server.Tests.Tools;

public sealed class ReadTests
{
    [Fact]
    [Drives("get_cluster_status", "get_node_status", "get_vms", "get_containers", "get_storage")]
    public async Task What_the_snapshot_knows_is_told_and_nothing_moves()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        var status = Result(await rig.DoAsync("get_cluster_status", new { }))[0];
        Assert.Equal(("lab1", true), (status.GetProperty("cluster").GetString(), status.GetProperty("quorate").GetBoolean()));
        Assert.Equal(before.Values.Count(v => v.Contains(" running ", StringComparison.Ordinal)), status.GetProperty("guestsByStatus").GetProperty("running").GetInt32());
        Assert.Equal(["pve1", "pve2", "pve3"], status.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("name").GetString()));

        Assert.Equal("online", Result(await rig.DoAsync("get_node_status", new { node = "pve2" })).GetProperty("status").GetString());
        Assert.Equal([102], Vmids(await rig.DoAsync("get_vms", new { node = "pve2" })));
        Assert.Equal([105, 900], Vmids(await rig.DoAsync("get_vms", new { status = "stopped" })));
        Assert.Equal([101], Vmids(await rig.DoAsync("get_containers", new { tag = "network" })));
        Assert.Equal([100, 102], Vmids(await rig.DoAsync("get_vms", new { pool = "prod", cluster = "lab1" })));
        Assert.Equal(1, Result(await rig.DoAsync("get_storage", new { node = "pve2" })).GetProperty("items").EnumerateArray().Count(s => s.GetProperty("name").GetString() == "nfs"));

        Assert.Equal(before, await rig.WorldAsync());
    }

    [Fact]
    [Drives("get_guest_config", "get_snapshots")]
    public async Task What_a_guests_node_knows_is_told_by_number_or_by_name()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        var config = Result(await rig.DoAsync("get_guest_config", new { guest = "db" }));
        Assert.Equal((102, "4"), (config.GetProperty("vmid").GetInt32(), config.GetProperty("settings").GetProperty("cores").GetString()));
        var now = Result(await rig.DoAsync("get_guest_status", new { guest = 105 }));
        Assert.Equal(("spare", "stopped"), (now.GetProperty("name").GetString(), now.GetProperty("status").GetString()));
        Assert.Equal(["before-upgrade"], Result(await rig.DoAsync("get_snapshots", new { guest = 102 })).EnumerateArray().Select(s => s.GetProperty("name").GetString()));

        Assert.Equal(before, await rig.WorldAsync());
    }

    [Theory]
    [InlineData("""{"tool":"get_guest_config","args":{"guest":"102"}}""")]
    [InlineData("""{"tool":"get_guest_config","args":{"guest":"nobody"}}""")]
    [InlineData("""{"tool":"get_guest_config","args":{"guest":102,"guest":100}}""")]
    [InlineData("""{"tool":"get_guest_config","args":{"guest":102,"cluster":"mars"}}""")]
    [InlineData("""{"tool":"get_vms","args":{"status":"asleep"}}""")]
    public async Task Arguments_that_are_not_what_a_tool_takes_are_refused(string body)
    {
        await using var rig = await ToolRig.StartAsync();
        await rig.RefusedAsync(HttpStatusCode.BadRequest, "DENY_ARGS", body);
    }

    [Theory]
    [InlineData("get_vms")]
    [InlineData("get_containers")]
    [InlineData("get_storage")]
    public async Task A_cluster_that_cannot_be_read_any_more_is_not_taken_for_one_as_it_is(string tool)
    {
        await using var rig = await ToolRig.StartAsync();
        Assert.Empty((await rig.ReadAsync(tool)).GetProperty("unread").EnumerateArray());
        foreach (var node in new[] { "pve1", "pve2", "pve3" }) await rig.Cluster.Simulators[0].AddFaultAsync("node-off", node, null, ToolRig.Stop);
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.Only!, v => v.Header.BlindSince is not null);

        var unread = Assert.Single((await rig.ReadAsync(tool)).GetProperty("unread").EnumerateArray(), u => u.GetProperty("what").GetString() == "lab1");
        Assert.StartsWith("It cannot be read since ", unread.GetProperty("why").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_was_never_read_is_not_taken_for_an_empty_one()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.File("token"), "root@pam!none=00000000-0000-0000-0000-000000000000", ToolRig.Stop);
        await using var server = await TestServer.StartAsync([("Clusters:0:Key", "dark"), ("Clusters:0:Endpoints:0", "https://127.0.0.1:1"), ("Clusters:0:TokenFile", folder.File("token"))]);
        var signed = await server.SignInAsync();
        foreach (var tool in new[] { "get_vms", "get_containers", "get_storage" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tools/execute") { Content = JsonContent.Create(new { tool, args = new { } }) };
            request.Headers.Authorization = new("Bearer", signed.Access);
            using var response = await server.Http.SendAsync(request, ToolRig.Stop);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(ToolRig.Stop);
            Assert.True(answer.GetProperty("outcome").GetString() == "failed", answer.ToString());
            Assert.StartsWith("dark: ", answer.GetProperty("why").GetString(), StringComparison.Ordinal);
        }
    }

    private static JsonElement Result(JsonElement answer) => answer.GetProperty("result");

    private static IEnumerable<int> Vmids(JsonElement answer) => Result(answer).GetProperty("items").EnumerateArray().Select(g => g.GetProperty("vmid").GetInt32());
}
