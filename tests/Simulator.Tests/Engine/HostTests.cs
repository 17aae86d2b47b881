namespace Jarvis.Simulator.Tests.Engine;

public sealed class HostTests
{
    private readonly Lab lab = new();

    [Fact]
    public void The_agent_answers_for_a_running_guest_that_has_one()
    {
        var guest = lab.Guest(102);
        Assert.Contains(
            lab.Cluster.AgentInterfaces(guest), i => i.Name == "ens18" && i.Addresses.Any(a => a.Address == "10.0.0.102"));
        Assert.Equal("debian", lab.Cluster.AgentOs(guest).Id);
        Assert.All(lab.Cluster.AgentFileSystems(guest), f => Assert.InRange(f.Used, 1, f.Total));
        Assert.Equal("VM 105 is not running", Lab.Refused(() => lab.Cluster.PingAgent(lab.Guest(105))).Reason);
        lab.Cluster.UpdateConfig(lab.Guest(105), new Dictionary<string, string>(), ["agent"]);
        Assert.Equal("No QEMU guest agent configured", Lab.Refused(() => lab.Cluster.PingAgent(lab.Guest(105))).Reason);
    }

    [Fact]
    public void A_command_in_a_guest_runs_and_ends()
    {
        var guest = lab.Guest(102);
        var pid = lab.Cluster.Read(c => c.AgentExec(guest, ["/bin/sh", "-c", "hostname"]));
        Assert.True(lab.Cluster.AgentStatus(guest, pid).Done > lab.Cluster.Now);
        lab.Pass(1);
        var done = lab.Cluster.AgentStatus(guest, pid);
        Assert.True(done.Done <= lab.Cluster.Now);
        Assert.Equal((0, "db\n", ""), (done.ExitCode, done.Out, done.Err));
        Assert.Equal(127, lab.Cluster.AgentStatus(guest, lab.Cluster.Read(c => c.AgentExec(guest, ["frobnicate"]))).ExitCode);
        Assert.Equal(500, Lab.Refused(() => lab.Cluster.AgentStatus(guest, 1)).Status);
    }

    [Fact]
    public void The_agent_needs_a_moment_after_the_start()
    {
        lab.Do(c => c.Start(lab.Guest(105), Lab.Root));
        Assert.Equal("QEMU guest agent is not running", Lab.Refused(() => lab.Cluster.PingAgent(lab.Guest(105))).Reason);
        lab.Pass(15);
        lab.Cluster.PingAgent(lab.Guest(105));
    }

    [Fact]
    public void Services_restart_but_the_essential_ones_do_not_stop()
    {
        lab.Cluster.Service("pve1", "postfix").ActiveState = "failed";
        Assert.Equal("OK", lab.Do(c => c.CommandService("pve1", "postfix", "restart", Lab.Root)));
        Assert.Equal("active", lab.Cluster.Service("pve1", "postfix").ActiveState);
        Assert.Equal(
            "refusing to stop essential service!",
            Lab.Refused(() => lab.Cluster.CommandService("pve1", "pveproxy", "stop", Lab.Root)).Reason);
        Assert.Equal(400, Lab.Refused(() => lab.Cluster.Service("pve1", "nope")).Status);
        Assert.Equal(22, lab.Node("pve1").Services.Count);
    }

    [Fact]
    public void A_refresh_finds_what_was_published_since()
    {
        var before = lab.Node("pve1").Updates.Count;
        Assert.Equal("OK", lab.Do(c => c.RefreshUpdates("pve1", Lab.Root)));
        Assert.True(lab.Node("pve1").Updates.Count > before);
    }

