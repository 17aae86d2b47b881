using System.Text;
using System.Text.Json;
using Jarvis.Safety;
using Jarvis.Server.Cluster;
using Jarvis.Server.Gate;
using Jarvis.Server.Tests.Cluster;
using Jarvis.Server.Tests.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Gate;

public sealed class ForesightTests
{
    [Fact]
    public async Task A_newest_backup_is_removed_by_a_person_alone()
    {
        await using var rig = await ToolRig.StartAsync();
        var volumes = (await rig.ProxmoxAsync("/nodes/pve2/storage/nfs/content?content=backup&vmid=102")).EnumerateArray()
            .OrderByDescending(v => v.GetProperty("ctime").GetInt64()).Select(v => v.GetProperty("volid").GetString()!).ToList();

        Assert.Equal(VerdictCode.DenyProtected, (await AsModelAsync(rig, "delete_backup", new { volume = volumes[0] })).Verdict.Code);
        Assert.Equal(VerdictCode.NeedsHuman, (await AsModelAsync(rig, "delete_backup", new { volume = volumes[1] })).Verdict.Code);
    }

    [Fact]
    public async Task The_last_of_an_HA_group_that_runs_is_stopped_by_a_person_alone()
    {
        await using var rig = await ToolRig.StartAsync();
        using var lab = FirstContactTests.HttpOf(rig.Cluster.Simulators[0]);
        foreach (var (sid, state) in new[] { ("vm:102", "started"), ("vm:104", "started"), ("vm:105", "stopped") })
        {
            using var form = new FormUrlEncodedContent([new("sid", sid), new("state", state), new("group", "twins")]);
            using var added = await rig.Running(lab.PostAsync(new Uri("/api2/json/cluster/ha/resources", UriKind.Relative), form, ToolRig.Stop));
            Assert.True(added.IsSuccessStatusCode);
        }

        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.All[0], v => v.Guests.Count(g => g.HaState is not null) == 4);
        Assert.Equal(VerdictCode.NeedsHuman, (await AsModelAsync(rig, "stop_vm", new { guest = 102 })).Verdict.Code);
        Assert.Equal(VerdictCode.DenyProtected, (await AsModelAsync(rig, "bulk_guests", new { action = "stop", selector = new { names = new[] { 102, 104 } } })).Verdict.Code);

        await rig.DoAsync("stop_vm", new { guest = 104 }, confirmed: true);
        var refused = await AsModelAsync(rig, "stop_vm", new { guest = 102 });
        Assert.Equal(VerdictCode.DenyProtected, refused.Verdict.Code);
        Assert.Contains("Nothing of the HA group twins runs then: 102 is the last.", refused.Verdict.Why, StringComparison.Ordinal);
        var plan = (await rig.CallAsync("stop_vm", new { guest = 102 })).Answer.GetProperty("approval").GetProperty("plan");
        Assert.StartsWith("Nothing of the HA group twins", plan.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quorum_is_lost_with_one_node_more_than_may_be_away()
    {
        await using var rig = await ToolRig.StartAsync();
        var foresight = rig.Cluster.Server.Services.GetRequiredService<Foresight>();
        Task<IReadOnlyList<Consequence>> Without(Effect effect, params string[] nodes) => foresight.ForeseeAsync(new("reboot", [.. nodes.Select(n => new Touched(
            new() { Target = new("lab1", Kind.Node, n), Fingerprint = "" }, effect))]), ToolRig.Stop).AsTask();

        Assert.Empty(await Without(Effect.Interrupts, "pve2"));
        Assert.Empty(await Without(Effect.Changes, "pve2", "pve3"));
        Assert.Equal(ConsequenceKind.LosesQuorum, Assert.Single(await Without(Effect.Interrupts, "pve2", "pve3")).Kind);

        await rig.Cluster.Simulators[0].AddFaultAsync("node-off", "pve3", null, ToolRig.Stop);
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.All[0], v => v.Nodes.Any(n => n.Name == "pve3" && n.Status is NodeStatus.Offline));
        Assert.Contains("1 of 3 nodes remain, 2 are needed", Assert.Single(await Without(Effect.Interrupts, "pve2")).Text, StringComparison.Ordinal);
    }

    private static async Task<ToolOutcome> AsModelAsync(ToolRig rig, string tool, object args)
    {
        var kernel = rig.Cluster.Server.Services.GetRequiredService<SafetyKernel>();
        return await rig.Running(kernel.Invoker.InvokeAsync(
            tool, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(args)), new Caller.Model { User = "admin", Role = Role.Operator }, new Turn("test", "one"), ToolRig.Stop));
    }
}
