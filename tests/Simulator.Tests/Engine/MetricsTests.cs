namespace Jarvis.Simulator.Tests.Engine;

public sealed class MetricsTests
{
    private readonly Lab lab = new();

    [Fact]
    public void A_load_depends_on_seed_target_and_time_alone()
    {
        var one = new GuestLoad(7, "qemu/100", Persona.Named("web"));
        var same = new GuestLoad(7, "qemu/100", Persona.Named("web"));
        var other = new GuestLoad(8, "qemu/100", Persona.Named("web"));
        double[] times = [1_770_000_000, 1_770_003_333.5, 1_700_000_000, 1_780_123_456];
        Assert.All(times, t => Assert.Equal(one.Cpu(t), same.Cpu(t)));
        Assert.Contains(times, t => one.Cpu(t) != other.Cpu(t));
    }

    [Theory]
    [InlineData("web")]
    [InlineData("database")]
    [InlineData("idle")]
    [InlineData("media")]
    [InlineData("backup")]
    [InlineData("batch")]
    [InlineData("camera")]
    public void A_load_is_continuous_and_within_bounds(string persona)
    {
        var load = new GuestLoad(3, "qemu/1", Persona.Named(persona));
        for (var t = 1_772_000_000.0; t < 1_772_000_000 + 86400; t += 1)
        {
            Assert.InRange(load.Cpu(t), 0.0005, 1);
            Assert.InRange(Math.Abs(load.Cpu(t + 1) - load.Cpu(t)), 0, .06);
            Assert.InRange(load.MemoryFraction(t), .05, .97);
            Assert.InRange(Math.Abs(load.MemoryFraction(t + 1) - load.MemoryFraction(t)), 0, .01);
        }
    }

    [Fact]
    public void Day_and_night_differ_and_backups_work_at_night()
    {
        Assert.True(Mean("web", 15) > 1.6 * Mean("web", 3));
        Assert.True(Mean("backup", 2.5) > 3 * Mean("backup", 14));
    }

    [Fact]
    public void Counters_only_grow_while_a_guest_runs_and_begin_anew_with_it()
    {
        var guest = lab.Guest(102);
        var before = guest.Sample(lab.Cluster.Now);
        for (var i = 0; i < 500; i++)
        {
            lab.Pass(37);
            var now = lab.Cluster.Sample(guest);
            Assert.True(now.NetIn > before.NetIn && now.NetOut > before.NetOut && now.DiskRead > before.DiskRead
                && now.DiskWrite > before.DiskWrite);
            Assert.Equal(before.Uptime + 37, now.Uptime);
            before = now;
        }

        Assert.Equal("OK", lab.Do(c => c.Stop(guest, Lab.Root)));
        Assert.Equal(default, lab.Cluster.Sample(guest));
        Assert.Equal("OK", lab.Do(c => c.Start(guest, Lab.Root)));
        lab.Pass(20);
        Assert.InRange(lab.Cluster.Sample(guest).NetIn, 1, before.NetIn / 100);
    }

    [Fact]
    public void A_paused_guest_counts_nothing()
    {
        var guest = lab.Guest(102);
        lab.Do(c => c.Suspend(guest, Lab.Root));
        var paused = lab.Cluster.Sample(guest);
        lab.Pass(600);
        Assert.Equal((0, paused.NetIn), (lab.Cluster.Sample(guest).Cpu, lab.Cluster.Sample(guest).NetIn));
        lab.Do(c => c.Resume(guest, Lab.Root));
        var resumed = lab.Cluster.Sample(guest);
        Assert.InRange(resumed.NetIn - paused.NetIn, 0, 2_000_000);
        lab.Pass(60);
        Assert.True(lab.Cluster.Sample(guest).NetIn > resumed.NetIn);
    }

