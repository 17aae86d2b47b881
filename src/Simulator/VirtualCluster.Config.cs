using System.Collections.Frozen;
using System.Globalization;

namespace Jarvis.Simulator;

internal sealed partial class VirtualCluster
{
    private static readonly FrozenSet<string> AtOnce =
        ["name", "tags", "description", "onboot", "startup", "protection", "hookscript", "lock", "template", "boot",
            "cpulimit", "cpuunits", "shares", "balloon"];

    /// <summary>Changes options; what a running guest can't take over waits as pending.</summary>
    public void UpdateConfig(
        VirtualGuest guest, IReadOnlyDictionary<string, string> set, IReadOnlyCollection<string>? delete = null,
        string? digest = null, bool skiplock = false, IReadOnlyCollection<string>? revert = null)
    {
        RequireQuorum(guest.Node);
        if (digest is not null && digest != guest.Config.Digest)
        {
            throw PveException.Failed("detected modified configuration - file changed by other user? Try again.");
        }

        CheckLock(guest, skiplock);
        foreach (var key in revert ?? [])
        {
            guest.Config.Revert(key);
        }

        foreach (var key in delete ?? [])
        {
            Delete(guest, key);
        }

        foreach (var (key, value) in set)
        {
            Put(guest, key,
                GuestDisk.IsSlot(key) ? Volume(guest, key, value) : IsNet(key) ? WithMac(guest.Kind, value) : value);
        }

        guest.Refresh();
    }

    /// <summary>The asynchronous form: the same in a worker.</summary>
    public string UpdateConfigInTask(
        VirtualGuest guest, IReadOnlyDictionary<string, string> set, string user, IReadOnlyCollection<string>? delete = null,
        string? digest = null, bool skiplock = false, IReadOnlyCollection<string>? revert = null)
    {
        CheckLock(guest, skiplock);
        return Worker(guest, "config", user, run =>
        {
            UpdateConfig(guest, set, delete, digest, skiplock, revert);
            run.After(dice.Seconds(.1, .6), run.Done);
        });
    }

    /// <summary>Grows a disk; the size is absolute or, with a plus sign, what is added.</summary>
    public string Resize(
        VirtualGuest guest, string slot, string size, string user, string? digest = null, bool skiplock = false)
    {
        RequireQuorum(guest.Node);
        if (digest is not null && digest != guest.Config.Digest)
        {
            throw PveException.Failed("detected modified configuration - file changed by other user? Try again.");
        }

        CheckLock(guest, skiplock);
        var disk = guest.Config.Disks().FirstOrDefault(d => d.Slot == slot)
            ?? throw PveException.Failed($"disk '{slot}' does not exist");
        var amount = GuestDisk.ParseSize(size.TrimStart('+'))
            ?? throw PveException.Parameter("size", $"value does not match the regex pattern - got '{size}'");
        var total = size.StartsWith('+') ? disk.Size + amount : amount;
        if (total < disk.Size)
        {
            throw PveException.Failed("shrinking disks is not supported");
        }

        if (guest.Kind == GuestKind.Qemu && guest.Snapshots.Count > 0 && IsQcow2(disk))
        {
            throw PveException.Failed($"can't resize volume: {slot} if snapshot exists");
        }

        var storage = StorageOn(guest.Node, disk.Storage);
        if (storage.IsFile && total - disk.Size > storage.TotalOn(guest.Node) - storage.UsedOn(guest.Node, Now))
        {
            throw PveException.Failed($"unable to resize volume '{disk.Volume}': not enough free space on '{storage.Id}'");
        }

        return Launch(
            LiveNode(guest.Node), "resize", Text(guest.VmId), user,
            run => run.WithLock(guest, () => run.After(dice.Seconds(.4, 1.6), () =>
        {
            if (storage.Find(disk.Volume, guest.Node) is { } volume)
            {
                storage.Resize(volume, total);
            }

            guest.Config[slot] = (disk with { Size = total }).Text;
            guest.Refresh();
            run.Done();
        })));
    }

