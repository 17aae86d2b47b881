using System.Diagnostics;
using System.Text.Json;

namespace Jarvis.Simulator.Tests.Engine;

public sealed class DeterminismTests
{
    [Fact]
    public void The_same_seed_and_actions_give_the_same_state()
    {
        Assert.Equal(Story(new Lab(5)), Story(new Lab(5)));
        Assert.NotEqual(Story(new Lab(5)), Story(new Lab(6)));
    }

    [Fact]
    public void Reading_and_smaller_steps_of_the_clock_change_nothing()
    {
        var coarse = new Lab(5);
        var fine = new Lab(5);
        Act(coarse);
        Act(fine);
        coarse.Pass(7200);
        for (var i = 0; i < 720; i++)
        {
            fine.Pass(10);
            fine.Cluster.Read(c => c.View.Guests.Count + c.Rrd(c.Guests[102], "hour").Count + c.Journal(c.Nodes["pve1"]).Count);
        }

        Assert.Equal(coarse.Cluster.CanonicalState().Json, fine.Cluster.CanonicalState().Json);
    }

    [Fact]
    public void The_state_does_not_depend_on_the_hour()
    {
        var lab = new Lab(5);
        var other = new Lab(5, start: Lab.Noon.AddDays(100));
        Assert.Equal(lab.Cluster.CanonicalState().Hash, other.Cluster.CanonicalState().Hash);
    }

    [Fact]
    public void Canonical_json_has_sorted_keys_and_shows_changes()
    {
        var lab = new Lab();
        var before = lab.Cluster.CanonicalState();
        lab.Pass(3600);
        Assert.Equal(before.Hash, lab.Cluster.CanonicalState().Hash);
        lab.Do(c => c.CreateSnapshot(lab.Guest(102), "now", Lab.Root));
        var after = lab.Cluster.CanonicalState();
        Assert.NotEqual(before.Hash, after.Hash);
        using var json = JsonDocument.Parse(after.Json);
        var keys = json.RootElement.EnumerateObject().Select(p => p.Name).ToArray();
        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
        Assert.Contains(
            "before-upgrade>now", after.Json.Replace("\\u003E", ">", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{64}$", after.Hash);
    }

    [Fact]
    public void Two_clusters_may_share_names_and_numbers_without_sharing_anything_else()
    {
        var one = new Lab(1);
        var two = new Lab(2);
        one.Do(c => c.Stop(one.Guest(102), Lab.Root));
        Assert.True(two.Guest(102).Running);
        Assert.NotEqual(one.Node("pve1").Mac, two.Node("pve1").Mac);
    }

    [Fact]
    public void A_fleet_is_viewed_quickly()
    {
        var lab = new Lab(1);
        var fleet = new VirtualCluster(lab.Clock, 1, ScenarioCatalogue.Load("fleet", 100, 5000));
        fleet.Read(c => c.View);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 5; i++)
        {
            lab.Clock.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(5000, fleet.Read(c => c.View.Guests.Count));
        }

        Assert.InRange(watch.ElapsedMilliseconds / 5, 0, 400);
        Assert.Equal(100, fleet.View.Nodes.Count);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(10, 60_000)]
    public void A_fleet_has_bounds(int nodes, int guests) =>
        Assert.Throws<ArgumentException>(() => ScenarioCatalogue.Load("fleet", nodes, guests));

    private static void Act(Lab lab)
    {
        lab.Cluster.Read(c => c.Start(c.Guests[105], Lab.Root));
        lab.Cluster.Read(c => c.Clone(c.Guests[900], 300, Lab.Root, "copy", full: true));
        lab.Cluster.Read(c => c.Backup("pve2", [102, 103], new BackupOptions { Storage = "nfs" }, Lab.Root));
        lab.Cluster.Faults.Add("node-reboot", "pve1");
    }

    private static string Story(Lab lab)
    {
        Act(lab);
        lab.Pass(3600);
        return lab.Cluster.CanonicalState().Hash;
    }
}
