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

    [Fact]
    public async Task A_paused_machine_is_not_asked_to_shut_down_and_stopped_when_that_is_forced()
    {
        await using var rig = await ToolRig.StartAsync();
        await rig.DoAsync("suspend_vm", new { guest = 104 }, confirmed: true);
        await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", """{"tool":"shutdown_vm","args":{"guest":104},"confirmed":true}""");
        await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", """{"tool":"restart_vm","args":{"guest":104},"confirmed":true}""");
        var forced = new { guest = 104, force_after_timeout = true };
        Assert.Contains(await WarningsAsync(rig, "shutdown_vm", forced), w => w.Contains("the plug is pulled at once", StringComparison.Ordinal));

        await rig.DoAsync("shutdown_vm", forced, confirmed: true);

        Assert.Contains(" stopped ", (await rig.WorldAsync())[104], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hibernated_machine_goes_on_when_it_is_started()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();
        await rig.PostAsync("/nodes/pve3/qemu/104/status/suspend", ("todisk", "1"));
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.All[0], v => v.Guests.Any(g => g is { Vmid: 104, Status: Jarvis.Server.Cluster.GuestStatus.Suspended, Lock: "suspended" }));
        await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", """{"tool":"resume_vm","args":{"guest":104}}""");
        Assert.Contains("It is hibernated: it goes on where it stood.", await WarningsAsync(rig, "start_vm", new { guest = 104 }));
        var (_, many) = await rig.CallAsync("bulk_guests", new { action = "start", selector = new { names = new[] { 104 } } }, dryRun: true);
        Assert.Contains("ci (104) on pve3", many.GetProperty("plan").GetProperty("changes").ToString(), StringComparison.Ordinal);

        await rig.DoAsync("start_vm", new { guest = 104 });

        Assert.Equal(before, await rig.WorldAsync());
        Assert.False((await rig.ProxmoxAsync("/nodes/pve3/qemu/104/status/current")).TryGetProperty("lock", out _));
    }

    [Theory]
    [InlineData(100, false, "THE PLUG IS PULLED")] // under high availability, which forces it whatever was asked for
    [InlineData(102, false, null)]
    [InlineData(102, true, "the plug is pulled")]
    public async Task A_plan_says_when_a_shutdown_ends_with_the_plug(int vmid, bool force, string? expected)
    {
        await using var rig = await ToolRig.StartAsync();
        var warnings = await WarningsAsync(rig, "shutdown_vm", new { guest = vmid, timeout_s = 90, force_after_timeout = force });
        if (expected is null) Assert.DoesNotContain(warnings, w => w.Contains("plug", StringComparison.OrdinalIgnoreCase));
        else Assert.Contains(warnings, w => w.Contains(expected, StringComparison.Ordinal) && w.Contains("90 s", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> WarningsAsync(ToolRig rig, string tool, object args) =>
        [.. (await rig.CallAsync(tool, args, dryRun: true)).Answer.GetProperty("plan").GetProperty("warnings").EnumerateArray().Select(w => w.GetString()!)];

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
