using Jarvis.Safety;
using Jarvis.Server.Gate;
using Jarvis.Server.Tests.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Gate;

public sealed class ReconcileTests
{
    [Fact]
    public async Task The_end_of_a_task_is_the_end_of_a_run_that_was_no_more_than_that_task()
    {
        await using var rig = await ToolRig.StartAsync();
        var upid = (await rig.DoAsync("create_snapshot", new { guest = 104, name = "one" })).GetProperty("upid").GetString()!;
        var targets = rig.Cluster.Server.Services.GetRequiredService<TargetStates>();

        Assert.Equal(RunState.Completed, (await FoundAsync(upid, Guest(104), new("lab1", Kind.Node, "pve3"))).State);
        // Two more guests were to come after it.
        Assert.Equal(RunState.Unknown, (await FoundAsync(upid, Guest(104), Guest(105))).State);
        // Proxmox only took the wish down; its manager carries it out, or cannot.
        Assert.Equal(RunState.Unknown, (await FoundAsync(upid.Replace("qmsnapshot", "hastart", StringComparison.Ordinal), Guest(104))).State);
        Assert.Equal(RunState.Unknown, (await FoundAsync(null, Guest(104))).State);

        static Target Guest(int vmid) => new("lab1", Kind.Guest, $"{vmid}");
        async Task<Reconciled> FoundAsync(string? task, params Target[] touched) =>
            await targets.ReconcileAsync(new("a1", "some_tool", "{}", touched, task, rig.Cluster.Server.Time.GetUtcNow()), ToolRig.Stop);
    }
}
