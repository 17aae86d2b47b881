using System.Net;
using System.Text.Json;

namespace Jarvis.Server.Tests.Tools;

public sealed class BackupToolsTests
{
    [Theory]
    [InlineData(101, "snapshot", "nfs", "running")]
    [InlineData(103, "stop", "local", "running")]
    [InlineData(105, "suspend", "nfs", "stopped")]
    [Drives("backup_guest")]
    public async Task A_guest_is_backed_up_and_stays_as_it_was(int vmid, string mode, string storage, string status)
    {
        await using var rig = await ToolRig.StartAsync();
        var (world, before) = (await rig.WorldAsync(), await BackupsAsync(rig, vmid, storage));

        await rig.DoAsync("backup_guest", new { guest = vmid, storage, mode }, confirmed: true);

        Assert.Single((await BackupsAsync(rig, vmid, storage)).Except(before));
        Assert.Equal(world, await rig.WorldAsync());
        Assert.Contains($" {status} ", world[vmid], StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_a_long_task_is_followed_people_can_look()
    {
        await using var rig = await ToolRig.StartAsync();
        var time = rig.Cluster.Server.Time;
        var doing = rig.DoAsync("backup_guest", new { guest = 104 });
        for (var began = time.GetUtcNow(); time.GetUtcNow() - began < TimeSpan.FromSeconds(70);) await rig.Running(Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, ToolRig.Stop));

        var refusals = 0;
        for (var asked = time.GetUtcNow(); ;)
        {
            using var answer = await rig.Running(rig.Cluster.AskAsync(HttpMethod.Get, "/api/clusters/lab1/guests/104/backups"));
            Assert.False(doing.IsCompleted, $"{refusals} refusals until it was over");
            if (answer.StatusCode is HttpStatusCode.OK) break;
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            refusals++;
            Assert.True(time.GetUtcNow() - asked < TimeSpan.FromSeconds(70), "a minute is enough to make room");
            await rig.Running(Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, ToolRig.Stop));
        }

        await doing;
    }

    [Theory]
    [InlineData("snapshot", HttpStatusCode.OK, "yellow")]
    [InlineData("suspend", HttpStatusCode.Accepted, "red")]
    [InlineData("stop", HttpStatusCode.Accepted, "red")]
    public async Task A_backup_that_interrupts_waits_for_a_person(string mode, HttpStatusCode status, string tier)
    {
        await using var rig = await ToolRig.StartAsync();
        var (answered, answer) = await rig.CallAsync("backup_guest", new { guest = 104, mode });

        Assert.True(status == answered, answer.ToString());
        if (tier != "red") return;
        var plan = answer.GetProperty("approval").GetProperty("plan");
        Assert.Equal(("red", "interrupts"), (plan.GetProperty("tier").GetString(), plan.GetProperty("targets")[0].GetProperty("effect").GetString()));
        Assert.Contains(" onto nfs", plan.GetProperty("summary").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("102", "nfs", null)]
    [InlineData("101", "nfs", 777)]
    [Drives("restore_backup")]
    public async Task A_backup_becomes_a_new_guest_beside_the_old_one(string of, string storage, int? number)
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();
        var volume = (await BackupsAsync(rig, int.Parse(of, System.Globalization.CultureInfo.InvariantCulture), storage))[0];

        var answer = await rig.DoAsync("restore_backup", number is null ? new { volume, node = "pve1", storage = "local-lvm" } : (object)new { volume, node = "pve1", new_vmid = number }, confirmed: true);

        var after = await rig.WorldAsync();
        var made = Assert.Single(after.Keys.Except(before.Keys));
        Assert.Equal(number ?? 107, made);
        Assert.Contains($"\"vmid\":{made}", answer.GetProperty("result").ToString(), StringComparison.Ordinal);
        Assert.StartsWith("pve1 stopped ", after[made], StringComparison.Ordinal);
        Assert.Equal(before, after.Where(g => g.Key != made));
        Assert.NotNull(rig.Cluster.Clusters.All[0].Current.Guest(made));
    }

