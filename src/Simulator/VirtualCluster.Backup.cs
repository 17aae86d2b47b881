using System.Globalization;

namespace Jarvis.Simulator;

internal sealed partial class VirtualCluster
{
    /// <summary>Backs up those of the guests that live on the node; the literal OK where none does.</summary>
    public string Backup(string nodeName, IReadOnlyCollection<int> vmids, BackupOptions options, string user)
    {
        var node = LiveNode(nodeName);
        RequireQuorum(nodeName);
        var storage = StorageOn(nodeName, options.Storage);
        if (!storage.Holds("backup"))
        {
            throw PveException.Failed($"can't use storage '{storage.Id}' for backups - wrong content type");
        }

        var missing = vmids.Where(v => !guests.ContainsKey(v)).ToArray();
        var chosen = vmids.Where(v => guests.TryGetValue(v, out var g) && g.Node == nodeName).Select(v => guests[v])
            .OrderBy(g => g.VmId).ToArray();
        if (chosen.Length == 0 && missing.Length == 0)
        {
            return "OK";
        }

        var id = vmids.Count == 1 ? Text(vmids.First()) : "";
        return Launch(node, "vzdump", id, user, run =>
        {
            run.Log($"INFO: starting new backup job: vzdump {string.Join(' ', vmids)} --storage {storage.Id} --mode {options.Mode} --compress {options.Compress}");
            if (missing.Length > 0)
            {
                throw PveException.Failed($"unable to find VM '{missing[0]}'");
            }

            AwaitTurn(run, node, true, () =>
            {
                node.BackupRunning = true;
                run.OnAbort(() => node.BackupRunning = false);
                BackupNext(run, node, new Queue<VirtualGuest>(chosen), storage, options, 0);
            });
        });
    }

    private static void AwaitTurn(TaskRun run, VirtualNode node, bool first, Action then)
    {
        if (!node.BackupRunning)
        {
            then();
            return;
        }

        if (first)
        {
            run.Log("INFO: trying to get global lock - waiting...");
        }

        run.AfterQuietly(TimeSpan.FromSeconds(5), () => AwaitTurn(run, node, false, then));
    }

