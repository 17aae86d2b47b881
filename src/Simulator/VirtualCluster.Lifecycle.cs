using System.Collections.Frozen;
using System.Globalization;

namespace Jarvis.Simulator;

internal sealed partial class VirtualCluster
{
    private static readonly FrozenSet<string> NotConfig =
        ["vmid", "node", "ostemplate", "storage", "start", "pool", "password", "ssh-public-keys", "unique", "force",
            "archive", "restore", "bwlimit", "ha-managed", "ignore-unpack-errors", "live-restore"];

    /// <summary>Creates a VM or container from the request's options (or restores one where archive or restore is given).</summary>
    public string Create(string nodeName, GuestKind kind, int vmid, IReadOnlyDictionary<string, string> options, string user)
    {
        var node = LiveNode(nodeName);
        RequireQuorum(nodeName);
        var archive = kind == GuestKind.Qemu ? options.GetValueOrDefault("archive")
            : options.GetValueOrDefault("restore") is "1" ? options.GetValueOrDefault("ostemplate") : null;
        if (archive is not null)
        {
            return Restore(
                nodeName, kind, vmid, archive, user, options.GetValueOrDefault("storage"),
                options.GetValueOrDefault("force") == "1", options.GetValueOrDefault("start") == "1");
        }

        RequireFree(kind, vmid);
        var pool = options.GetValueOrDefault("pool");
        if (pool is not null && !pools.ContainsKey(pool))
        {
            throw PveException.Failed($"pool '{pool}' does not exist");
        }

        var template = options.GetValueOrDefault("ostemplate");
        if (template is not null && StorageOn(nodeName, template.Split(':')[0]).Find(template, nodeName) is null)
        {
            throw PveException.Failed($"volume '{template}' does not exist");
        }

        return Launch(node, kind == GuestKind.Qemu ? "qmcreate" : "vzcreate", Text(vmid), user, run =>
        {
            var name = options.GetValueOrDefault(kind == GuestKind.Qemu ? "name" : "hostname");
            var guest = Fresh(node.Name, kind, vmid, name, options.GetValueOrDefault("ostype"));
            guest.Lock = "create";
            guest.Pool = pool;
            guests.Add(vmid, guest);
            run.OnAbort(() => Erase(guest));
            Defaults(guest, name);
            if (kind == GuestKind.Qemu) Identify(guest);
            foreach (var (key, value) in options.Where(o => !NotConfig.Contains(o.Key)))
            {
                guest.Config[key] = GuestDisk.IsSlot(key) ? Volume(guest, key, value) : IsNet(key)
                    ? WithMac(kind, value) : value;
                if (GuestDisk.IsSlot(key))
                {
                    run.Log($"{key}: successfully created disk '{guest.Config[key]}'");
                }
            }

            if (kind == GuestKind.Lxc)
            {
                if (guest.Config["rootfs"] is null)
                {
                    guest.Config["rootfs"] = Volume(guest, "rootfs", options.GetValueOrDefault("storage", "local") + ":4");
                }

                run.Log($"extracting archive '/var/lib/vz/template/cache/{template?.Split('/')[^1]}'");
                run.Log("Detected container architecture: amd64");
            }

            guest.Refresh();
            run.After(kind == GuestKind.Qemu ? dice.Seconds(.8, 2.2) : dice.Seconds(3, 9), () =>
            {
                guest.Lock = null;
                if (kind == GuestKind.Lxc)
                {
                    run.Log("Creating SSH host key 'ssh_host_ed25519_key' - this may take some time ...");
                }

                run.Done();
                if (options.GetValueOrDefault("start") is "1")
                {
                    StartWorker(guest, user, false);
                }
            });
        });
    }

