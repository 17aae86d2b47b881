using System.Net;
using Jarvis.Proxmox;
using Jarvis.Server.Tools;
using Jarvis.Simulator;

namespace Jarvis.Server.Tests.Tools;

public sealed class UnlockTests
{
    private const string Locked = "/nodes/pve3/qemu/104/status/current";
    private const string Unlock = """{"tool":"unlock_guest","args":{"guest":104},"confirmed":true}""";

    [Fact]
    [Drives("unlock_guest")]
    public async Task A_token_is_told_what_to_run_and_nothing_changes()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();
        await LockAsync(rig, 104, "migrate");
        var plan = (await rig.CallAsync("unlock_guest", new { guest = 104 }, dryRun: true)).Answer.GetProperty("plan");
        Assert.Equal("migrate", plan.GetProperty("changes")[0].GetProperty("before").GetString());
        Assert.Contains(plan.GetProperty("warnings").EnumerateArray(), w => w.GetString()!.Contains("make sure that it runs on no other", StringComparison.Ordinal));

        var (status, answer) = await rig.SendAsync(Unlock);

        Assert.True((HttpStatusCode.OK, "failed") == (status, answer.GetProperty("outcome").GetString()), answer.ToString());
        Assert.Contains("As root on pve3: `qm unlock 104`.", answer.GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal("migrate", (await rig.ProxmoxAsync(Locked)).GetProperty("lock").GetString());

        Assert.Equal(before, await rig.WorldAsync());
    }

    [Fact]
    public async Task Root_itself_takes_the_lock_away()
    {
        await using var rig = await ToolRig.StartAsync();
        var lab = await SimulatorHost.StartAsync(
            new() { Scenario = "three-nodes", Seed = 2, Listen = new(IPAddress.Loopback, 0), UnauthorizedDelay = TimeSpan.Zero, User = "root@pam", Password = "simulated" }, rig.Cluster.Server.Time, ToolRig.Stop);
        rig.Cluster.Simulators.Add(lab);
        await lab.AddFaultAsync("stale-lock", "104", new Dictionary<string, string> { ["lock"] = "migrate" }, ToolRig.Stop);
        using var root = new ProxmoxClient(
            new() { Endpoints = [.. lab.Endpoints], Credential = ProxmoxCredential.FromLogin("root@pam", "simulated"), Fingerprints = [.. lab.Fingerprints.Values] }, TimeProvider.System);
        Assert.Equal("migrate", (await root.GetGuestStatusNowAsync("pve3", GuestType.Qemu, 104, ToolRig.Stop)).Lock);
        var cluster = rig.Cluster.Clusters.Only!;

        await rig.Running(UnlockTools.UnlockAsync(new Reached(cluster, cluster.Current.Guest(104)!, root), ToolRig.Stop));

        Assert.Null((await root.GetGuestStatusNowAsync("pve3", GuestType.Qemu, 104, ToolRig.Stop)).Lock);
    }

    [Fact]
    public async Task A_guest_that_is_not_locked_is_left_alone()
    {
        await using var rig = await ToolRig.StartAsync();
        await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", Unlock);
    }

    [Fact]
    public async Task A_lock_that_a_task_holds_is_left_to_it()
    {
        await using var rig = await ToolRig.StartAsync();
        await rig.PostAsync("/nodes/pve3/vzdump", ("vmid", "104"), ("storage", "nfs"), ("mode", "snapshot"));
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.Only!, v => v.Guests.Any(g => g is { Vmid: 104, Lock: "backup" }));

        await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", Unlock);

        Assert.Equal("backup", (await rig.ProxmoxAsync(Locked)).GetProperty("lock").GetString());
    }

    [Theory]
    [InlineData(103, "disk", "`pct unlock 103`")]
    [InlineData(105, "suspended", "start it to let it go on")]
    public async Task What_cannot_be_unlocked_from_here_is_said_with_what_helps(int vmid, string held, string says)
    {
        await using var rig = await ToolRig.StartAsync();
        await LockAsync(rig, vmid, held);
        var (status, answer) = await rig.CallAsync("unlock_guest", new { guest = vmid }, confirmed: true);
        Assert.Equal((HttpStatusCode.Conflict, "DENY_STATE"), (status, answer.GetProperty("code").GetString()));
        Assert.Contains(says, answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static async Task LockAsync(ToolRig rig, int vmid, string held)
    {
        await rig.Cluster.Simulators[0].AddFaultAsync("stale-lock", $"{vmid}", new Dictionary<string, string> { ["lock"] = held }, ToolRig.Stop);
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.Only!, v => v.Guests.Any(g => g.Vmid == vmid && g.Lock == held));
    }
}
