using System.ComponentModel;
using System.Globalization;
using Jarvis.Proxmox;
using Jarvis.Safety;
using Jarvis.Server.Cluster;
using GuestType = Jarvis.Server.Cluster.GuestType;

namespace Jarvis.Server.Tools;

public enum BackupMode { Snapshot, Suspend, Stop }

public enum BackupCompression { Zstd, Gzip, Lzo, None }

/// <summary>Backs guests up, restores and removes backups.</summary>
internal sealed class BackupTools(Reach reach, BackupFacts backups, Tasks tasks)
{
    private const int TwelveHours = 43_200;

    [Tool(Tier.Yellow, Outside = true, TimeoutSeconds = TwelveHours, Plan = nameof(PlanBackupGuestAsync), Raise = nameof(RaiseBackupGuest))]
    [Description("Backs a guest up. Mode snapshot goes on beside it; suspend and stop interrupt it.")]
    public Task<TaskReport> BackupGuestAsync(
        [Target(Kind.Guest, Effect = Effect.Adds)] GuestRef guest, ToolRun run, [Description("one for backups; chosen when left out")] StorageId? storage = null,
        BackupMode mode = BackupMode.Snapshot, BackupCompression compress = BackupCompression.Zstd, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var to = reach.Guest(guest, cluster);
        var request = new BackupRequest
        {
            Storage = Onto(to, storage).Name, Mode = mode.ToString().ToLowerInvariant(),
            Compress = compress is BackupCompression.None ? "0" : compress.ToString().ToLowerInvariant(),
        };
        return tasks.RunAsync(
            to, $"A backup of {to.Called}",
            async stop => await to.Client.BackUpAsync(to.Guest.Node, to.Vmid, request, stop) ?? throw new TaskFailedException($"{to.Called} is on another node by now; ask again."),
            run, cancellationToken);
    }

    [Tool(Tier.Red, Outside = true, TimeoutSeconds = TwelveHours, Plan = nameof(PlanRestoreBackupAsync))]
    [Description("Makes a guest from a backup, under a number that is free; it is not started. A guest that is there is never overwritten.")]
    public async Task<RestoreReport> RestoreBackupAsync(
        [Target(Kind.Volume, Effect = Effect.Reads)] VolumeId volume, [Target(Kind.Node, Effect = Effect.Adds)] NodeName node, ToolRun run,
        [Description("the next free one when left out")] VmId? newVmid = null, [Description("for its disks; as in the backup when left out")] StorageId? storage = null,
        ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var (at, client) = reach.Cluster(cluster);
        var backup = await FindAsync(at, volume, node.Value, cancellationToken);
        var vmid = newVmid?.Value ?? await client.GetNextIdAsync(cancellationToken);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (backup.Type is GuestType.Container) (settings["ostemplate"], settings["restore"]) = (volume.Value, "1");
        else settings["archive"] = volume.Value;
        if (storage is { } disks) settings["storage"] = disks.Value;
        // Two guests of one origin must not share their network addresses.
        if (Original(at, backup) is not null) settings["unique"] = "1";
        var type = backup.Type is GuestType.Container ? Proxmox.GuestType.Lxc : Proxmox.GuestType.Qemu;
        var report = await tasks.RunAsync(
            at, client, $"Restoring {volume} as {vmid.ToString(CultureInfo.InvariantCulture)}", async stop => await client.CreateGuestAsync(node.Value, type, vmid, settings, stop), run, cancellationToken);
        return new(vmid, report);
    }

    [Tool(Tier.Red, Outside = true, TimeoutSeconds = 3600, Plan = nameof(PlanDeleteBackupAsync)), Description("Removes a backup for good.")]
    public async Task<TaskReport> DeleteBackupAsync(
        [Target(Kind.Volume, Effect = Effect.Removes)] VolumeId volume, ToolRun run, [Description("where each node has a storage of that name")] NodeName? node = null,
        ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var (at, client) = reach.Cluster(cluster);
        var backup = await FindAsync(at, volume, node?.Value, cancellationToken);
        return await tasks.RunAsync(
            at, client, $"Removing {volume}", stop => client.DeleteVolumeAsync(backup.Node, backup.Storage.Name, volume.Value, stop), run, cancellationToken);
    }

    private static Raised? RaiseBackupGuest(BackupMode mode) => mode switch
    {
        BackupMode.Stop => new(Tier.Red, "mode stop shuts the guest down for the backup"),
        BackupMode.Suspend => new(Tier.Red, "mode suspend lets the guest stand still during the backup"),
        _ => null,
    };

