using Jarvis.Simulator.Hosting;

namespace Jarvis.Simulator.Tests.Api;

public sealed class AdminTests
{
    [Fact]
    public async Task Requests_are_counted_by_template_and_can_be_reset()
    {
        await using var rig = await Rig.StartAsync();
        await rig.GetAsync("/nodes/pve1/status");
        await rig.GetAsync("/nodes/pve2/status");
        await rig.GetAsync("/version");
        var counts = (await rig.AdminAsync("GET", "/requests")).Root;
        Assert.Equal(3, counts.GetProperty("total").GetInt32());
        Assert.Equal(2, counts.GetProperty("byPath").GetProperty("GET /nodes/{node}/status").GetInt32());
        await rig.AdminAsync("DELETE", "/requests");
        Assert.Equal(0, (await rig.AdminAsync("GET", "/requests")).Root.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task State_has_a_hash_that_changes_with_the_state_alone()
    {
        await using var rig = await Rig.StartAsync();
        var before = await HashAsync(rig);
        Assert.Equal(before, await HashAsync(rig));
        await rig.FaultAsync("guest-crash", "102");
        Assert.NotEqual(before, await HashAsync(rig));
    }

    [Fact]
    public async Task Time_can_be_put_forward()
    {
        await using var rig = await Rig.StartAsync();
        var before = (await rig.GetAsync("/nodes/pve1/time")).Data.GetProperty("time").GetInt64();
        await rig.AdminAsync("POST", "/time", "{\"advance\":3600}");
        Assert.Equal(before + 3600, (await rig.GetAsync("/nodes/pve1/time")).Data.GetProperty("time").GetInt64());
    }

    [Theory]
    [InlineData("/faults", "{\"kind\":\"flood\",\"target\":\"x\"}", "unknown fault 'flood'; legal are guest-crash")]
    [InlineData("/faults", "{\"kind\":\"node-off\",\"target\":\"pve9\"}", "legal: pve1, pve2, pve3")]
    [InlineData("/faults", "{\"kind\":\"errors\",\"target\":\"*\",\"params\":{\"colour\":\"red\"}}",
        "errors takes status, path, probability")]
    [InlineData("/faults", "[]", "the body must be a JSON object")]
    [InlineData("/time", "{\"advance\":-1}", "advance must be a number of seconds")]
    public async Task Bad_input_is_refused_with_what_is_legal(string path, string body, string text)
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.AdminAsync("POST", path, body);
        Assert.Equal(400, reply.Status);
        Assert.Contains(text, reply.Root.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_are_listed_while_they_last()
    {
        await using var rig = await Rig.StartAsync();
        var id = await rig.FaultAsync("slow", "pve1", ("seconds", "0"));
        Assert.Equal(id, (await rig.AdminAsync("GET",
            "/faults")).Root.GetProperty("faults")[0].GetProperty("id").GetString());
        Assert.Equal(200, (await rig.AdminAsync("DELETE", "/faults/" + id)).Status);
        Assert.Equal(404, (await rig.AdminAsync("DELETE", "/faults/" + id)).Status);
    }

    [Theory]
    [InlineData("--scenario moon", "homelab, three-nodes, fleet")]
    [InlineData("--colour red", "--scenario homelab|three-nodes|fleet")]
    [InlineData("--listen here", "127.0.0.1:8006")]
    [InlineData("--speed 0", "above 0")]
    [InlineData("--seed", "needs a value")]
    [InlineData("--nodes 3", "--scenario fleet only")]
    [InlineData("--user root@pam", "go together")]
    [InlineData("--clock-origin soon", "2026-01-31T12:00:00Z")]
    public void A_bad_flag_is_answered_with_the_legal_ones(string line, string text)
    {
        var refused = Assert.Throws<ArgumentException>(() => CommandLine.Parse(line.Split(' ')));
        Assert.Contains(text, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Good_flags_become_options()
    {
        var options = CommandLine.Parse("--scenario fleet --nodes 4 --guests 9 --listen 127.0.0.1:0 --admin-port 0 --speed=144 --single-endpoint".Split(' '));
        Assert.Equal(("fleet", 4, 9, 0, 144.0, true),
            (options.Scenario, options.Nodes, options.Guests, options.AdminPort, options.Speed,
                options.SingleEndpoint));
    }

    [Fact]
    public async Task A_single_endpoint_serves_all_nodes()
    {
        await using var rig = await Rig.StartAsync(new SimulatorOptions { SingleEndpoint = true });
        Assert.Single(rig.Host.Endpoints);
        Assert.Equal(200, (await rig.GetAsync("/nodes/pve3/status")).Status);
    }

    private static async Task<string> HashAsync(Rig rig) =>
        (await rig.AdminAsync("GET", "/state")).Root.GetProperty("hash").GetString()!;
}