    private void BackupNext(
        TaskRun run, VirtualNode node, Queue<VirtualGuest> rest, VirtualStorage storage, BackupOptions options, int failed)
    {
        if (!rest.TryDequeue(out var guest))
        {
            node.BackupRunning = false;
            run.Log(failed == 0 ? "INFO: Backup job finished successfully" : "INFO: Backup job finished with errors");
            if (failed == 0)
            {
                run.Done();
            }
            else
            {
                run.Fail("job errors");
            }

            return;
        }

        var begun = Now;
        run.Log($"INFO: Starting Backup of {guest.Word} {guest.VmId} ({guest.TypeName})");
        run.Log($"INFO: Backup started at {Stamp(Now)}");
        run.Log($"INFO: status = {guest.Status}");
        var obstacle = guest.Lock is { } held ? $"{guest.Word} is locked ({held})"
            : !storage.Active(node.Name) ? $"storage '{storage.Id}' is not online" : null;
        if (obstacle is not null)
        {
            Give(obstacle);
            return;
        }

        guest.Lock = "backup";
        run.OnAbort(() =>
        {
            guest.Lock = null;
            node.BackupRunning = false;
        });
        run.Log($"INFO: {guest.Word} Name: {guest.Name}");
        var disks = guest.Config.Disks()
            .Where(d => !d.IsCdrom && !d.Slot.StartsWith("unused", StringComparison.Ordinal)).ToArray();
        foreach (var disk in disks)
        {
            run.Log($"INFO: include disk '{disk.Slot}' '{disk.Volume}' {Bytes.Suffixed(disk.Size)}");
        }

        run.Log($"INFO: backup mode: {(guest.Running ? options.Mode : "stop")}");
        var volid = BackupName(storage, guest, Now, options.Compress);
        run.Log(storage.Type == "pbs"
            ? $"INFO: creating Proxmox Backup Server archive '{volid[(volid.IndexOf('/', StringComparison.Ordinal) + 1)..]}'" : $"INFO: creating vzdump archive '{volid[(storage.Id.Length + 1)..]}'");
        var wasRunning = guest.Running && options.Mode == "stop";
        if (wasRunning)
        {
            run.Log("INFO: stopping guest");
            PowerOff(guest);
            PowerOn(guest);
        }

        var bytes = Math.Max(disks.Sum(d => (long)(d.Size * guest.Load.DiskFill)), 64 * Bytes.MiB);
        var speed = dice.Between(90.0, 240.0) * Bytes.MiB;
        var total = TimeSpan.FromSeconds(Math.Max(2, Math.Round(bytes / speed)));
        var steps = Math.Clamp((int)(total.TotalSeconds / 4), 1, 50);
        Step(1);

        void Step(int i)
        {
            if (i < steps)
            {
                run.AfterQuietly(total / steps, () => Take(i));
            }
            else
            {
                run.After(total / steps, () => Take(i));
            }
        }

        void Take(int i)
        {
            var share = (double)i / steps;
            run.Log(string.Create(CultureInfo.InvariantCulture,
                $"INFO: {share * 100,3:F0}% ({Bytes.Readable(bytes * share)} of {Bytes.Readable(bytes)}) in {(Now - begun).TotalSeconds:F0}s, read: {Bytes.Readable(speed)}/s, write: {Bytes.Readable(speed * .93)}/s"));
            var trouble = (share >= .4 ? Faults.BackupError(guest) : null)
                ?? (!storage.Active(node.Name) ? $"vma_queue_write: write error - Input/output error" : null)
                ?? (storage.TotalOn(node.Name) - storage.UsedOn(node.Name, Now) < bytes * .02
                    ? "vma_queue_write: write error - No space left on device" : null);
            if (trouble is not null)
            {
                guest.Lock = null;
                Give(trouble);
            }
            else if (i < steps)
            {
                Step(i + 1);
            }
            else
            {
                Keep();
            }
        }

        void Keep()
        {
            var size = (long)(bytes * (storage.Type == "pbs" ? 1 : .46));
            var volume = NewBackup(storage, guest, begun, volid, size, Notes(options.Notes, guest));
            volume.Protected = options.Protected;
            storage.Add(volume);
            run.Log(string.Create(CultureInfo.InvariantCulture, $"INFO: archive file size: {size / (double)Bytes.GiB:F2}GB"));
            if (options.Prune is not null)
            {
                var gone = Prune(storage, node.Name, guest, options.Prune);
                run.Log($"INFO: prune older backups with retention: {options.Prune}");
                run.Log($"INFO: pruned {gone} backup(s)");
            }

            guest.Lock = null;
            run.Log($"INFO: Finished Backup of {guest.Word} {guest.VmId} ({Now - begun:hh\\:mm\\:ss})");
            run.Log($"INFO: Backup finished at {Stamp(Now)}");
            BackupNext(run, node, rest, storage, options, failed);
        }

        void Give(string why)
        {
            run.Log($"ERROR: Backup of {guest.Word} {guest.VmId} failed - {why}");
            run.Log($"INFO: Failed at {Stamp(Now)}");
            Log(node, "pvescheduler", $"ERROR: Backup of {guest.Word} {guest.VmId} failed - {why}", 3);
            BackupNext(run, node, rest, storage, options, failed + 1);
        }
    }

