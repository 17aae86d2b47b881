namespace Jarvis.Simulator.Tests.Engine;

public sealed class LifecycleTests
{
    private readonly Lab lab = new();

    [Fact]
    public void A_vm_is_created_started_and_destroyed()
    {
        var options = new Dictionary<string, string>
        {
            ["name"] = "fresh", ["cores"] = "2", ["memory"] = "1024", ["scsi0"] = "local-lvm:8",
            ["net0"] = "virtio,bridge=vmbr0", ["start"] = "1",
            ["ide2"] = "local:iso/debian-13.2.0-amd64-netinst.iso,media=cdrom",
        };
        Assert.Equal("OK", lab.Do(c => c.Create("pve1", GuestKind.Qemu, 200, options, Lab.Root)));
        var guest = lab.Guest(200);
        Assert.Equal(("fresh", 2, 1024 * Bytes.MiB, 8 * Bytes.GiB), (guest.Name, guest.Cpus, guest.MaxMemory, guest.MaxDisk));
        Assert.Equal("local-lvm:vm-200-disk-0,discard=on,iothread=1,size=8G", guest.Config["scsi0"]);
        Assert.Matches("^virtio=BC:24:11:[0-9A-F:]{8},bridge=vmbr0$", guest.Config["net0"]);
        Assert.True(lab.PassUntil(() => guest.Running, 20));
        Assert.Equal("VM 200 is running - destroy failed", Lab.Refused(() => lab.Cluster.Destroy(guest, Lab.Root)).Reason);
        lab.Do(c => c.Stop(guest, Lab.Root));
        Assert.Equal("OK", lab.Do(c => c.Destroy(guest, Lab.Root)));
        Assert.Null(lab.Cluster.FindGuest(200));
        Assert.DoesNotContain(lab.Cluster.Storages["local-lvm"].Volumes, v => v.VmId == 200);
    }

    [Fact]
    public void A_container_is_created_from_a_template()
    {
        var options = new Dictionary<string, string>
        {
            ["ostemplate"] = "local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst", ["hostname"] = "box",
            ["rootfs"] = "local-lvm:4",
            ["net0"] = "name=eth0,bridge=vmbr0,ip=10.0.0.77/24",
        };
        Assert.Equal("OK", lab.Do(c => c.Create("pve1", GuestKind.Lxc, 201, options, Lab.Root)));
        Assert.Equal("OK", lab.Do(c => c.Start(lab.Guest(201), Lab.Root)));
        Assert.Contains(lab.Cluster.ContainerInterfaces(lab.Guest(201)), i => i.Addresses.Any(a => a.Address == "10.0.0.77"));
        options["ostemplate"] = "local:vztmpl/none.tar.zst";
        Assert.Equal(
            "volume 'local:vztmpl/none.tar.zst' does not exist",
            Lab.Refused(() => lab.Cluster.Create("pve1", GuestKind.Lxc, 202, options, Lab.Root)).Reason);
    }

    [Fact]
    public void An_id_is_given_once()
    {
        Assert.Equal("unable to create VM 102 - VM 102 already exists on node 'pve2'",
            Lab.Refused(() =>
                lab.Cluster.Create("pve1", GuestKind.Qemu, 102, new Dictionary<string, string>(), Lab.Root)).Reason);
        Assert.Equal("CT 101 already exists on node 'pve1'",
            Lab.Refused(() => lab.Cluster.Clone(lab.Guest(106), 101, Lab.Root)).Reason);
        Assert.Equal(107, lab.Cluster.NextId());
    }

