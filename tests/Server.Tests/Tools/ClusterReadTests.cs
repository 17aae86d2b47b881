using System.Globalization;
using System.Text.Json;
using Jarvis.Server.Cluster;
using Jarvis.Server.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Tools;

public sealed class ClusterReadTests
{
    [Fact]
    [Drives("get_recent_tasks", "get_task_log")]
    public async Task Tasks_are_told_with_their_end_and_their_log()
    {
        await using var rig = await ToolRig.StartAsync();
        await rig.PostAsync("/nodes/pve3/qemu/105/status/start");
        await rig.RestAsync();
        await rig.PostAsync("/nodes/pve3/qemu/105/status/start");
        await rig.RestAsync();

        var tasks = await rig.ReadAsync("get_recent_tasks", new { guest = "spare" });
        var raw = (await rig.ProxmoxAsync("/nodes/pve3/tasks?vmid=105&source=all")).EnumerateArray().ToList();
        Assert.Equal(raw.Select(t => Text(t, "upid")), Items(tasks).Select(t => Text(t, "upid")));
        Assert.Equal((false, "error", "Start of 105", "ok"), (tasks.GetProperty("more").GetBoolean(), Text(Items(tasks)[0], "state"), Text(Items(tasks)[0], "what"), Text(Items(tasks)[1], "state")));
        var failed = Assert.Single(Items(await rig.ReadAsync("get_recent_tasks", new { node = "pve3", errors_only = true, limit = 1 })));
        Assert.Equal((Text(raw[0], "upid"), Text(raw[0], "status")), (Text(failed, "upid"), Text(failed, "exitStatus")));

        var upid = Text(raw[1], "upid")!;
        var log = await rig.ReadAsync("get_task_log", new { upid });
        var lines = await rig.ProxmoxAsync($"/nodes/pve3/tasks/{Uri.EscapeDataString(upid)}/log");
        Assert.Equal(lines.EnumerateArray().Select(l => Text(l, "t")), log.GetProperty("lines").EnumerateArray().Select(l => l.GetString()));
        Assert.Equal(("ok", "OK", 0), (Text(log, "state"), Text(log, "exitStatus"), log.GetProperty("earlierLines").GetInt32()));
    }

    [Fact]
    [Drives("get_backups", "get_storage_content")]
    public async Task Backups_are_told_by_guest_and_a_store_that_is_away_is_not_taken_for_empty()
    {
        await using var rig = await ToolRig.StartAsync();
        var content = (await rig.ProxmoxAsync("/nodes/pve1/storage/nfs/content?content=backup")).EnumerateArray().ToList();
        var report = await rig.ReadAsync("get_backups");
        foreach (var guest in content.GroupBy(v => v.GetProperty("vmid").GetInt32()))
        {
            var row = report.GetProperty("newest").EnumerateArray().Single(b => b.GetProperty("vmid").GetInt32() == guest.Key);
            Assert.Equal((Text(guest.MaxBy(v => v.GetProperty("ctime").GetInt64()), "volid"), guest.Count()), (Text(row, "volume"), row.GetProperty("backups").GetInt32()));
        }

        Assert.Equal([103, 104, 105, 106], Without(report));
        Assert.Empty(report.GetProperty("unread").EnumerateArray());
        await rig.PostAsync("/nodes/pve2/vzdump", ("vmid", "103"), ("storage", "nfs"), ("mode", "snapshot"));
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.Only!, v => v.Tasks.Any(t => t is { Type: "vzdump", Target: "103", State: TaskState.Ok }));
        await rig.RestAsync();
        Assert.Equal([104, 105, 106], Without(await rig.ReadAsync("get_backups")));
        var one = await rig.ReadAsync("get_backups", new { guest = 103, storage = "nfs", max_age_days = 1 });
        Assert.Equal((1, 0), (one.GetProperty("newest").GetArrayLength(), one.GetProperty("withoutBackup").GetArrayLength()));