    private async Task<Plan> PlanBackupGuestAsync(GuestRef guest, StorageId? storage, BackupMode mode, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var to = reach.Guest(guest, cluster);
        var now = await Reach.UnlockedAsync(to, cancellationToken);
        var onto = Onto(to, storage);
        var free = onto.Total - onto.Used;
        var interrupts = mode is not BackupMode.Snapshot && now.Status == "running";
        return new()
        {
            Summary = $"{to.Called} is backed up onto {onto.Name}{(mode is BackupMode.Snapshot ? "" : $", in mode {mode.ToString().ToLowerInvariant()}")}.",
            Touches = mode is BackupMode.Snapshot ? [] : [new(new(Kind.Guest, to.Vmid.ToString(CultureInfo.InvariantCulture), to.Cluster.Key), Effect.Interrupts)],
            Warnings =
            [
                .. !interrupts ? [] : mode is BackupMode.Stop ? (string[])["It is shut down, and started again when the backup has begun."] : ["It stands still until the backup is made."],
                .. now.MaxDisk > free ? (string[])[$"{onto.Name} has {Sizes.Gib(free)} free, and the disk is {Sizes.Gib(now.MaxDisk)}: without compression it does not fit."] : [],
            ],
            Undo = "delete the backup",
        };
    }

    private async Task<Plan> PlanRestoreBackupAsync(VolumeId volume, NodeName node, VmId? newVmid, StorageId? storage, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var (at, client) = reach.Cluster(cluster);
        var backup = await FindAsync(at, volume, node.Value, cancellationToken);
        if (backup.Type is null) throw new WrongStateException($"{volume} is not the backup of a VM or a container.");
        if (at.Current.Node(node.Value) is not { Status: NodeStatus.Online }) throw new WrongStateException($"The node {node} is not online.");
        Names.CheckFree(at, newVmid);
        if (storage is { } disks) Places.For(at, node.Value, disks, backup.Type is GuestType.Container ? "rootdir" : "images");
        var kind = backup.Type is GuestType.Container ? "Container" : "VM";
        var number = newVmid?.Value ?? await client.GetNextIdAsync(cancellationToken);
        return new()
        {
            Summary = $"{kind} {number.ToString(CultureInfo.InvariantCulture)} is made on {node} from the backup {Told(backup)}.",
            Changes = [new($"{kind} {number.ToString(CultureInfo.InvariantCulture)}", null, "stopped")],
            Warnings =
            [
                .. newVmid is null ? (string[])["The number is the next that is free when it begins."] : [],
                .. Original(at, backup) is { } original ? (string[])[$"{original.Name} ({original.Vmid}) stays as it is beside it; the new one gets network addresses of its own."] : [],
            ],
            Undo = "remove the new guest by hand",
        };
    }

    private async Task<Plan> PlanDeleteBackupAsync(VolumeId volume, NodeName? node, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var backup = await FindAsync(reach.Cluster(cluster).Cluster, volume, node?.Value, cancellationToken);
        if (backup.Protected) throw new WrongStateException($"{volume} is marked as protected in Proxmox; take the mark away there first.");
        return new()
        {
            Summary = $"The backup {Told(backup)} is removed.",
            Changes = [new(volume.Value, Sizes.Gib(backup.Bytes), null)],
            Warnings = ["It cannot be brought back."],
        };
    }

    private async Task<BackupVolume> FindAsync(LiveCluster at, VolumeId volume, string? node, CancellationToken cancellationToken) =>
        await backups.FindAsync(at, volume.Value, node, cancellationToken) is [var backup, ..] ? backup : throw new InvalidOperationException($"{at.Key} has no backup {volume} any more.");

    /// <summary>The storage that is named, or else a backup server, a shared one, one of the node, in this order.</summary>
    internal static StorageView Onto(Reached to, StorageId? storage)
    {
        var fit = BackupFacts.StoragesOf(to.Cluster, to.Guest.Node);
        if (storage is null) return fit.OrderByDescending(s => s.Type == "pbs").ThenByDescending(s => s.Shared).ThenBy(s => s.Name, StringComparer.Ordinal).FirstOrDefault() ?? throw new WrongStateException($"{to.Guest.Node} has no storage for backups that is available.");
        return fit.FirstOrDefault(s => s.Name == storage.Value.Value)
            ?? throw new WrongStateException($"{storage} is no storage for backups on {to.Guest.Node} that is available; there {(fit.Count == 0 ? "is none" : $"are {string.Join(", ", fit.Select(s => s.Name))}")}.");
    }

    private static GuestView? Original(LiveCluster at, BackupVolume backup) => backup.Vmid is { } vmid && at.Current.Guest(vmid) is { Missing: false } guest ? guest : null;

    private static string Told(BackupVolume backup) => $"{backup.VolId}{(backup.Vmid is { } vmid ? $" of guest {vmid.ToString(CultureInfo.InvariantCulture)}" : "")}{(backup.At is { } at ? $", made {at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC" : "")}";
}

/// <summary>The new guest, and how its task ended.</summary>
public sealed record RestoreReport(int Vmid, TaskReport Task);
