using System.Net;
using System.Text.Json;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Tests.Tools;

public sealed class RebootTests
{
    private const string Word = "correct horse";
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(5);

    [Fact]
    [Drives("reboot_node")]
    public async Task A_node_restarts_with_the_right_keyword_alone_and_its_guests_run_again()
    {
        await using var rig = await StartAsync();
        var (before, booted) = (await rig.WorldAsync(), await BootedAsync(rig, "pve2"));
        await rig.ChangeAsync("/nodes/pve2/lxc/103/config", ("onboot", "0"));

        var (status, waiting) = await rig.CallAsync("reboot_node", new { node = "pve2" }, confirmed: true);

        Assert.Equal(HttpStatusCode.Accepted, status);
        var approval = waiting.GetProperty("approval");
        Assert.Equal(("orange", true), (approval.GetProperty("tier").GetString(), approval.GetProperty("keywordRequired").GetBoolean()));
        Assert.Equal(["db (102): running → starts again with the node", "cache (103): running → stays off: it does not start with its node"], Changes(approval.GetProperty("plan")));
        var (refused, wrong) = await rig.DecideAsync(approval, new { decision = "approve", keyword = "another word" });
        Assert.Equal((HttpStatusCode.Forbidden, "NEEDS_FACTOR"), (refused, wrong.GetProperty("code").GetString()));
        Assert.Equal(booted, await BootedAsync(rig, "pve2"));

        var answer = await rig.EndedAsync((await rig.DecideAsync(approval, new { decision = "approve", keyword = Word })).Answer, Quick);
        Assert.True(answer.GetProperty("outcome").GetString() == "completed", answer.ToString());

        var result = answer.GetProperty("result");
        Assert.Equal("db (102)", Assert.Single(result.GetProperty("runAgain").EnumerateArray()).GetString());
        Assert.Equal("cache (103)", Assert.Single(result.GetProperty("stayedOff").EnumerateArray()).GetString());
        Assert.NotEqual(booted, await BootedAsync(rig, "pve2"));
        var after = await rig.WorldAsync();
        Assert.StartsWith("pve2 running ", after[102], StringComparison.Ordinal);
        Assert.StartsWith("pve2 stopped ", after[103], StringComparison.Ordinal);
        Assert.Equal(before.Where(g => g.Key != 103), after.Where(g => g.Key != 103));
    }

    [Fact]
    public async Task Before_its_delay_is_over_it_can_be_cancelled_and_nothing_happens()
    {
        await using var rig = await StartAsync();
        var (before, booted) = (await rig.WorldAsync(), await BootedAsync(rig, "pve3"));

        var answer = await OrderAsync(rig, new { node = "pve3", delay_s = 300 });
        Assert.Equal("running", answer.GetProperty("outcome").GetString());
        var run = Assert.Single((await rig.Cluster.AskAsync("/api/tools/runs")).EnumerateArray());
        Assert.Equal((answer.GetProperty("auditId").GetString(), "reboot_node", "node pve3 of lab1", true), (run.GetProperty("auditId").GetString(), run.GetProperty("tool").GetString(), run.GetProperty("targets").GetString(), run.GetProperty("mine").GetBoolean()));
        Assert.Equal("pve3 restarts in 300 s.", run.GetProperty("progress").GetProperty("text").GetString());
        await rig.Cluster.Server.AddAccountAsync("viewer", Jarvis.Server.Auth.Role.Viewer, "some password");
        Assert.Equal("[]", (await rig.SendAsync("", (await rig.Cluster.Server.SignInAsync("viewer", "some password")).Access, "/api/tools/runs", method: HttpMethod.Get)).Answer.ToString());
        await rig.SendAsync("", path: $"/api/tools/runs/{answer.GetProperty("auditId").GetString()}/cancel");
        rig.Cluster.Server.Time.Advance(TimeSpan.FromMinutes(6));
        var ended = await rig.EndedAsync(answer, Quick);
        Assert.Equal(("failed", "pve3 was not restarted: it was stopped before its time."), (ended.GetProperty("outcome").GetString(), ended.GetProperty("why").GetString()));

        Assert.Equal("[]", (await rig.Cluster.AskAsync("/api/tools/runs")).ToString());
        Assert.Equal(booted, await BootedAsync(rig, "pve3"));
        Assert.Equal(before, await rig.WorldAsync());
    }

