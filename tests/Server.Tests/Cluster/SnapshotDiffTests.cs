using CsCheck;
using Jarvis.Server.Cluster;
using static Jarvis.Server.Tests.Cluster.Readings;

namespace Jarvis.Server.Tests.Cluster;

public sealed class SnapshotDiffTests
{
    private readonly ClusterView _before = Build(Of(0, Node("pve1"), Guest(100), Guest(101), Storage("local", "pve1")));

    [Fact]
    public void Nothing_new_is_no_delta() => Assert.Null(SnapshotDiff.Between(_before, _before with { Guests = [.. _before.Guests] }));

    [Fact]
    public void A_number_that_moves_travels_in_columns()
    {
        var after = WithGuest(g => g with { Cpu = 0.75, Memory = 3L << 30 });

        var delta = SnapshotDiff.Between(_before, after)!;

        Assert.Null(delta.Guests);
        Assert.Equal([100], delta.GuestNumbers!.Vmids);
        Assert.Equal([750], delta.GuestNumbers.Cpu);
        Assert.Equal([3072], delta.GuestNumbers.Memory);
    }

    [Fact]
    public void A_move_below_the_grain_is_noise() =>
        Assert.Null(SnapshotDiff.Between(_before, WithGuest(g => g with { Cpu = g.Cpu + 0.0001, Memory = g.Memory + 1000 })));

    [Fact]
    public void A_number_that_becomes_unknown_travels_in_its_column_too()
    {
        var delta = SnapshotDiff.Between(_before, WithGuest(g => g with { Cpu = null }))!;

        Assert.Null(delta.Guests);
        Assert.Equal([-1], delta.GuestNumbers!.Cpu);
    }

    [Fact]
    public void What_went_is_named()
    {
        var delta = SnapshotDiff.Between(_before, _before with { Guests = [.. _before.Guests.Skip(1)], Storages = [] })!;

        Assert.Equal([100], delta.RemovedGuests);
        Assert.Equal(["pve1/local"], delta.RemovedStorages);
    }

    [Fact]
    public void Rates_are_rounded_to_three_digits()
    {
        var delta = SnapshotDiff.Between(WithGuest(g => g with { NetIn = 0 }), WithGuest(g => g with { NetIn = 1_234_567 }))!;

        Assert.Equal([1_230_000], delta.GuestNumbers!.NetIn);
    }

    [Fact]
    public void Any_two_views_differ_by_a_delta_that_leads_from_one_to_the_other() =>
        Check.Sample(
            Gen.Select(Views, Views),
            pair =>
            {
                var applied = Apply(pair.Item1, SnapshotDiff.Between(pair.Item1, pair.Item2));
                Assert.Equal(Essence(pair.Item2), applied);
            },
            iter: 300);

    private static Gen<ClusterView> Views =>
        from ids in Gen.Int[100, 120].Array[0, 12]
        from cpu in Gen.Double[0, 1]
        from node in Gen.Int[1, 3]
        from stopped in Gen.Bool
        select Build(Of(0,
        [
            Node("pve1"), Node("pve2"), Node("pve3"),
            .. ids.Distinct().Select(i => Guest(i, $"pve{node}", stopped && i % 2 == 0 ? "stopped" : "running") with { Cpu = cpu * i / 120 }),
        ]));

    private static SortedDictionary<int, string> Essence(ClusterView view) =>
        new(view.Guests.ToDictionary(g => g.Vmid, g => $"{g.Node} {g.Status} {Quantum.Thousandths(g.Cpu)}"));

    private static SortedDictionary<int, string> Apply(ClusterView view, ClusterDelta? delta)
    {
        var rows = view.Guests.ToDictionary(g => g.Vmid);
        foreach (var row in delta?.Guests ?? []) rows[row.Vmid] = row;
        foreach (var gone in delta?.RemovedGuests ?? []) rows.Remove(gone);
        var numbers = delta?.GuestNumbers;
        for (var i = 0; i < (numbers?.Vmids.Count ?? 0); i++) rows[numbers!.Vmids[i]] = rows[numbers.Vmids[i]] with { Cpu = numbers.Cpu[i] < 0 ? null : numbers.Cpu[i] / 1000.0 };
        return Essence(view with { Guests = [.. rows.Values] });
    }

    private ClusterView WithGuest(Func<GuestView, GuestView> change) =>
        _before with { Guests = [change(_before.Guests[0]), .. _before.Guests.Skip(1)] };
}
