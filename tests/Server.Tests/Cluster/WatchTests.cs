using System.Net;
using System.Text.Json;
using Jarvis.Server.Cluster;
using Jarvis.Server.Events;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Cluster;

public sealed class WatchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_clusters_that_share_names_and_ids_are_never_mixed_up()
    {
        await using var rig = await ClusterRig.StartAsync(1, 2);
        var (one, two) = (rig.Clusters.Find("lab1")!, rig.Clusters.Find("lab2")!);
        Assert.Equal(one.Current.View.Nodes.Select(n => n.Name), two.Current.View.Nodes.Select(n => n.Name));
        Assert.Equal(one.Current.View.Guests.Select(g => g.Vmid), two.Current.View.Guests.Select(g => g.Vmid));
        var victim = one.Current.View.Guests.First(g => g.Status is GuestStatus.Running && g.HaState is null);

        await rig.Simulators[0].AddFaultAsync("guest-poweroff", $"{victim.Vmid}", null, Stop);
        await rig.SeesAsync(one, v => v.Guests.Single(g => g.Vmid == victim.Vmid).Status is GuestStatus.Stopped);
        await rig.SeesAsync(two, v => v.Header.ObservedAt >= one.Current.View.Header.ObservedAt);

        Assert.Equal(GuestStatus.Running, two.Current.Guest(victim.Vmid)!.Status);
        var log = rig.Server.Services.GetRequiredService<EventLog>();
        // The log keeps its order: once this is stored, so is what the pollers posted before.
        await log.AppendAsync(new() { Type = "test.mark", Severity = Severity.Info, Source = Source.System, Summary = "mark" }, Stop);
        var events = await log.ReadAsync(new() { Type = "guest.stopped" }, Stop);
        Assert.Equal("lab1", Assert.Single(events.Items).What.Cluster);
    }

    [Fact]
    public async Task With_several_clusters_a_path_without_a_key_is_refused_and_says_which_there_are()
    {
        await using var rig = await ClusterRig.StartAsync(1, 2);

        using var answer = await rig.Server.SendAsync(HttpMethod.Get, "/api/cluster", rig.Signed.Access);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement;
        Assert.Equal("CLUSTER_REQUIRED", problem.GetProperty("code").GetString());
        Assert.Contains("lab1, lab2", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_loses_power_is_offline_and_its_guests_unknown()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        var cluster = rig.Clusters.Only!;
        var node = cluster.Current.View.Nodes[^1].Name;

        await rig.Simulators[0].AddFaultAsync("node-off", node, null, Stop);
        var seen = await rig.SeesAsync(cluster, v => v.Nodes.Single(n => n.Name == node).Status is NodeStatus.Offline);

        Assert.All(seen.View.Guests.Where(g => g.Node == node), g => Assert.Equal(GuestStatus.Unknown, g.Status));
        Assert.Null(seen.View.Header.BlindSince);
    }

    [Fact]
    public async Task A_cluster_that_cannot_be_read_is_blind_and_not_empty_and_recovers()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        var cluster = rig.Clusters.Only!;
        var before = cluster.Current.View;

        var faults = new List<string>();
        foreach (var node in before.Nodes) faults.Add(await rig.Simulators[0].AddFaultAsync("reset", node.Name, null, Stop));
        var blind = await rig.SeesAsync(cluster, v => v.Header.BlindSince is not null);

        Assert.Equal(before.Guests.Count, blind.View.Guests.Count);
        Assert.NotNull(blind.View.Header.Trouble);
        Assert.Null(blind.View.Header.Quorate);
        using (var answer = await rig.Server.SendAsync(HttpMethod.Get, "/api/cluster", rig.Signed.Access))
        {
            Assert.True(JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement.GetProperty("blind").GetBoolean());
        }

        foreach (var fault in faults) await rig.Simulators[0].RemoveFaultAsync(fault, Stop);
        await rig.SeesAsync(cluster, v => v.Header is { BlindSince: null, Quorate: true });
    }

    [Fact]
    public async Task A_node_that_answers_slowly_delays_nobody_else()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        var cluster = rig.Clusters.Only!;
        var node = cluster.Current.View.Nodes[0].Name;
        await rig.Simulators[0].AddFaultAsync("slow", "*", new Dictionary<string, string> { ["seconds"] = "3600", ["path"] = $"/nodes/{node}/status" }, Stop);

        var from = cluster.Current.View.Header.ObservedAt!.Value;
        var seen = await rig.SeesAsync(cluster, v => v.Header.ObservedAt > from.AddMinutes(1));

        Assert.Null(seen.View.Header.BlindSince);
    }

    [Fact]
    public async Task A_screen_of_one_node_gets_nothing_of_the_others()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        var cluster = rig.Clusters.Only!;
        var screen = await rig.ConnectAsync();
        await screen.NextAsync(m => m.Kind == "Snapshot");
        var node = cluster.Current.View.Nodes[0].Name;
        await Invoke(screen, "Subscribe", "lab1", $"node/{node}");
        var first = (ClusterView)(await screen.NextAsync(m => m.Kind == "Snapshot")).What!;
        Assert.All(first.Guests, g => Assert.Equal(node, g.Node));

        var from = cluster.Current.Sequence;
        await rig.SeesAsync(cluster, _ => cluster.Current.Sequence > from + 3);
        for (var i = 0; i < 3; i++)
        {
            var delta = (ClusterDelta)(await screen.NextAsync(m => m.Kind == "Delta")).What!;
            Assert.All(delta.GuestNumbers?.Vmids ?? [], v => Assert.Equal(node, cluster.Current.Guest(v)!.Node));
            Assert.All(delta.Guests ?? [], g => Assert.Equal(node, g.Node));
            Assert.All(delta.Tasks ?? [], t => Assert.Equal(node, t.Node));
        }
    }

    [Fact]
    public async Task History_that_proxmox_cannot_tell_is_refused_in_its_own_words()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        await rig.Simulators[0].AddFaultAsync("errors", "*", new Dictionary<string, string> { ["path"] = "/nodes" }, Stop);
        var node = rig.Clusters.Only!.Current.View.Nodes[0].Name;

        using var answer = await rig.Server.SendAsync(HttpMethod.Get, $"/api/metrics/node/{node}?range=year", rig.Signed.Access);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("PROXMOX_FAILED", JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Looking_at_history_stays_within_the_budget_too()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        List<HttpStatusCode> answers = [];
        foreach (var guest in rig.Clusters.Only!.Current.View.Guests)
        {
            foreach (var range in (string[])["hour", "day", "week", "month", "year"])
            {
                using var answer = await rig.Server.SendAsync(HttpMethod.Get, $"/api/metrics/guest/{guest.Vmid}?range={range}", rig.Signed.Access);
                answers.Add(answer.StatusCode);
            }
        }

        Assert.Contains(HttpStatusCode.OK, answers);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        using var observed = await rig.Server.SendAsync(HttpMethod.Get, "/api/observer", rig.Signed.Access);
        var page = JsonDocument.Parse(await observed.Content.ReadAsStringAsync(Stop)).RootElement;
        Assert.InRange(page.GetProperty("calls").GetInt32(), 1, page.GetProperty("budgetPerMinute").GetInt32() + 3);
    }

    [Fact]
    public async Task A_screen_gets_a_snapshot_and_then_deltas_without_a_gap()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        var screen = await rig.ConnectAsync();
        var first = await screen.NextAsync(m => m.Kind == "Snapshot");
        Assert.Equal(rig.Clusters.Only!.Current.View.Guests.Count, ((ClusterView)first.What!).Guests.Count);

        var last = first.Sequence;
        for (var i = 0; i < 5; i++)
        {
            await rig.SeesAsync(rig.Clusters.Only!, _ => rig.Clusters.Only!.Current.Sequence > last);
            var delta = await screen.NextAsync(m => m.Kind == "Delta");
            Assert.Equal(last + 1, delta.Sequence);
            last = delta.Sequence;
        }
    }

    [Fact]
    public async Task A_screen_may_look_at_one_guest_alone()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        var screen = await rig.ConnectAsync();
        await screen.NextAsync(m => m.Kind == "Snapshot");
        var vmid = rig.Clusters.Only!.Current.View.Guests[0].Vmid;

        await Invoke(screen, "Subscribe", "lab1", $"guest/{vmid}");

        var narrow = await screen.NextAsync(m => m.Kind == "Snapshot");
        Assert.Equal(vmid, Assert.Single(((ClusterView)narrow.What!).Guests).Vmid);
    }

    [Theory]
    [InlineData("nowhere", "cluster", "CLUSTER_UNKNOWN")]
    [InlineData("lab1", "everything", "BAD_SCOPE")]
    [InlineData("lab1", "guest/abc", "BAD_SCOPE")]
    [InlineData(null, "node/pve1", "BAD_SCOPE")]
    public async Task A_bad_subscription_is_told_what_is_legal(string? cluster, string scope, string code)
    {
        await using var rig = await ClusterRig.StartAsync(1);
        var screen = await rig.ConnectAsync();

        await Invoke(screen, "Subscribe", cluster, scope);

        Assert.Equal(code, (await screen.NextAsync(m => m.Kind == "Failed")).Cluster);
    }

    [Fact]
    public async Task Resync_is_limited()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        var screen = await rig.ConnectAsync();

        for (var i = 0; i < 8; i++) await Invoke(screen, "Resync");

        Assert.Equal("RATE_LIMITED", (await screen.NextAsync(m => m.Kind == "Failed")).Cluster);
    }

    [Fact]
    public async Task A_revoked_session_loses_its_screens()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        var screen = await rig.ConnectAsync();
        await screen.NextAsync(m => m.Kind == "Snapshot");

        using var answer = await rig.Server.SendAsync(HttpMethod.Post, "/api/auth/logout", rig.Signed.Access, rig.Signed.RefreshCookie,
            ("Origin", rig.Server.Address.GetLeftPart(UriPartial.Authority)));

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        await screen.Closed.WaitAsync(TimeSpan.FromSeconds(30), Stop);
    }

    [Fact]
    public async Task The_whole_state_is_sent_once_a_sequence_and_then_304()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        // Or details of a node that arrive in between would make another sequence.
        using (var paused = await rig.AskAsync(HttpMethod.Patch, "/api/clusters/lab1", new { paused = true })) paused.EnsureSuccessStatusCode();
        using var first = await rig.Server.SendAsync(HttpMethod.Get, "/api/cluster", rig.Signed.Access);
        using var second = await rig.Server.SendAsync(HttpMethod.Get, "/api/cluster", rig.Signed.Access, null, ("If-None-Match", first.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Watching_stays_within_its_budget()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        var cluster = rig.Clusters.Only!;
        var from = cluster.Current.View.Header.ObservedAt!.Value;
        await rig.SeesAsync(cluster, v => v.Header.ObservedAt > from.AddMinutes(3));

        using var answer = await rig.Server.SendAsync(HttpMethod.Get, "/api/observer", rig.Signed.Access);
        var observed = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement;

        Assert.InRange(observed.GetProperty("calls").GetInt32(), 12, observed.GetProperty("budgetPerMinute").GetInt32());
    }

    private static Task Invoke(TestScreen screen, string method, params object?[] arguments) =>
        screen.Connection.InvokeCoreAsync(method, arguments, Stop);
}
