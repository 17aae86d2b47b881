using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Jarvis.Server.Cluster;
using Jarvis.Server.Cluster.History;
using Jarvis.Server.Persistence;
using Jarvis.Simulator;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Cluster;

/// <summary>A cluster that is given another address, certificate, token, name or pause: all of it or nothing.</summary>
public sealed class ChangeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_cluster_behind_the_new_address_is_refused_unless_it_is_said_to_be_the_same()
    {
        await using var rig = await ClusterRig.StartAsync();
        var (host, other) = (await rig.SimulateAsync(1), await rig.SimulateAsync(2));
        var cluster = await rig.AddAsync("lab", host);
        var (settings, token) = (await rig.AskAsync("/api/clusters/lab/settings"), await TokenAsync(rig));

        using var refused = await ToAsync(other, sameCluster: false);

        var problem = await Problem.Is(HttpStatusCode.Conflict, "CLUSTER_OTHER", refused);
        Assert.Contains($"https://{ClusterRig.AddressOf(other)}", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(settings.GetRawText(), (await rig.AskAsync("/api/clusters/lab/settings")).GetRawText());
        Assert.Equal(token, await TokenAsync(rig));
        await StillWatchedAsync(rig, cluster);

        using var meant = await ToAsync(other, sameCluster: true);
        Assert.Equal(HttpStatusCode.OK, meant.StatusCode);
        var now = await meant.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Contains($"https://{ClusterRig.AddressOf(other)}", now.GetProperty("endpoints").EnumerateArray().Select(e => e.GetString()));

        Task<HttpResponseMessage> ToAsync(SimulatorHost to, bool sameCluster) => rig.AskAsync(
            HttpMethod.Patch, "/api/clusters/lab", new { address = ClusterRig.AddressOf(to), fingerprint = ClusterRig.FingerprintOf(to), token = to.Token, sameCluster });
    }

    [Fact]
    public async Task Another_node_of_the_same_cluster_needs_neither_a_word_nor_the_token()
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);
        var cluster = await rig.AddAsync("lab", host);

        using var moved = await rig.AskAsync(HttpMethod.Patch, "/api/clusters/lab", new { address = host.Endpoints[1].Authority });
        Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
        await StillWatchedAsync(rig, cluster);
        var (added, _) = await rig.Server.Services.GetRequiredService<ClusterStore>().ReadAsync(Stop);
        Assert.Equal(host.Endpoints[1].Authority, Assert.Single(added).Address!.Authority);
    }

    [Fact]
    public async Task A_change_that_cannot_be_stored_whole_leaves_name_token_row_and_watch_as_they_were()
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);
        var cluster = await rig.AddAsync("lab", host);
        var store = rig.Server.Services.GetRequiredService<ClusterStore>();
        var (row, token) = (Assert.Single((await store.ReadAsync(Stop)).Added), await TokenAsync(rig));
        await rig.Server.Services.GetRequiredService<AppDb>().WriteAsync(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TRIGGER full BEFORE INSERT ON paused_clusters BEGIN SELECT RAISE(ABORT, 'disk full'); END";
            command.ExecuteNonQuery();
        }, Stop);

        using var refused = await rig.AskAsync(HttpMethod.Patch, "/api/clusters/lab",
            new { name = "Other", token = await FirstContactTests.TokenWithoutRightsAsync(host), address = host.Endpoints[1].Authority, paused = true });

        await Problem.Is(HttpStatusCode.ServiceUnavailable, "DATABASE_UNAVAILABLE", refused);
        var (after, paused) = await store.ReadAsync(Stop);
        Assert.Equal((row.Name, row.Address, row.Fingerprint), (after[0].Name, after[0].Address, after[0].Fingerprint));
        Assert.Empty(paused);
        Assert.Equal(token, await TokenAsync(rig));
        Assert.Equal(["lab.token"], Directory.EnumerateFiles(Path.GetDirectoryName(TokenFile(rig))!).Select(Path.GetFileName));
        Assert.Equal(("lab", false), (cluster.Entry.Key, cluster.Entry.Paused));
        Assert.Equal(row.Name, cluster.Entry.Name);
        await StillWatchedAsync(rig, cluster);
    }

    [Fact]
    public async Task A_token_that_cannot_be_written_changes_nothing()
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);
        var cluster = await rig.AddAsync("lab", host);
        var token = await FirstContactTests.TokenWithoutRightsAsync(host);
        // Held by a copy for longer than the change waits, which is the one way to be refused that root has too.
        using (await rig.Server.Services.GetRequiredService<DataFolder>().ChangeAsync(Stop))
        {
            using var refused = await rig.AskAsync(HttpMethod.Patch, "/api/clusters/lab", new { name = "Other", token });
            await Problem.Is(HttpStatusCode.ServiceUnavailable, "DATA_FOLDER_UNAVAILABLE", refused);
        }

        Assert.Equal(host.Token, await TokenAsync(rig));
        Assert.NotEqual("Other", cluster.Entry.Name);
        await StillWatchedAsync(rig, cluster);
    }

    [Fact]
    public async Task A_cluster_shows_no_measurements_that_another_by_its_key_left_behind()
    {
        await using var rig = await ClusterRig.StartAsync();
        var history = rig.Server.Services.GetRequiredService<MetricHistory>();
        var before = rig.Server.Time.GetUtcNow();
        await history.WrittenAsync(Stop);
        // As after a server that was killed between the removal of a cluster and that of its measurements.
        for (var n = 30; n > 0; n--) history.Record(new("lab", before.AddMinutes(-n), [new HistoryPoint("node/pve1", Cpu: 0.5)]));
        await history.WrittenAsync(Stop);
        Assert.NotNull(await KnownFromAsync());

        await rig.AddAsync("lab", await rig.SimulateAsync(1));

        await history.WrittenAsync(Stop);
        Assert.True(await KnownFromAsync() is not { } from || from >= before);

        async Task<DateTimeOffset?> KnownFromAsync() => (await history.ReadAsync("lab", "node/pve1", [Metric.Cpu], before.AddHours(-1), before.AddHours(1), 1000, Stop)).KnownFrom;
    }

    private static string TokenFile(ClusterRig rig) => Path.Combine(rig.Server.Services.GetRequiredService<DataFolder>().Path, "clusters", "lab.token");

    private static Task<string> TokenAsync(ClusterRig rig) => File.ReadAllTextAsync(TokenFile(rig), Stop);

    private static async Task StillWatchedAsync(ClusterRig rig, LiveCluster cluster)
    {
        var at = cluster.Current.View.Header.ObservedAt;
        var seen = await rig.SeesAsync(cluster, v => v.Header.ObservedAt > at);
        Assert.Null(seen.View.Header.BlindSince);
        Assert.True(seen.View.Header.Access!.CanSeeGuests);
    }
}