    [Fact]
    [Drives("delete_backup")]
    public async Task A_backup_is_removed_and_of_the_newest_it_is_said_loudly()
    {
        await using var rig = await ToolRig.StartAsync();
        var world = await rig.WorldAsync();
        var all = await BackupsAsync(rig, 102, "nfs");
        Assert.Equal(2, all.Count);

        Assert.DoesNotContain("newest", (await PlanAsync(rig, new { volume = all[1] })).ToString(), StringComparison.Ordinal);
        Assert.Contains("It is the newest backup of guest 102; the next is of 2026-", (await PlanAsync(rig, new { volume = all[0] })).GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);

        await rig.DoAsync("delete_backup", new { volume = all[1] }, confirmed: true);
        Assert.Equal([all[0]], await BackupsAsync(rig, 102, "nfs"));
        Assert.Contains("there is no other", (await PlanAsync(rig, new { volume = all[0] })).GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(world, await rig.WorldAsync());
    }

    [Fact]
    public async Task The_backup_of_a_protected_guest_is_protected_too()
    {
        await using var rig = await ToolRig.StartAsync();
        var volume = (await BackupsAsync(rig, 102, "nfs"))[1];
        await rig.ChangeAsync("/nodes/pve2/qemu/102/config", ("tags", "jarvis-protected"));
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.All[0], v => v.Guests.Any(g => g.Vmid == 102 && g.Tags.Contains("jarvis-protected")));

        await rig.RefusedAsync(HttpStatusCode.Forbidden, "DENY_PROTECTED", JsonSerializer.Serialize(new { tool = "delete_backup", args = new { volume }, confirmed = true }));
        Assert.Contains(volume, await BackupsAsync(rig, 102, "nfs"));
    }

    [Fact]
    public async Task A_protected_storage_protects_the_backups_on_it()
    {
        await using var rig = await ToolRig.StartAsync();
        var volume = (await BackupsAsync(rig, 102, "nfs"))[1];
        var body = JsonSerializer.Serialize(new { tool = "delete_backup", args = new { volume }, confirmed = true });
        await Gate.PolicyTests.SetAsync(rig, p => p["protected"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["kind"] = "storage", ["name"] = "nfs" }));

        await rig.RefusedAsync(HttpStatusCode.Forbidden, "DENY_PROTECTED", body);
        Assert.Contains(volume, await BackupsAsync(rig, 102, "nfs"));
    }

    [Fact]
    public async Task What_cannot_be_restored_removed_or_kept_there_is_refused()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await BackupsAsync(rig, 102, "nfs");
        (string Body, HttpStatusCode Status, string Code)[] cases =
        [
            ("""{"tool":"restore_backup","args":{"volume":"$","node":"pve1","new_vmid":105},"confirmed":true}""", HttpStatusCode.Conflict, "DENY_STATE"),
            ("""{"tool":"restore_backup","args":{"volume":"$","node":"pve1","storage":"local"},"confirmed":true}""", HttpStatusCode.Conflict, "DENY_STATE"),
            ("""{"tool":"restore_backup","args":{"volume":"$","node":"pve9"},"confirmed":true}""", HttpStatusCode.BadRequest, "DENY_ARGS"),
            ("""{"tool":"restore_backup","args":{"volume":"nfs:backup/nothing.vma","node":"pve1"},"confirmed":true}""", HttpStatusCode.BadRequest, "DENY_ARGS"),
            ("""{"tool":"restore_backup","args":{"volume":"$","node":"pve1","force":true},"confirmed":true}""", HttpStatusCode.BadRequest, "DENY_ARGS"),
            ("""{"tool":"delete_backup","args":{"volume":"local-lvm:vm-102-disk-0"},"confirmed":true}""", HttpStatusCode.BadRequest, "DENY_ARGS"),
            ("""{"tool":"backup_guest","args":{"guest":102,"storage":"local-lvm"}}""", HttpStatusCode.Conflict, "DENY_STATE"),
        ];
        foreach (var (body, status, code) in cases) await rig.RefusedAsync(status, code, body.Replace("$", before[0], StringComparison.Ordinal));
        Assert.Equal(before, await BackupsAsync(rig, 102, "nfs"));
    }

    private static async Task<JsonElement> PlanAsync(ToolRig rig, object args) => (await rig.CallAsync("delete_backup", args, dryRun: true)).Answer.GetProperty("plan");

    /// <summary>A guest's backups as the simulated storage has them, newest first.</summary>
    private static async Task<IReadOnlyList<string>> BackupsAsync(ToolRig rig, int vmid, string storage)
    {
        var node = (await rig.WorldAsync())[vmid].Split(' ')[0];
        return
        [
            .. (await rig.ProxmoxAsync($"/nodes/{node}/storage/{storage}/content?content=backup&vmid={vmid}")).EnumerateArray()
                .OrderByDescending(v => v.GetProperty("ctime").GetInt64()).Select(v => v.GetProperty("volid").GetString()!),
        ];
    }
}