    [Fact]
    public void A_node_carries_its_guests()
    {
        foreach (var node in lab.Cluster.Nodes.Values)
        {
            var sample = lab.Cluster.Sample(node);
            var guests = lab.Cluster.GuestsOn(node.Name).Where(g => g.Running)
                .Select(g => (g.Cpus, Sample: g.Sample(lab.Cluster.Now))).ToArray();
            Assert.True(sample.MemoryUsed >= guests.Sum(g => g.Sample.Memory) + sample.Arc);
            Assert.True(sample.MemoryUsed <= sample.MemoryTotal);
            Assert.True(sample.Cpu >= guests.Sum(g => g.Sample.Cpu * g.Cpus) / node.Cpus);
        }
    }

    [Fact]
    public void The_newest_row_of_a_graph_is_the_live_value_of_that_moment()
    {
        lab.Pass(17);
        var row = lab.Cluster.Rrd(lab.Guest(102), "hour")[^1];
        var at = DateTimeOffset.FromUnixTimeSeconds(row.Time);
        var live = lab.Guest(102).Sample(at);
        Assert.Equal(live.Cpu, Value(row, "cpu"));
        Assert.Equal(live.Memory, Value(row, "mem"));
        var counted = lab.Guest(102).Sample(at).NetIn - lab.Guest(102).Sample(at.AddSeconds(-60)).NetIn;
        Assert.Equal(counted / 60.0, Value(row, "netin"), 1.0);
    }

    [Theory]
    [InlineData("hour", 60, 70)]
    [InlineData("day", 60, 1440)]
    [InlineData("week", 1800, 336)]
    [InlineData("month", 1800, 1440)]
    [InlineData("year", 21600, 1460)]
    public void Graphs_cover_the_past_in_their_steps(string frame, int step, int count)
    {
        var rows = lab.Cluster.Rrd(lab.Node("pve1"), frame);
        Assert.Equal(count, rows.Count);
        Assert.All(rows.Zip(rows.Skip(1)), p => Assert.Equal(step, p.Second.Time - p.First.Time));
        Assert.All(rows, r => Assert.Equal(0, r.Time % step));
        Assert.InRange(Value(rows[^1], "cpu"), 0.001, 1);
    }

    [Fact]
    public void Graphs_of_day_and_hour_agree()
    {
        var day = lab.Cluster.Rrd(lab.Node("pve2"), "day").ToDictionary(r => r.Time);
        Assert.All(lab.Cluster.Rrd(lab.Node("pve2"), "hour"), r => Assert.Equal(Value(r, "cpu"), Value(day[r.Time], "cpu")));
    }

    [Fact]
    public void A_guest_has_no_numbers_before_it_existed_or_while_it_was_off()
    {
        var guest = lab.Guest(102);
        lab.Pass(120);
        lab.Do(c => c.Stop(guest, Lab.Root));
        lab.Pass(600);
        lab.Do(c => c.Start(guest, Lab.Root));
        lab.Pass(120);
        var rows = lab.Cluster.Rrd(guest, "hour");
        Assert.InRange(rows.Count(r => r.Values.All(v => v.Key != "cpu")), 9, 11);
        Assert.Contains(lab.Cluster.Rrd(guest, "year"), r => r.Values.Count == 0);
    }

    [Fact]
    public void A_storage_fills_by_what_is_put_into_it()
    {
        var storage = lab.Cluster.Storages["nfs"];
        var before = storage.UsedOn("pve1", lab.Cluster.Now);
        Assert.Equal("OK", lab.Do(c => c.Backup("pve2", [102], new BackupOptions { Storage = "nfs" }, Lab.Root)));
        var backup = Assert.Single(storage.Volumes, v => v.Content == "backup" && v.Created >= Lab.Noon);
        Assert.InRange(storage.UsedOn("pve1", lab.Cluster.Now) - before, backup.Used * .9, backup.Used * 1.1);
    }

    private static double Value(RrdRow row, string column) => row.Values.Single(v => v.Key == column).Value;

    private static double Mean(string persona, double hour)
    {
        var load = new GuestLoad(5, "qemu/1", Persona.Named(persona));
        return Enumerable.Range(0, 10).Average(day => load.Cpu(1_772_409_600 + (day * 86400) + (hour * 3600)));
    }
}
