using System.Text.Json;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Tests.Tools;

public sealed class NodeReadTests
{
    [Fact]
    [Drives("get_disks", "get_zfs_pools", "get_certificates")]
    public async Task The_hardware_of_a_node_is_told_the_worst_first_and_as_it_is_after_a_fault()
    {
        await using var rig = await ToolRig.StartAsync();
        var disks = await rig.ReadAsync("get_disks", new { node = "pve1" });
        Assert.Equal(
            (await rig.ProxmoxAsync("/nodes/pve1/disks/list")).EnumerateArray().Select(d => $"{d.GetProperty("devpath").GetString()} {d.GetProperty("size").GetInt64()} {d.GetProperty("health").GetString()}").Order(),
            Items(disks).Select(d => $"{d.GetProperty("device").GetString()} {d.GetProperty("sizeBytes").GetInt64()} {d.GetProperty("smartHealth").GetString()}").Order());
        Assert.Equal([95.0, null, null], Items(disks).Select(d => d.GetProperty("lifeLeftPercent") is { ValueKind: JsonValueKind.Number } left ? left.GetDouble() : (double?)null));

        var pool = Assert.Single(Items(await rig.ReadAsync("get_zfs_pools")));
        Assert.Equal(("pve1", "tank", "ONLINE"), (Text(pool, "node"), Text(pool, "name"), Text(pool, "health")));
        Assert.Equal((await rig.ProxmoxAsync("/nodes/pve1/disks/zfs"))[0].GetProperty("alloc").GetInt64(), pool.GetProperty("allocatedBytes").GetInt64());
        var before = Items(await rig.ReadAsync("get_certificates", new { node = "pve2" })).First(c => Text(c, "file") == "pve-ssl.pem");

        await FaultAsync(rig, "smart-fail", "pve1", ("disk", "/dev/sdb"));
        await FaultAsync(rig, "zfs-degraded", "pve1", ("pool", "tank"));
        await FaultAsync(rig, "cert-expiring", "pve2", ("days", "5"));
        await rig.RestAsync();

        var worst = Items(await rig.ReadAsync("get_disks", new { node = "pve1", cluster = "lab1" }))[0];
        var raw = (await rig.ProxmoxAsync("/nodes/pve1/disks/list")).EnumerateArray().Single(d => d.GetProperty("devpath").GetString() == "/dev/sdb");
        Assert.Equal(("/dev/sdb", raw.GetProperty("health").GetString()), (Text(worst, "device"), Text(worst, "smartHealth")));
        Assert.NotEqual("PASSED", Text(worst, "smartHealth"));
        pool = Items(await rig.ReadAsync("get_zfs_pools", new { node = "pve1" }))[0];
        Assert.Equal("DEGRADED", Text(pool, "health"));
        Assert.Contains("FAULTED", Assert.Single(pool.GetProperty("failedDevices").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Empty(Items(await rig.ReadAsync("get_zfs_pools", new { node = "pve2" })));
        var soon = Items(await rig.ReadAsync("get_certificates", new { node = "pve2" }))[0];
        Assert.Equal(("pve-ssl.pem", 4.0, false), (Text(soon, "file"), soon.GetProperty("daysLeft").GetDouble(), soon.GetProperty("expired").GetBoolean()));
        Assert.True(before.GetProperty("daysLeft").GetDouble() > 100);
    }

    [Fact]
    [Drives("get_network", "get_updates", "get_services", "get_journal")]
    public async Task What_runs_on_a_node_is_told_as_it_is_after_a_change()
    {
        await using var rig = await ToolRig.StartAsync();
        var network = Items(await rig.ReadAsync("get_network"));
        Assert.Equal(["pve1", "pve2", "pve3"], network.Select(i => Text(i, "node")).Distinct());
        Assert.Equal(("10.0.0.12/24", "enp2s0"), network.Where(i => Text(i, "node") == "pve2" && Text(i, "name") == "vmbr0").Select(i => (Text(i, "address"), Text(i, "ports"))).Single());

        var updates = await rig.ReadAsync("get_updates", new { node = "pve3" });
        var pending = (await rig.ProxmoxAsync("/nodes/pve3/apt/update")).EnumerateArray().Select(u => u.GetProperty("Package").GetString()).ToList();
        Assert.Equal(pending.Order(StringComparer.Ordinal), Packages(updates).Order(StringComparer.Ordinal));
        Assert.Equal(("libc6", true, 2), (Packages(updates).First(), updates.GetProperty("packages")[0].GetProperty("likelySecurity").GetBoolean(), updates.GetProperty("likelySecurity").GetInt32()));

        Assert.Equal("active", Text(Assert.Single(Items(await rig.ReadAsync("get_services", new { node = "pve1", unit = "cron" }))), "activeState"));
        await rig.PostAsync("/nodes/pve1/services/cron/stop");
        await rig.PostAsync("/nodes/pve3/apt/update");
        await rig.PostAsync("/nodes/pve2/network", ("iface", "vmbr7"), ("type", "bridge"), ("cidr", "10.7.0.1/24"), ("autostart", "1"));
        await rig.ChangeAsync("/nodes/pve2/network");
        await rig.RestAsync();

        var services = Items(await rig.ReadAsync("get_services", new { node = "pve1" }));
        Assert.Equal(("cron", "inactive", "enabled"), (Text(services[0], "name"), Text(services[0], "activeState"), Text(services[0], "unitState")));
        Assert.Equal((await rig.ProxmoxAsync("/nodes/pve1/services")).GetArrayLength(), services.Count);
        Assert.Equal(pending.Count + 2, (await rig.ReadAsync("get_updates", new { node = "pve3" })).GetProperty("total").GetInt32());
        Assert.Contains("10.7.0.1/24", Items(await rig.ReadAsync("get_network", new { node = "pve2" })).Select(i => Text(i, "address")));

        var journal = await rig.ReadAsync("get_journal", new { node = "pve1", lines = 500 });
        Assert.Contains(journal.GetProperty("lines").EnumerateArray(), l => l.GetString()!.Contains("Stopped cron.service", StringComparison.Ordinal));
        var unit = await rig.ReadAsync("get_journal", new { node = "pve1", unit = "pvestatd", lines = 5 });
        var raw = await rig.ProxmoxAsync("/nodes/pve1/syslog?service=pvestatd&limit=5000");
        Assert.Equal(raw.EnumerateArray().TakeLast(5).Select(l => l.GetProperty("t").GetString()), unit.GetProperty("lines").EnumerateArray().Select(l => l.GetString()));
        Assert.Equal(("pvestatd.service", 0), (Text(unit, "unit"), unit.GetProperty("notShown").GetInt32()));
    }

    [Fact]
    [Drives("get_ceph_status", "get_ha_status", "get_replication")]
    public async Task What_the_nodes_do_together_is_told_with_what_ails_it()
    {
        await using var rig = await ToolRig.StartAsync();
        Assert.False(Assert.Single(Items(await rig.ReadAsync("get_ceph_status"))).GetProperty("installed").GetBoolean());
        var ha = Assert.Single(Items(await rig.ReadAsync("get_ha_status")));
        Assert.Equal((true, "vm:100", "pve1", "started"), (ha.GetProperty("quorate").GetBoolean(), Text(ha.GetProperty("services")[0], "guest"), Text(ha.GetProperty("services")[0], "node"), Text(ha.GetProperty("services")[0], "state")));
        Assert.Equal(["pve1", "pve2", "pve3"], ha.GetProperty("nodes").EnumerateArray().Select(n => Text(n, "node")));
        var job = Assert.Single(Items(await rig.ReadAsync("get_replication")));
        Assert.Equal(("102-0", 102, "pve2", "pve3", 0), (Text(job, "job"), job.GetProperty("vmid").GetInt32(), Text(job, "source"), Text(job, "target"), job.GetProperty("failures").GetInt32()));

        await FaultAsync(rig, "ceph-warn", "cluster", ("health", "HEALTH_WARN"), ("check", "OSD_NEARFULL"));
        await rig.PostAsync("/cluster/ha/resources", ("sid", "vm:102"));
        await rig.RestAsync();
        var ceph = Assert.Single(Items(await rig.ReadAsync("get_ceph_status", new { node = "pve2" })));
        Assert.Equal((true, "HEALTH_WARN", 3, "1 nearfull osd(s)"), (ceph.GetProperty("installed").GetBoolean(), Text(ceph, "health"), ceph.GetProperty("osds").GetInt32(), Text(ceph.GetProperty("problems")[0], "message")));
        Assert.Equal(["osd.1 pve2"], ceph.GetProperty("shownOsds").EnumerateArray().Select(o => $"{Text(o, "name")} {Text(o, "node")}"));
        ha = Assert.Single(Items(await rig.ReadAsync("get_ha_status", new { node = "pve2" })));
        Assert.Equal(["vm:102"], ha.GetProperty("services").EnumerateArray().Select(s => Text(s, "guest")));

        // A node that went takes its answers with it, and nothing that was asked of it looks like there was nothing.
        await FaultAsync(rig, "node-off", "pve3");
        await rig.Cluster.SeesAsync(rig.Cluster.Clusters.Only!, v => v.Nodes.Single(n => n.Name == "pve3").Status is NodeStatus.Offline);
        for (var i = 0; i < 16; i++) await rig.RestAsync();
        // The session's token has run out meanwhile.
        var jobs = await rig.ReadAsync("get_replication", bearer: (await rig.Cluster.Server.SignInAsync()).Access);
        job = Assert.Single(Items(jobs));
        var raw = (await rig.ProxmoxAsync("/nodes/pve2/replication"))[0];
        Assert.Equal(raw.GetProperty("fail_count").GetInt32(), job.GetProperty("failures").GetInt32());
        Assert.True(job.GetProperty("failures").GetInt32() > 0);
        Assert.Contains("No route to host", Text(job, "error"), StringComparison.Ordinal);
        Assert.Equal(["lab1/pve3"], jobs.GetProperty("unread").EnumerateArray().Select(u => Text(u, "what")));
    }

    private static Task<string> FaultAsync(ToolRig rig, string kind, string target, params (string Name, string Value)[] parameters) =>
        rig.Cluster.Simulators[0].AddFaultAsync(kind, target, parameters.ToDictionary(p => p.Name, p => p.Value), ToolRig.Stop);

    private static List<JsonElement> Items(JsonElement rows) => [.. rows.GetProperty("items").EnumerateArray()];

    private static IEnumerable<string?> Packages(JsonElement updates) => updates.GetProperty("packages").EnumerateArray().Select(p => Text(p, "package"));

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();
}
