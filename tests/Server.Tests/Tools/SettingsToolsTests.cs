using System.Net;
using System.Text.Json;

namespace Jarvis.Server.Tests.Tools;

public sealed class SettingsToolsTests
{
    [Fact]
    [Drives("update_guest")]
    public async Task Settings_are_changed_after_a_snapshot_and_what_waits_for_a_start_is_named()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();
        var was = await rig.ProxmoxAsync("/nodes/pve3/qemu/104/config");

        var answer = await rig.DoAsync("update_guest", new { guest = 104, cores = 6, name = "builder", tags = new[] { "ci", "linux" }, description = "Builds.", onboot = true }, confirmed: true);

        var now = await rig.ProxmoxAsync("/nodes/pve3/qemu/104/config");
        Assert.Equal(("builder", "ci;linux", "Builds.", "6"), (now.GetProperty("name").GetString(), now.GetProperty("tags").GetString(), now.GetProperty("description").GetString()!.Trim(), now.GetProperty("cores").ToString()));
        Assert.Equal(was.GetProperty("memory").ToString(), now.GetProperty("memory").ToString());
        var report = answer.GetProperty("result");
        Assert.Equal(["cores"], report.GetProperty("waitForNextStart").EnumerateArray().Select(k => k.GetString()));
        var snapshot = report.GetProperty("snapshot").GetString()!;
        Assert.StartsWith("jarvis-", snapshot, StringComparison.Ordinal);
        var told = await rig.Cluster.AskAsync($"/api/tools/runs/{answer.GetProperty("auditId").GetString()}");
        Assert.Equal((snapshot, snapshot), (told.GetProperty("snapshot").GetString(), told.GetProperty("result").GetProperty("snapshot").GetString()));
        var after = await rig.WorldAsync();
        Assert.EndsWith($" {snapshot},current", after[104], StringComparison.Ordinal);
        Assert.Equal(before.Where(g => g.Key != 104), after.Where(g => g.Key != 104));
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.All[0], v => v.Guests.Any(g => g.Vmid == 104 && g.Name == "builder"));
    }

    [Fact]
    public async Task The_plan_shows_each_setting_before_and_after()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        var plan = (await rig.CallAsync("update_guest", new { guest = "spare", memory_mib = 3072, tags = new[] { "lab" } })).Answer.GetProperty("approval").GetProperty("plan");

        Assert.Equal(["memory (MiB): 2048 → 3072", "tags:  → lab"], plan.GetProperty("changes").EnumerateArray()
            .Select(c => $"{c.GetProperty("what").GetString()}: {c.GetProperty("before").GetString()} → {c.GetProperty("after").GetString()}"));
        Assert.Equal(before, await rig.WorldAsync());
    }

    [Fact]
    public async Task D21_no_setting_but_those_that_are_named_can_be_changed()
    {
        await using var rig = await ToolRig.StartAsync();
        (string Key, string Value)[] cases =
        [
            ("args", "\"-chardev socket\""),
            ("hookscript", "\"local:snippets/x\""),
            ("hostpci0", "\"0000:01:00.0\""),
            ("serial0", "\"/dev/ttyS0\""),
            ("lock", "\"backup\""),
            ("skiplock", "true"),
            ("cores", "\"4,args=x\""),
            ("delete", "\"protection\""),
        ];
        foreach (var (key, value) in cases) await rig.RefusedAsync(HttpStatusCode.BadRequest, "DENY_ARGS", $$$"""{"tool":"update_guest","args":{"guest":104,"{{{key}}}":{{{value}}}},"confirmed":true}""");
    }

    [Fact]
    public async Task Settings_that_change_nothing_or_cannot_be_are_refused()
    {
        await using var rig = await ToolRig.StartAsync();
        string[] cases =
        [
            """{"guest":104}""",
            """{"guest":104,"name":"ci"}""",
            """{"guest":104,"name":"a b\nargs: -x"}""",
            """{"guest":104,"tags":["ok","not;ok"]}""",
            """{"guest":104,"memory_mib":1024,"balloon_mib":2048}""",
            """{"guest":103,"balloon_mib":128}""",
        ];
        foreach (var args in cases) await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", $$"""{"tool":"update_guest","args":{{args}},"confirmed":true}""");
    }

    [Theory]
    [InlineData(104, "scsi0", "pve3/qemu", "90G")]
    [InlineData(103, "rootfs", "pve2/lxc", "18G")]
    [Drives("resize_disk")]
    public async Task A_disk_grows(int vmid, string disk, string at, string expected)
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        await rig.DoAsync("resize_disk", new { guest = vmid, disk, add_gib = 10 }, confirmed: true);

        Assert.Contains($"size={expected}", (await rig.ProxmoxAsync($"/nodes/{at}/{vmid}/config")).GetProperty(disk).GetString(), StringComparison.Ordinal);
        Assert.Equal(before.Where(g => g.Key != vmid), (await rig.WorldAsync()).Where(g => g.Key != vmid));
    }

    [Fact]
    public async Task A_qcow2_disk_grows_without_a_snapshot_and_not_while_there_is_one()
    {
        await using var rig = await ToolRig.StartAsync();
        Assert.Contains(".qcow2", (await rig.ProxmoxAsync("/nodes/pve1/qemu/100/config")).GetProperty("scsi0").GetString(), StringComparison.Ordinal);
        var args = new { guest = 100, disk = "scsi0", add_gib = 10 };
        var plan = (await rig.CallAsync("resize_disk", args, dryRun: true)).Answer.GetProperty("plan");
        Assert.Contains(plan.GetProperty("warnings").EnumerateArray(), w => w.GetString()!.StartsWith("No snapshot is made before", StringComparison.Ordinal));

        await rig.DoAsync("resize_disk", args, confirmed: true);

        Assert.Contains("size=42G", (await rig.ProxmoxAsync("/nodes/pve1/qemu/100/config")).GetProperty("scsi0").GetString(), StringComparison.Ordinal);
        Assert.EndsWith(" current", (await rig.WorldAsync())[100], StringComparison.Ordinal);

        await rig.DoAsync("create_snapshot", new { guest = 100, name = "one" });
        await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", """{"tool":"resize_disk","args":{"guest":100,"disk":"scsi0","add_gib":1},"confirmed":true}""");
    }

    [Fact]
    public async Task A_disk_that_is_not_there_or_would_not_grow_is_refused()
    {
        await using var rig = await ToolRig.StartAsync();
        (string Disk, string Add, HttpStatusCode Status, string Code)[] cases =
        [
            ("scsi9", "1", HttpStatusCode.Conflict, "DENY_STATE"),
            ("ide2", "1", HttpStatusCode.Conflict, "DENY_STATE"),
            ("scsi0", "-1", HttpStatusCode.BadRequest, "DENY_ARGS"),
            ("scsi0", "0", HttpStatusCode.BadRequest, "DENY_ARGS"),
            ("scsi0", "1.5", HttpStatusCode.BadRequest, "DENY_ARGS"),
        ];
        foreach (var (disk, add, status, code) in cases) await rig.RefusedAsync(status, code, $$$"""{"tool":"resize_disk","args":{"guest":104,"disk":"{{{disk}}}","add_gib":{{{add}}}},"confirmed":true}""");
    }

    [Fact]
    public async Task Nothing_is_done_to_a_guest_that_is_locked()
    {
        await using var rig = await ToolRig.StartAsync();
        await rig.Cluster.Simulators[0].AddFaultAsync("stale-lock", "104", new Dictionary<string, string> { ["lock"] = "migrate" }, ToolRig.Stop);
        string[] cases =
        [
            """{"tool":"backup_guest","args":{"guest":104}}""",
            """{"tool":"update_guest","args":{"guest":104,"onboot":true},"confirmed":true}""",
            """{"tool":"resize_disk","args":{"guest":104,"disk":"scsi0","add_gib":1},"confirmed":true}""",
            """{"tool":"create_snapshot","args":{"guest":104,"name":"one"}}""",
            """{"tool":"stop_vm","args":{"guest":104},"confirmed":true}""",
            """{"tool":"migrate_guest","args":{"guest":104,"target_node":"pve1"},"confirmed":true}""",
            """{"tool":"clone_guest","args":{"guest":104,"name":"copy"},"confirmed":true}""",
        ];
        foreach (var body in cases) await rig.RefusedAsync(HttpStatusCode.Conflict, "DENY_STATE", body);
    }

    [Fact]
    public async Task Where_the_storage_can_make_no_snapshot_the_change_is_made_without_one()
    {
        await using var rig = await ToolRig.StartAsync();
        var answer = await rig.DoAsync("update_guest", new { guest = 106, description = "Files." }, confirmed: true);

        Assert.Equal(JsonValueKind.Null, answer.GetProperty("result").TryGetProperty("snapshot", out var made) ? made.ValueKind : JsonValueKind.Null);
        Assert.Contains("Files.", (await rig.ProxmoxAsync("/nodes/pve3/lxc/106/config")).GetProperty("description").GetString(), StringComparison.Ordinal);
    }
}
