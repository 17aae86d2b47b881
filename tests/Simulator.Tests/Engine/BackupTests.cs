namespace Jarvis.Simulator.Tests.Engine;

public sealed class BackupTests
{
    private static readonly BackupOptions ToNfs = new() { Storage = "nfs", Notes = "{{guestname}} on {{node}}" };
    private readonly Lab lab = new();

    [Fact]
    public void A_backup_locks_its_guest_reports_progress_and_leaves_a_file()
    {
        var upid = lab.Cluster.Read(c => c.Backup("pve2", [102], ToNfs, Lab.Root));
        lab.Pass(5);
        Assert.Equal("backup", lab.Guest(102).Lock);
        Assert.Equal("OK", lab.Finish(upid));
        Assert.Null(lab.Guest(102).Lock);
        var file = New().Single();
        Assert.Equal("nfs:backup/vzdump-qemu-102-2026_03_04-12_00_00.vma.zst", file.VolId);
        Assert.Equal(("qemu", 102, "db on pve2", "vma.zst"), (file.Subtype, file.VmId, file.Notes, file.Format));
        Assert.Contains(
            lab.Cluster.FindTask(upid)?.Log ?? [],
            l => l.StartsWith("INFO:  ", StringComparison.Ordinal) && l.Contains("read:", StringComparison.Ordinal));
    }

    [Fact]
    public void One_node_makes_one_backup_at_a_time()
    {
        var first = lab.Cluster.Read(c => c.Backup("pve2", [102], ToNfs, Lab.Root));
        var second = lab.Cluster.Read(c => c.Backup("pve2", [103], ToNfs, Lab.Root));
        var elsewhere = lab.Cluster.Read(c => c.Backup("pve1", [101], ToNfs, Lab.Root));
        lab.Pass(4);
        Assert.Null(lab.Guest(103).Lock);
        Assert.Contains("INFO: trying to get global lock - waiting...", lab.Cluster.FindTask(second)?.Log ?? []);
        Assert.Equal("OK", lab.Finish(elsewhere));
        Assert.Equal("OK", lab.Finish(first));
        Assert.Equal("OK", lab.Finish(second));
        Assert.Equal(3, New().Count());
    }

    [Fact]
    public void Nothing_to_do_on_a_node_is_the_literal_OK() =>
        Assert.Equal("OK", lab.Cluster.Read(c => c.Backup("pve1", [102], ToNfs, Lab.Root)));

    [Fact]
    public void A_storage_for_other_things_is_refused() =>
        Assert.Equal("can't use storage 'local-lvm' for backups - wrong content type",
            Lab.Refused(() => lab.Cluster.Backup("pve2", [102], new BackupOptions { Storage = "local-lvm" }, Lab.Root)).Reason);

    [Fact]
    public void A_locked_guest_fails_the_job()
    {
        lab.Guest(102).Lock = "migrate";
        var upid = lab.Cluster.Read(c => c.Backup("pve2", [102], ToNfs, Lab.Root));
        Assert.Equal("job errors", lab.Finish(upid));
        Assert.Contains("ERROR: Backup of VM 102 failed - VM is locked (migrate)", lab.Cluster.FindTask(upid)?.Log ?? []);
        Assert.Equal("migrate", lab.Guest(102).Lock);
    }

    [Fact]
    public void A_backup_is_restored_as_a_new_guest()
    {
        lab.Do(c => c.Backup("pve2", [102], ToNfs, Lab.Root));
        var archive = New().Single().VolId;
        Assert.Equal("OK", lab.Do(c => c.Restore("pve3", GuestKind.Qemu, 400, archive, Lab.Root, start: true)));
        Assert.True(lab.PassUntil(() => lab.Guest(400).Running, 30));
        Assert.Equal(
            ("db", "pve3", 64 * Bytes.GiB, 4),
            (lab.Guest(400).Name, lab.Guest(400).Node, lab.Guest(400).MaxDisk, lab.Guest(400).Cpus));
        Assert.Contains(
            "already exists",
            Lab.Refused(() => lab.Cluster.Restore("pve2", GuestKind.Qemu, 102, archive, Lab.Root)).Reason,
            StringComparison.Ordinal);
        Assert.Equal(
            "unable to restore VM 102 - VM is running",
            Lab.Refused(() => lab.Cluster.Restore("pve2", GuestKind.Qemu, 102, archive, Lab.Root, force: true)).Reason);
        Assert.Contains(
            "not a CT backup",
            Lab.Refused(() => lab.Cluster.Restore("pve3", GuestKind.Lxc, 401, archive, Lab.Root)).Reason,
            StringComparison.Ordinal);
        Assert.Equal(
            "volume 'nfs:backup/none' does not exist",
            Lab.Refused(() => lab.Cluster.Restore("pve3", GuestKind.Qemu, 401, "nfs:backup/none", Lab.Root)).Reason);
    }

