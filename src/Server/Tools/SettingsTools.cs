using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Jarvis.Proxmox;
using Jarvis.Safety;
using GuestConfig = Jarvis.Proxmox.GuestConfig;
using GuestType = Jarvis.Proxmox.GuestType;

namespace Jarvis.Server.Tools;

/// <summary>Changes the settings of guests: those that are named here, and no other.</summary>
internal sealed class SettingsTools(Reach reach, Tasks tasks)
{
    private const int Minutes10 = 600;

    [Tool(Tier.Red, Outside = true, SnapshotFirst = true, TimeoutSeconds = Minutes10, Plan = nameof(PlanUpdateGuestAsync))]
    [Description("Changes settings of a guest; what is left out stays. What a running guest cannot take over waits for its next start, and is named.")]
    public async Task<UpdateReport> UpdateGuestAsync(
        [Target(Kind.Guest, Effect = Effect.Changes)] GuestRef guest, ToolRun run, [Range(1, 512)] int? cores = null, [Range(16, 8_388_608)] int? memoryMib = null,
        [Description("of a VM; 0 switches ballooning off"), Range(0, 8_388_608)] int? balloonMib = null, [Length(1, 63)] string? name = null,
        [Description("all that it shall have"), MaxLength(20)] IReadOnlyList<string>? tags = null, [MaxLength(8000)] string? description = null,
        [Description("start it with its node")] bool? onboot = null, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var to = reach.Guest(guest, cluster);
        var wanted = new GuestChange
        {
            Cores = cores, MemoryMib = memoryMib, BalloonMib = balloonMib, Name = name, Tags = tags is null ? null : string.Join(';', tags),
            Description = description, OnBoot = onboot,
            Digest = (await to.Client.GetGuestConfigNowAsync(to.Guest.Node, to.Type, to.Vmid, cancellationToken)).Digest,
        };
        await tasks.RunAsync(
            to.Cluster, to.Client, $"Changing {to.Called}",
            async stop =>
            {
                await to.Client.ChangeGuestAsync(to.Guest.Node, to.Type, to.Vmid, wanted, stop);
                return null;
            },
            run, cancellationToken);
        return new(Keys(wanted, to.Type), await PendingAsync(to, cancellationToken), run.Snapshot);
    }

    // The change is made by now: that this cannot be read must not look as if it had failed.
    private static async Task<IReadOnlyList<string>?> PendingAsync(Reached to, CancellationToken cancellationToken)
    {
        try
        {
            var pending = await to.Client.GetPendingAsync(to.Guest.Node, to.Type, to.Vmid, cancellationToken);
            return [.. pending.Where(p => p.Pending is not null || p.Delete is > 0).Select(p => p.Key)];
        }
        catch (ProxmoxException)
        {
            return null;
        }
    }

    [Tool(Tier.Red, Outside = true, SnapshotFirst = true, TimeoutSeconds = Minutes10, Plan = nameof(PlanResizeDiskAsync))]
    [Description("Makes a disk of a guest larger. It cannot be made smaller again.")]
    public Task<TaskReport> ResizeDiskAsync(
        [Target(Kind.Guest, Effect = Effect.Changes)] GuestRef guest, [Description("its key in the settings, as scsi0 or rootfs"), Length(3, 12)] string disk,
        [Range(1, 16_384)] int addGib, ToolRun run, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var to = reach.Guest(guest, cluster);
        return tasks.RunAsync(to.Cluster, to.Client, $"Making {disk} of {to.Called} larger", stop => to.Client.GrowDiskAsync(to.Guest.Node, to.Type, to.Vmid, disk, addGib, stop), run, cancellationToken);
    }

    private async Task<Plan> PlanUpdateGuestAsync(
        GuestRef guest, int? cores, int? memoryMib, int? balloonMib, string? name, IReadOnlyList<string>? tags, string? description, bool? onboot, ClusterKey? cluster,
        CancellationToken cancellationToken)
    {
        var to = reach.Guest(guest, cluster);
        var now = await Reach.UnlockedAsync(to, cancellationToken);
        if (balloonMib is not null && to.Type is GuestType.Lxc) throw new WrongStateException($"{to.Called} is a container, which has no balloon.");
        if (name is not null) Names.CheckGuest(name);
        Names.CheckTags(tags ?? []);
        var config = await to.Client.GetGuestConfigNowAsync(to.Guest.Node, to.Type, to.Vmid, cancellationToken);
        if ((balloonMib ?? config.BalloonMib) > (memoryMib ?? config.MemoryMib)) throw new WrongStateException($"The balloon ({balloonMib ?? config.BalloonMib} MiB) would be more than the memory ({memoryMib ?? config.MemoryMib} MiB).");
        var (changes, slow) = Differences(config, cores, memoryMib, balloonMib, name, tags, description, onboot);
        if (changes.Count == 0) throw new WrongStateException($"{to.Called} has these settings already, or none was named.");
        return new()
        {
            Summary = $"{to.Called} gets other settings: {string.Join(", ", changes.Select(c => c.What))}.",
            Changes = changes,
            Warnings = now.Status == "running" && to.Type is GuestType.Qemu && slow ? ["It runs: the cores or memory may wait for its next start."] : [],
            Undo = "set them to what they are now, or go back to the snapshot that is made before, where the storage can",
        };
    }

