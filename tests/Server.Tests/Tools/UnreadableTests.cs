using System.Net;
using Jarvis.Server.Cluster;
using Jarvis.Server.Tests.Cluster;

namespace Jarvis.Server.Tests.Tools;

/// <summary>A cluster with a node that went and a storage that is away, and another whose token may only look on.</summary>
public sealed class UnreadableRig : IAsyncLifetime
{
    private ToolRig? _tools;

    internal ToolRig Tools => _tools ?? throw new InvalidOperationException("It has not been started.");

    public async ValueTask InitializeAsync()
    {
        var stop = CancellationToken.None;
        _tools = await ToolRig.StartAsync();
        var rig = Tools.Cluster;
        await Tools.Cluster.Simulators[0].AddFaultAsync("node-off", "pve3", null, stop);
        await Tools.Cluster.Simulators[0].AddFaultAsync("storage-offline", "nfs", null, stop);
        await rig.SeesAsync(rig.Clusters.Only!, v => v.Nodes.Any(n => n.Status is NodeStatus.Offline) && v.Storages.Any(s => s is { Id: "nfs", Status: not StorageStatus.Available }));

        var host = await rig.SimulateAsync(2);
        var token = await FirstContactTests.TokenWithoutRightsAsync(host);
        using var http = FirstContactTests.HttpOf(host);
        using var granted = await http.PutAsync(
            new Uri("/api2/json/access/acl", UriKind.Relative), new FormUrlEncodedContent([new("path", "/"), new("roles", "PVEAuditor"), new("tokens", "root@pam!bare")]), stop);
        Assert.Equal(HttpStatusCode.OK, granted.StatusCode);
        await rig.AddAsync("onlooker", host, token);
    }

    public ValueTask DisposeAsync() => Tools.DisposeAsync();
}

public sealed class UnreadableTests(UnreadableRig unreadable) : IClassFixture<UnreadableRig>
{
    [Theory]
    [InlineData("get_node_status", """{"node":"pve9"}""", "There is no node pve9; there are: pve1, pve2, pve3")]
    [InlineData("get_vms", """{"node":"pve9","cluster":"lab1"}""", "There is no node pve9; there are: pve1, pve2, pve3")]
    [InlineData("get_containers", """{"node":"pve9","cluster":"lab1"}""", "no node pve9")]
    [InlineData("get_storage", """{"node":"pve9","cluster":"lab1"}""", "no node pve9")]
    [InlineData("get_vms", """{"node":"pve1"}""", "Several clusters have a node pve1: lab1, onlooker; name the cluster")]
    [InlineData("get_disks", """{"node":"pve9","cluster":"lab1"}""", "There is no node pve9; there are: pve1, pve2, pve3")]
    [InlineData("get_zfs_pools", """{"node":"pve9","cluster":"lab1"}""", "no node pve9")]
    [InlineData("get_network", """{"node":"pve9","cluster":"lab1"}""", "no node pve9")]
    [InlineData("get_certificates", """{"node":"pve9","cluster":"lab1"}""", "no node pve9")]
    [InlineData("get_updates", """{"node":"pve9","cluster":"lab1"}""", "no node pve9")]
    [InlineData("get_services", """{"node":"pve9","cluster":"lab1"}""", "no node pve9")]
    [InlineData("get_journal", """{"node":"pve9","cluster":"lab1"}""", "no node pve9")]
    [InlineData("get_ceph_status", """{"node":"pve9","cluster":"lab1"}""", "no node pve9")]
    [InlineData("get_ha_status", """{"node":"pve9","cluster":"lab1"}""", "no node pve9")]
    [InlineData("get_replication", """{"node":"pve9","cluster":"lab1"}""", "no node pve9")]
    [InlineData("get_recent_tasks", """{"node":"pve9","cluster":"lab1"}""", "no node pve9")]
    [InlineData("get_storage_content", """{"storage":"local","node":"pve9","cluster":"lab1"}""", "no node pve9")]
    [InlineData("get_task_log", """{"upid":"UPID:pve9:00000D07:0000DAB9:5FBE5E87:qmstart:100:root@pam:","cluster":"lab1"}""", "no node pve9")]
    [InlineData("get_disks", """{"node":"pve1"}""", "Several clusters have a node pve1: lab1, onlooker; name the cluster")]
    [InlineData("get_metrics_history", """{"target":"node/pve1","metric":"cpu"}""", "Several clusters have node/pve1")]
    [InlineData("get_storage_content", """{"storage":"tank"}""", "Several clusters have a storage tank")]
    public Task What_is_not_there_is_said_with_what_is(string tool, string args, string says) => FailsAsync(tool, args, says);