    [Fact]
    public void A_linked_clone_of_a_template_is_quick_and_protects_its_base()
    {
        var begun = lab.Clock.GetUtcNow();
        Assert.Equal("OK", lab.Do(c => c.Clone(lab.Guest(900), 300, Lab.Root, "linked")));
        Assert.InRange((lab.Clock.GetUtcNow() - begun).TotalSeconds, 0, 3);
        Assert.Equal(("linked", false, 8 * Bytes.GiB), (lab.Guest(300).Name, lab.Guest(300).Template, lab.Guest(300).MaxDisk));
        Assert.NotEqual(lab.Guest(900).Config["net0"], lab.Guest(300).Config["net0"]);
        Assert.Contains(
            "still in use by linked clone", lab.Do(c => c.Destroy(lab.Guest(900), Lab.Root)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_clone_takes_its_time_under_a_lock_and_vanishes_when_interrupted()
    {
        var upid = lab.Cluster.Read(c => c.Clone(lab.Guest(102), 301, Lab.Root, "copy", full: true));
        lab.Pass(5);
        Assert.Equal("clone", lab.Guest(301).Lock);
        lab.Cluster.StopTask(upid);
        Assert.Null(lab.Cluster.FindGuest(301));
        Assert.Equal("OK", lab.Do(c => c.Clone(lab.Guest(102), 301, Lab.Root, "copy", full: true, storage: "nfs")));
        Assert.StartsWith("nfs:301/vm-301-disk-0.qcow2", lab.Guest(301).Config["scsi0"], StringComparison.Ordinal);
        Assert.Equal(
            "Linked clone feature for 'local-lvm:vm-102-disk-0' is not available",
            Lab.Refused(() => lab.Cluster.Clone(lab.Guest(102), 302, Lab.Root, full: false)).Reason);
        Assert.Contains(
            "uses local storage",
            Lab.Refused(() => lab.Cluster.Clone(lab.Guest(102), 302, Lab.Root, target: "pve1")).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_live_migration_shows_progress_keeps_the_guest_running_and_flips_the_node_at_the_end()
    {
        lab.Cluster.RemoveHa("vm:100");
        var guest = lab.Guest(100);
        Assert.Equal(
            "can't migrate running VM without --online",
            Lab.Refused(() => lab.Cluster.Migrate(guest, "pve2", Lab.Root, new())).Reason);
        Assert.Equal(
            "target is local node.\n",
            Lab.Refused(() => lab.Cluster.Migrate(guest, "pve1", Lab.Root, new())).Errors?["target"]);
        Assert.Equal(["pve2", "pve3"], lab.Cluster.CheckMigration(guest).AllowedNodes);
        var upid = lab.Cluster.Read(c => c.Migrate(guest, "pve2", Lab.Root, new() { Online = true }));
        lab.Pass(6);
        Assert.Equal(("pve1", "migrate", true), (guest.Node, guest.Lock, guest.Running));
        Assert.Equal("OK", lab.Finish(upid));
        Assert.Equal(("pve2", null, true), (guest.Node, guest.Lock, guest.Running));
        Assert.Contains(
            lab.Cluster.FindTask(upid)?.Log ?? [], l => l.Contains("migration active, transferred", StringComparison.Ordinal));
        Assert.Contains(
            "Configuration file 'nodes/pve1/qemu-server/100.conf'",
            Lab.Refused(() => lab.Cluster.GuestOn("pve1", GuestKind.Qemu, 100)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Local_disks_must_be_asked_for_and_then_move_along()
    {
        var guest = lab.Guest(102);
        Assert.Equal(
            "can't live migrate attached local disks without with-local-disks option",
            lab.Do(c => c.Migrate(guest, "pve3", Lab.Root, new() { Online = true })));
        Assert.Null(guest.Lock);
        Assert.Equal("OK", lab.Do(c => c.Migrate(guest, "pve3", Lab.Root, new() { Online = true, WithLocalDisks = true })));
        Assert.Equal("pve3", lab.Cluster.Storages["local-lvm"].Volumes.Single(v => v.VmId == 102).Node);
    }

    [Fact]
    public void Local_disks_with_snapshots_move_with_a_running_guest_only_where_they_are_replicated()
    {
        var guest = lab.Guest(102);
        Assert.Equal(
            "online storage migration not possible if snapshot exists",
            lab.Do(c => c.Migrate(guest, "pve1", Lab.Root, new() { Online = true, WithLocalDisks = true })));
        Assert.Equal(("pve2", null), (guest.Node, guest.Lock));
        Assert.Equal("OK", lab.Do(c => c.Migrate(guest, "pve3", Lab.Root, new() { Online = true, WithLocalDisks = true })));
    }

    [Fact]
    public void A_cloud_init_drive_moves_as_a_disk_and_an_image_in_a_drive_does_not()
    {
        var guest = lab.Guest(104);
        lab.Cluster.UpdateConfig(guest, new Dictionary<string, string> { ["ide2"] = "local-lvm:cloudinit" });
        Assert.Equal("local-lvm:vm-104-cloudinit,media=cdrom,size=4M", guest.Config["ide2"]);
        Assert.Equal("OK", lab.Do(c => c.Migrate(guest, "pve1", Lab.Root, new() { Online = true, WithLocalDisks = true })));
        Assert.Equal(["pve1", "pve1"], lab.Cluster.Storages["local-lvm"].Volumes.Where(v => v.VmId == 104).Select(v => v.Node));

        lab.Cluster.UpdateConfig(guest, new Dictionary<string, string> { ["ide2"] = "local:iso/debian-13.2.0-amd64-netinst.iso,media=cdrom" });
        Assert.Equal(
            "can't migrate local disk 'local:iso/debian-13.2.0-amd64-netinst.iso': local cdrom image",
            lab.Do(c => c.Migrate(guest, "pve3", Lab.Root, new() { Online = true, WithLocalDisks = true })));
    }

    [Fact]
    public void A_container_restarts_on_the_other_node()
    {
        var guest = lab.Guest(103);
        Assert.Equal(
            "can't migrate running container without --online or --restart",
            Lab.Refused(() => lab.Cluster.Migrate(guest, "pve3", Lab.Root, new())).Reason);
        Assert.Equal("OK", lab.Do(c => c.Migrate(guest, "pve3", Lab.Root, new() { Restart = true })));
        Assert.Equal(("pve3", true), (guest.Node, guest.Running));
        Assert.InRange(lab.Cluster.Sample(guest).Uptime, 0, 5);
    }

    [Fact]
    public void A_migration_fails_when_its_target_dies_and_the_guest_stays()
    {
        var guest = lab.Guest(102);
        var upid = lab.Cluster.Read(c => c.Migrate(guest, "pve3", Lab.Root, new() { Online = true, WithLocalDisks = true }));
        lab.Pass(8);
        lab.Cluster.Faults.Add("node-off", "pve3");
        Assert.StartsWith("migration aborted (duration", lab.Finish(upid), StringComparison.Ordinal);
        Assert.Equal(("pve2", null, true), (guest.Node, guest.Lock, guest.Running));
    }

    [Fact]
    public void A_whole_node_is_emptied()
    {
        Assert.Equal("OK", lab.Do(c => c.MigrateAll("pve2", "pve3", Lab.Root, withLocalDisks: true)));
        Assert.Empty(lab.Cluster.GuestsOn("pve2"));
        Assert.True(lab.Guest(102).Running && lab.Guest(103).Running);
        Assert.Equal("OK", lab.Do(c => c.StopAll("pve3", Lab.Root)));
        Assert.DoesNotContain(lab.Cluster.GuestsOn("pve3"), g => g.Running);
    }
}
