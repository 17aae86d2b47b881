using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Jarvis.Safety;
using Jarvis.Server.Cluster;
using Snapshot = Jarvis.Proxmox.Wire.Snapshot;

namespace Jarvis.Server.Tools;

/// <summary>Makes snapshots of guests, goes back to them, removes them.</summary>
internal sealed class SnapshotTools(Reach reach, Tasks tasks)
{
    private const int Hour = 3600;

    [Tool(Tier.Yellow, Outside = true, TimeoutSeconds = Hour, Plan = nameof(PlanCreateAsync)), Description("Makes a snapshot of a guest, to which it can go back.")]
    public Task<TaskReport> CreateSnapshotAsync(
        [Target(Kind.Guest, Effect = Effect.Adds)] GuestRef guest, SnapshotName name, ToolRun run, [MaxLength(500)] string? description = null,
        [Description("also what a running VM has in memory")] bool withMemory = false, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var to = reach.Guest(guest, cluster);
        return tasks.RunAsync(
            to, $"A snapshot of {to.Called}", stop => to.Client.CreateSnapshotAsync(to.Guest.Node, to.Type, to.Vmid, name.Value, description, withMemory, stop), run, cancellationToken);
    }

    [Tool(Tier.Red, Outside = true, TimeoutSeconds = Hour, Plan = nameof(PlanRollbackAsync)), Description("Takes a guest back to a snapshot: what was written since is lost.")]
    public Task<TaskReport> RollbackSnapshotAsync(
        [Target(Kind.Guest, Effect = Effect.Interrupts)] GuestRef guest, SnapshotName name, ToolRun run, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var to = reach.Guest(guest, cluster);
        var runs = to.Guest.Status is GuestStatus.Running;
        return tasks.RunAsync(
            to, $"Taking {to.Called} back to {name}", stop => to.Client.RollBackSnapshotAsync(to.Guest.Node, to.Type, to.Vmid, name.Value, start: runs, stop), run, cancellationToken);
    }

    [Tool(Tier.Red, Outside = true, TimeoutSeconds = Hour, Plan = nameof(PlanDeleteAsync)), Description("Removes a snapshot of a guest; the guest stays as it is.")]
    public Task<TaskReport> DeleteSnapshotAsync(
        [Target(Kind.Guest, Effect = Effect.Changes)] GuestRef guest, SnapshotName name, ToolRun run, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var to = reach.Guest(guest, cluster);
        return tasks.RunAsync(
            to, $"Removing the snapshot {name} of {to.Called}", stop => to.Client.DeleteSnapshotAsync(to.Guest.Node, to.Type, to.Vmid, name.Value, stop), run, cancellationToken);
    }

    private async Task<Plan> PlanCreateAsync(GuestRef guest, SnapshotName name, bool withMemory, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var (to, rows) = await ReadAsync(guest, cluster, cancellationToken);
        if (rows.Any(r => r.Name == name.Value)) throw new WrongStateException($"{to.Called} has a snapshot {name} already.");
        return new()
        {
            Summary = $"A snapshot {name} of {to.Called} is made{(withMemory ? ", with its memory" : "")}.",
            Changes = [new("snapshots", $"{rows.Count}", $"{rows.Count + 1}")],
            Undo = $"delete the snapshot {name}",
        };
    }

    private async Task<Plan> PlanRollbackAsync(GuestRef guest, SnapshotName name, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var (to, rows) = await ReadAsync(guest, cluster, cancellationToken);
        var row = Known(to, rows, name);
        var made = row.SnapTime is > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(row.SnapTime.Value).ToString("u", System.Globalization.CultureInfo.InvariantCulture) : "an unknown time";
        return new()
        {
            Summary = $"{to.Called} goes back to the snapshot {name} of {made}.",
            Warnings = ["What was written to its disks since then is lost.", .. to.Guest.Status is GuestStatus.Running ? (string[])["It is interrupted, and started again after it."] : []],
        };
    }

    private async Task<Plan> PlanDeleteAsync(GuestRef guest, SnapshotName name, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var (to, rows) = await ReadAsync(guest, cluster, cancellationToken);
        Known(to, rows, name);
        return new()
        {
            Summary = $"The snapshot {name} of {to.Called} is removed.",
            Changes = [new("snapshots", $"{rows.Count}", $"{rows.Count - 1}")],
            Warnings = ["It cannot be brought back."],
        };
    }

    private async Task<(Reached To, IReadOnlyList<Snapshot> Rows)> ReadAsync(GuestRef guest, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var to = reach.Guest(guest, cluster);
        await Reach.UnlockedAsync(to, cancellationToken);
        var rows = await to.Client.GetSnapshotsAsync(to.Guest.Node, to.Type, to.Vmid, cancellationToken);
        return (to, [.. rows.Where(r => r.Name != "current")]);
    }

    private static Snapshot Known(Reached to, IReadOnlyList<Snapshot> rows, SnapshotName name) =>
        rows.FirstOrDefault(r => r.Name == name.Value)
        ?? throw new WrongStateException($"{to.Called} has no snapshot {name}; it has {(rows.Count == 0 ? "none" : string.Join(", ", rows.Select(r => r.Name)))}.");
}
