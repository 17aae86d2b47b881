namespace Jarvis.Simulator;

internal sealed partial class Faults
{
    private static readonly TimeSpan OomCycle = TimeSpan.FromMinutes(3);

    internal void OnStarted(VirtualGuest guest)
    {
        if (For("guest-hang", guest) is not null)
        {
            guest.HungSince = cluster.Now;
        }

        if (For("guest-oom-loop", guest) is { } leak)
        {
            Leak(guest, leak);
        }
    }

    /// <summary>Why this guest's backup fails; null where it doesn't.</summary>
    internal string? BackupError(VirtualGuest guest) =>
        Of("backup-fail").FirstOrDefault(f => f.Target == "*" || FaultKind.Guest(cluster, f.Target) == guest) is { } fault
            ? fault.Parameters.GetValueOrDefault("error", "vma_queue_write: write error - No space left on device") : null;

    /// <summary>HEALTH_OK, or what a fault makes of it, with the check's name.</summary>
    public (string Health, string? Check) Ceph => Of("ceph-warn").FirstOrDefault() is { } fault
        ? (fault.Parameters.GetValueOrDefault("health", "HEALTH_WARN"),
            fault.Parameters.GetValueOrDefault("check", "OSD_NEARFULL"))
        : ("HEALTH_OK", null);

    private Fault? For(string kind, VirtualGuest guest) => Of(kind)
        .FirstOrDefault(f => FaultKind.Guest(cluster, f.Target) == guest);

    private void Begin(Fault fault)
    {
        if (fault.Kind.StartsWith("guest-", StringComparison.Ordinal) || fault.Kind == "stale-lock")
        {
            Strike(FaultKind.Guest(cluster, fault.Target), fault);
        }
        else if (cluster.Nodes.TryGetValue(fault.Target, out var node))
        {
            Strike(node, fault);
        }
        else if (cluster.Storages.TryGetValue(fault.Target, out var storage))
        {
            Strike(storage, fault);
        }

        if (fault.Kind == "partition")
        {
            Split(fault);
        }

        cluster.PokeHa();
    }

    private void Strike(VirtualGuest? guest, Fault fault)
    {
        if (guest is null)
        {
            return;
        }

        switch (fault.Kind)
        {
            case "guest-crash" when guest.Running:
                cluster.Log(cluster.Nodes[guest.Node], "kernel", guest.Kind == GuestKind.Qemu
                    ? $"kvm[{guest.Pid}]: segfault at 18 ip 000055d0c1 sp 00007ffe error 4 in qemu-system-x86_64"
                    : $"lxc-start[{guest.Pid}]: container {guest.VmId} died with signal 11", 3);
                cluster.PowerOff(guest);
                break;
            case "guest-poweroff" when guest.Running:
                cluster.PowerOff(guest);
                break;
            case "guest-hang" when guest.Running:
                guest.HungSince = cluster.Now;
                break;
            case "guest-oom-loop" when guest.Running:
                Leak(guest, fault);
                break;
            case "stale-lock":
                guest.Lock = fault.Parameters.GetValueOrDefault("lock", "backup");
                break;
        }
    }

    private void Leak(VirtualGuest guest, Fault fault)
    {
        guest.LeakSince = cluster.Now;
        guest.LeakTime = TimeSpan.FromSeconds(FaultKind.Number(fault, "seconds", OomCycle.TotalSeconds));
        var begun = guest.StartedAt;
        cluster.After(guest.LeakTime, () =>
        {
            if (active.Contains(fault) && guest.StartedAt == begun && guest.Running)
            {
                cluster.Log(cluster.Nodes[guest.Node], "kernel",
                    $"Out of memory: Killed process {guest.Pid} ({(guest.Kind == GuestKind.Qemu ? "kvm" : "systemd")}) total-vm:{guest.MaxMemory / 1024}kB", 3);
                cluster.PowerOff(guest);
            }
        });
    }

    private void Strike(VirtualNode node, Fault fault)
    {
        switch (fault.Kind)
        {
            case "node-off":
                cluster.LosePower(node);
                break;
            case "node-reboot":
                active.Remove(fault);
                cluster.GoDown(
                    node, true, fault.Parameters.ContainsKey("seconds")
                        ? TimeSpan.FromSeconds(FaultKind.Number(fault, "seconds", 60)) : null);
                break;
            case "node-hang":
                cluster.Hang(node);
                break;
            case "smart-fail":
                BreakDisk(node, fault);
                break;
            case "zfs-degraded":
                Degrade(node, fault);
                break;
            case "cert-expiring":
                foreach (var leaf in node.Certificates.Where(c => c.FileName != "pve-root-ca.pem"))
                {
                    leaf.NotAfter = cluster.Now + TimeSpan.FromDays(FaultKind.Number(fault, "days", 5));
                }

                break;
            case "clock-jump":
                node.ClockOffset = TimeSpan.FromSeconds(FaultKind.Number(fault, "seconds", 600));
                break;
        }
    }

