using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jarvis.Proxmox;
using Jarvis.Proxmox.Wire;
using Jarvis.Safety;
using Jarvis.Server.Cluster;
using GuestConfig = Jarvis.Proxmox.GuestConfig;
using GuestType = Jarvis.Proxmox.GuestType;
using NodeStatus = Jarvis.Server.Cluster.NodeStatus;
using StorageStatus = Jarvis.Server.Cluster.StorageStatus;

namespace Jarvis.Server.Tools;

/// <summary>How a guest would come to another node.</summary>
internal sealed record Passage(Reached To, string Target, bool Runs, bool LocalDisks, IReadOnlyList<string> Warnings)
{
    /// <summary>A container that runs is stopped on one node and started on the other; a VM goes on.</summary>
    public bool Interrupts => Runs && To.Type is GuestType.Lxc;
}

/// <summary>Moves guests between nodes.</summary>
internal sealed partial class Moving(Tasks tasks, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BeginsWithin = TimeSpan.FromMinutes(5);

    /// <summary>Checks room, storages and high availability.</summary>
    /// <exception cref="WrongStateException">It cannot move there; the message says why.</exception>
    public static async Task<Passage> CheckAsync(Reached to, string target, CancellationToken cancellationToken)
    {
        if (target == to.Guest.Node) throw new WrongStateException($"{to.Called} is there already.");
        if (to.Cluster.Current.Node(target) is not { Status: NodeStatus.Online } node) throw new WrongStateException($"The node {target} is not online.");
        var now = await Reach.UnlockedAsync(to, cancellationToken);
        if (to.Guest.HaState is "error") throw new WrongStateException($"High availability has {to.Called} in the state error; clear that first.");
        var runs = now.Status == "running";
        var config = await to.Client.GetGuestConfigNowAsync(to.Guest.Node, to.Type, to.Vmid, cancellationToken);
        var local = Disks(to, target, config);
        if (to.Type is GuestType.Qemu)
        {
            Allows(to, target, await to.Client.CheckMigrationAsync(to.Guest.Node, to.Vmid, target, cancellationToken));
            if (runs && local.Exists(d => !d.Generated)) await WithoutSnapshotsAsync(to, target, cancellationToken);
        }

        List<string> warnings = [];
        if (runs)
        {
            var free = node.MaxMemory - node.Memory;
            if (to.Guest.Memory > free) throw new WrongStateException($"{target} has {Sizes.Gib(free)} of memory free, and {to.Called} uses {Sizes.Gib(to.Guest.Memory)}.");
            if (to.Guest.MaxMemory > free) warnings.Add($"{target} has {Sizes.Gib(free)} of memory free, and {to.Guest.Name} may use {Sizes.Gib(to.Guest.MaxMemory)}.");
        }

        foreach (var disks in local.GroupBy(d => d.Storage.Name, StringComparer.Ordinal))
        {
            var there = Places.Find(to.Cluster, target, disks.Key);
            var size = disks.Sum(d => d.Gib ?? 0);
            if ((there?.Total - there?.Used) / (double)(1L << 30) < size) warnings.Add($"{disks.Key} on {target} has {Sizes.Gib(there!.Total - there.Used)} free; the disks may take {size.ToString("0.#", CultureInfo.InvariantCulture)} GiB.");
        }

        if (runs && to.Type is GuestType.Lxc) warnings.Add($"{to.Guest.Name} is stopped here and started there: a container does not move while it runs.");
        if (local.Count > 0) warnings.Add($"{string.Join(", ", local.Select(d => d.Slot))} of {to.Guest.Name} {(local.Count == 1 ? "is" : "are")} copied over the network, which takes its time.");
        if (to.Guest.HaState is { } ha) warnings.Add($"High availability looks after {to.Guest.Name} ({ha}) and moves it itself.");
        return new(to, target, runs, local.Count > 0, warnings);
    }

    /// <summary>Moves it, and waits until it has come.</summary>
    public async Task<TaskReport> RunAsync(Passage passage, ToolRun run, CancellationToken cancellationToken)
    {
        var to = passage.To;
        var request = new MigrationRequest { Target = passage.Target, Online = passage.Runs, WithLocalDisks = passage is { Runs: true, LocalDisks: true } };
        var report = await tasks.RunAsync(to, $"Moving {to.Called} to {passage.Target}", stop => to.Client.MigrateGuestAsync(to.Guest.Node, to.Type, to.Vmid, request, stop), run, cancellationToken);
        if (report.Upid is { } upid && Upid.Parse(upid).Type == "hamigrate") await ArriveAsync(passage, run, cancellationToken);
        return report;
    }

    // The task of a guest under high availability only hands the wish to its manager.
    private async Task ArriveAsync(Passage passage, ToolRun run, CancellationToken cancellationToken)
    {
        var to = passage.To;
        var (left, asked) = (false, time.GetTimestamp());
        run.Progress($"High availability moves {to.Guest.Name}.");
        while (true)
        {
            var row = await Tasks.HaRowAsync(to, $"Moving {to.Called}", cancellationToken);
            switch (row)
            {
                case null or { State: "error" }:
                    throw new TaskFailedException($"High availability did not move {to.Called}: it is {row?.State ?? "no longer managed"}.");
                case { State: "migrate" or "relocate" }:
                    left = true;
                    break;
                case { State: "started" or "stopped" } when row.Node == passage.Target:
                    await tasks.SeenAsync(to.Cluster, to.Client);
                    return;
                case { State: "started" or "stopped" } when !left && time.GetElapsedTime(asked) > BeginsWithin:
                    throw new TaskFailedException($"High availability has not begun to move {to.Called} within {BeginsWithin.TotalMinutes:0} minutes.");
                case { State: "started" or "stopped" } when left:
                    throw new TaskFailedException($"High availability tried to move {to.Called}, and it is on {row.Node} still.");
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }

    // Proxmox copies no disk of a running VM that has snapshots, unless it is replicated to the other node.
    private static async Task WithoutSnapshotsAsync(Reached to, string target, CancellationToken cancellationToken)
    {
        var snapshots = (await to.Client.GetSnapshotsAsync(to.Guest.Node, to.Type, to.Vmid, cancellationToken)).Where(s => s.Name != "current").Select(s => s.Name).ToList();
        if (snapshots.Count == 0 || (await to.Client.GetReplicationJobsAsync(cancellationToken)).Any(j => j.Guest == to.Vmid && j.Target == target)) return;
        throw new WrongStateException($"{to.Called} has disks on storages of its node alone and snapshots ({string.Join(", ", snapshots)}): with those Proxmox moves no VM that runs. Delete them, or shut it down first.");
    }

    private static List<(string Slot, StorageView Storage, double? Gib, bool Generated)> Disks(Reached to, string target, GuestConfig config)
    {
        List<(string, StorageView, double?, bool)> local = [];
        foreach (var (slot, disk) in config.Disks)
        {
            if ((disk["file"] ?? disk["volume"])?.Split(':') is not [var storage, _, ..] || Places.Find(to.Cluster, to.Guest.Node, storage) is not { } here) continue;
            if (here.Shared) continue;
            // The drive of cloud-init is made by Proxmox itself, which takes it along as it does a disk.
            var generated = CloudInit().IsMatch((disk["file"] ?? disk["volume"])!);
            if (disk["media"] == "cdrom" && !generated) throw new WrongStateException($"{to.Called} has {slot} in its drive from {storage}, which other nodes do not see; take it out first.");
            if (Places.Find(to.Cluster, target, storage) is not { Status: StorageStatus.Available }) throw new WrongStateException($"{target} has no storage {storage} that is available, on which {slot} of {to.Called} lies.");
            local.Add((slot, here, Sizes.ParseGib(disk["size"]), generated));
        }

        return local;
    }

    private static void Allows(Reached to, string target, MigrationCheck check)
    {
        if (check.LocalResources is { Count: > 0 } devices) throw new WrongStateException($"{to.Called} uses devices of its node: {string.Join(", ", devices)}.");
        if (check.NotAllowedNodes is not { ValueKind: JsonValueKind.Object } not || !not.TryGetProperty(target, out var why)) return;
        throw new WrongStateException($"{to.Called} cannot move to {target}: {why.GetRawText()}");
    }

    [GeneratedRegex(@"vm-\d+-cloudinit", RegexOptions.NonBacktracking)]
    private static partial Regex CloudInit();
}