    private async Task<Plan> PlanResizeDiskAsync(GuestRef guest, string disk, int addGib, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var to = reach.Guest(guest, cluster);
        await Reach.UnlockedAsync(to, cancellationToken);
        var config = await to.Client.GetGuestConfigNowAsync(to.Guest.Node, to.Type, to.Vmid, cancellationToken);
        var legal = config.Disks.Where(d => d.Value["media"] != "cdrom" && d.Value["size"] is not null && !d.Key.StartsWith("unused", StringComparison.Ordinal)).ToDictionary();
        if (!legal.TryGetValue(disk, out var known)) throw new WrongStateException($"{to.Called} has no disk {disk}; it has {(legal.Count == 0 ? "none" : string.Join(", ", legal.Keys.Order(StringComparer.Ordinal)))}.");
        var whole = to.Type is GuestType.Qemu && IsQcow2(known);
        if (whole)
        {
            var snapshots = (await to.Client.GetSnapshotsAsync(to.Guest.Node, to.Type, to.Vmid, cancellationToken)).Where(s => s.Name != "current").Select(s => s.Name).ToList();
            if (snapshots.Count > 0) throw new WrongStateException($"{disk} of {to.Called} is a qcow2 image, which Proxmox cannot make larger while the VM has snapshots; delete them first: {string.Join(", ", snapshots)}.");
        }

        var storage = Places.Find(to.Cluster, to.Guest.Node, (known["file"] ?? known["volume"] ?? "").Split(':')[0]);
        var after = Sizes.ParseGib(known["size"]) is { } size ? string.Create(CultureInfo.InvariantCulture, $"{size + addGib:0.##} GiB") : $"{known["size"]} and {addGib} GiB";
        var free = storage?.Total - storage?.Used;
        return new()
        {
            Summary = $"{disk} of {to.Called} grows by {addGib} GiB.",
            Changes = [new(disk, Sizes.ParseGib(known["size"]) is { } before ? string.Create(CultureInfo.InvariantCulture, $"{before:0.##} GiB") : known["size"], after)],
            Warnings =
            [
                "It cannot be made smaller again.",
                .. to.Type is GuestType.Qemu ? (string[])["The partition and the file system inside have to be grown in the guest."] : [],
                .. whole ? (string[])["No snapshot is made before: Proxmox cannot make a qcow2 image larger while there is one."] : [],
                .. free < addGib * (1L << 30) ? (string[])[$"{storage!.Name} has only {Sizes.Gib(free)} free."] : [],
            ],
            Undo = whole ? null : "go back to the snapshot that is made before, where the storage can",
            WithoutSnapshot = whole,
        };
    }

    private static bool IsQcow2(PropertyString disk) => disk["format"] == "qcow2" || disk["file"]?.EndsWith(".qcow2", StringComparison.Ordinal) is true || disk["volume"]?.EndsWith(".qcow2", StringComparison.Ordinal) is true;

    private static (List<Change> Changes, bool Slow) Differences(
        GuestConfig config, int? cores, int? memoryMib, int? balloonMib, string? name, IReadOnlyList<string>? tags, string? description, bool? onboot)
    {
        List<Change> changes = [];
        void Compare(string what, string? before, string? after)
        {
            if (after is not null && (before ?? "") != after) changes.Add(new(what, before, after));
        }

        Compare("cores", Text(config.Cores), Text(cores));
        Compare("memory (MiB)", Text(config.MemoryMib), Text(memoryMib));
        var slow = changes.Count > 0;
        Compare("balloon (MiB)", Text(config.BalloonMib), Text(balloonMib));
        Compare("name", config.Name, name);
        Compare("tags", string.Join(' ', config.Tags.Order(StringComparer.Ordinal)), tags is null ? null : string.Join(' ', tags.Order(StringComparer.Ordinal)));
        Compare("description", config.Description?.TrimEnd('\n') ?? "", description?.TrimEnd('\n'));
        Compare("starts with its node", config.OnBoot ? "yes" : "no", onboot is { } boot ? boot ? "yes" : "no" : null);
        return (changes, slow);
    }

    private static string[] Keys(GuestChange change, GuestType type) =>
    [
        .. new (string Key, object? Value)[]
        {
            ("cores", change.Cores), ("memory", change.MemoryMib), ("balloon", change.BalloonMib), (type is GuestType.Qemu ? "name" : "hostname", change.Name),
            ("tags", change.Tags), ("description", change.Description), ("onboot", change.OnBoot),
        }.Where(k => k.Value is not null).Select(k => k.Key),
    ];

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The settings that were sent, those that wait for the next start, and the snapshot made before, if one could be.</summary>
public sealed record UpdateReport(IReadOnlyList<string> Changed, IReadOnlyList<string>? WaitForNextStart, string? Snapshot);
