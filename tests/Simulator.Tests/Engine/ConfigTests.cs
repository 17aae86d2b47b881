namespace Jarvis.Simulator.Tests.Engine;

public sealed class ConfigTests
{
    private readonly Lab lab = new();

    [Fact]
    public void What_a_running_vm_cannot_take_over_is_pending_until_it_starts_again()
    {
        var guest = lab.Guest(102);
        lab.Cluster.UpdateConfig(guest, new Dictionary<string, string> { ["cores"] = "8", ["name"] = "pg" });
        Assert.Equal(("pg", 4, "8"), (guest.Name, guest.Cpus, guest.Config.Pending["cores"]));
        Assert.Contains(guest.Config.Effective(), e => e is { Key: "cores", Value: "8" });
        Assert.Equal("OK", lab.Do(c => c.Reboot(guest, Lab.Root)));
        Assert.Equal((8, 0), (guest.Cpus, guest.Config.Pending.Count));
    }

    [Fact]
    public void A_container_takes_memory_at_once_and_a_stopped_vm_everything()
    {
        lab.Cluster.UpdateConfig(lab.Guest(103), new Dictionary<string, string> { ["memory"] = "2048" });
        Assert.Equal(2048 * Bytes.MiB, lab.Guest(103).MaxMemory);
        lab.Cluster.UpdateConfig(lab.Guest(105), new Dictionary<string, string> { ["cores"] = "6" });
        Assert.Equal(6, lab.Guest(105).Cpus);
    }

    [Fact]
    public void Pending_changes_can_be_reverted()
    {
        var guest = lab.Guest(102);
        lab.Cluster.UpdateConfig(guest, new Dictionary<string, string> { ["cores"] = "8" });
        lab.Cluster.UpdateConfig(guest, new Dictionary<string, string>(), revert: ["cores"]);
        Assert.Empty(guest.Config.Pending);
    }

    [Fact]
    public void A_stale_digest_is_refused()
    {
        var guest = lab.Guest(105);
        var digest = guest.Config.Digest;
        Assert.Matches("^[0-9a-f]{40}$", digest);
        lab.Cluster.UpdateConfig(guest, new Dictionary<string, string> { ["cores"] = "3" }, digest: digest);
        Assert.Equal("detected modified configuration - file changed by other user? Try again.",
            Lab.Refused(() =>
                lab.Cluster.UpdateConfig(guest, new Dictionary<string, string> { ["cores"] = "4" }, digest: digest)).Reason);
    }

    [Fact]
    public void A_qcow2_disk_grows_only_without_snapshots()
    {
        var guest = lab.Guest(105);
        Assert.Equal("OK", lab.Do(c => c.MoveDisk(guest, "scsi0", "nfs", Lab.Root)));
        Assert.EndsWith(".qcow2", guest.Config.Disks().Single(d => d.Slot == "scsi0").Volume, StringComparison.Ordinal);
        Assert.Equal("OK", lab.Do(c => c.Resize(guest, "scsi0", "+1G", Lab.Root)));
        Assert.Equal("OK", lab.Do(c => c.CreateSnapshot(guest, "one", Lab.Root)));
        Assert.Equal("can't resize volume: scsi0 if snapshot exists", Lab.Refused(() => lab.Cluster.Resize(guest, "scsi0", "+1G", Lab.Root)).Reason);
        Assert.Equal("OK", lab.Do(c => c.DeleteSnapshot(guest, "one", Lab.Root)));
        Assert.Equal("OK", lab.Do(c => c.Resize(guest, "scsi0", "+1G", Lab.Root)));
    }

