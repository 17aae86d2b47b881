using System.Net;

namespace Jarvis.Server.Tests.Tools;

public sealed class PowerTests
{
    [Theory]
    [InlineData("start_vm", 105, "running")]
    [InlineData("start_container", 106, "running")]
    [InlineData("shutdown_vm", 104, "stopped")]
    [InlineData("shutdown_container", 103, "stopped")]
    [InlineData("shutdown_vm", 100, "stopped")] // under high availability
    [InlineData("stop_vm", 104, "stopped")]
    [InlineData("stop_container", 103, "stopped")]
    [Drives("start_vm", "start_container", "shutdown_vm", "shutdown_container", "stop_vm", "stop_container")]
    public async Task A_guest_is_started_and_stopped_and_no_other(string tool, int vmid, string expected)
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();
        Assert.DoesNotContain($" {expected} ", before[vmid], StringComparison.Ordinal);

        var answer = await rig.DoAsync(tool, new { guest = vmid }, confirmed: true);

        var after = await rig.WorldAsync();
        Assert.Contains($" {expected} ", after[vmid], StringComparison.Ordinal);
        Assert.Equal(before.Where(g => g.Key != vmid), after.Where(g => g.Key != vmid));
        Assert.StartsWith("UPID:", answer.GetProperty("upid").GetString(), StringComparison.Ordinal);
        Assert.Equal(["intent ALLOW_LOGGED", "outcome ALLOW_LOGGED"], await rig.AuditAsync(answer));
    }

    [Theory]
    [InlineData("restart_vm", "qemu", 104)]
    [InlineData("restart_container", "lxc", 103)]
    [Drives("restart_vm", "restart_container")]
    public async Task A_guest_is_restarted(string tool, string kind, int vmid)
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();
        var node = before[vmid].Split(' ')[0];
        var up = (await rig.ProxmoxAsync($"/nodes/{node}/{kind}/{vmid}/status/current")).GetProperty("uptime").GetInt64();

        await rig.DoAsync(tool, new { guest = vmid }, confirmed: true);

        var now = await rig.ProxmoxAsync($"/nodes/{node}/{kind}/{vmid}/status/current");
        Assert.Equal("running", now.GetProperty("status").GetString());
        Assert.True(now.GetProperty("uptime").GetInt64() < up);
        Assert.Equal(before, await rig.WorldAsync());
    }

    [Fact]
    [Drives("suspend_vm", "resume_vm")]
    public async Task A_machine_is_paused_and_goes_on()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        await rig.DoAsync("suspend_vm", new { guest = 104 }, confirmed: true);
        Assert.Contains(" paused ", (await rig.WorldAsync())[104], StringComparison.Ordinal);
        await rig.DoAsync("resume_vm", new { guest = 104 });

        Assert.Equal(before, await rig.WorldAsync());
    }

    [Theory]
    [InlineData("""{"tool":"start_vm","args":{"guest":104}}""")]
    [InlineData("""{"tool":"start_vm","args":{"guest":106}}""")]
    [InlineData("""{"tool":"start_vm","args":{"guest":900}}""")]
    [InlineData("""{"tool":"stop_vm","args":{"guest":105},"confirmed":true}""")]
    [InlineData("""{"tool":"stop_container","args":{"guest":104},"confirmed":true}""")]
    [InlineData("""{"tool":"resume_vm","args":{"guest":104}}""")]
    public async Task What_cannot_be_as_the_guest_is_now_is_refused(string body)
    {
        await using var rig = await ToolRig.StartAsync();
        await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", body);
    }
}
