using System.Net;
using System.Text.Json;

namespace Jarvis.Server.Tests.Tools;

public sealed class MoveToolsTests
{
    [Theory]
    [InlineData(100, "pve2", "running", "qemu")]
    [InlineData(101, "pve3", "running", "lxc")]
    [InlineData(106, "pve1", "stopped", "lxc")]
    [Drives("migrate_guest")]
    public async Task A_guest_moves_and_is_there_as_it_was(int vmid, string target, string status, string kind)
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        await rig.DoAsync("migrate_guest", new { guest = vmid, target_node = target }, confirmed: true);

        var after = await rig.WorldAsync();
        Assert.StartsWith($"{target} {status} ", after[vmid], StringComparison.Ordinal);
        Assert.Equal(before.Where(g => g.Key != vmid), after.Where(g => g.Key != vmid));
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.All[0], v => v.Guests.Any(g => g.Vmid == vmid && g.Node == target));
        var now = await rig.ProxmoxAsync($"/nodes/{target}/{kind}/{vmid}/status/current");
        Assert.False(now.TryGetProperty("lock", out _));
    }

    [Fact]
    public async Task The_plan_says_whether_it_is_interrupted_and_who_moves_it()
    {
        await using var rig = await ToolRig.StartAsync();
        var machine = await PlanAsync(rig, new { guest = 100, target_node = "pve3" });
        var container = await PlanAsync(rig, new { guest = 103, target_node = "pve3" });

        Assert.Contains("goes on meanwhile", machine.GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Contains(machine.GetProperty("warnings").EnumerateArray(), w => w.GetString()!.StartsWith("High availability looks after web", StringComparison.Ordinal));
        Assert.Equal("changes", machine.GetProperty("targets")[0].GetProperty("effect").GetString());
        Assert.Contains("with an interruption", container.GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Equal("interrupts", container.GetProperty("targets")[0].GetProperty("effect").GetString());
        Assert.Contains(container.GetProperty("warnings").EnumerateArray(), w => w.GetString()!.Contains("copied over the network", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_move_or_be_copied_so_is_refused()
    {
        await using var rig = await ToolRig.StartAsync();
        (string Body, HttpStatusCode Status, string Code)[] cases =
        [
            ("""{"tool":"migrate_guest","args":{"guest":102,"target_node":"pve2"},"confirmed":true}""", HttpStatusCode.Conflict, "DENY_STATE"),
            ("""{"tool":"migrate_guest","args":{"guest":102,"target_node":"pve3","online":false},"confirmed":true}""", HttpStatusCode.Conflict, "DENY_STATE"),
            ("""{"tool":"migrate_guest","args":{"guest":102,"target_node":"pve9"},"confirmed":true}""", HttpStatusCode.BadRequest, "DENY_ARGS"),
            ("""{"tool":"clone_guest","args":{"guest":102,"name":"copy","full":false},"confirmed":true}""", HttpStatusCode.Conflict, "DENY_STATE"),
            ("""{"tool":"clone_guest","args":{"guest":102,"name":"copy","new_vmid":105},"confirmed":true}""", HttpStatusCode.Conflict, "DENY_STATE"),
            ("""{"tool":"clone_guest","args":{"guest":102,"name":"copy","target_node":"pve3"},"confirmed":true}""", HttpStatusCode.Conflict, "DENY_STATE"),
            ("""{"tool":"clone_guest","args":{"guest":103,"name":"copy"},"confirmed":true}""", HttpStatusCode.Conflict, "DENY_STATE"),
            ("""{"tool":"clone_guest","args":{"guest":102,"name":"a b"},"confirmed":true}""", HttpStatusCode.Conflict, "DENY_STATE"),
        ];
        foreach (var (body, status, code) in cases) await rig.RefusedAsync(status, code, body);
    }

    [Fact]
    public async Task A_cloud_init_drive_goes_along_and_an_image_in_a_drive_does_not()
    {
        await using var rig = await ToolRig.StartAsync();
        await rig.TellAsync(HttpMethod.Delete, "/cluster/ha/resources/vm:100");
        await rig.ChangeAsync("/nodes/pve1/qemu/100/config", ("ide2", "local-lvm:cloudinit"));
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.All[0], v => v.Guests.Any(g => g is { Vmid: 100, HaState: null }));

        await rig.DoAsync("migrate_guest", new { guest = 100, target_node = "pve2" }, confirmed: true);

        Assert.StartsWith("pve2 running ", (await rig.WorldAsync())[100], StringComparison.Ordinal);
        Assert.Contains("vm-100-cloudinit", (await rig.ProxmoxAsync("/nodes/pve2/storage/local-lvm/content")).ToString(), StringComparison.Ordinal);
        await rig.ChangeAsync("/nodes/pve2/qemu/100/config", ("ide2", "local:iso/debian-13.2.0-amd64-netinst.iso,media=cdrom"));
        await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", """{"tool":"migrate_guest","args":{"guest":100,"target_node":"pve1"},"confirmed":true}""");
    }

    [Fact]
    public async Task A_running_machine_with_local_disks_and_snapshots_moves_only_where_it_is_replicated()
    {
        await using var rig = await ToolRig.StartAsync();
        await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", """{"tool":"migrate_guest","args":{"guest":102,"target_node":"pve1"},"confirmed":true}""");
        Assert.Contains("goes on meanwhile", (await PlanAsync(rig, new { guest = 102, target_node = "pve3" })).GetProperty("summary").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_whose_storage_is_not_on_the_other_node_does_not_move()
    {
        await using var rig = await ToolRig.StartAsync();
        var lab = rig.Cluster.Simulators[0];
        await lab.AddFaultAsync("storage-offline", "local-lvm", new Dictionary<string, string> { ["node"] = "pve3" }, ToolRig.Stop);
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.All[0], v => v.Storages.Any(s => s.Id == "pve3/local-lvm" && s.Status is not Jarvis.Server.Cluster.StorageStatus.Available));

        await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", """{"tool":"migrate_guest","args":{"guest":102,"target_node":"pve3"},"confirmed":true}""");
    }

    [Theory]
    [InlineData(900, null, 107, "pve1")]
    [InlineData(106, "pve2", 300, "pve2")]
    [Drives("clone_guest")]
    public async Task A_copy_is_made_and_the_guest_stays_as_it_was(int vmid, string? target, int number, string node)
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        var answer = await rig.DoAsync("clone_guest", target is null ? new { guest = vmid, name = "copy" } : (object)new { guest = vmid, name = "copy", new_vmid = number, target_node = target }, confirmed: true);

        var after = await rig.WorldAsync();
        Assert.Contains($"\"vmid\":{number}", answer.GetProperty("result").ToString(), StringComparison.Ordinal);
        Assert.StartsWith($"{node} stopped ", after[number], StringComparison.Ordinal);
        Assert.Equal(before, after.Where(g => g.Key != number));
        Assert.NotNull(rig.Cluster.Clusters.All[0].Current.Guest(number));
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.All[0], v => v.Guests.Any(g => g.Vmid == number && g.Name == "copy"));
    }

    [Fact]
    [Drives("evacuate_node")]
    public async Task A_node_is_emptied_and_its_guests_run_elsewhere()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();
        var plan = (await rig.CallAsync("evacuate_node", new { node = "pve1", target_nodes = new[] { "pve2", "pve3" } }, dryRun: true)).Answer.GetProperty("plan");
        Assert.Equal(2, plan.GetProperty("changes").GetArrayLength());

        await rig.DoAsync("evacuate_node", new { node = "pve1", target_nodes = new[] { "pve2", "pve3" } }, confirmed: true);

        var after = await rig.WorldAsync();
        Assert.All(new[] { 100, 101 }, vmid =>
        {
            Assert.DoesNotContain("pve1 ", after[vmid], StringComparison.Ordinal);
            Assert.Equal(before[vmid].Split(' ')[1], after[vmid].Split(' ')[1]);
        });
        Assert.Equal(before.Where(g => g.Key > 101), after.Where(g => g.Key > 101));
    }

    [Fact]
    [Drives("return_guests")]
    public async Task Guests_come_back_to_their_node_after_its_maintenance()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();
        var report = (await rig.DoAsync("evacuate_node", new { node = "pve1" }, confirmed: true)).GetProperty("result");
        var moved = report.GetProperty("guests").EnumerateArray().Where(g => g.GetProperty("outcome").GetString() == "done").Select(g => g.GetProperty("vmid").GetInt32()).ToArray();
        Assert.NotEmpty(moved);

        await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", """{"tool":"return_guests","args":{"node":"pve1","guests":[]},"confirmed":true}""");
        await rig.DoAsync("return_guests", new { node = "pve1", guests = moved }, confirmed: true);

        Assert.Equal(before, await rig.WorldAsync());
        await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", """{"tool":"return_guests","args":{"node":"pve1","guests":[100]},"confirmed":true}""");
    }

    [Fact]
    public async Task A_guest_that_cannot_move_stays_and_is_named_in_the_plan()
    {
        await using var rig = await ToolRig.StartAsync();
        await rig.Cluster.Simulators[0].AddFaultAsync("stale-lock", "100", new Dictionary<string, string> { ["lock"] = "backup" }, ToolRig.Stop);
        var before = await rig.WorldAsync();

        var plan = (await rig.CallAsync("evacuate_node", new { node = "pve1" }, dryRun: true)).Answer.GetProperty("plan");
        Assert.Contains(plan.GetProperty("warnings").EnumerateArray(), w => w.GetString()!.StartsWith("Stays: VM 100 (web) on pve1 is locked", StringComparison.Ordinal));
        await rig.DoAsync("evacuate_node", new { node = "pve1" }, confirmed: true);

        var after = await rig.WorldAsync();
        Assert.Equal(before[100], after[100]);
        Assert.DoesNotContain("pve1 ", after[101], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_cannot_be_emptied_so_is_told()
    {
        await using var rig = await ToolRig.StartAsync();
        (string Body, HttpStatusCode Status, string Code)[] cases =
        [
            ("""{"tool":"evacuate_node","args":{"node":"pve3","target_nodes":["pve3"]},"confirmed":true}""", HttpStatusCode.Conflict, "DENY_STATE"),
            ("""{"tool":"evacuate_node","args":{"node":"pve3","target_nodes":["nowhere"]},"confirmed":true}""", HttpStatusCode.Conflict, "DENY_STATE"),
            ("""{"tool":"evacuate_node","args":{"node":"nowhere"},"confirmed":true}""", HttpStatusCode.BadRequest, "DENY_ARGS"),
        ];
        foreach (var (body, status, code) in cases) await rig.RefusedAsync(status, code, body);
    }

    private static async Task<JsonElement> PlanAsync(ToolRig rig, object args) => (await rig.CallAsync("migrate_guest", args, dryRun: true)).Answer.GetProperty("plan");
}