    public string Destroy(VirtualGuest guest, string user, bool purge = false, bool force = false, bool skiplock = false)
    {
        RequireQuorum(guest.Node);
        if (guest.Config.Flag("protection"))
        {
            throw PveException.Failed($"can't remove {guest.Word} {guest.VmId} - protection mode enabled");
        }

        if (haResources.ContainsKey(guest.Sid) && !purge)
        {
            throw PveException.Failed(
                $"unable to remove {guest.Word} {guest.VmId} - used in HA resources and purge parameter not set.");
        }

        if (replicationJobs.Values.FirstOrDefault(r => r.VmId == guest.VmId) is { } job && !purge)
        {
            throw PveException.Failed(
                $"There is a replication job '{job.Id}' for guest '{guest.VmId}' - Please remove that first.");
        }

        if (guest.Running && !(force && guest.Kind == GuestKind.Lxc))
        {
            throw PveException.Failed(guest.Kind == GuestKind.Qemu
                ? $"VM {guest.VmId} is running - destroy failed" : $"unable to destroy CT {guest.VmId} - container is running");
        }

        return Worker(guest, "destroy", user, run => run.WithLock(guest, () =>
        {
            CheckLock(guest, skiplock);
            var child = storages.Values.SelectMany(s => s.Volumes)
                .FirstOrDefault(v => v.Parent is { } p && v.VmId != guest.VmId && guest.Config.Disks().Any(d => d.Volume == p));
            if (child is not null)
            {
                throw PveException.Failed($"base volume '{child.Parent}' is still in use by linked cloned");
            }

            run.After(dice.Seconds(.8, 2.6), () =>
            {
                if (guest.Running)
                {
                    PowerOff(guest);
                }

                Erase(guest);
                if (purge)
                {
                    haResources.Remove(guest.Sid);
                    foreach (var gone in replicationJobs.Values.Where(r => r.VmId == guest.VmId).ToArray())
                    {
                        replicationJobs.Remove(gone.Id);
                    }

                    foreach (var backup in backupJobs.Values)
                    {
                        backup.Guests.Remove(guest.VmId);
                    }
                }

                run.Log("purging " + guest.Word + " " + Text(guest.VmId) + " from related configurations..");
                run.Done();
            });
        }));
    }

    public string Clone(
        VirtualGuest guest, int newId, string user, string? name = null, bool? full = null, string? target = null,
        string? storage = null, string? snapshot = null, string? description = null, string? pool = null)
    {
        RequireQuorum(guest.Node);
        CheckLock(guest, false);
        RequireFree(guest.Kind, newId);
        var whole = full ?? !guest.Template;
        var source = snapshot is null ? guest.Config : FindSnapshot(guest, snapshot).Config;
        var boot = source.Disks().FirstOrDefault(d => !d.IsCdrom);
        if (!whole && !guest.Template)
        {
            throw PveException.Failed($"Linked clone feature for '{boot?.Volume}' is not available");
        }

        if (whole && guest.Kind == GuestKind.Lxc && guest.Running && snapshot is null)
        {
            throw PveException.Failed("cannot do full clones on a running container without snapshots");
        }

        var disks = source.Disks().Where(d => !d.IsCdrom && !d.Slot.StartsWith("unused", StringComparison.Ordinal)).ToArray();
        if (target is not null && target != guest.Node)
        {
            Node(target);
            if (disks.Any(d => !storages[d.Storage].Shared || (storage is not null && !storages[storage].Shared)))
            {
                throw PveException.Failed($"can't clone {guest.Word} to node '{target}' ({guest.Word} uses local storage)");
            }
        }

        var goal = storage is null ? null : StorageOn(guest.Node, storage);
        return Worker(guest, "clone", user, run =>
        {
            var copy = Fresh(guest.Node, guest.Kind, newId, name ?? guest.Name + "-clone", guest.Os);
            guests.Add(newId, copy);
            foreach (var (key, value) in source.Values
                .Where(v => !GuestDisk.IsSlot(v.Key) && v.Key is not ("template" or "snaptime")))
            {
                copy.Config[key] = IsNet(key) ? WithMac(guest.Kind, NoMac(guest.Kind, value)) : value;
            }

            copy.Config[guest.Kind == GuestKind.Qemu ? "name" : "hostname"] = name ?? $"Copy-of-{guest.Word}-{guest.Name}";
            copy.Config["description"] = description ?? copy.Config["description"];
            copy.Lock = guest.Kind == GuestKind.Qemu ? "clone" : "create";
            copy.Pool = pool;
            copy.Refresh();
            run.OnAbort(() => Erase(copy));
            foreach (var disk in disks)
            {
                run.Log($"create {(whole ? "full" : "linked")} clone of {(guest.Kind == GuestKind.Qemu ? "drive" : "mountpoint")} {disk.Slot} ({disk.Volume})");
            }

            void Finish()
            {
                foreach (var (disk, i) in disks.Select((d, i) => (d, i)))
                {
                    Allocate(copy, disk.Slot, goal ?? storages[disk.Storage], disk.Size, i, Now,
                        whole ? guest.Load.DiskFill : .02, disk.Rest, whole ? null : disk.Volume);
                }

                copy.Node = target ?? copy.Node;
                copy.Lock = null;
                copy.Refresh();
                run.Done();
            }

            if (whole)
            {
                Copy(run, disks.Sum(d => d.Size), dice.Between(180.0, 420.0), Finish);
            }
            else
            {
                run.After(dice.Seconds(.9, 2), Finish);
            }
        });
    }

