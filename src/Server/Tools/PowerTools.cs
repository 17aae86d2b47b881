using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Jarvis.Proxmox;
using Jarvis.Safety;

namespace Jarvis.Server.Tools;

/// <summary>Starts and stops guests.</summary>
internal sealed class PowerTools(Reach reach, Tasks tasks)
{
    private const int Hour = 3600;
    private static readonly TimeSpan RestartWithin = TimeSpan.FromSeconds(60);

    [Tool(Tier.Yellow, Outside = true, Unrecorded = true, TimeoutSeconds = Hour, Plan = nameof(PlanStartVmAsync)), Description("Starts a virtual machine.")]
    public Task<TaskReport> StartVmAsync([Target(Kind.Guest, Effect = Effect.Adds)] GuestRef guest, ToolRun run, ClusterKey? cluster = null, CancellationToken cancellationToken = default) =>
        StartAsync(reach.Guest(guest, cluster), run, cancellationToken);

    [Tool(Tier.Yellow, Outside = true, Unrecorded = true, TimeoutSeconds = Hour, Plan = nameof(PlanStartContainerAsync)), Description("Starts a container.")]
    public Task<TaskReport> StartContainerAsync([Target(Kind.Guest, Effect = Effect.Adds)] GuestRef guest, ToolRun run, ClusterKey? cluster = null, CancellationToken cancellationToken = default) =>
        StartAsync(reach.Guest(guest, cluster), run, cancellationToken);

    [Tool(Tier.Red, Outside = true, Unrecorded = true, TimeoutSeconds = Hour, Plan = nameof(PlanShutdownVmAsync)), Description("Asks a virtual machine to shut down; pulls the plug when it does not in time, if told to.")]
    public Task<TaskReport> ShutdownVmAsync(
        [Target(Kind.Guest, Effect = Effect.Interrupts)] GuestRef guest, ToolRun run, [Range(10, 600)] int timeoutS = 60, bool forceAfterTimeout = false, ClusterKey? cluster = null, CancellationToken cancellationToken = default) =>
        ShutDownAsync(reach.Guest(guest, cluster), timeoutS, forceAfterTimeout, run, cancellationToken);

    [Tool(Tier.Red, Outside = true, Unrecorded = true, TimeoutSeconds = Hour, Plan = nameof(PlanShutdownContainerAsync)), Description("Asks a container to shut down; pulls the plug when it does not in time, if told to.")]
    public Task<TaskReport> ShutdownContainerAsync(
        [Target(Kind.Guest, Effect = Effect.Interrupts)] GuestRef guest, ToolRun run, [Range(10, 600)] int timeoutS = 60, bool forceAfterTimeout = false, ClusterKey? cluster = null, CancellationToken cancellationToken = default) =>
        ShutDownAsync(reach.Guest(guest, cluster), timeoutS, forceAfterTimeout, run, cancellationToken);

    [Tool(Tier.Red, Outside = true, Unrecorded = true, TimeoutSeconds = Hour, Plan = nameof(PlanStopVmAsync)), Description("Pulls the plug of a virtual machine: what it has not written is lost. Prefer shutdown_vm.")]
    public Task<TaskReport> StopVmAsync([Target(Kind.Guest, Effect = Effect.Interrupts)] GuestRef guest, ToolRun run, ClusterKey? cluster = null, CancellationToken cancellationToken = default) =>
        StopAsync(reach.Guest(guest, cluster), run, cancellationToken);

    [Tool(Tier.Red, Outside = true, Unrecorded = true, TimeoutSeconds = Hour, Plan = nameof(PlanStopContainerAsync)), Description("Pulls the plug of a container: what it has not written is lost. Prefer shutdown_container.")]
    public Task<TaskReport> StopContainerAsync([Target(Kind.Guest, Effect = Effect.Interrupts)] GuestRef guest, ToolRun run, ClusterKey? cluster = null, CancellationToken cancellationToken = default) =>
        StopAsync(reach.Guest(guest, cluster), run, cancellationToken);

    [Tool(Tier.Red, Outside = true, TimeoutSeconds = Hour, Plan = nameof(PlanRestartVmAsync)), Description("Shuts a virtual machine down and starts it again.")]
    public Task<TaskReport> RestartVmAsync([Target(Kind.Guest, Effect = Effect.Interrupts)] GuestRef guest, ToolRun run, ClusterKey? cluster = null, CancellationToken cancellationToken = default) =>
        RestartAsync(reach.Guest(guest, cluster), run, cancellationToken);

    [Tool(Tier.Red, Outside = true, TimeoutSeconds = Hour, Plan = nameof(PlanRestartContainerAsync)), Description("Shuts a container down and starts it again.")]
    public Task<TaskReport> RestartContainerAsync([Target(Kind.Guest, Effect = Effect.Interrupts)] GuestRef guest, ToolRun run, ClusterKey? cluster = null, CancellationToken cancellationToken = default) =>
        RestartAsync(reach.Guest(guest, cluster), run, cancellationToken);

    [Tool(Tier.Red, Outside = true, TimeoutSeconds = Hour, Plan = nameof(PlanSuspendVmAsync)), Description("Pauses a virtual machine in memory.")]
    public Task<TaskReport> SuspendVmAsync([Target(Kind.Guest, Effect = Effect.Interrupts)] GuestRef guest, ToolRun run, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var to = reach.Guest(guest, cluster);
        return tasks.RunAsync(to, $"Pausing {to.Called}", stop => to.Client.SuspendVmAsync(to.Guest.Node, to.Vmid, toDisk: false, stop), run, cancellationToken);
    }

