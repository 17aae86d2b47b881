using System.Net;

namespace Jarvis.Server.Tests.Tools;

public sealed class SnapshotToolsTests
{
    [Fact]
    [Drives("create_snapshot", "delete_snapshot")]
    public async Task A_snapshot_is_made_and_removed()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        await rig.DoAsync("create_snapshot", new { guest = 104, name = "before-test", description = "by hand" });
        var after = await rig.WorldAsync();
        Assert.EndsWith(" before-test,current", after[104], StringComparison.Ordinal);
        Assert.Equal(before.Where(g => g.Key != 104), after.Where(g => g.Key != 104));

        await rig.DoAsync("delete_snapshot", new { guest = 104, name = "before-test" }, confirmed: true);
        Assert.EndsWith(" current", (await rig.WorldAsync())[104], StringComparison.Ordinal);
    }

    [Fact]
    [Drives("rollback_snapshot")]
    public async Task A_guest_goes_back_to_a_snapshot_and_runs_again()
    {
        await using var rig = await ToolRig.StartAsync();
        await rig.DoAsync("create_snapshot", new { guest = 102, name = "good" });
        await rig.ChangeAsync("/nodes/pve2/qemu/102/config", ("onboot", "0"));

        await rig.DoAsync("rollback_snapshot", new { guest = "db", name = "good" }, confirmed: true);

        Assert.Equal("running", (await rig.ProxmoxAsync("/nodes/pve2/qemu/102/status/current")).GetProperty("status").GetString());
        Assert.NotEqual("0", (await rig.ProxmoxAsync("/nodes/pve2/qemu/102/config")).TryGetProperty("onboot", out var onboot) ? onboot.ToString() : "unset");
    }

    [Theory]
    [InlineData("""{"tool":"rollback_snapshot","args":{"guest":102,"name":"nowhere"},"confirmed":true}""")]
    [InlineData("""{"tool":"delete_snapshot","args":{"guest":104,"name":"nowhere"},"confirmed":true}""")]
    [InlineData("""{"tool":"create_snapshot","args":{"guest":102,"name":"before-upgrade"}}""")]
    public async Task A_snapshot_that_is_not_there_or_is_already_is_told(string body)
    {
        await using var rig = await ToolRig.StartAsync();
        await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", body);
    }
}
