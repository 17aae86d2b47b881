namespace Jarvis.Simulator.Tests.Engine;

public sealed class FaultTests
{
    private readonly Lab lab = new();

    [Fact]
    public void A_crash_leaves_no_task_and_ending_the_fault_does_not_start_the_guest()
    {
        var tasks = lab.Cluster.Tasks.Count;
        var id = lab.Cluster.Faults.Add("guest-crash", "102");
        Assert.Equal("stopped", lab.Guest(102).Status);
        Assert.True(lab.Cluster.Faults.Remove(id));
        lab.Pass(120);
        Assert.False(lab.Guest(102).Running);
        Assert.Equal(tasks, lab.Cluster.Tasks.Count);
        Assert.False(lab.Cluster.Faults.Remove(id));
    }

    [Fact]
    public void A_guest_powers_itself_off()
    {
        lab.Cluster.Faults.Add("guest-poweroff", "103");
        Assert.False(lab.Guest(103).Running);
    }

    [Fact]
    public void A_hung_guest_runs_one_core_hot_and_its_agent_is_dead()
    {
        var id = lab.Cluster.Faults.Add("guest-hang", "102");
        lab.Pass(1);
        Assert.Equal(.25, lab.Cluster.Sample(lab.Guest(102)).Cpu);
        Assert.Equal("running", lab.Guest(102).QmpStatus);
        Assert.Equal("QEMU guest agent is not running", Lab.Refused(() => lab.Cluster.PingAgent(lab.Guest(102))).Reason);
        lab.Cluster.Faults.Remove(id);
        lab.Cluster.PingAgent(lab.Guest(102));
    }

    [Fact]
    public void A_leaking_guest_is_killed_again_and_again_until_the_fault_ends()
    {
        var id = lab.Cluster.Faults.Add("guest-oom-loop", "102", new Dictionary<string, string> { ["seconds"] = "60" });
        var before = lab.Cluster.Sample(lab.Guest(102)).Memory;
        lab.Pass(50);
        Assert.True(lab.Cluster.Sample(lab.Guest(102)).Memory > before);
        lab.Pass(11);
        Assert.False(lab.Guest(102).Running);
        Assert.Equal("OK", lab.Do(c => c.Start(lab.Guest(102), Lab.Root)));
        lab.Pass(61);
        Assert.False(lab.Guest(102).Running);
        lab.Cluster.Faults.Remove(id);
        Assert.Equal("OK", lab.Do(c => c.Start(lab.Guest(102), Lab.Root)));
        lab.Pass(200);
        Assert.True(lab.Guest(102).Running);
    }

    [Fact]
    public void A_reboot_fault_happens_once()
    {
        lab.Cluster.Faults.Add("node-reboot", "pve3", new Dictionary<string, string> { ["seconds"] = "20" });
        Assert.Empty(lab.Cluster.Faults.List());
        Assert.True(lab.PassUntil(() => lab.Node("pve3").Power == NodePower.Booting, 60));
        Assert.True(lab.PassUntil(() => lab.Node("pve3").Power == NodePower.On, 22));
    }

    [Fact]
    public void A_disk_fills_at_its_rate_and_stays_full()
    {
        var storage = lab.Cluster.Storages["nfs"];
        var before = storage.UsedOn("pve1", lab.Cluster.Now);
        var id = lab.Cluster.Faults.Add("disk-fill", "nfs", new Dictionary<string, string> { ["gib-per-hour"] = "100" });
        lab.Pass(7200);
        Assert.InRange((storage.UsedOn("pve1", lab.Cluster.Now) - before) / (double)Bytes.GiB, 185, 220);
        lab.Cluster.Faults.Remove(id);
        var then = storage.UsedOn("pve1", lab.Cluster.Now);
        lab.Pass(7200);
        Assert.InRange((storage.UsedOn("pve1", lab.Cluster.Now) - then) / (double)Bytes.GiB, -15, 15);
    }

    [Fact]
    public void A_full_storage_refuses_backups()
    {
        lab.Cluster.Faults.Add("disk-fill", "nfs", new Dictionary<string, string> { ["to-percent"] = "100" });
        var task = lab.Cluster.Read(c => c.Backup("pve2", [102], new BackupOptions { Storage = "nfs" }, Lab.Root));
        Assert.Equal("job errors", lab.Finish(task));
        Assert.Contains(
            lab.Cluster.FindTask(task)?.Log ?? [], l => l.Contains("No space left on device", StringComparison.Ordinal));
    }