    internal void RequireFree(GuestKind kind, int vmid)
    {
        if (guests.TryGetValue(vmid, out var taken))
        {
            throw PveException.Failed(kind == GuestKind.Qemu
                ? $"unable to create VM {vmid} - {taken.Word} {vmid} already exists on node '{taken.Node}'"
                : $"{taken.Word} {vmid} already exists on node '{taken.Node}'");
        }
    }

    internal VirtualGuest Fresh(string node, GuestKind kind, int vmid, string? name, string? os) => new()
    {
        VmId = vmid, Kind = kind, Node = node, Created = Now,
        Os = os is "win11" or "win10" ? "windows" : kind == GuestKind.Lxc && os is not null ? os : "debian",
        Load = new GuestLoad(
            Seed, string.Create(CultureInfo.InvariantCulture, $"{kind}/{vmid}/{name}"), Persona.Guess(name ?? "")),
        Ip = $"10.77.{vmid / 250 % 250}.{(vmid % 250) + 1}",
    };

    internal void Erase(VirtualGuest guest)
    {
        guest.Finish(Now);
        guests.Remove(guest.VmId);
        foreach (var storage in storages.Values)
        {
            foreach (var volume in storage.Volumes
                .Where(v => v.VmId == guest.VmId && v.Content is ("images" or "rootdir")).ToArray())
            {
                storage.Remove(volume);
            }
        }
    }

    private static void Defaults(VirtualGuest guest, string? name)
    {
        if (guest.Kind == GuestKind.Qemu)
        {
            guest.Config["name"] = name;
        }
        else
        {
            guest.Config["arch"] = "amd64";
            guest.Config["hostname"] = name ?? "CT" + Text(guest.VmId);
            guest.Config["memory"] = "512";
            guest.Config["ostype"] = "debian";
            guest.Config["swap"] = "512";
        }
    }

    /// <summary>What tells a virtual machine from another one that had its number before.</summary>
    private void Identify(VirtualGuest guest)
    {
        var made = Noise.Hash((ulong)Epoch ^ ((ulong)guest.VmId << 40)).ToString("x16", CultureInfo.InvariantCulture);
        guest.Config["meta"] = "creation-qemu=10.1.2,ctime=" + Epoch.ToString(CultureInfo.InvariantCulture);
        guest.Config["smbios1"] = $"uuid={made[..8]}-{made[8..12]}-4{made[13..16]}-8{made[1..4]}-{made[..12]}";
        guest.Config["vmgenid"] = $"{made[8..16]}-{made[..4]}-4{made[5..8]}-9{made[9..12]}-{made[4..16]}";
    }

    private static string NoMac(GuestKind kind, string net)
    {
        var parts = net.Split(',').ToList();
        if (kind == GuestKind.Qemu)
        {
            parts[0] = parts[0].Split('=')[0];
        }
        else
        {
            parts.RemoveAll(p => p.StartsWith("hwaddr=", StringComparison.Ordinal));
        }

        return string.Join(',', parts);
    }
}
