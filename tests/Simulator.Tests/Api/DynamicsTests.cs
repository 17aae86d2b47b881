namespace Jarvis.Simulator.Tests.Api;

public sealed class DynamicsTests
{
    [Fact]
    public async Task Resources_lag_behind_by_a_cycle_while_the_live_state_is_right()
    {
        await using var rig = await Rig.StartAsync();
        rig.Pass(10.5);
        Assert.Equal("OK", await rig.FinishAsync(await rig.PostAsync("/nodes/pve3/qemu/105/status/start"), 8));
        Assert.Equal("running", (await rig.GetAsync("/nodes/pve3/qemu/105/status/current")).Data.GetProperty("status").GetString());
        Assert.Equal("stopped", (await rig.GetAsync("/cluster/resources?type=vm")).Row("vmid",
            "105").GetProperty("status").GetString());
        rig.Pass(10);
        Assert.Equal("running", (await rig.GetAsync("/cluster/resources?type=vm")).Row("vmid",
            "105").GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_new_guest_is_unknown_and_nameless_until_the_next_cycle()
    {
        await using var rig = await Rig.StartAsync();
        rig.Pass(10.5);
        await rig.PostAsync("/nodes/pve3/qemu", ("vmid", "300"), ("name", "fresh"), ("memory", "512"));
        rig.Pass(3);
        var row = (await rig.GetAsync("/cluster/resources?type=vm")).Row("vmid", "300");
        Assert.Equal("unknown", row.GetProperty("status").GetString());
        Assert.False(row.TryGetProperty("name", out _));
        rig.Pass(20);
        Assert.Equal("fresh", (await rig.GetAsync("/cluster/resources?type=vm")).Row("vmid",
            "300").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Guests_of_a_dead_node_keep_their_numbers_for_300_seconds()
    {
        await using var rig = await Rig.StartAsync();
        rig.Pass(10);
        await rig.FaultAsync("node-off", "pve2");
        rig.Pass(30);
        var row = (await rig.GetAsync("/cluster/resources?type=vm")).Row("vmid", "103");
        Assert.Equal("running", row.GetProperty("status").GetString());
        Assert.Equal("offline", (await rig.GetAsync("/nodes")).Row("node", "pve2").GetProperty("status").GetString());
        Assert.Equal(0, (await rig.GetAsync("/cluster/status")).Row("name", "pve2").GetProperty("online").GetInt32());
        rig.Pass(300);
        row = (await rig.GetAsync("/cluster/resources?type=vm")).Row("vmid", "103");
        Assert.Equal("unknown", row.GetProperty("status").GetString());
        Assert.False(row.TryGetProperty("cpu", out _));
        Assert.Equal("pve2", row.GetProperty("node").GetString());
    }

    [Fact]
    public async Task An_offline_node_has_no_numbers()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("node-off", "pve3");
        rig.Pass(15);
        foreach (var row in new[] { (await rig.GetAsync("/nodes")).Row("node", "pve3"),
            (await rig.GetAsync("/cluster/resources?type=node")).Row("node", "pve3") })
        {
            Assert.Equal("offline", row.GetProperty("status").GetString());
            Assert.All(["cpu", "mem", "disk", "uptime"], key => Assert.False(row.TryGetProperty(key, out _), key));
        }
    }

    [Theory]
    [InlineData("hour", 60, 55, 75)]
    [InlineData("day", 60, 1300, 1500)]
    [InlineData("week", 1800, 60, 400)]
    [InlineData("year", 21600, 300, 1600)]
    public async Task Graphs_have_the_steps_of_the_real_thing(string frame, int step, int atLeast, int atMost)
    {
        await using var rig = await Rig.StartAsync();
        var rows = (await rig.GetAsync($"/nodes/pve1/rrddata?timeframe={frame}")).Data;
        Assert.InRange(rows.GetArrayLength(), atLeast, atMost);
        var times = rows.EnumerateArray().Select(r => r.GetProperty("time").GetInt64()).ToArray();
        Assert.Equal(step, times[^1] - times[^2]);
        Assert.True(times[^1] <= rig.Clock.GetUtcNow().ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Timings_are_those_of_a_small_cluster()
    {
        await using var rig = await Rig.StartAsync();
        Assert.InRange(await DurationAsync(rig, "/nodes/pve3/qemu/105/status/start"), 1, 5);
        rig.Pass(60);
        Assert.InRange(await DurationAsync(rig, "/nodes/pve3/qemu/105/status/shutdown"), 3, 60);
        Assert.InRange(await DurationAsync(rig, "/nodes/pve3/lxc/106/status/start"), 1, 3);
    }

    [Fact]
    public async Task A_stopped_guest_has_zeros_and_no_process()
    {
        await using var rig = await Rig.StartAsync();
        var stopped = (await rig.GetAsync("/nodes/pve3/qemu/105/status/current")).Data;
        Assert.All(["cpu", "mem", "uptime", "netin", "netout"], key =>
            Assert.Equal(0, stopped.GetProperty(key).GetDouble()));
        Assert.False(stopped.TryGetProperty("pid", out _));
        Assert.Equal("stopped", stopped.GetProperty("qmpstatus").GetString());
        Assert.Equal(0, (await rig.GetAsync("/nodes/pve2/qemu/102/status/current")).Data.GetProperty("disk").GetInt64());
    }

    [Fact]
    public async Task A_node_comes_back_after_a_reboot_with_a_short_uptime()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal(200, (await rig.PostAsync("/nodes/pve2/status", ("command", "reboot"))).Status);
        for (var i = 0; i < 300 && rig.Host.Cluster.Nodes["pve2"].BootedAt < rig.Clock.GetUtcNow().AddMinutes(-10); i++)
        {
            rig.Pass(2);
        }
        var status = await rig.GetAsync("/nodes/pve2/status");
        Assert.Equal(200, status.Status);
        Assert.InRange(status.Data.GetProperty("uptime").GetInt64(), 0, 600);
    }

    private static async Task<double> DurationAsync(Rig rig, string path)
    {
        var began = rig.Clock.GetUtcNow();
        Assert.Equal("OK", await rig.FinishAsync(await rig.PostAsync(path)));
        return (rig.Clock.GetUtcNow() - began).TotalSeconds;
    }
}