    [Fact]
    public async Task It_does_not_restart_when_another_node_goes_down_meanwhile()
    {
        await using var rig = await StartAsync();
        var booted = await BootedAsync(rig, "pve3");
        var answer = await OrderAsync(rig, new { node = "pve3", delay_s = 120 });

        await rig.Cluster.Simulators[0].AddFaultAsync("node-off", "pve2", new Dictionary<string, string>(), ToolRig.Stop);
        var ended = await rig.EndedAsync(answer, Quick);

        Assert.Equal("failed", ended.GetProperty("outcome").GetString());
        Assert.Contains("Meanwhile pve2 went offline: pve3 was not restarted.", ended.GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal(booted, await BootedAsync(rig, "pve3"));
    }

    [Fact]
    public async Task It_does_not_restart_under_a_guest_that_came_meanwhile()
    {
        await using var rig = await StartAsync();
        var booted = await BootedAsync(rig, "pve3");
        var answer = await OrderAsync(rig, new { node = "pve3", delay_s = 300 });

        await rig.DoAsync("migrate_guest", new { guest = 101, target_node = "pve3" }, confirmed: true);
        var ended = await rig.EndedAsync(answer, Quick);

        Assert.Equal("failed", ended.GetProperty("outcome").GetString());
        Assert.Matches(@"Meanwhile \w+ \(101\) came to run on pve3: it was not restarted.", ended.GetProperty("why").GetString());
        Assert.Equal(booted, await BootedAsync(rig, "pve3"));
    }

    [Theory]
    [InlineData(GuestStatus.Running, true)]
    [InlineData(GuestStatus.Paused, true)]
    [InlineData(GuestStatus.Unknown, true)]
    [InlineData(GuestStatus.Suspended, false)]
    [InlineData(GuestStatus.Stopped, false)]
    public void What_may_be_in_memory_goes_down_with_its_node(GuestStatus status, bool expected) =>
        Assert.Equal(expected, new GuestView { Vmid = 1, Name = "one", Node = "pve1", Type = GuestType.Vm, Status = status }.MayRun());

    [Fact]
    public async Task A_guest_that_does_not_come_back_makes_it_a_failure()
    {
        await using var rig = await StartAsync();
        var answer = await OrderAsync(rig, new { node = "pve2", delay_s = 60 });

        await rig.ChangeAsync("/nodes/pve2/qemu/102/config", ("onboot", "0"));
        var ended = await rig.EndedAsync(answer, Quick);

        Assert.Equal("failed", ended.GetProperty("outcome").GetString());
        Assert.Contains("some of its guests do not run: db (102).", ended.GetProperty("why").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_off_is_not_restarted()
    {
        await using var rig = await StartAsync();
        await rig.Cluster.Simulators[0].AddFaultAsync("node-off", "pve2", new Dictionary<string, string>(), ToolRig.Stop);
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.Only!, v => v.Nodes.Any(n => n is { Name: "pve2", Status: not NodeStatus.Online }));

        var (status, answer) = await rig.CallAsync("reboot_node", new { node = "pve2" });

        Assert.Equal((HttpStatusCode.Conflict, "DENY_STATE"), (status, answer.GetProperty("code").GetString()));
        Assert.Contains("not online", answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quorum_that_would_be_lost_stands_in_the_plan()
    {
        await using var rig = await StartAsync();
        await rig.Cluster.Simulators[0].AddFaultAsync("node-off", "pve3", new Dictionary<string, string>(), ToolRig.Stop);
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.Only!, v => v.Nodes.Any(n => n is { Name: "pve3", Status: not NodeStatus.Online }));

        var (_, dry) = await rig.CallAsync("reboot_node", new { node = "pve1" }, dryRun: true);

        Assert.Contains(dry.GetProperty("plan").GetProperty("warnings").EnumerateArray(), w => w.GetString()!.Contains("loses its quorum", StringComparison.Ordinal));
    }

    private static async Task<ToolRig> StartAsync()
    {
        var rig = await ToolRig.StartAsync();
        await rig.SendAsync(JsonSerializer.Serialize(new { password = TestServer.Password, keyword = Word }), path: "/api/keyword", method: HttpMethod.Put);
        return rig;
    }

    private static async Task<JsonElement> OrderAsync(ToolRig rig, object args)
    {
        var (_, waiting) = await rig.CallAsync("reboot_node", args);
        return (await rig.DecideAsync(waiting.GetProperty("approval"), new { decision = "approve", keyword = Word })).Answer;
    }

    private static IEnumerable<string> Changes(JsonElement plan) => plan.GetProperty("changes").EnumerateArray()
        .Select(c => $"{c.GetProperty("what").GetString()}: {c.GetProperty("before").GetString()} → {c.GetProperty("after").GetString()}");

    /// <summary>When the node was started, as the simulated cluster itself has it.</summary>
    private static async Task<long> BootedAsync(ToolRig rig, string node)
    {
        var uptime = (await rig.ProxmoxAsync($"/nodes/{node}/status")).GetProperty("uptime").GetInt64();
        return rig.Cluster.Server.Time.GetUtcNow().ToUnixTimeSeconds() - uptime;
    }
}
