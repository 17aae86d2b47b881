using System.Net;
using System.Text.Json;

namespace Jarvis.Server.Tests.Tools;

public sealed class BulkTests
{
    [Theory]
    [InlineData("start", """{"names":[105,"files"]}""", new[] { 105, 106 }, " running ")]
    [InlineData("shutdown", """{"tag":"PROD"}""", new[] { 100, 101, 102 }, " stopped ")]
    [InlineData("stop", """{"node":"pve2"}""", new[] { 102, 103 }, " stopped ")]
    [InlineData("snapshot", """{"pool":"prod","node":"pve2"}""", new[] { 102 }, "bulk-2026")]
    [Drives("bulk_guests")]
    public async Task What_fits_the_selector_is_done_and_nothing_else(string action, string selector, int[] meant, string expected)
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();
        Assert.All(meant, vmid => Assert.DoesNotContain(expected, before[vmid], StringComparison.Ordinal));

        var answer = await rig.DoAsync("bulk_guests", new { action, selector = JsonElement.Parse(selector) }, confirmed: true);

        var after = await rig.WorldAsync();
        Assert.All(meant, vmid => Assert.Contains(expected, after[vmid], StringComparison.Ordinal));
        Assert.Equal(before.Where(g => !meant.Contains(g.Key)), after.Where(g => !meant.Contains(g.Key)));
        Assert.Equal(["intent ALLOW_LOGGED", "outcome ALLOW_LOGGED"], await rig.AuditAsync(answer));
    }

    [Fact]
    public async Task Many_are_backed_up_and_stay_as_they_were()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        await rig.DoAsync("bulk_guests", new { action = "backup", selector = new { names = new[] { 103, 105 } } }, confirmed: true);

        Assert.Equal(before, await rig.WorldAsync());
        foreach (var vmid in new[] { 103, 105 }) Assert.Single((await rig.ProxmoxAsync($"/nodes/pve1/storage/nfs/content?content=backup&vmid={vmid}")).EnumerateArray());
    }

    [Fact]
    public async Task The_plan_names_each_guest_and_those_that_are_so_already()
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();

        var (_, waiting) = await rig.CallAsync("bulk_guests", new { action = "start", selector = new { node = "pve3" }, order = "name" });

        var plan = waiting.GetProperty("approval").GetProperty("plan");
        Assert.StartsWith("Starts 2 guests of ", plan.GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Equal(["files (106) on pve3: stopped → running", "spare (105) on pve3: stopped → running"], plan.GetProperty("changes").EnumerateArray()
            .Select(c => $"{c.GetProperty("what").GetString()}: {c.GetProperty("before").GetString()} → {c.GetProperty("after").GetString()}"));
        Assert.Equal(2, plan.GetProperty("targets").GetArrayLength());
        Assert.Contains(plan.GetProperty("warnings").EnumerateArray(), w => w.GetString()!.Contains("Left out, because of how they are now: ci (running)", StringComparison.Ordinal));
        Assert.Equal(before, await rig.WorldAsync());
    }

    [Fact]
    public async Task The_plan_of_a_shutdown_leaves_the_paused_out_and_names_those_whose_plug_is_pulled()
    {
        await using var rig = await ToolRig.StartAsync();
        await rig.DoAsync("suspend_vm", new { guest = 104 }, confirmed: true);

        var (_, answer) = await rig.CallAsync("bulk_guests", new { action = "shutdown", selector = new { names = new[] { 100, 103, 104 } } }, dryRun: true);

        var plan = answer.GetProperty("plan");
        Assert.Equal(["web (100) on pve1", "cache (103) on pve2"], plan.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("what").GetString()));
        var warnings = plan.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()!).ToList();
        Assert.Contains(warnings, w => w.Contains("Left out, because of how they are now: ci (paused)", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.StartsWith("THE PLUG IS PULLED", StringComparison.Ordinal) && w.Contains("web (", StringComparison.Ordinal) && !w.Contains("cache", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "Left alone: spare (105).")]
    [InlineData(false, "Done: spare (105).")]
    public async Task One_that_fails_ends_it_or_not_as_was_asked_and_all_is_told(bool stopAtFailure, string told)
    {
        await using var rig = await ToolRig.StartAsync();
        var before = await rig.WorldAsync();
        var lab = rig.Cluster.Simulators[0];
        var fault = await lab.AddFaultAsync("errors", "*", new Dictionary<string, string> { ["status"] = "403", ["path"] = "/nodes/pve3/qemu/104/snapshot" }, ToolRig.Stop);

        var (_, answer) = await rig.CallAsync("bulk_guests", new { action = "snapshot", selector = new { names = new[] { 104, 105 } }, stop_at_failure = stopAtFailure }, confirmed: true);

        Assert.Equal("failed", answer.GetProperty("outcome").GetString());
        Assert.Contains("Failed: ci (104)", answer.ToString(), StringComparison.Ordinal);
        Assert.Contains(told, answer.ToString(), StringComparison.Ordinal);
        await lab.RemoveFaultAsync(fault, ToolRig.Stop);
        var after = await rig.WorldAsync();
        Assert.Equal(stopAtFailure, before[105] == after[105]);
        Assert.Equal(before.Where(g => g.Key != 105), after.Where(g => g.Key != 105));
    }

    [Theory]
    [InlineData("""{"tool":"bulk_guests","args":{"action":"start","selector":{}},"confirmed":true}""", HttpStatusCode.Conflict, "DENY_STATE")]
    [InlineData("""{"tool":"bulk_guests","args":{"action":"start","selector":{"tag":"nobody"}},"confirmed":true}""", HttpStatusCode.Conflict, "DENY_STATE")]
    [InlineData("""{"tool":"bulk_guests","args":{"action":"start","selector":{"names":["nobody"]}},"confirmed":true}""", HttpStatusCode.Conflict, "DENY_STATE")]
    [InlineData("""{"tool":"bulk_guests","args":{"action":"start","selector":{"names":[104]}},"confirmed":true}""", HttpStatusCode.Conflict, "DENY_STATE")]
    [InlineData("""{"tool":"bulk_guests","args":{"action":"destroy","selector":{"node":"pve2"}},"confirmed":true}""", HttpStatusCode.BadRequest, "DENY_ARGS")]
    [InlineData("""{"tool":"bulk_guests","args":{"action":"stop","selector":{"node":"pve2","everything":true}},"confirmed":true}""", HttpStatusCode.BadRequest, "DENY_ARGS")]
    public async Task What_fits_nothing_or_is_not_legal_is_refused(string body, HttpStatusCode status, string code)
    {
        await using var rig = await ToolRig.StartAsync();
        await rig.RefusedAsync(status, code, body);
    }

    [Fact]
    public async Task A_guest_that_is_protected_stands_in_the_way_of_all()
    {
        await using var rig = await ToolRig.StartAsync();
        await rig.ChangeAsync("/nodes/pve2/lxc/103/config", ("tags", "jarvis-protected"));
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.All[0], v => v.Guests.Any(g => g.Vmid == 103 && g.Tags.Contains("jarvis-protected")));

        await rig.RefusedAsync(HttpStatusCode.Forbidden, "DENY_PROTECTED", """{"tool":"bulk_guests","args":{"action":"stop","selector":{"node":"pve2"}},"confirmed":true}""");
    }

    [Fact]
    public async Task What_came_to_fit_after_the_plan_was_made_is_not_done_unasked()
    {
        await using var rig = await ToolRig.StartAsync();
        var (_, waiting) = await rig.CallAsync("bulk_guests", new { action = "stop", selector = new { tag = "network" } });
        await rig.ChangeAsync("/nodes/pve2/lxc/103/config", ("tags", "network"));
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.All[0], v => v.Guests.Any(g => g.Vmid == 103 && g.Tags.Contains("network")));
        var before = await rig.WorldAsync();

        var (status, refused) = await rig.DecideAsync(waiting.GetProperty("approval"), new { decision = "approve" });

        Assert.Equal((HttpStatusCode.Conflict, "DENY_STATE"), (status, refused.GetProperty("code").GetString()));
        Assert.Equal(before, await rig.WorldAsync());
    }
}