    [Fact]
    public void Backups_are_deleted_unless_protected()
    {
        lab.Do(c => c.Backup("pve2", [102], ToNfs with { Protected = true }, Lab.Root));
        var volid = New().Single().VolId;
        Assert.Equal(
            $"cannot remove protected volume '{volid}' on 'nfs'",
            Lab.Refused(() => lab.Cluster.DeleteVolume("pve1", "nfs", volid, Lab.Root)).Reason);
        lab.Cluster.UpdateVolume("pve1", "nfs", volid, "kept", false);
        var upid = lab.Cluster.Read(c => c.DeleteVolume("pve1", "nfs", volid, Lab.Root));
        Assert.Equal(("imgdel", "102@nfs"), (Upid.Parse(upid)?.Type, Upid.Parse(upid)?.Id));
        Assert.Equal("OK", lab.Finish(upid));
        Assert.Empty(New());
        Assert.Equal($"volume '{volid}' does not exist", lab.Do(c => c.DeleteVolume("pve1", "nfs", volid, Lab.Root)));
        Assert.Contains(
            "a guest with VMID '102' exists",
            Lab.Refused(() =>
                lab.Cluster.DeleteVolume("pve2", "local-lvm", "local-lvm:vm-102-disk-0", Lab.Root)).Reason,
                StringComparison.Ordinal);
    }

    [Fact]
    public void The_nightly_job_runs_at_its_hour_and_prunes()
    {
        Assert.Equal(2, lab.Cluster.Storages["nfs"].Volumes.Count(v => v is { Content: "backup", VmId: 102 }));
        var job = lab.Cluster.BackupJobs["backup-3f6c1a70-41d2"];
        Assert.Equal(new DateTimeOffset(2026, 3, 5, 2, 30, 0, TimeSpan.Zero), job.NextRun);
        lab.Pass(16 * 3600);
        Assert.Equal(new DateTimeOffset(2026, 3, 6, 2, 30, 0, TimeSpan.Zero), job.NextRun);
        Assert.Equal(3, New().Count());
        Assert.Equal(2, lab.Cluster.Storages["nfs"].Volumes.Count(v => v is { Content: "backup", VmId: 102 }));
        Assert.Equal([103, 104, 105, 106], lab.Cluster.NotBackedUp().Select(g => g.VmId));
    }

    [Fact]
    public void Retention_keeps_the_newest_of_each_period()
    {
        var storage = lab.Cluster.Storages["nfs"];
        var backups = Enumerable.Range(0, 40)
            .Select(i => VirtualCluster.NewBackup(storage, lab.Guest(102), Lab.Noon.AddDays(-i), $"b{i}", 1, null)).ToArray();
        backups[39].Protected = true;
        var marks = Retention.Mark(backups, "keep-last=2,keep-daily=3,keep-weekly=2,keep-monthly=1");
        Assert.Equal(
            ["b0", "b1", "b2", "b3", "b4", "b10", "b17", "b32"],
            marks.Where(m => m.Value == "keep").Select(m => m.Key.VolId).OrderBy(v => int.Parse(v[1..], null)));
        Assert.Equal("protected", marks[backups[39]]);
        Assert.All(Retention.Mark(backups[..39], "").Values, m => Assert.Equal("keep", m));
    }

    private IEnumerable<StorageVolume> New() => lab.Cluster.Storages["nfs"].Volumes
        .Where(v => v.Content == "backup" && v.Created >= Lab.Noon);
}
