using Jarvis.Server.Cluster;
using Jarvis.Server.Events;
using static Jarvis.Server.Tests.Cluster.Readings;

namespace Jarvis.Server.Tests.Cluster;

public sealed class ChangeEventsTests
{
    [Fact]
    public void The_first_look_is_one_event_and_not_one_a_row()
    {
        var what = Assert.Single(Told(Of(0, Node("pve1"), Guest(100), Guest(101))));

        Assert.Equal(("cluster.observed", "lab"), (what.Type, what.Cluster));
        Assert.Contains("2 guests", what.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_that_stops_is_told_with_its_target()
    {
        var what = Assert.Single(Told(Of(0, Node("pve1"), Guest(100)), Of(10, Node("pve1"), Guest(100, status: "stopped", uptime: 0))));

        Assert.Equal(("guest.stopped", "guest/100", "pve1", "lab"), (what.Type, what.Target, what.Node, what.Cluster));
    }

    [Fact]
    public void A_node_that_goes_offline_is_critical_and_its_guests_are_merely_unknown()
    {
        var told = Told(
            Of(0, Node("pve1"), Guest(100)).WithStatus(("pve1", true)),
            Of(10, Node("pve1"), Guest(100)).WithStatus(("pve1", false)));

        Assert.Equal(["node.offline", "guest.unknown"], told.Select(t => t.Type));
        Assert.Equal([Severity.Critical, Severity.Info], told.Select(t => t.Severity));
    }

    [Fact]
    public void A_migration_is_told_once() =>
        Assert.Equal(
            ["guest.migrated"],
            Told(Of(0, Node("pve1"), Node("pve2"), Guest(100)), Of(10, Node("pve1"), Node("pve2"), Guest(100, "pve2"))).Select(t => t.Type));

    [Fact]
    public void Numbers_that_move_are_no_events() =>
        Assert.Empty(Told(Of(0, Node("pve1"), Guest(100)), Of(10, Node("pve1", cpu: 0.9), Guest(100, uptime: 1010, netIn: 99_999))));

    [Theory]
    [InlineData(null, "task.started", Severity.Info)]
    [InlineData("OK", "task.finished", Severity.Info)]
    [InlineData("WARNINGS: 2", "task.finished", Severity.Warning)]
    [InlineData("VM is locked (backup)", "task.failed", Severity.Error)]
    [InlineData("unexpected status", "task.failed", Severity.Error)]
    public void A_task_is_told_by_how_it_stands(string? status, string type, Severity severity)
    {
        var what = Assert.Single(Told(Of(0, Node("pve1"), Guest(100)), Of(10, Node("pve1"), Guest(100, uptime: 1010)).WithTask("qmstart", 100, status)));

        Assert.Equal((type, severity, "root@pam"), (what.Type, what.Severity, what.Actor));
    }

    [Fact]
    public void Lost_quorum_is_told_and_so_is_its_return()
    {
        var cluster = new LiveCluster(new("lab", "Lab", false, ClusterOrigin.Configuration), 10);
        var view = Build(Of(0, Node("pve1")));
        cluster.Publish(WithQuorum(view, true));

        Assert.Equal(["quorum.lost"], ChangeEvents.Of(cluster.Publish(WithQuorum(view, false))!).Select(t => t.Type));
        Assert.Equal(["quorum.regained"], ChangeEvents.Of(cluster.Publish(WithQuorum(view, true))!).Select(t => t.Type));
    }

    private static ClusterView WithQuorum(ClusterView view, bool quorate) => view with { Header = view.Header with { Quorate = quorate } };

    /// <summary>What the last of the readings made happen.</summary>
    private static List<Happening> Told(params ClusterReading[] readings)
    {
        var cluster = new LiveCluster(new("lab", "Lab", false, ClusterOrigin.Configuration), 10);
        var builder = new SnapshotBuilder();
        List<Happening> told = [];
        foreach (var reading in readings)
        {
            var next = builder.Next(cluster.Current.View, reading);
            var change = cluster.Publish(next with { Header = next.Header with { ObservedAt = reading.At } });
            told = change is null ? [] : [.. ChangeEvents.Of(change)];
        }

        return told;
    }
}