    [Fact]
    public void A_download_appears_as_content_once()
    {
        var url = new Uri("https://example.org/some.iso");
        Assert.Equal("OK", lab.Do(c => c.Download("pve1", "local", "iso", "some.iso", url, Lab.Root)));
        Assert.NotNull(lab.Cluster.Storages["local"].Find("local:iso/some.iso", "pve1"));
        Assert.Null(lab.Cluster.Storages["local"].Find("local:iso/some.iso", "pve2"));
        Assert.Equal(
            "refusing to override existing file 'some.iso'",
            Lab.Refused(() => lab.Cluster.Download("pve1", "local", "iso", "some.iso", url, Lab.Root)).Reason);
        Assert.StartsWith(
            "download failed",
            lab.Do(c => c.Download("pve1", "local", "iso", "b.iso", new Uri("https://x.invalid/b.iso"), Lab.Root)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Replication_runs_by_the_quarter_hour_and_counts_failures()
    {
        var job = lab.Cluster.ReplicationJobs["102-0"];
        lab.Pass(16 * 60);
        Assert.Equal((Lab.Noon.AddMinutes(15), 0), (job.LastSync, job.FailCount));
        lab.Cluster.Faults.Add("node-off", "pve3");
        lab.Pass(30 * 60);
        Assert.Equal((Lab.Noon.AddMinutes(15), 2), (job.LastSync, job.FailCount));
        Assert.Contains("No route to host", job.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_journal_and_the_cluster_log_tell_what_happened()
    {
        var upid = lab.Cluster.Read(c => c.Start(lab.Guest(105), "ann@pve"));
        lab.Finish(upid);
        Assert.Contains(
            lab.Cluster.ClusterLog,
            l => l.User == "ann@pve" && l.Message.StartsWith("end task " + upid + " OK", StringComparison.Ordinal));
        var journal = lab.Cluster.Read(c => c.Journal(c.Nodes["pve3"], 100));
        Assert.Equal(100, journal.Count);
        Assert.Equal(journal.OrderBy(l => l.At), journal);
        Assert.Contains(journal, l => l.Text == $"<ann@pve> starting task {upid}");
        Assert.All(lab.Cluster.Read(c => c.Journal(c.Nodes["pve3"], unit: "systemd")), l => Assert.Equal("systemd", l.Unit));
    }

    [Fact]
    public void The_home_lab_has_a_month_behind_it_and_two_problems()
    {
        var home = new Lab(1, "homelab");
        Assert.Equal(3, home.Cluster.Nodes.Count);
        Assert.InRange(home.Cluster.Guests.Count, 24, 30);
        Assert.Equal(5, home.Cluster.Tasks.Count(t => t.ExitStatus == "job errors"));
        Assert.DoesNotContain(
            home.Cluster.Storages["pbs"].Volumes, v => v.VmId == 123 && v.Created > home.Cluster.Now.AddDays(-5));
        Assert.Contains(home.Cluster.Nodes["hermes"].Disks, d => d is { Device: "/dev/sda", PendingSectors: > 0 });
        Assert.True(home.Cluster.Tasks[0].Started < Lab.Noon.AddDays(-28));
        Assert.All(home.Cluster.Tasks, t => Assert.False(t.Running));
        Assert.All(home.Cluster.Storages.Values.SelectMany(
            s => home.Cluster.Nodes.Keys.Where(s.OnNode).Select(n => s.UsedOn(n, Lab.Noon) / (double)s.TotalOn(n))),
            use => Assert.InRange(use, .02, .85));
        Assert.All(home.Cluster.Nodes.Values.Select(home.Cluster.Sample),
            s => Assert.InRange(s.MemoryUsed / (double)s.MemoryTotal, .2, .92));
    }

    [Fact]
    public void The_home_lab_lives_through_a_week()
    {
        var home = new Lab(1, "homelab");
        home.Pass(7 * 86400);
        Assert.Equal(7, home.Cluster.Storages["pbs"].Volumes.Count(v => v.VmId == 100 && v.Created >= Lab.Noon));
        Assert.All(home.Cluster.Guests.Values, g => Assert.Null(g.Lock));
        Assert.All(home.Cluster.Tasks.Where(t => t.Started >= Lab.Noon), t => Assert.Equal("OK", t.ExitStatus));
    }
}
