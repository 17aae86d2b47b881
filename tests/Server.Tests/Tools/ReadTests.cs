using System.Net;
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
        Assert.Equal(1, Result(await rig.DoAsync("get_storage", new { node = "pve2" })).EnumerateArray().Count(s => s.GetProperty("name").GetString() == "nfs"));

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

    private static JsonElement Result(JsonElement answer) => answer.GetProperty("result");

    private static IEnumerable<int> Vmids(JsonElement answer) => Result(answer).EnumerateArray().Select(g => g.GetProperty("vmid").GetInt32());
}