    public string Restore(
        string nodeName, GuestKind kind, int vmid, string archive, string user, string? storage = null,
            bool force = false, bool start = false)
    {
        var node = LiveNode(nodeName);
        RequireQuorum(nodeName);
        var from = StorageOn(nodeName, archive.Split(':')[0]);
        var backup = from.Find(archive, nodeName) ?? throw PveException.Failed($"volume '{archive}' does not exist");
        if (backup.Content != "backup" || backup.Subtype != (kind == GuestKind.Qemu ? "qemu" : "lxc")
            || backup.SavedConfig is null)
        {
            throw PveException.Failed($"unable to restore '{archive}' - not a {(kind == GuestKind.Qemu ? "VM" : "CT")} backup");
        }

        guests.TryGetValue(vmid, out var old);
        if (old is not null && !force)
        {
            RequireFree(kind, vmid);
        }

        if (old is { Running: true })
        {
            throw PveException.Failed($"unable to restore {old.Word} {vmid} - {old.Word} is running");
        }

        var goal = storage is null ? null : StorageOn(nodeName, storage);
        return Launch(node, kind == GuestKind.Qemu ? "qmrestore" : "vzrestore", Text(vmid), user, run =>
        {
            if (old is not null)
            {
                Erase(old);
            }

            var saved = backup.SavedConfig;
            var guest = Fresh(nodeName, kind, vmid, saved[kind == GuestKind.Qemu ? "name" : "hostname"], saved["ostype"]);
            guest.Lock = "create";
            guests.Add(vmid, guest);
            run.OnAbort(() => Erase(guest));
            foreach (var (key, value) in saved.Values.Where(v => !GuestDisk.IsSlot(v.Key)))
            {
                guest.Config[key] = value;
            }

            guest.Refresh();
            var disks = saved.Disks().Where(d => !d.IsCdrom).ToArray();
            run.Log($"restore {(from.Type == "pbs" ? "proxmox backup image" : "vma archive")}: {archive}");
            Copy(run, Math.Max(backup.Size, 32 * Bytes.MiB), dice.Between(110.0, 260.0), () =>
            {
                foreach (var (disk, i) in disks.Select((d, i) => (d, i)))
                {
                    var place = goal
                        ?? (storages.TryGetValue(disk.Storage, out var s)
                            && s.Active(nodeName) ? s
                                : throw PveException.Failed($"storage '{disk.Storage}' is not available on node '{nodeName}'"));
                    Allocate(guest, disk.Slot, place, disk.Size, i, Now, guest.Load.DiskFill, disk.Rest);
                }

                guest.Lock = null;
                guest.Refresh();
                run.Done();
                if (start)
                {
                    StartWorker(guest, user, false);
                }
            });
        });
    }

    /// <summary>What a prune with this retention would do.</summary>
    public IReadOnlyList<(StorageVolume Volume, string Mark)> PrunePreview(
        string node, string storageId, string retention, int? vmid = null, string? type = null)
    {
        var storage = StorageOn(node, storageId);
        return [.. storage.On(node)
            .Where(v => v.Content == "backup" && (vmid is null || v.VmId == vmid) && (type is null || v.Subtype == type))
            .GroupBy(v => (v.Subtype, v.VmId)).SelectMany(g => Retention.Mark(g, retention)).Select(m => (m.Key, m.Value))];
    }

    internal static StorageVolume NewBackup(
        VirtualStorage storage, VirtualGuest guest, DateTimeOffset at, string volid, long size, string? notes) => new()
        {
            VolId = volid, Content = "backup", VmId = guest.VmId, Subtype = guest.TypeName, Size = size,
            Used = storage.Type == "pbs" ? size / 14 : size,
            Format = storage.Type == "pbs" ? guest.Kind == GuestKind.Qemu ? "pbs-vm" : "pbs-ct"
            : guest.Kind == GuestKind.Qemu ? "vma.zst" : "tar.zst",
            Created = at, Node = storage.Shared ? null : guest.Node, Notes = notes, SavedConfig = guest.Config.Copy(),
            Verification = storage.Type == "pbs" ? "ok" : null,
        };

    internal static string BackupName(VirtualStorage storage, VirtualGuest guest, DateTimeOffset at, string compress)
    {
        if (storage.Type == "pbs")
        {
            return $"{storage.Id}:backup/{(guest.Kind == GuestKind.Qemu ? "vm" : "ct")}/{guest.VmId}/{at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}";
        }

        var end = compress switch { "zstd" => ".zst", "gzip" => ".gz", "lzo" => ".lzo", _ => "" };
        return $"{storage.Id}:backup/vzdump-{guest.TypeName}-{guest.VmId}-{at.UtcDateTime.ToString("yyyy_MM_dd-HH_mm_ss", CultureInfo.InvariantCulture)}.{(guest.Kind == GuestKind.Qemu ? "vma" : "tar")}{end}";
    }

    private static int Prune(VirtualStorage storage, string node, VirtualGuest guest, string retention)
    {
        var gone = Retention.Mark(
            storage.On(node).Where(v => v.Content == "backup" && v.VmId == guest.VmId && v.Subtype == guest.TypeName),
            retention)
            .Where(m => m.Value == "remove").Select(m => m.Key).ToArray();
        Array.ForEach(gone, storage.Remove);
        return gone.Length;
    }

    private string? Notes(string? template, VirtualGuest guest) => template?
        .Replace("{{guestname}}", guest.Name, StringComparison.Ordinal).Replace(
            "{{node}}", guest.Node, StringComparison.Ordinal)
        .Replace("{{vmid}}", Text(guest.VmId), StringComparison.Ordinal).Replace("{{cluster}}", Name, StringComparison.Ordinal);

    private static string Stamp(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
