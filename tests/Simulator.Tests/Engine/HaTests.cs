namespace Jarvis.Simulator.Tests.Engine;

public sealed class HaTests
{
    private readonly Lab lab = new();

    [Fact]
    public void A_service_of_a_dead_node_is_fenced_after_a_minute_and_recovered_after_about_two()
    {
        var service = lab.Cluster.HaResources["vm:100"];
        lab.Pass(20);
        Assert.Equal(("started", "active"), (service.State, lab.Cluster.LrmState(lab.Node("pve1"))));
        lab.Cluster.Faults.Add("node-off", "pve1");
        lab.Pass(40);
        Assert.Equal("old timestamp - dead?", lab.Cluster.LrmState(lab.Node("pve1")));
        Assert.NotEqual("fence", service.State);
        Assert.True(lab.PassUntil(() => service.State == "fence", 35));
        Assert.Equal("pve1", lab.Guest(100).Node);
        Assert.True(lab.PassUntil(() => lab.Guest(100).Running, 70));
        Assert.InRange((lab.Clock.GetUtcNow() - Lab.Noon).TotalSeconds, 130, 160);
        Assert.NotEqual("pve1", lab.Guest(100).Node);
        Assert.Contains(
            lab.Cluster.Tasks,
            t => t.Upid is { Type: "qmstart", Id: "100", User: "root@pam" } && t.Upid.Node == lab.Guest(100).Node);
        lab.Pass(20);
        Assert.Equal(("started", lab.Guest(100).Node), (service.State, service.Node));
        Assert.Equal("pve1", lab.Guest(101).Node);
    }

    [Fact]
    public void A_managed_guest_is_only_requested_to_start_or_stop()
    {
        var guest = lab.Guest(100);
        var upid = lab.Cluster.Read(c => c.Stop(guest, Lab.Root));
        Assert.Equal("hastop", Upid.Parse(upid)?.Type);
        Assert.Equal("OK", lab.Finish(upid));
        Assert.True(lab.PassUntil(() => !guest.Running, 90));
        lab.Pass(20);
        Assert.Equal("stopped", lab.Cluster.HaResources["vm:100"].State);
        upid = lab.Cluster.Read(c => c.Start(guest, Lab.Root));
        Assert.Equal("hastart", Upid.Parse(upid)?.Type);
        Assert.Equal("OK", lab.Finish(upid));
        Assert.True(lab.PassUntil(() => guest.Running, 30));
    }

    [Fact]
    public void A_managed_guest_that_crashes_is_started_again()
    {
        lab.Pass(15);
        lab.Cluster.Faults.Add("guest-crash", "100");
        Assert.False(lab.Guest(100).Running);
        Assert.True(lab.PassUntil(() => lab.Guest(100).Running, 30));
    }

    [Fact]
    public void A_managed_guest_migrates_on_request()
    {
        var guest = lab.Guest(100);
        var upid = lab.Cluster.Read(c => c.Migrate(guest, "pve3", Lab.Root, new MigrationOptions { Online = true }));
        Assert.Equal("hamigrate", Upid.Parse(upid)?.Type);
        Assert.True(lab.PassUntil(() => guest.Node == "pve3", 200));
        lab.Pass(20);
        Assert.Equal(("pve3", "started"), (lab.Cluster.HaResources["vm:100"].Node, lab.Cluster.HaResources["vm:100"].State));
    }

    [Fact]
    public void Resources_are_added_changed_and_removed()
    {
        lab.Cluster.AddHa("ct:103", comment: "cache");
        Assert.Equal("resource ID 'ct:103' already defined", Lab.Refused(() => lab.Cluster.AddHa("103")).Reason);
        lab.Cluster.UpdateHa("ct:103", state: "stopped");
        Assert.True(lab.PassUntil(() => !lab.Guest(103).Running, 60));
        lab.Cluster.RemoveHa("ct:103");
        Assert.Equal("no such resource 'ct:103'", Lab.Refused(() => lab.Cluster.RemoveHa("ct:103")).Reason);
    }

    [Fact]
    public void An_isolated_node_with_services_resets_itself_and_they_move()
    {
        lab.Pass(15);
        var id = lab.Cluster.Faults.Add("partition", "pve1");
        lab.Pass(5);
        Assert.True(lab.Cluster.QuorateAt("pve2"));
        Assert.False(lab.Cluster.QuorateAt("pve1"));
        Assert.True(lab.Cluster.Sees("pve2", "pve3"));
        Assert.False(lab.Cluster.Sees("pve2", "pve1") || lab.Cluster.Sees("pve1", "pve2"));
        Assert.Equal("offline", lab.Cluster.Read(c => c.ViewFrom("pve1").Nodes.Single(n => n.Node.Name == "pve2").Status));
        Assert.Equal("online", lab.Cluster.Read(c => c.ViewFrom("pve1").Nodes.Single(n => n.Node.Name == "pve1").Status));
        Assert.Equal("offline", lab.Cluster.Read(c => c.ViewFrom("pve2").Nodes.Single(n => n.Node.Name == "pve1").Status));
        Assert.True(lab.PassUntil(() => !lab.Node("pve1").Answers, 90));
        Assert.True(lab.PassUntil(() => lab.Guest(100) is { Running: true, Node: not "pve1" }, 120));
        lab.Cluster.Faults.Remove(id);
        Assert.True(lab.PassUntil(() => lab.Node("pve1").Member, 200));
    }

    [Fact]
    public void A_node_with_services_resets_itself_once_when_quorum_is_lost()
    {
        lab.Pass(15);
        var id = lab.Cluster.Faults.Add("quorum-lost", "cluster");
        Assert.True(lab.PassUntil(() => lab.Node("pve1").Power == NodePower.Booting, 90));
        Assert.True(lab.PassUntil(() => lab.Node("pve1").Power == NodePower.On, 120));
        lab.Pass(300);
        Assert.Equal(NodePower.On, lab.Node("pve1").Power);
        Assert.False(lab.Guest(101).Running || lab.Guest(100).Running);
        Assert.True(lab.Guest(102).Running);
        lab.Cluster.Faults.Remove(id);
        Assert.True(lab.PassUntil(() => lab.Guest(101).Running && lab.Guest(100).Running, 120));
    }

    [Fact]
    public void A_node_of_idle_services_that_hangs_for_a_moment_comes_back_with_its_guests()
    {
        var id = lab.Cluster.Faults.Add("node-hang", "pve2");
        lab.Pass(100);
        Assert.Equal(NodePower.Hung, lab.Node("pve2").Power);
        lab.Cluster.Faults.Remove(id);
        lab.Pass(5);
        Assert.True(lab.Node("pve2") is { Member: true, Power: NodePower.On });
        Assert.True(lab.Guest(102).Running);
    }
}
