using System.Text.Json;

namespace Jarvis.Simulator.Tests.Api;

public sealed class WireFaultTests
{
    [Fact]
    public async Task Errors_strike_only_the_paths_they_are_aimed_at()
    {
        await using var rig = await Rig.StartAsync();
        var id = await rig.FaultAsync("errors", "*", ("path", "/cluster"), ("status", "503"));
        Assert.Equal(503, (await rig.GetAsync("/cluster/status")).Status);
        Assert.Equal(200, (await rig.GetAsync("/nodes")).Status);
        await rig.AdminAsync("DELETE", "/faults/" + id);
        Assert.Equal(200, (await rig.GetAsync("/cluster/status")).Status);
    }

    [Fact]
    public async Task Errors_strike_only_the_node_they_are_aimed_at()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("errors", "pve2");
        Assert.Equal(200, (await rig.GetAsync("/version")).Status);
        Assert.Equal(500, (await rig.GetAsync("/version", 1)).Status);
    }

    [Fact]
    public async Task The_nth_request_can_be_struck()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("errors", "*", ("path", "/version"), ("nth", "3"));
        var got = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            got.Add((await rig.GetAsync("/version")).Status);
        }
        Assert.Equal([200, 200, 500, 200, 200, 500], got);
    }

    [Fact]
    public async Task A_probability_strikes_some()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("errors", "*", ("probability", "0.5"));
        var failed = 0;
        for (var i = 0; i < 40; i++)
        {
            failed += (await rig.GetAsync("/version")).Status == 500 ? 1 : 0;
        }
        Assert.InRange(failed, 8, 32);
    }

    [Fact]
    public async Task A_truncated_answer_breaks_off()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("truncate", "*");
        await Assert.ThrowsAsync<HttpRequestException>(() => rig.GetAsync("/cluster/status"));
    }

    [Fact]
    public async Task A_garbled_answer_is_no_json()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("garble", "*");
        var reply = await rig.GetAsync("/cluster/status");
        Assert.Equal(200, reply.Status);
        Assert.ThrowsAny<JsonException>(() => reply.Root);
    }

    [Fact]
    public async Task A_reset_gives_no_answer()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("reset", "*");
        await Assert.ThrowsAsync<HttpRequestException>(() => rig.GetAsync("/cluster/status"));
    }

    [Fact]
    public async Task A_slow_answer_takes_the_time_it_was_given()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("slow", "*", ("seconds", "0.4"));
        var began = TimeProvider.System.GetTimestamp();
        Assert.Equal(200, (await rig.GetAsync("/version")).Status);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, .38, 5);
    }

    [Fact]
    public async Task A_hung_node_accepts_and_never_answers_until_it_is_well()
    {
        await using var rig = await Rig.StartAsync();
        var id = await rig.FaultAsync("node-hang", "pve2");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Rig.Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(.7));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            rig.Http.SendAsync(rig.Request("GET", "/version", 1), patience.Token));
        await rig.AdminAsync("DELETE", "/faults/" + id);
        rig.Pass(10);
        Assert.Equal(200, (await rig.GetAsync("/version", 1)).Status);
    }

    [Fact]
    public async Task Endpoints_on_the_two_sides_of_a_partition_disagree()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("partition", "pve3");
        rig.Pass(15);
        var majority = await rig.GetAsync("/cluster/status");
        var minority = await rig.GetAsync("/cluster/status", 2);
        Assert.Equal((1, 0), (Quorate(majority), Quorate(minority)));
        Assert.Equal(0, majority.Row("name", "pve3").GetProperty("online").GetInt32());
        Assert.Equal(0, minority.Row("name", "pve1").GetProperty("online").GetInt32());
        Assert.Equal(595, (await rig.GetAsync("/nodes/pve3/status")).Status);
        var start = rig.Request("POST", "/nodes/pve3/qemu/105/status/start", 2);
        Assert.Equal("cluster not ready - no quorum?", (await rig.SendAsync(start)).Reason);
    }

    [Fact]
    public async Task A_node_without_power_comes_back_at_its_address_after_a_wake_packet()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("node-off", "pve2");
        await Assert.ThrowsAsync<HttpRequestException>(() => rig.GetAsync("/version", 1));
        var mac = (await rig.PostAsync("/nodes/pve2/wakeonlan")).Data.GetString();
        Assert.Matches("^([0-9a-f]{2}:){5}[0-9a-f]{2}$", mac);
        rig.Pass(120);
        Assert.Equal(200, (await rig.AdminAsync("POST", "/time", "{\"advance\":1}")).Status);
        Assert.Equal(200, (await rig.GetAsync("/version", 1)).Status);
    }

    private static int Quorate(Reply status) => status.Row("type", "cluster").GetProperty("quorate").GetInt32();
}