    [Fact]
    public void A_vm_on_a_full_storage_stops_until_there_is_room_and_somebody_resumes_it()
    {
        lab.Cluster.RemoveHa("vm:100");
        lab.Cluster.Faults.Add(
            "disk-fill", "nfs", new Dictionary<string, string> { ["to-percent"] = "100", ["gib-per-hour"] = "100" });
        lab.Pass(600);
        Assert.Equal(("running", "io-error"), (lab.Guest(100).Status, lab.Guest(100).QmpStatus));
        Assert.Equal(0, lab.Cluster.Sample(lab.Guest(100)).Cpu);
        Assert.Equal("running", lab.Guest(102).QmpStatus);
        lab.Cluster.Faults.Remove(lab.Cluster.Faults.List()[0].Id);
        Assert.Equal("OK", lab.Do(c => c.Resume(lab.Guest(100), Lab.Root)));
        lab.Pass(60);
        Assert.Equal("running", lab.Guest(100).QmpStatus);
    }

    [Fact]
    public void An_offline_storage_shows_no_numbers_and_starts_nothing()
    {
        var id = lab.Cluster.Faults.Add("storage-offline", "nfs");
        lab.Pass(11);
        Assert.All(lab.Cluster.Read(c => c.View.Storages).Where(s => s.Storage.Id == "nfs"),
            s => Assert.Equal((false, 0L), (s.Available, s.Used)));
        Assert.Equal("storage 'nfs' is not online", lab.Do(c => c.Start(lab.Guest(106), Lab.Root)));
        lab.Cluster.Faults.Remove(id);
        Assert.Equal("OK", lab.Do(c => c.Start(lab.Guest(106), Lab.Root)));
    }

    [Fact]
    public void Disks_and_pools_fail_and_stay_failed()
    {
        var smart = lab.Cluster.Faults.Add("smart-fail", "pve1", new Dictionary<string, string> { ["disk"] = "/dev/sda" });
        var zfs = lab.Cluster.Faults.Add("zfs-degraded", "pve1", new Dictionary<string, string> { ["pool"] = "tank" });
        lab.Cluster.Faults.Remove(smart);
        lab.Cluster.Faults.Remove(zfs);
        Assert.Equal("FAILED!", lab.Node("pve1").Disks.Single(d => d.Device == "/dev/sda").Health);
        Assert.Equal(("DEGRADED", "sdb"), (lab.Node("pve1").Zpools[0].Health, lab.Node("pve1").Zpools[0].FaultedDevice));
        Assert.Contains(lab.Cluster.Read(c => c.Journal(c.Nodes["pve1"])), l => l.Unit == "smartd" && l.Priority == 2);
    }

    [Fact]
    public void Ceph_can_be_unwell()
    {
        Assert.Equal("HEALTH_OK", lab.Cluster.Faults.Ceph.Health);
        lab.Cluster.Faults.Add("ceph-warn", "", new Dictionary<string, string> { ["check"] = "OSD_DOWN" });
        Assert.Equal(("HEALTH_WARN", "OSD_DOWN"), lab.Cluster.Faults.Ceph);
    }

    [Fact]
    public void A_failing_backup_ends_with_job_errors_and_the_others_are_made()
    {
        lab.Cluster.Faults.Add("backup-fail", "100", new Dictionary<string, string> { ["error"] = "broken pipe" });
        var upid = lab.Cluster.Read(c => c.Backup("pve1", [100, 101], new BackupOptions { Storage = "nfs" }, Lab.Root));
        Assert.Equal("job errors", lab.Finish(upid));
        Assert.Contains("ERROR: Backup of VM 100 failed - broken pipe", lab.Cluster.FindTask(upid)?.Log ?? []);
        Assert.Equal(
            [101], lab.Cluster.Storages["nfs"].Volumes.Where(v => v.Content == "backup" && v.Created >= Lab.Noon)
            .Select(v => v.VmId ?? 0));
        Assert.Null(lab.Guest(100).Lock);
    }

