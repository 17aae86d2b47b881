namespace Jarvis.Simulator.Tests.Engine;

public sealed class NodeFailureTests
{
    private readonly Lab lab = new();

    [Fact]
    public void The_cached_view_lags_up_to_ten_seconds_behind_the_truth()
    {
        var guest = lab.Guest(105);
        Assert.Equal("OK", lab.Do(c => c.Start(guest, Lab.Root)));
        while (lab.Clock.GetUtcNow().Second % 10 != 1)
        {
            lab.Pass(1);
        }

        Assert.Equal("running", Row(105).Status);
        lab.Do(c => c.Stop(guest, Lab.Root));
        Assert.Equal(("stopped", "running"), (guest.Status, Row(105).Status));
        lab.Pass(10);
        Assert.Equal("stopped", Row(105).Status);
    }

    [Fact]
    public void A_new_guest_is_unknown_until_the_next_cycle()
    {
        lab.Pass(1);
        lab.Cluster.Read(
            c => c.Create(
                "pve1", GuestKind.Qemu, 200, new Dictionary<string,
                string>
                { ["name"] = "new", ["scsi0"] = "local-lvm:8" }, Lab.Root));
        Assert.Equal(("unknown", false), (Row(200).Status, Row(200).Known));
        lab.Pass(10);
        Assert.Equal(("stopped", true), (Row(200).Status, Row(200).Known));
    }

    [Fact]
    public void Guests_of_a_dead_node_keep_their_last_values_for_300_seconds_and_are_then_unknown()
    {
        lab.Pass(25);
        var before = Row(102);
        lab.Cluster.Faults.Add("node-off", "pve2");
        lab.Pass(5);
        Assert.Equal("offline", Node("pve2").Status);
        Assert.Null(Node("pve2").Sample);
        Assert.False(lab.Node("pve2").Member);
        lab.Pass(290);
        Assert.Equal(before with { Lock = null }, Row(102));
        lab.Pass(10);
        Assert.Equal(("unknown", false), (Row(102).Status, Row(102).Known));
        Assert.Equal("pve2", Row(102).Node);
        Assert.Equal("running", Row(101).Status);
    }

    [Fact]
    public void Calls_for_a_dead_node_get_595_and_for_a_hung_one_596()
    {
        lab.Cluster.Faults.Add("node-off", "pve2");
        lab.Cluster.Faults.Add("node-hang", "pve3");
        Assert.Equal((595, "No route to host"), Answer("pve2"));
        Assert.Equal((596, "Connection timed out"), Answer("pve3"));
        Assert.True(lab.Cluster.Faults.Transport("pve2", "/version").Refused);
        Assert.True(lab.Cluster.Faults.Transport("pve3", "/version").Silent);

        (int, string) Answer(string node)
        {
            var e = Lab.Refused(() => lab.Cluster.GuestOn(node, GuestKind.Qemu, 102));
            return (e.Status, e.Reason);
        }
    }

    [Fact]
    public void A_dead_node_wakes_by_a_magic_packet_and_starts_its_onboot_guests_in_order()
    {
        var id = lab.Cluster.Faults.Add("node-off", "pve1");
        lab.Pass(10);
        lab.Cluster.Faults.Remove(id);
        lab.Pass(200);
        Assert.Equal(NodePower.Off, lab.Node("pve1").Power);
        Assert.Equal(
            "'pve1' is local node, cannot wake my self!", Lab.Refused(() => lab.Cluster.WakeOnLan("pve1", "pve1")).Reason);
        Assert.Equal(lab.Node("pve1").Mac, lab.Cluster.Read(c => c.WakeOnLan("pve1", "pve2")));
        Assert.Equal(NodePower.Booting, lab.Node("pve1").Power);
        Assert.True(lab.PassUntil(() => lab.Guest(101).Running, 300));
        var startall = Assert.Single(lab.Cluster.TasksOn("pve1"), t => t.Upid.Type == "startall" && t.Started > Lab.Noon);
        Assert.True(lab.PassUntil(() => !startall.Running));
        Assert.Equal("Starting CT 101", startall.Log[0]);
        Assert.False(lab.Guest(900).Running);
        Assert.InRange(lab.Cluster.Sample(lab.Node("pve1")).Uptime, 1, 60);
        Assert.Contains(lab.Cluster.Rrd(lab.Node("pve1"), "hour"), r => r.Values.Count == 0);
    }

    [Fact]
    public void A_node_without_wake_on_lan_says_so()
    {
        var cluster = new VirtualCluster(lab.Clock, 1, new Scenario
        {
            Name = "two",
            Nodes = [new NodeSpec { Name = "a", Ip = "10.0.0.1", WakeOnLan = false },
                new NodeSpec { Name = "b", Ip = "10.0.0.2" }],
        });
        Assert.Equal("No wake on LAN MAC address defined for 'a'!", Lab.Refused(() => cluster.WakeOnLan("a", "b")).Reason);
        Assert.False(cluster.Wake("00:00:00:00:00:01"));
    }

    [Fact]
    public void A_reboot_shuts_guests_down_and_brings_them_back()
    {
        var events = new List<NodePower>();
        lab.Cluster.PowerChanged += n => events.Add(n.Power);
        lab.Cluster.Read(c =>
        {
            c.Command("pve2", "reboot", Lab.Root);
            return true;
        });
        Assert.True(lab.Node("pve2").Answers);
        Assert.True(lab.PassUntil(() => lab.Node("pve2").Power == NodePower.Booting, 60));
        Assert.False(lab.Guest(102).Running);
        Assert.True(lab.PassUntil(() => lab.Guest(102).Running && lab.Guest(103).Running, 300));
        Assert.Equal([NodePower.Off, NodePower.On], events);
        Assert.Equal("online", Node("pve2").Status);
    }

    [Fact]
    public void Work_in_progress_dies_with_its_node_and_leaves_its_lock()
    {
        var upid = lab.Cluster.Read(c => c.Backup("pve2", [102], new BackupOptions { Storage = "nfs" }, Lab.Root));
        lab.Pass(4);
        lab.Cluster.Faults.Add("node-off", "pve2");
        Assert.Equal("unexpected status", lab.Finish(upid));
        Assert.Equal("backup", lab.Guest(102).Lock);
        lab.Cluster.Read(c => c.Wake(c.Nodes["pve2"].Mac));
        Assert.True(lab.PassUntil(() => lab.Cluster.TasksOn("pve2").Any(t => t.ExitStatus == "VM is locked (backup)"), 300));
    }

    [Fact]
    public void Two_of_three_nodes_lost_means_no_quorum()
    {
        lab.Cluster.Faults.Add("node-off", "pve2");
        lab.Pass(5);
        Assert.True(lab.Cluster.Quorate);
        lab.Cluster.Faults.Add("node-off", "pve3");
        lab.Pass(5);
        Assert.False(lab.Cluster.Quorate);
        Assert.Equal("cluster not ready - no quorum?", Lab.Refused(() => lab.Cluster.Start(lab.Guest(900), Lab.Root)).Reason);
    }

    private GuestRow Row(int vmid) => lab.Cluster.Read(c => c.View.Guests.Single(g => g.Guest.VmId == vmid));

    private NodeRow Node(string name) => lab.Cluster.Read(c => c.View.Nodes.Single(n => n.Node.Name == name));
}
