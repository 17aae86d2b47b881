using Jarvis.Server.Cluster;
using static Jarvis.Server.Tests.Cluster.Readings;

namespace Jarvis.Server.Tests.Cluster;

public sealed class SnapshotBuilderTests
{
    [Fact]
    public void Rows_are_sorted_whatever_order_proxmox_sends()
    {
        var view = Build(Of(0, Guest(300), Node("pve2"), Guest(100), Node("pve1"), Guest(200)));

        Assert.Equal([100, 200, 300], view.Guests.Select(g => g.Vmid));
        Assert.Equal(["pve1", "pve2"], view.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void A_guest_that_vanishes_stays_and_is_marked_with_nothing_known_of_it()
    {
        var view = Build(Of(0, Node("pve1"), Guest(100), Guest(101)), Of(10, Node("pve1"), Guest(101)));

        var gone = Assert.Single(view.Guests, g => g.Vmid == 100);
        Assert.True(gone.Missing);
        Assert.Equal(GuestStatus.Unknown, gone.Status);
        Assert.Null(gone.Cpu);
        Assert.Null(gone.Memory);
    }

    [Fact]
    public void A_guest_whose_destruction_a_task_tells_of_goes()
    {
        var view = Build(Of(0, Node("pve1"), Guest(100)), Of(10, Node("pve1")).WithTask("qmdestroy", 100, "OK"));

        Assert.Empty(view.Guests);
    }

    [Fact]
    public void A_guest_whose_destruction_failed_stays()
    {
        var view = Build(Of(0, Node("pve1"), Guest(100)), Of(10, Node("pve1")).WithTask("qmdestroy", 100, "VM is locked"));

        Assert.True(Assert.Single(view.Guests).Missing);
    }

    [Fact]
    public void A_task_that_destroyed_an_earlier_guest_of_that_number_says_nothing_of_this_one()
    {
        var view = Build(Of(0, Node("pve1"), Guest(100)), Of(600, Node("pve1"), Guest(100)), Of(610, Node("pve1")).WithTask("qmdestroy", 100, "OK", endedAfter: -500));

        Assert.True(Assert.Single(view.Guests).Missing);
    }

    [Fact]
    public void A_guest_that_is_being_destroyed_is_not_missing_yet()
    {
        var view = Build(Of(0, Node("pve1"), Guest(100)), Of(10, Node("pve1")).WithTask("qmdestroy", 100, null));

        Assert.False(Assert.Single(view.Guests).Missing);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-5)]
    public void An_absurd_uptime_is_unknown_and_breaks_nothing(long uptime) =>
        Assert.Null(Build(Of(0, Node("pve1") with { Uptime = uptime }, Guest(100, uptime: uptime))).Guests[0].StartedAt);

    [Theory]
    [InlineData(long.MaxValue / 2)]
    [InlineData(-9_000_000_000_000)]
    public void An_absurd_end_of_a_task_is_unknown_and_breaks_nothing(long endedAfter) =>
        Assert.Null(Assert.Single(Build(Of(0, Node("pve1")).WithTask("qmstart", 100, "OK", endedAfter)).Tasks).EndedAt);

    [Fact]
    public void An_empty_answer_never_empties_the_cluster()
    {
        var view = Build(Of(0, Node("pve1"), Guest(100), Storage("local", "pve1")), Of(10));

        Assert.True(Assert.Single(view.Nodes).Missing);
        Assert.True(Assert.Single(view.Guests).Missing);
        Assert.True(Assert.Single(view.Storages).Missing);
    }

    [Fact]
    public void A_guest_that_comes_back_is_no_longer_marked()
    {
        var view = Build(Of(0, Node("pve1"), Guest(100)), Of(10, Node("pve1")), Of(20, Node("pve1"), Guest(100)));

        Assert.False(Assert.Single(view.Guests).Missing);
    }

    [Fact]
    public void Guests_of_an_offline_node_are_unknown_though_proxmox_still_shows_their_last_numbers()
    {
        var view = Build(Of(0, Node("pve1"), Guest(100)), Of(10, Node("pve1"), Guest(100)).WithStatus(("pve1", false)));

        Assert.Equal(NodeStatus.Offline, Assert.Single(view.Nodes).Status);
        Assert.Null(view.Nodes[0].Cpu);
        Assert.Equal(GuestStatus.Unknown, Assert.Single(view.Guests).Status);
        Assert.Null(view.Guests[0].Memory);
    }

    [Fact]
    public void Membership_alone_is_enough_to_darken_a_node_when_the_list_cannot_be_read()
    {
        var view = Build(
            Of(0, Node("pve1"), Guest(100)),
            (Of(10) with { Resources = null }).WithStatus(("pve1", false)));

        Assert.Equal(NodeStatus.Offline, Assert.Single(view.Nodes).Status);
        Assert.Equal(GuestStatus.Unknown, Assert.Single(view.Guests).Status);
        Assert.False(view.Guests[0].Missing);
    }

    [Fact]
    public void A_guest_on_the_move_that_is_listed_twice_is_one_guest()
    {
        var view = Build(Of(0, Node("pve1"), Node("pve2"), Guest(100, "pve1"), Guest(100, "pve2")));

        Assert.Equal("pve1", Assert.Single(view.Guests).Node);
    }

    [Fact]
    public void A_stopped_guest_has_no_numbers_rather_than_zeros()
    {
        var guest = Assert.Single(Build(Of(0, Node("pve1"), Guest(100, status: "stopped", uptime: 0))).Guests);

        Assert.Equal(GuestStatus.Stopped, guest.Status);
        Assert.Null(guest.Cpu);
        Assert.Null(guest.NetIn);
        Assert.Null(guest.StartedAt);
    }

    [Fact]
    public void The_disk_use_of_a_vm_is_unknown_not_zero() =>
        Assert.Null(Build(Of(0, Node("pve1"), Guest(100) with { Disk = 0 })).Guests[0].Disk);

    [Fact]
    public void Rates_come_from_the_guests_own_clock()
    {
        // Our reads are 10 s apart, but Proxmox's cache moved 20 s of the guest's uptime.
        var view = Build(Of(0, Node("pve1"), Guest(100, uptime: 1000, netIn: 0)), Of(10, Node("pve1"), Guest(100, uptime: 1020, netIn: 40_000)));

        Assert.Equal(2000, view.Guests[0].NetIn);
    }

    [Fact]
    public void A_rate_holds_while_proxmox_has_not_moved_its_cache()
    {
        var view = Build(
            Of(0, Node("pve1"), Guest(100, uptime: 1000, netIn: 0)),
            Of(10, Node("pve1"), Guest(100, uptime: 1010, netIn: 10_000)),
            Of(20, Node("pve1"), Guest(100, uptime: 1010, netIn: 10_000)));

        Assert.Equal(1000, view.Guests[0].NetIn);
    }

    [Fact]
    public void A_rate_is_unknown_after_a_restart_rather_than_negative()
    {
        var view = Build(
            Of(0, Node("pve1"), Guest(100, uptime: 1000, netIn: 90_000)),
            Of(10, Node("pve1"), Guest(100, uptime: 5, netIn: 100)));

        Assert.Null(view.Guests[0].NetIn);
    }

    [Fact]
    public void The_start_time_does_not_tremble_with_the_lag_of_proxmox()
    {
        var view = Build(Of(0, Node("pve1"), Guest(100, uptime: 1000)), Of(10, Node("pve1"), Guest(100, uptime: 1003)));

        Assert.Equal(Start.AddSeconds(-1000), view.Guests[0].StartedAt);
    }

    [Fact]
    public void A_restart_moves_the_start_time()
    {
        var view = Build(Of(0, Node("pve1"), Guest(100, uptime: 1000)), Of(60, Node("pve1"), Guest(100, uptime: 20)));

        Assert.Equal(Start.AddSeconds(40), view.Guests[0].StartedAt);
    }

    [Fact]
    public void A_shared_storage_is_one_and_as_available_as_the_best_node_sees_it()
    {
        var view = Build(Of(0, Node("pve1"), Node("pve2"), Storage("nas", "pve1", shared: true, status: "unknown"), Storage("nas", "pve2", shared: true)));

        var storage = Assert.Single(view.Storages);
        Assert.Equal(("nas", StorageStatus.Available), (storage.Id, storage.Status));
    }

    [Fact]
    public void Local_storages_of_one_name_are_many()
    {
        var view = Build(Of(0, Node("pve1"), Node("pve2"), Storage("local", "pve1"), Storage("local", "pve2")));

        Assert.Equal(["pve1/local", "pve2/local"], view.Storages.Select(s => s.Id));
    }

    [Fact]
    public void An_unreachable_storage_has_no_size()
    {
        var storage = Assert.Single(Build(Of(0, Node("pve1"), Storage("nas", "pve1", status: "inactive") with { Disk = 0, MaxDisk = 0 })).Storages);

        Assert.Equal(StorageStatus.Unavailable, storage.Status);
        Assert.Null(storage.Used);
        Assert.Null(storage.Total);
    }
}