    public string MoveDisk(VirtualGuest guest, string slot, string target, string user, bool delete = false)
    {
        RequireQuorum(guest.Node);
        CheckLock(guest, false);
        var disk = guest.Config.Disks().FirstOrDefault(d => d.Slot == slot)
            ?? throw PveException.Failed($"disk '{slot}' does not exist");
        if (disk.Storage == target)
        {
            throw PveException.Failed($"you can't move to the same storage with same format");
        }

        var storage = StorageOn(guest.Node, target);
        var type = guest.Kind == GuestKind.Qemu ? "qmmove" : "move_volume";
        return Launch(LiveNode(guest.Node), type, Text(guest.VmId), user, run => run.WithLock(guest, () =>
        {
            RequireSpace(storage, guest.Node, disk.Size / 2);
            run.Log($"create full clone of drive {slot} ({disk.Volume})");
            Copy(run, disk.Size, dice.Between(150.0, 400.0), () =>
            {
                var number = guest.Config.Disks().Count();
                var old = storages[disk.Storage].Find(disk.Volume, guest.Node);
                Allocate(guest, slot, storage, disk.Size, number, Now, guest.Load.DiskFill, disk.Rest);
                if (delete && old is not null)
                {
                    storages[disk.Storage].Remove(old);
                }
                else
                {
                    guest.Config["unused" + guest.Config.Disks().Count(
                        d => d.Slot.StartsWith("unused", StringComparison.Ordinal))] = disk.Volume;
                }

                guest.Refresh();
                run.Done();
            });
        }));
    }

    public string MakeTemplate(VirtualGuest guest, string user)
    {
        RequireQuorum(guest.Node);
        CheckLock(guest, false);
        var what = guest.Template ? $"you can't convert a template to a template"
            : guest.Snapshots.Count > 0 ? $"unable to create template, because {guest.Word} contains snapshots"
            : guest.Running
                ? $"you can't convert a {guest.Word} to template if {(guest.Kind == GuestKind.Qemu ? "VM" : "the CT")} is running"
            : null;
        if (what is not null)
        {
            throw PveException.Failed(what);
        }

        return Worker(guest, "template", user, run => run.WithLock(guest, () => run.After(dice.Seconds(.5, 2), () =>
        {
            guest.Config["template"] = "1";
            guest.Refresh();
            foreach (var disk in guest.Config.Disks().Where(d => !d.IsCdrom && storages.ContainsKey(d.Storage)).ToArray())
            {
                if (storages[disk.Storage].Find(disk.Volume, guest.Node) is { } old)
                {
                    storages[disk.Storage].Remove(old);
                    Allocate(guest, disk.Slot, storages[disk.Storage], disk.Size, 0, old.Created, guest.Load.DiskFill,
                        disk.Rest);
                }
            }

            guest.Refresh();
            run.Done();
        })));
    }

    private static bool IsQcow2(GuestDisk disk) => disk.Volume.EndsWith(".qcow2", StringComparison.Ordinal)
        || disk.Rest.Contains("format=qcow2", StringComparison.Ordinal);

    private static bool IsNet(string key) => key.StartsWith("net", StringComparison.Ordinal) && key.Length > 3
        && key[3..].All(char.IsAsciiDigit);

    private static bool Immediate(VirtualGuest guest, string key) => !guest.Running || AtOnce.Contains(key)
        || IsNet(key) || GuestDisk.IsSlot(key)
        || (guest.Kind == GuestKind.Lxc && key is ("cores" or "memory" or "swap"));

    private static void Put(VirtualGuest guest, string key, string value)
    {
        if (key == "lock")
        {
            guest.Lock = value;
        }
        else if (Immediate(guest, key))
        {
            guest.Config.Revert(key);
            guest.Config[key] = value;
        }
        else if (guest.Config[key] == value)
        {
            guest.Config.Revert(key);
        }
        else
        {
            guest.Config.Delay(key, value);
        }
    }

    private static void Delete(VirtualGuest guest, string key)
    {
        if (key == "lock")
        {
            guest.Lock = null;
            return;
        }

        if (GuestDisk.IsSlot(key) && !key.StartsWith("unused", StringComparison.Ordinal)
            && guest.Config.Disks().FirstOrDefault(d => d.Slot == key) is { IsCdrom: false } disk)
        {
            guest.Config["unused" + guest.Config.Disks().Count(
                d => d.Slot.StartsWith("unused", StringComparison.Ordinal))] = disk.Volume;
        }

        if (Immediate(guest, key))
        {
            guest.Config[key] = null;
        }
        else if (guest.Config[key] is not null)
        {
            guest.Config.Delay(key, null);
        }
    }