        var listing = await rig.ReadAsync("get_storage_content", new { storage = "nfs", content = "backup" });
        Assert.Equal(
            (await rig.ProxmoxAsync("/nodes/pve1/storage/nfs/content?content=backup")).EnumerateArray().Select(v => Text(v, "volid")).Order(StringComparer.Ordinal),
            Items(listing).Select(v => Text(v, "volume")).Order(StringComparer.Ordinal));
        Assert.Equal(["local:iso/debian-13.2.0-amd64-netinst.iso"], Items(await rig.ReadAsync("get_storage_content", new { storage = "local", node = "pve2", content = "iso" })).Select(v => Text(v, "volume")));
        Assert.Contains("name the node: pve1, pve2, pve3", await rig.FailsAsync("get_storage_content", new { storage = "local" }), StringComparison.Ordinal);

        await rig.Cluster.Simulators[0].AddFaultAsync("storage-offline", "nfs", null, ToolRig.Stop);
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.Only!, v => v.Storages.Single(s => s.Id == "nfs").Status is not StorageStatus.Available);
        await rig.RestAsync();
        Assert.Equal(["lab1/nfs"], (await rig.ReadAsync("get_backups")).GetProperty("unread").EnumerateArray().Select(u => Text(u, "what")));
        Assert.Contains("nfs is not available", await rig.FailsAsync("get_storage_content", new { storage = "nfs" }), StringComparison.Ordinal);
        Assert.Contains("not known which there are", await rig.FailsAsync("get_backups", new { storage = "nfs" }), StringComparison.Ordinal);
    }

    [Fact]
    [Drives("get_metrics_history", "get_guest_status")]
    public async Task Numbers_over_time_are_those_of_the_cluster_and_a_guest_tells_of_its_inside()
    {
        await using var rig = await ToolRig.StartAsync();
        var raw = (await rig.ProxmoxAsync("/nodes/pve1/rrddata?timeframe=day&cf=AVERAGE")).EnumerateArray().Where(p => p.TryGetProperty("cpu", out _)).Select(p => p.GetProperty("cpu").GetDouble()).ToList();
        var cpu = await rig.ReadAsync("get_metrics_history", new { target = "node/pve1", metric = "cpu", range = "day" });
        Assert.Equal(raw.Count, cpu.GetProperty("points").GetInt32());
        foreach (var (name, value) in (ReadOnlySpan<(string, double)>)[("mean", raw.Average()), ("minimum", raw.Min()), ("maximum", raw.Max()), ("percentile95", raw.Order().ElementAt((int)Math.Ceiling(0.95 * raw.Count) - 1))])
        {
            Assert.InRange(cpu.GetProperty(name).GetDouble(), value * 0.999, value * 1.001);
        }

        var series = await rig.Cluster.AskAsync(Text(cpu, "series")!);
        Assert.Equal(raw.Count, series.GetProperty("series").GetProperty("cpu").EnumerateArray().Count(v => v.ValueKind == JsonValueKind.Number));

        var web = await rig.ReadAsync("get_guest_status", new { guest = "web" });
        Assert.Contains(web.GetProperty("addresses").EnumerateArray(), a => a.GetString()!.StartsWith("10.0.0.100/24", StringComparison.Ordinal));
        var disks = (await rig.ProxmoxAsync("/nodes/pve1/qemu/100/agent/get-fsinfo")).GetProperty("result");
        Assert.Equal(disks.EnumerateArray().Select(f => Text(f, "mountpoint")), web.GetProperty("fileSystems").EnumerateArray().Select(f => Text(f, "mountPoint")));
        Assert.Contains(
            (await rig.ReadAsync("get_guest_status", new { guest = 101 })).GetProperty("addresses").EnumerateArray(), a => a.GetString()!.StartsWith("10.0.0.101/", StringComparison.Ordinal));

        await rig.Cluster.Simulators[0].AddFaultAsync("guest-hang", "100", null, ToolRig.Stop);
        await rig.PostAsync("/nodes/pve2/qemu/102/status/stop");
        await rig.RestAsync();
        await rig.RestAsync();
        web = await rig.ReadAsync("get_guest_status", new { guest = "web" });
        Assert.Contains("agent is not running", Text(web, "insideUnknown"), StringComparison.Ordinal);
        Assert.Equal(("running", 0), (Text(web, "status"), web.GetProperty("addresses").GetArrayLength()));
        Assert.Equal("stopped", Text(await rig.ReadAsync("get_guest_status", new { guest = 102 }), "status"));
        var after = await rig.ReadAsync("get_metrics_history", new { target = "guest/102", metric = "cpu" });
        var last = (await rig.ProxmoxAsync("/nodes/pve2/qemu/102/rrddata?timeframe=hour&cf=AVERAGE")).EnumerateArray().Last(p => p.TryGetProperty("cpu", out _)).GetProperty("cpu").GetDouble();
        Assert.InRange(after.GetProperty("latest").GetDouble(), last * 0.999, (last * 1.001) + 1e-9);
        Assert.Contains("no guest '999'", await rig.FailsAsync("get_metrics_history", new { target = "guest/999", metric = "cpu" }), StringComparison.Ordinal);
    }

    [Fact]
    [Drives("find_resource", "get_cluster_resources")]
    public async Task Things_are_found_by_near_misses_and_addresses_and_listed_by_kind()
    {
        await using var rig = await ToolRig.StartAsync();
        async Task<string> BestAsync(string query) => Items(await rig.ReadAsync("find_resource", new { query })) is [var best, ..] ? $"{Text(best, "kind")} {Text(best, "id")}" : "nothing";
        foreach (var (query, best) in ((string, string)[])[("DB", "guest 102"), ("wbe", "guest 100"), ("debian template", "guest 900"), ("104", "guest 104"), ("network", "guest 101"), ("pve-2", "node pve2"), ("local lvm", "storage pve1/local-lvm"), ("zebra", "nothing")])
        {
            Assert.Equal(best, await BestAsync(query));
        }

        await rig.RestAsync();
        var address = (await rig.ProxmoxAsync("/cluster/status")).EnumerateArray().Single(r => Text(r, "name") == "pve2").GetProperty("ip").GetString()!;
        Assert.Equal("node pve2", await BestAsync(address));
        Assert.Equal("guest 102", await BestAsync("10.0.0.102"));
        await rig.RestAsync();
        var none = await rig.ReadAsync("find_resource", new { query = "10.9.9.9" });
        Assert.Empty(Items(none));

        Assert.Equal(["pve1", "pve2", "pve3"], Items(await rig.ReadAsync("get_cluster_resources", new { type = "node" })).Select(r => Text(r, "id")));
        Assert.Equal(["prod"], Items(await rig.ReadAsync("get_cluster_resources", new { type = "pool" })).Select(r => Text(r, "id")));
        await rig.PostAsync("/pools", ("poolid", "lab"));
        await rig.ChangeAsync("/nodes/pve2/qemu/102/config", ("name", "ledger"));
        await rig.RestAsync();
        Assert.Equal(["lab", "prod"], Items(await rig.ReadAsync("get_cluster_resources", new { type = "pool", cluster = "lab1" })).Select(r => Text(r, "id")));
        Assert.Equal("guest 102", await BestAsync("legder"));
        Assert.Equal(
            (await rig.ProxmoxAsync("/cluster/resources?type=vm")).EnumerateArray().Select(r => $"{r.GetProperty("vmid").GetInt32()} {Text(r, "name")} {Text(r, "node")}").Order(StringComparer.Ordinal),
            Items(await rig.ReadAsync("get_cluster_resources", new { type = "vm" })).Select(r => $"{Text(r, "id")} {Text(r, "name")} {Text(r, "node")}").Order(StringComparer.Ordinal));
    }

    [Fact]
    [Drives("get_events", "get_cluster_at")]
    public async Task What_happened_is_told_and_how_it_was_before()
    {
        await using var rig = await ToolRig.StartAsync();
        var cluster = rig.Cluster.Clusters.Only!;
        await rig.RestAsync();
        var earlier = rig.Cluster.Server.Time.GetUtcNow();
        var before = (await rig.WorldAsync()).ToDictionary(g => g.Key, g => g.Value.Split(' ')[1]);
        await rig.PostAsync("/nodes/pve2/qemu/102/status/stop");
        await rig.Cluster.Simulators[0].AddFaultAsync("node-off", "pve3", null, ToolRig.Stop);
        await rig.Cluster.SeesAsync(cluster, v => v.Guests.Single(g => g.Vmid == 102).Status is GuestStatus.Stopped && v.Nodes.Single(n => n.Name == "pve3").Status is NodeStatus.Offline);
        await StoredAsync(rig);

        var events = Items(await rig.ReadAsync("get_events", new { target = "guest/102", type = "guest" }));
        Assert.Equal(("guest.stopped", "lab1", "pve2"), (Text(events[0], "type"), Text(events[0], "cluster"), Text(events[0], "node")));
        Assert.Equal(["node.offline"], Items(await rig.ReadAsync("get_events", new { node = "pve3", type = "node", at_least = "critical", from = Iso(earlier) })).Select(e => Text(e, "type")));
        Assert.Empty(Items(await rig.ReadAsync("get_events", new { target = "guest/102", to = Iso(earlier) })));
        var page = await rig.ReadAsync("get_events", new { limit = 1 });
        Assert.True(Items(await rig.ReadAsync("get_events", new { limit = 1, before = page.GetProperty("next").GetInt64() }))[0].GetProperty("id").GetInt64() < Items(page)[0].GetProperty("id").GetInt64());

        var then = Assert.Single(Items(await rig.ReadAsync("get_cluster_at", new { time = Iso(earlier) })));
        Assert.Equal(before, then.GetProperty("guests").EnumerateArray().ToDictionary(g => g.GetProperty("vmid").GetInt32(), g => Text(g, "status")!));
        Assert.Equal((true, "online", 0), (then.GetProperty("quorate").GetBoolean(), Text(then.GetProperty("nodes"), "pve3"), then.GetProperty("gaps").GetArrayLength()));
        var now = Assert.Single(Items(await rig.ReadAsync("get_cluster_at", new { time = Iso(rig.Cluster.Server.Time.GetUtcNow()), cluster = "lab1" })));
        var db = now.GetProperty("guests").EnumerateArray().Single(g => g.GetProperty("vmid").GetInt32() == 102);
        Assert.Equal(("stopped", "db", "pve2", JsonValueKind.String, "offline"), (Text(db, "status"), Text(db, "name"), Text(db, "node"), db.GetProperty("since").ValueKind, Text(now.GetProperty("nodes"), "pve3")));
        Assert.Contains("knows nothing of it", await rig.FailsAsync("get_cluster_at", new { time = "2020-01-01T00:00:00Z" }), StringComparison.Ordinal);
        Assert.Contains("in the future", await rig.FailsAsync("get_cluster_at", new { time = "2999-01-01T00:00:00+02:00" }), StringComparison.Ordinal);
    }

    /// <summary>What was posted before is stored when this is.</summary>
    private static async Task StoredAsync(ToolRig rig) => await rig.Cluster.Server.Services.GetRequiredService<EventLog>().AppendAsync(
        new() { Type = "test.mark", Severity = Severity.Info, Source = Source.System, Summary = "All before it is stored." }, ToolRig.Stop);

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static IEnumerable<int> Without(JsonElement report) => report.GetProperty("withoutBackup").EnumerateArray().Select(g => g.GetProperty("vmid").GetInt32());

    private static List<JsonElement> Items(JsonElement rows) => [.. rows.GetProperty("items").EnumerateArray()];

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();
}