    [Theory]
    [InlineData("get_disks", """{"node":"pve3","cluster":"lab1"}""")]
    [InlineData("get_zfs_pools", """{"node":"pve3","cluster":"lab1"}""")]
    [InlineData("get_network", """{"node":"pve3","cluster":"lab1"}""")]
    [InlineData("get_certificates", """{"node":"pve3","cluster":"lab1"}""")]
    [InlineData("get_updates", """{"node":"pve3","cluster":"lab1"}""")]
    [InlineData("get_services", """{"node":"pve3","cluster":"lab1"}""")]
    [InlineData("get_journal", """{"node":"pve3","cluster":"lab1"}""")]
    [InlineData("get_replication", """{"node":"pve3","cluster":"lab1"}""")]
    [InlineData("get_recent_tasks", """{"node":"pve3","cluster":"lab1"}""")]
    [InlineData("get_task_log", """{"upid":"UPID:pve3:00000D07:0000DAB9:5FBE5E87:qmstart:100:root@pam:","cluster":"lab1"}""")]
    public Task A_node_that_went_is_not_taken_for_one_that_has_nothing(string tool, string args) => FailsAsync(tool, args, "The node pve3 is offline");

    [Theory]
    [InlineData("get_storage_content", """{"storage":"nfs","cluster":"lab1"}""", "nfs is not available")]
    [InlineData("get_backups", """{"storage":"nfs","cluster":"lab1"}""", "not known which there are")]
    [InlineData("get_backups", """{"storage":"nowhere","cluster":"lab1"}""", "lab1 has no storage nowhere")]
    [InlineData("get_storage_content", """{"storage":"nowhere","cluster":"lab1"}""", "there are: local, local-lvm, nfs, tank")]
    public Task A_storage_that_is_away_is_not_taken_for_empty(string tool, string args, string says) => FailsAsync(tool, args, says);

    [Theory]
    [InlineData("get_journal", """{"node":"pve1","cluster":"onlooker"}""", "Sys.Syslog")]
    [InlineData("get_updates", """{"node":"pve1","cluster":"onlooker"}""", "Sys.Modify")]
    [InlineData("get_backups", """{"cluster":"onlooker"}""", "VM.Backup")]
    [InlineData("get_storage_content", """{"storage":"nfs","content":"backup","cluster":"onlooker"}""", "VM.Backup")]
    public Task What_the_token_may_not_see_is_said_with_the_privilege_it_lacks(string tool, string args, string says) => FailsAsync(tool, args, says);

    [Fact]
    public async Task What_a_node_had_that_went_is_listed_as_last_seen()
    {
        var there = await unreadable.Tools.ReadAsync("get_vms", new { node = "pve3", cluster = "lab1" });
        Assert.All(there.GetProperty("items").EnumerateArray(), g => Assert.Equal("unknown", g.GetProperty("status").GetString()));
        Assert.Equal("lab1/pve3", Assert.Single(there.GetProperty("unread").EnumerateArray()).GetProperty("what").GetString());
        Assert.Empty((await unreadable.Tools.ReadAsync("get_vms", new { node = "pve1", cluster = "lab1" })).GetProperty("unread").EnumerateArray());
    }

    [Fact]
    public async Task What_one_cluster_hides_stands_beside_what_another_shows()
    {
        var backups = await unreadable.Tools.ReadAsync("get_backups");
        Assert.Contains("onlooker", backups.GetProperty("unread").EnumerateArray().Select(u => u.GetProperty("what").GetString()));
        Assert.Contains("lab1/nfs", backups.GetProperty("unread").EnumerateArray().Select(u => u.GetProperty("what").GetString()));
        var images = await unreadable.Tools.ReadAsync("get_storage_content", new { storage = "nfs", content = "images", cluster = "onlooker" });
        Assert.NotNull(images.GetProperty("partial").GetString());
    }

    private async Task FailsAsync(string tool, string args, string says)
    {
        var (_, answer) = await unreadable.Tools.SendAsync($$"""{"tool":"{{tool}}","args":{{args}}}""");
        Assert.True(answer.TryGetProperty("outcome", out var outcome) && outcome.GetString() == "failed", answer.ToString());
        Assert.Contains(says, answer.GetProperty("why").GetString(), StringComparison.Ordinal);
    }
}