    [Tool(Tier.Yellow, Outside = true, TimeoutSeconds = Hour, Plan = nameof(PlanResumeVmAsync)), Description("Lets a paused virtual machine go on.")]
    public Task<TaskReport> ResumeVmAsync([Target(Kind.Guest, Effect = Effect.Adds)] GuestRef guest, ToolRun run, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var to = reach.Guest(guest, cluster);
        return tasks.RunAsync(to, $"Resuming {to.Called}", stop => to.Client.ResumeVmAsync(to.Guest.Node, to.Vmid, stop), run, cancellationToken);
    }

    private Task<Plan> PlanStartVmAsync(GuestRef guest, ClusterKey? cluster, CancellationToken cancellationToken) => PlanAsync(Move.Start, GuestType.Qemu, guest, cluster, cancellationToken);

    private Task<Plan> PlanStartContainerAsync(GuestRef guest, ClusterKey? cluster, CancellationToken cancellationToken) => PlanAsync(Move.Start, GuestType.Lxc, guest, cluster, cancellationToken);

    private Task<Plan> PlanShutdownVmAsync(GuestRef guest, int timeoutS, bool forceAfterTimeout, ClusterKey? cluster, CancellationToken cancellationToken) =>
        PlanAsync(Move.ShutDownWithin(timeoutS, forceAfterTimeout, IsManaged(guest, cluster)), GuestType.Qemu, guest, cluster, cancellationToken);

    private Task<Plan> PlanShutdownContainerAsync(GuestRef guest, int timeoutS, bool forceAfterTimeout, ClusterKey? cluster, CancellationToken cancellationToken) =>
        PlanAsync(Move.ShutDownWithin(timeoutS, forceAfterTimeout, IsManaged(guest, cluster)), GuestType.Lxc, guest, cluster, cancellationToken);

    private Task<Plan> PlanStopVmAsync(GuestRef guest, ClusterKey? cluster, CancellationToken cancellationToken) => PlanAsync(Move.Stop, GuestType.Qemu, guest, cluster, cancellationToken);

    private Task<Plan> PlanStopContainerAsync(GuestRef guest, ClusterKey? cluster, CancellationToken cancellationToken) => PlanAsync(Move.Stop, GuestType.Lxc, guest, cluster, cancellationToken);

    private Task<Plan> PlanRestartVmAsync(GuestRef guest, ClusterKey? cluster, CancellationToken cancellationToken) => PlanAsync(Move.Restart, GuestType.Qemu, guest, cluster, cancellationToken);

    private Task<Plan> PlanRestartContainerAsync(GuestRef guest, ClusterKey? cluster, CancellationToken cancellationToken) => PlanAsync(Move.Restart, GuestType.Lxc, guest, cluster, cancellationToken);

    private Task<Plan> PlanSuspendVmAsync(GuestRef guest, ClusterKey? cluster, CancellationToken cancellationToken) => PlanAsync(Move.Suspend, GuestType.Qemu, guest, cluster, cancellationToken);

    private Task<Plan> PlanResumeVmAsync(GuestRef guest, ClusterKey? cluster, CancellationToken cancellationToken) => PlanAsync(Move.Resume, GuestType.Qemu, guest, cluster, cancellationToken);

    private bool IsManaged(GuestRef guest, ClusterKey? cluster) => reach.Guest(guest, cluster).Guest.HaState is not (null or "ignored");

    private async Task<Plan> PlanAsync(Move move, GuestType type, GuestRef guest, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var to = reach.Guest(guest, cluster);
        if (to.Type != type) throw new WrongStateException($"{to.Called} is no {(type == GuestType.Qemu ? "VM" : "container")}; use the tool for the other kind.");
        var now = await to.Client.GetGuestStatusNowAsync(to.Guest.Node, to.Type, to.Vmid, cancellationToken);
        return move.Plan(to, now);
    }

    private Task<TaskReport> StartAsync(Reached to, ToolRun run, CancellationToken cancellationToken) =>
        tasks.RunAsync(to, $"Starting {to.Called}", stop => to.Client.StartGuestAsync(to.Guest.Node, to.Type, to.Vmid, stop), run, cancellationToken);

    private Task<TaskReport> ShutDownAsync(Reached to, int seconds, bool force, ToolRun run, CancellationToken cancellationToken) => tasks.RunAsync(
        to, $"Shutting down {to.Called}", stop => to.Client.ShutDownGuestAsync(to.Guest.Node, to.Type, to.Vmid, TimeSpan.FromSeconds(seconds), force, stop), run, cancellationToken);

    private Task<TaskReport> StopAsync(Reached to, ToolRun run, CancellationToken cancellationToken) =>
        tasks.RunAsync(to, $"Stopping {to.Called}", stop => to.Client.StopGuestAsync(to.Guest.Node, to.Type, to.Vmid, stop), run, cancellationToken);

    private Task<TaskReport> RestartAsync(Reached to, ToolRun run, CancellationToken cancellationToken) =>
        tasks.RunAsync(to, $"Restarting {to.Called}", stop => to.Client.RebootGuestAsync(to.Guest.Node, to.Type, to.Vmid, RestartWithin, stop), run, cancellationToken);
}