    // storage:8 asks for a new volume of 8 GiB; anything else names one that must exist.
    private string Volume(VirtualGuest guest, string slot, string value)
    {
        var disk = GuestDisk.Parse(slot, value) ?? throw PveException.Parameter(slot, "invalid format");
        if (disk.Storage.Length == 0)
        {
            return value;
        }

        var storage = StorageOn(guest.Node, disk.Storage);
        var name = disk.Volume[(disk.Storage.Length + 1)..];
        if (double.TryParse(name, CultureInfo.InvariantCulture, out var gib))
        {
            RequireSpace(storage, guest.Node, 0);
            Allocate(guest, slot, storage, (long)(gib * Bytes.GiB), guest.Config.Disks().Count(), Now, .02, disk.Rest);
            return guest.Config[slot] ?? value;
        }

        if (name == "cloudinit" && guest.Kind == GuestKind.Qemu)
        {
            return CloudInit(guest, storage);
        }

        return storage.Find(disk.Volume, guest.Node) is { } volume
            ? disk.Size > 0 || volume.Content is "iso" ? value : (disk with { Size = volume.Size }).Text
            : throw PveException.Failed($"volume '{disk.Volume}' does not exist");
    }

    private string CloudInit(VirtualGuest guest, VirtualStorage storage)
    {
        RequireSpace(storage, guest.Node, 0);
        var (id, size) = (Text(guest.VmId), 4 * Bytes.MiB);
        var volume = storage.IsFile ? $"{storage.Id}:{id}/vm-{id}-cloudinit.qcow2" : $"{storage.Id}:vm-{id}-cloudinit";
        if (storage.Find(volume, guest.Node) is null)
        {
            storage.Add(new StorageVolume
            {
                VolId = volume, Content = "images", VmId = guest.VmId, Size = size, Used = size, Created = Now,
                Format = storage.IsFile ? "qcow2" : "raw", Node = storage.Shared ? null : guest.Node,
            });
        }

        return $"{volume},media=cdrom,size={Bytes.Suffixed(size)}";
    }

    private string WithMac(GuestKind kind, string value)
    {
        var parts = value.Split(',').ToList();
        var mac = $"BC:24:11:{dice.Hex(2)}:{dice.Hex(2)}:{dice.Hex(2)}".ToUpperInvariant();
        if (kind == GuestKind.Qemu && !parts[0].Contains('=', StringComparison.Ordinal))
        {
            parts[0] += "=" + mac;
        }
        else if (kind == GuestKind.Lxc && !parts.Exists(p => p.StartsWith("hwaddr=", StringComparison.Ordinal)))
        {
            parts.Add("hwaddr=" + mac);
        }

        return string.Join(',', parts);
    }

    private void RequireSpace(VirtualStorage storage, string node, long bytes)
    {
        if (!storage.Active(node))
        {
            throw PveException.Failed($"storage '{storage.Id}' is not online");
        }

        if (storage.TotalOn(node) - storage.UsedOn(node, Now) <= bytes)
        {
            throw PveException.Failed($"unable to create image: No space left on device");
        }
    }

    /// <summary>A copy at a speed in MiB/s with a progress line every few seconds.</summary>
    private static void Copy(TaskRun run, long bytes, double speed, Action then)
    {
        var total = TimeSpan.FromSeconds(Math.Max(1, Math.Round(bytes / (speed * Bytes.MiB), 1)));
        var steps = Math.Clamp((int)(total.TotalSeconds / 3), 1, 40);
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
            run.Log(string.Create(
                CultureInfo.InvariantCulture,
                $"transferred {Bytes.Readable(bytes * share)} of {Bytes.Readable(bytes)} ({share * 100:F2}%)"));
            if (i == steps)
            {
                then();
            }
            else
            {
                Step(i + 1);
            }
        }
    }
}
