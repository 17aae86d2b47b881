namespace Jarvis.Simulator;

internal sealed partial class VirtualCluster
{
    public string CreateSnapshot(VirtualGuest guest, string name, string user, string description = "", bool memory = false)
    {
        RequireQuorum(guest.Node);
        if (name is "current" or "pending")
        {
            throw PveException.Failed($"unable to use reserved name '{name}'");
        }

        CheckLock(guest, false);
        if (guest.Template)
        {
            throw PveException.Failed("you can't take a snapshot if it's a template");
        }

        if (guest.Snapshots.Exists(s => s.Name == name))
        {
            throw PveException.Failed($"snapshot name '{name}' already used");
        }

        if (!CanSnapshot(guest))
        {
            throw PveException.Failed("snapshot feature is not available");
        }

        return Worker(guest, "snapshot", user, run => run.WithLock(guest, () =>
        {
            var withMemory = memory && guest.Kind == GuestKind.Qemu && guest.Running;
            var snapshot = new GuestSnapshot(
                name, guest.SnapshotParent, Now, description, withMemory, guest.Config.Copy())
            { State = "prepare" };
            guest.Snapshots.Add(snapshot);
            guest.Lock = "snapshot";
            run.OnAbort(() =>
            {
                guest.Snapshots.Remove(snapshot);
                guest.Lock = null;
            });
            var wait = dice.Seconds(.8, 2.4);
            if (withMemory)
            {
                var bytes = guest.Sample(Now).Memory;
                var saving = TimeSpan.FromSeconds(Math.Round(1 + (bytes / (dice.Between(300.0, 600.0) * Bytes.MiB))));
                run.Log($"saving VM state and RAM using storage '{guest.BootDisk()?.Storage}'");
                run.Log($"completed saving the VM state in {saving.TotalSeconds:F0}s, saved {Bytes.Readable(bytes)}");
                wait += saving;
            }

            foreach (var disk in guest.Config.Disks().Where(d => !d.IsCdrom))
            {
                run.Log(guest.Kind == GuestKind.Qemu ? $"snapshotting 'drive-{disk.Slot}' ({disk.Volume})"
                    : $"snapshotting '{disk.Slot}' ({disk.Volume})");
            }

            run.After(wait, () =>
            {
                snapshot.State = null;
                guest.SnapshotParent = name;
                guest.Lock = null;
                run.Done();
            });
        }));
    }

    public string DeleteSnapshot(VirtualGuest guest, string name, string user, bool force = false)
    {
        RequireQuorum(guest.Node);
        CheckLock(guest, force && guest.Lock == "snapshot-delete");
        var snapshot = FindSnapshot(guest, name);
        return Worker(guest, "delsnapshot", user, run => run.WithLock(guest, () =>
        {
            guest.Lock = "snapshot-delete";
            snapshot.State = "delete";
            run.OnAbort(() => guest.Lock = null);
            run.After(dice.Seconds(.6, 2.8), () =>
            {
                Unlink(guest, snapshot);
                guest.Lock = null;
                run.Done();
            });
        }));
    }

    public string Rollback(VirtualGuest guest, string name, string user, bool start = false)
    {
        RequireQuorum(guest.Node);
        var snapshot = FindSnapshot(guest, name);
        CheckLock(guest, false);
        return Worker(guest, "rollback", user, run => run.WithLock(guest, () =>
        {
            var onZfs = guest.Config.Disks()
                .FirstOrDefault(d => storages.TryGetValue(d.Storage, out var s) && s.Type == "zfspool");
            if (onZfs is not null && guest.Snapshots.Exists(s => s.Taken > snapshot.Taken))
            {
                throw PveException.Failed($"can't rollback, '{name}' is not most recent snapshot on '{onZfs.Volume}'");
            }

            guest.Lock = "rollback";
            run.OnAbort(() => guest.Lock = null);
            run.Log($"rollback {guest.Word} {guest.VmId} to snapshot '{name}'");
            run.After(dice.Seconds(.8, 2.2), () =>
            {
                if (guest.Running)
                {
                    PowerOff(guest);
                }

                guest.Replace(snapshot.Config.Copy());
                guest.SnapshotParent = name;
                guest.Lock = null;
                if (!start && !snapshot.WithMemory)
                {
                    run.Done();
                    return;
                }

                run.After(dice.Seconds(1, 2.5), () =>
                {
                    PowerOn(guest);
                    run.Done();
                });
            });
        }));
    }

    private bool CanSnapshot(VirtualGuest guest) => guest.Config.Disks().Where(d => !d.IsCdrom).All(d =>
        storages.TryGetValue(d.Storage, out var s) && s.Type is not ("lvm" or "iscsi")
            && (!s.IsFile || d.Volume.EndsWith(".qcow2", StringComparison.Ordinal)));

    private static GuestSnapshot FindSnapshot(VirtualGuest guest, string name) =>
        guest.Snapshots.Find(s => s.Name == name) ?? throw PveException.Failed($"snapshot '{name}' does not exist");

    private static void Unlink(VirtualGuest guest, GuestSnapshot gone)
    {
        guest.Snapshots.Remove(gone);
        for (var i = 0; i < guest.Snapshots.Count; i++)
        {
            if (guest.Snapshots[i].Parent == gone.Name)
            {
                guest.Snapshots[i] = guest.Snapshots[i] with { Parent = gone.Parent };
            }
        }

        if (guest.SnapshotParent == gone.Name)
        {
            guest.SnapshotParent = gone.Parent;
        }
    }
}