    [Fact]
    public void A_certificate_is_about_to_expire()
    {
        lab.Cluster.Faults.Add("cert-expiring", "pve1", new Dictionary<string, string> { ["days"] = "3" });
        Assert.Equal(Lab.Noon.AddDays(3), lab.Node("pve1").Certificates.Single(c => c.FileName == "pve-ssl.pem").NotAfter);
    }

    [Fact]
    public void A_lock_is_left_behind()
    {
        var id = lab.Cluster.Faults.Add("stale-lock", "102");
        lab.Cluster.Faults.Remove(id);
        Assert.Equal("backup", lab.Guest(102).Lock);
    }

    [Fact]
    public void A_clock_jumps_and_is_set_right()
    {
        var id = lab.Cluster.Faults.Add("clock-jump", "pve2", new Dictionary<string, string> { ["seconds"] = "-900" });
        Assert.Equal(lab.Cluster.Now.AddSeconds(-900), lab.Cluster.TimeOf(lab.Node("pve2")));
        lab.Cluster.Faults.Remove(id);
        Assert.Equal(lab.Cluster.Now, lab.Cluster.TimeOf(lab.Node("pve2")));
    }

    [Fact]
    public void Transport_faults_are_held_by_node_and_path()
    {
        lab.Cluster.Faults.Add("slow", "pve1", new Dictionary<string, string> { ["seconds"] = "2.5" });
        lab.Cluster.Faults.Add(
            "errors", "*", new Dictionary<string, string> { ["status"] = "502", ["path"] = "/nodes", ["probability"] = "0.5" });
        lab.Cluster.Faults.Add("truncate", "pve2");
        lab.Cluster.Faults.Add("garble", "pve3");
        lab.Cluster.Faults.Add("reset", "pve3");
        lab.Cluster.Faults.Add("token-revoked", "mon@pve!tok");
        var pve1 = lab.Cluster.Faults.Transport("pve1", "/nodes/pve1/status");
        Assert.Equal((TimeSpan.FromSeconds(2.5), 502, .5), (pve1.Delay, pve1.Status, pve1.Probability));
        Assert.Null(lab.Cluster.Faults.Transport("pve1", "/version").Status);
        Assert.True(lab.Cluster.Faults.Transport("pve2", "/version").Truncate);
        Assert.True(lab.Cluster.Faults.Transport("pve3", "/version") is { Garble: true, Reset: true });
        Assert.True(lab.Cluster.Faults.TokenRevoked("mon@pve!tok"));
        Assert.False(lab.Cluster.Faults.TokenRevoked("mon@pve!other"));
    }

    [Theory]
    [InlineData("explode", "pve1", "", "", "legal are guest-crash")]
    [InlineData("guest-crash", "pve1", "", "", "the vmid of a guest")]
    [InlineData("node-off", "pve9", "", "", "pve1, pve2, pve3")]
    [InlineData("storage-offline", "tape", "", "", "local, local-lvm, nfs, tank")]
    [InlineData("guest-crash", "102", "loudly", "1", "takes no parameters")]
    [InlineData("slow", "pve1", "speed", "1", "slow takes seconds, path, probability")]
    [InlineData("slow", "pve1", "seconds", "soon", "seconds must be a number")]
    [InlineData("errors", "pve1", "status", "200", "a status from 400 to 599")]
    [InlineData("smart-fail", "pve2", "disk", "/dev/sda", "/dev/nvme0n1")]
    public void What_is_not_legal_is_refused_and_what_would_be_is_named(
        string kind, string target, string name, string value, string says)
    {
        var parameters = name.Length == 0 ? [] : new Dictionary<string, string> { [name] = value };
        Assert.Contains(
            says, Assert.Throws<ArgumentException>(() => lab.Cluster.Faults.Add(kind, target, parameters)).Message,
            StringComparison.Ordinal);
        Assert.Empty(lab.Cluster.Faults.List());
    }

    [Fact]
    public void Every_kind_is_in_the_manual()
    {
        var manual = File.ReadAllText(Path.Combine(Root(), "docs", "simulator.md"));
        Assert.All(FaultKind.All, k => Assert.Contains($"| `{k.Name}` |", manual, StringComparison.Ordinal));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Jarvis.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("no Jarvis.slnx above the tests");
    }
}