    [Fact]
    public void Disks_grow_and_never_shrink()
    {
        var guest = lab.Guest(102);
        Assert.Equal("OK", lab.Do(c => c.Resize(guest, "scsi0", "+10G", Lab.Root)));
        Assert.Equal(74 * Bytes.GiB, guest.MaxDisk);
        Assert.Equal(74 * Bytes.GiB, lab.Cluster.Storages["local-lvm"].Volumes.Single(v => v.VmId == 102).Size);
        Assert.Equal(
            "shrinking disks is not supported", Lab.Refused(() => lab.Cluster.Resize(guest, "scsi0", "20G", Lab.Root)).Reason);
        Assert.Equal(
            "disk 'scsi7' does not exist", Lab.Refused(() => lab.Cluster.Resize(guest, "scsi7", "+1G", Lab.Root)).Reason);
        Assert.Equal(400, Lab.Refused(() => lab.Cluster.Resize(guest, "scsi0", "lots", Lab.Root)).Status);
    }

    [Fact]
    public void A_disk_moves_and_leaves_the_old_one_unused_or_not()
    {
        var guest = lab.Guest(105);
        Assert.Equal("OK", lab.Do(c => c.MoveDisk(guest, "scsi0", "nfs", Lab.Root)));
        Assert.StartsWith("nfs:105/", guest.Config["scsi0"], StringComparison.Ordinal);
        Assert.Equal("local-lvm:vm-105-disk-0", guest.Config["unused0"]);
        Assert.Equal("OK", lab.Do(c => c.MoveDisk(guest, "scsi0", "local-lvm", Lab.Root, delete: true)));
        Assert.DoesNotContain(lab.Cluster.Storages["nfs"].Volumes, v => v.VmId == 105);
    }

    [Fact]
    public void A_detached_disk_becomes_unused()
    {
        var guest = lab.Guest(105);
        lab.Cluster.UpdateConfig(guest, new Dictionary<string, string>(), ["scsi0"]);
        Assert.Equal((null, "local-lvm:vm-105-disk-0"), (guest.Config["scsi0"], guest.Config["unused0"]));
    }

    [Fact]
    public void Templates_are_made_of_stopped_guests_without_snapshots()
    {
        Assert.Equal(
            "you can't convert a VM to template if VM is running",
            Lab.Refused(() => lab.Cluster.MakeTemplate(lab.Guest(104), Lab.Root)).Reason);
        Assert.Equal(
            "unable to create template, because VM contains snapshots",
            Lab.Refused(() => lab.Cluster.MakeTemplate(lab.Guest(102), Lab.Root)).Reason);
        Assert.Equal("OK", lab.Do(c => c.MakeTemplate(lab.Guest(105), Lab.Root)));
        Assert.True(lab.Guest(105).Template);
        Assert.StartsWith("local-lvm:base-105-disk-0,", lab.Guest(105).Config["scsi0"], StringComparison.Ordinal);
        Assert.Single(lab.Cluster.Storages["local-lvm"].Volumes, v => v.VmId == 105);
    }

    [Fact]
    public void Protection_replication_and_ha_stand_in_the_way_of_destruction()
    {
        lab.Cluster.UpdateConfig(lab.Guest(105), new Dictionary<string, string> { ["protection"] = "1" });
        Assert.Equal(
            "can't remove VM 105 - protection mode enabled",
            Lab.Refused(() => lab.Cluster.Destroy(lab.Guest(105), Lab.Root)).Reason);
        lab.Do(c => c.Stop(lab.Guest(102), Lab.Root));
        Assert.Contains(
            "replication job '102-0'", Lab.Refused(() => lab.Cluster.Destroy(lab.Guest(102), Lab.Root)).Reason,
            StringComparison.Ordinal);
        Assert.Contains(
            "used in HA resources", Lab.Refused(() => lab.Cluster.Destroy(lab.Guest(100), Lab.Root)).Reason,
            StringComparison.Ordinal);
        Assert.Equal("OK", lab.Do(c => c.Destroy(lab.Guest(102), Lab.Root, purge: true)));
        Assert.DoesNotContain(102, lab.Cluster.BackupJobs.Values.SelectMany(b => b.Guests));
        Assert.Equal(
            "unable to destroy CT 101 - container is running",
            Lab.Refused(() => lab.Cluster.Destroy(lab.Guest(101), Lab.Root)).Reason);
        Assert.Equal("OK", lab.Do(c => c.Destroy(lab.Guest(101), Lab.Root, force: true)));
    }
}