    private void BreakDisk(VirtualNode node, Fault fault)
    {
        var disk = fault.Parameters.TryGetValue("disk", out var name) ? node.Disks.Find(d => d.Device == name)
            : node.Disks.LastOrDefault();
        if (disk is null)
        {
            return;
        }

        switch (fault.Parameters.GetValueOrDefault("mode", "failed"))
        {
            case "gone":
                disk.Gone = true;
                break;
            case "pending":
                disk.PendingSectors = 24;
                break;
            default:
                disk.Health = "FAILED!";
                disk.ReallocatedSectors = 1896;
                disk.PendingSectors = 88;
                break;
        }

        cluster.Log(node, "smartd", $"Device: {disk.Device}, {disk.PendingSectors} Currently unreadable (pending) sectors", 2);
    }

    private void Degrade(VirtualNode node, Fault fault)
    {
        var pool = fault.Parameters.TryGetValue("pool", out var name) ? node.Zpools.Find(z => z.Name == name)
            : node.Zpools.FirstOrDefault();
        if (pool is not null)
        {
            pool.Health = "DEGRADED";
            pool.FaultedDevice = pool.Devices[^1];
            cluster.Log(node, "zed",
                $"eid=41 class=statechange pool='{pool.Name}' vdev={pool.FaultedDevice} vdev_state=FAULTED", 3);
        }
    }

    private void Strike(VirtualStorage storage, Fault fault)
    {
        if (fault.Kind == "storage-offline")
        {
            storage.OfflineOn.Add(fault.Parameters.GetValueOrDefault("node", "*"));
        }
        else if (fault.Kind == "disk-fill")
        {
            var node = fault.Parameters.GetValueOrDefault("node")
                ?? (storage.Shared ? cluster.Nodes.Keys.First() : cluster.Nodes.Keys.First(storage.OnNode));
            storage.FillNode = storage.Shared ? null : node;
            storage.FillSince = cluster.Now;
            storage.FillPerSecond = FaultKind.Number(fault, "gib-per-hour", 0) * Bytes.GiB / 3600;
            if (fault.Parameters.ContainsKey("to-percent"))
            {
                var goal = storage.TotalOn(node) * FaultKind.Number(fault, "to-percent", 95) / 100;
                storage.FillBytes += Math.Max(0, (long)(goal - storage.UsedOn(node, cluster.Now)));
            }
            else if (storage.FillPerSecond == 0)
            {
                storage.FillPerSecond = 20.0 * Bytes.GiB / 3600;
            }
        }
    }

    private void Split(Fault fault) => cluster.After(TimeSpan.FromSeconds(2), () =>
    {
        foreach (var name in fault.Target.Split(','))
        {
            cluster.SetMember(cluster.Nodes[name]);
        }
    });

    private void End(Fault fault)
    {
        var guest = FaultKind.Guest(cluster, fault.Target);
        switch (fault.Kind)
        {
            case "guest-hang" when guest is not null:
                guest.HungSince = null;
                break;
            case "guest-oom-loop" when guest is not null:
                guest.LeakSince = null;
                break;
            case "node-hang":
                cluster.Unhang(cluster.Nodes[fault.Target]);
                break;
            case "partition":
                Rejoin(fault);
                break;
            case "storage-offline":
                cluster.Storages[fault.Target].OfflineOn.Remove(fault.Parameters.GetValueOrDefault("node", "*"));
                break;
            case "disk-fill":
                var storage = cluster.Storages[fault.Target];
                storage.FillBytes = (long)storage.FilledAt(cluster.Now);
                storage.FillPerSecond = 0;
                break;
            case "clock-jump":
                cluster.Nodes[fault.Target].ClockOffset = TimeSpan.Zero;
                break;
        }

        cluster.PokeHa();
    }

    private void Rejoin(Fault fault) => cluster.After(TimeSpan.FromSeconds(3), () =>
    {
        foreach (var node in fault.Target.Split(',').Select(n => cluster.Nodes[n]))
        {
            cluster.SetMember(node);
        }
    });
}
