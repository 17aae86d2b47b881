using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Jarvis.Proxmox;
using Jarvis.Safety;
using GuestType = Jarvis.Proxmox.GuestType;
using NodeStatus = Jarvis.Server.Cluster.NodeStatus;

namespace Jarvis.Server.Tools;

/// <summary>Moves and copies guests.</summary>
internal sealed class MoveTools(Reach reach, Tasks tasks, Moving moving)
{
    private const int SixHours = 21_600;

    [Tool(Tier.Red, Outside = true, TimeoutSeconds = SixHours, Plan = nameof(PlanMigrateGuestAsync))]
    [Description("Moves a guest to another node. A VM that runs goes on meanwhile; a container that runs is stopped here and started there.")]
    public async Task<TaskReport> MigrateGuestAsync(
        [Target(Kind.Guest, Effect = Effect.Changes)] GuestRef guest, [Target(Kind.Node, Effect = Effect.Adds)] NodeName targetNode, ToolRun run,
        [Description("also when it runs")] bool online = true, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var passage = await Moving.CheckAsync(reach.Guest(guest, cluster), targetNode.Value, cancellationToken);
        return passage.Runs && !online ? throw new InvalidOperationException($"{passage.To.Called} runs by now.") : await moving.RunAsync(passage, run, cancellationToken);
    }

    [Tool(Tier.Red, Outside = true, TimeoutSeconds = SixHours, Plan = nameof(PlanCloneGuestAsync))]
    [Description("Makes a copy of a guest under another number and name; it is not started. Of a template a linked copy is made, unless it is to be full.")]
    public async Task<CloneReport> CloneGuestAsync(
        [Target(Kind.Guest, Effect = Effect.Adds)] GuestRef guest, [Length(1, 63)] string name, ToolRun run, [Description("the next free one when left out")] VmId? newVmid = null,
        [Description("the same when left out"), Target(Kind.Node, Effect = Effect.Adds)] NodeName? targetNode = null, bool? full = null, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var to = reach.Guest(guest, cluster);
        var vmid = newVmid?.Value ?? await to.Client.GetNextIdAsync(cancellationToken);
        var request = new CloneRequest { NewId = vmid, Name = name, Target = targetNode?.Value is { } other && other != to.Guest.Node ? other : null, Full = Full(to, full) };
        var report = await tasks.RunAsync(to, $"A copy of {to.Called}", stop => to.Client.CloneGuestAsync(to.Guest.Node, to.Type, to.Vmid, request, stop), run, cancellationToken);
        return new(vmid, report);
    }

    private async Task<Plan> PlanMigrateGuestAsync(GuestRef guest, NodeName targetNode, bool online, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var to = reach.Guest(guest, cluster);
        var passage = await Moving.CheckAsync(to, targetNode.Value, cancellationToken);
        if (passage.Runs && !online) throw new WrongStateException($"{to.Called} runs; shut it down first, or let it move online.");
        return new()
        {
            Summary = $"{to.Called} moves to {targetNode}{(passage.Runs ? passage.Interrupts ? ", with an interruption" : ", and goes on meanwhile" : "")}.",
            Changes = [new("node", to.Guest.Node, targetNode.Value)],
            Touches = passage.Interrupts ? [new(new(Kind.Guest, to.Vmid.ToString(CultureInfo.InvariantCulture), to.Cluster.Key), Effect.Interrupts)] : [],
            Warnings = passage.Warnings,
            Undo = $"move it back to {to.Guest.Node}",
        };
    }

    private async Task<Plan> PlanCloneGuestAsync(GuestRef guest, string name, VmId? newVmid, NodeName? targetNode, bool? full, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var to = reach.Guest(guest, cluster);
        var now = await Reach.UnlockedAsync(to, cancellationToken);
        Names.CheckGuest(name);
        Names.CheckFree(to.Cluster, newVmid);
        var whole = Full(to, full);
        if (!whole && !to.Guest.Template) throw new WrongStateException($"{to.Called} is no template: only a full copy can be made of it.");
        if (whole && to.Type is GuestType.Lxc && now.Status == "running") throw new WrongStateException($"{to.Called} runs: a full copy can be made of a container that is stopped.");
        var config = await to.Client.GetGuestConfigNowAsync(to.Guest.Node, to.Type, to.Vmid, cancellationToken);
        var disks = config.Disks.Where(d => d.Value["media"] != "cdrom" && !d.Key.StartsWith("unused", StringComparison.Ordinal))
            .Select(d => (d.Key, Gib: Sizes.ParseGib(d.Value["size"]), Storage: Places.Find(to.Cluster, to.Guest.Node, (d.Value["file"] ?? d.Value["volume"] ?? "").Split(':')[0]))).ToList();
        if (targetNode?.Value is { } other && other != to.Guest.Node)
        {
            if (to.Cluster.Current.Node(other) is not { Status: NodeStatus.Online }) throw new WrongStateException($"The node {other} is not online.");
            if (disks.Find(d => d.Storage is { Shared: false }) is { Key: { } slot, Storage: { } local }) throw new WrongStateException($"{slot} of {to.Called} lies on {local.Name}, which {other} does not see; make the copy here, and move it.");
        }

        var tight = whole ? disks.Where(d => d.Storage is not null).GroupBy(d => d.Storage!.Id, StringComparer.Ordinal)
            .Where(s => (s.First().Storage!.Total - s.First().Storage!.Used) / (double)(1L << 30) < s.Sum(d => d.Gib)).Select(s => s.Key) : [];
        var number = newVmid?.Value ?? await to.Client.GetNextIdAsync(cancellationToken);
        return new()
        {
            Summary = $"A {(whole ? "full" : "linked")} copy of {to.Called} is made: {number.ToString(CultureInfo.InvariantCulture)} ({name}) on {targetNode?.Value ?? to.Guest.Node}.",
            Changes = [new($"{number.ToString(CultureInfo.InvariantCulture)} ({name})", null, "stopped")],
            Warnings =
            [
                .. newVmid is null ? (string[])["The number is the next that is free when it begins."] : [],
                .. whole ? [] : (string[])["It needs the template as long as it lives."],
                .. now.Status == "running" ? (string[])["It runs: the copy is of what lies on its disks at that moment, as after a power cut."] : [],
                .. tight.Select(s => $"{s} may have too little room for it."),
            ],
            Undo = "remove the copy by hand",
        };
    }

    private static bool Full(Reached to, bool? full) => full ?? !to.Guest.Template;
}

/// <summary>The new guest, and how its task ended.</summary>
public sealed record CloneReport(int Vmid, TaskReport Task);
