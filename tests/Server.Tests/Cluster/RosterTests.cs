using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Jarvis.Server.Auth;
using Jarvis.Server.Cluster;
using Jarvis.Server.Events;
using Jarvis.Server.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Cluster;

public sealed class RosterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_added_clusters_that_share_names_and_ids_are_never_mixed_up()
    {
        await using var rig = await ClusterRig.StartAsync();
        var (one, two) = (await rig.AddAsync("one", await rig.SimulateAsync(1)), await rig.AddAsync("two", await rig.SimulateAsync(2)));
        Assert.Equal(one.Current.View.Guests.Select(g => g.Vmid), two.Current.View.Guests.Select(g => g.Vmid));
        var victim = one.Current.View.Guests.First(g => g.Status is GuestStatus.Running && g.HaState is null);

        await rig.Simulators[0].AddFaultAsync("guest-poweroff", $"{victim.Vmid}", null, Stop);
        await rig.SeesAsync(one, v => v.Guests.Single(g => g.Vmid == victim.Vmid).Status is GuestStatus.Stopped);
        await rig.SeesAsync(two, v => v.Header.ObservedAt >= one.Current.View.Header.ObservedAt);

        Assert.Equal("stopped", (await rig.AskAsync($"/api/clusters/one/guests/{victim.Vmid}")).GetProperty("guest").GetProperty("status").GetString());
        Assert.Equal("running", (await rig.AskAsync($"/api/clusters/two/guests/{victim.Vmid}")).GetProperty("guest").GetProperty("status").GetString());
        Assert.Equal("one", Assert.Single(await EventsAsync(rig, "guest.stopped")).Cluster);
        Assert.Equal(["one", "two"], (await rig.AskAsync("/api/clusters")).EnumerateArray().Select(c => c.GetProperty("key").GetString()));
    }

    [Fact]
    public async Task Screens_learn_of_clusters_that_come_and_go_without_connecting_again()
    {
        await using var rig = await ClusterRig.StartAsync();
        var screen = await rig.ConnectAsync();
        Assert.Equal("", (await screen.NextAsync(_ => true)).Cluster);

        var cluster = await rig.AddAsync("lab", await rig.SimulateAsync(1));
        Assert.Equal("lab", (await screen.NextAsync(_ => true)).Cluster);
        var first = await screen.NextAsync(_ => true);
        Assert.Equal(("Snapshot", "lab"), (first.Kind, first.Cluster));
        await rig.SeesAsync(cluster, _ => cluster.Current.Sequence > first.Sequence);
        Assert.Equal("lab", (await screen.NextAsync(m => m.Kind is "Delta" or "Snapshot")).Cluster);

        await PatchAsync(rig, "lab", new { paused = true });
        Assert.Equal("(lab)", (await screen.NextAsync(m => m.Kind == "Clusters")).Cluster);
        await PatchAsync(rig, "lab", new { name = "The laboratory" });
        Assert.Equal("The laboratory", ((ClusterEntry[])(await screen.NextAsync(m => m.Kind == "Clusters")).What!)[0].Name);

        using var removed = await rig.AskAsync(HttpMethod.Delete, "/api/clusters/lab");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal("", (await screen.NextAsync(m => m.Kind == "Clusters")).Cluster);
    }

    [Fact]
    public async Task A_cluster_that_takes_the_key_of_one_that_was_removed_begins_anew()
    {
        await using var rig = await ClusterRig.StartAsync();
        var screen = await rig.ConnectAsync();
        var before = await rig.AddAsync("lab", await rig.SimulateAsync(1));
        var at = before.Current.View.Header.ObservedAt;
        await rig.SeesAsync(before, v => v.Header.ObservedAt > at!.Value.AddMinutes(2));
        Assert.NotNull(await KnownFromAsync(rig));
        using (var removed = await rig.AskAsync(HttpMethod.Delete, "/api/clusters/lab")) Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await screen.NextAsync(m => m is { Kind: "Clusters", Cluster: "" } && rig.Clusters.All.Count == 0);

        await rig.Server.Services.GetRequiredService<Jarvis.Server.Cluster.History.MetricHistory>().WrittenAsync(Stop);
        Assert.Null(await KnownFromAsync(rig));
        var after = await rig.AddAsync("lab", await rig.SimulateAsync(2));

        Assert.NotSame(before, after);
        var shown = await screen.NextAsync(m => m.Kind == "Snapshot");
        Assert.True(shown.Sequence < before.Current.Sequence);
        await rig.SeesAsync(after, _ => after.Current.Sequence > shown.Sequence + 1);
        Assert.Equal(shown.Sequence + 1, (await screen.NextAsync(m => m.Kind == "Delta")).Sequence);
    }

    [Fact]
    public async Task Added_clusters_and_pauses_are_kept_over_a_restart_and_the_token_for_the_owner_alone()
    {
        using var data = new TestFolder();
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);
        var other = await rig.SimulateAsync(2);
        await using (var server = await TestServer.StartAsync(data: data.Path, time: rig.Server.Time))
        {
            var access = (await server.SignInAsync()).Access;
            foreach (var (key, one) in ((string, Jarvis.Simulator.SimulatorHost)[])[("lab", host), ("rest", other)])
            {
                using var added = await SendAsync(server, access, HttpMethod.Post, "/api/clusters", new { key, name = "Laboratory", address = ClusterRig.AddressOf(one), fingerprint = ClusterRig.FingerprintOf(one), token = one.Token });
                Assert.Equal(HttpStatusCode.Created, added.StatusCode);
            }

            using var paused = await SendAsync(server, access, HttpMethod.Patch, "/api/clusters/rest", new { paused = true });
            Assert.Equal(HttpStatusCode.OK, paused.StatusCode);
        }

        var tokenFile = Path.Combine(data.Path, "clusters", "lab.token");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(tokenFile));
        Assert.Equal(host.Token, await File.ReadAllTextAsync(tokenFile, Stop));
        var secret = System.Text.Encoding.UTF8.GetBytes(host.Token!.Split('=')[1]);
        foreach (var file in Directory.EnumerateFiles(data.Path, "*.db*")) Assert.Equal(-1, (await File.ReadAllBytesAsync(file, Stop)).AsSpan().IndexOf(secret));

        await using (var server = await TestServer.StartAsync(data: data.Path, time: rig.Server.Time))
        {
            var again = new ClusterRig { Folder = rig.Folder, Server = server, Simulators = rig.Simulators, Signed = await server.SignInAsync() };
            Assert.Equal([("lab", "Laboratory", false), ("rest", "Laboratory", true)], again.Clusters.All.Select(c => (c.Key, c.Entry.Name, c.Entry.Paused)));
            await again.SeesAsync(again.Clusters.Find("lab")!, v => v.Guests.Count > 0);
            Assert.Null(again.Clusters.Find("rest")!.Current.View.Header.ObservedAt);
        }
    }

    [Fact]
    public async Task The_node_that_was_given_may_die_for_the_others_were_learned()
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);
        var cluster = await rig.AddAsync("lab", host);
        var settings = await rig.AskAsync("/api/clusters/lab/settings");
        Assert.Equal(host.Endpoints.Select(e => e.GetLeftPart(UriPartial.Authority)), settings.GetProperty("endpoints").EnumerateArray().Select(e => e.GetString()));
        Assert.Superset(host.Fingerprints.Values.ToHashSet(), settings.GetProperty("fingerprints").EnumerateArray().Select(e => e.GetString()!).ToHashSet());
        Assert.Equal("root@pam!sim", settings.GetProperty("tokenId").GetString());
        Assert.DoesNotContain(host.Token!.Split('=')[1], settings.GetRawText(), StringComparison.Ordinal);

        await host.AddFaultAsync("node-off", "pve1", null, Stop);

        var seen = await rig.SeesAsync(cluster, v => v.Nodes[0].Status is NodeStatus.Offline);
        Assert.Null(seen.View.Header.BlindSince);
    }

    [Fact]
    public async Task While_paused_nothing_is_asked_and_the_last_state_is_shown_and_not_blind()
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1, adminPort: 0);
        var cluster = await rig.AddAsync("lab", host);
        await PatchAsync(rig, "lab", new { paused = true });
        var before = await RequestsAsync(host);
        var at = cluster.Current.View.Header.ObservedAt;

        rig.Server.Time.Advance(TimeSpan.FromMinutes(10));
        using var config = await rig.AskAsync(HttpMethod.Get, $"/api/clusters/lab/guests/{cluster.Current.View.Guests[0].Vmid}/config");
        using var metrics = await rig.AskAsync(HttpMethod.Get, $"/api/clusters/lab/metrics/guest/{cluster.Current.View.Guests[0].Vmid}?range=year");

        await Problem.Is(HttpStatusCode.Conflict, "CLUSTER_PAUSED", config);
        Assert.Equal(before, await RequestsAsync(host));
        var listed = (await rig.AskAsync("/api/clusters"))[0];
        Assert.Equal((true, false, at), (listed.GetProperty("paused").GetBoolean(), listed.GetProperty("blind").GetBoolean(), listed.GetProperty("observedAt").GetDateTimeOffset()));
        Assert.NotEmpty(cluster.Current.View.Guests);

        await PatchAsync(rig, "lab", new { paused = false });
        await rig.SeesAsync(cluster, v => v.Header.ObservedAt > at);
        Assert.Equal(["admin", "admin", "admin"], (await EventsAsync(rig, "cluster.added", "cluster.paused", "cluster.resumed")).Select(e => e.Actor));
    }

    [Fact]
    public async Task A_cluster_goes_over_to_another_token_only_when_that_works()
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);
        var other = await rig.SimulateAsync(2);
        var cluster = await rig.AddAsync("lab", host);
        var bare = await FirstContactTests.TokenWithoutRightsAsync(host);

        using var refused = await rig.AskAsync(HttpMethod.Patch, "/api/clusters/lab", new { token = "root@pam!sim=00000000-0000-0000-0000-000000000000" });
        using var elsewhere = await rig.AskAsync(HttpMethod.Patch, "/api/clusters/lab", new { address = ClusterRig.AddressOf(other), fingerprint = ClusterRig.FingerprintOf(other) });
        await Problem.Is(HttpStatusCode.UnprocessableEntity, "TOKEN_REFUSED", refused);
        await Problem.Is(HttpStatusCode.UnprocessableEntity, "TOKEN_NEEDED", elsewhere);
        using var impostor = await rig.AskAsync(HttpMethod.Patch, "/api/clusters/lab", new { fingerprint = ClusterRig.FingerprintOf(other) });
        await Problem.Is(HttpStatusCode.UnprocessableEntity, "TOKEN_NEEDED", impostor);
        Assert.Equal("root@pam!sim", (await rig.AskAsync("/api/clusters/lab/settings")).GetProperty("tokenId").GetString());

        await PatchAsync(rig, "lab", new { token = bare });
        Assert.Equal("root@pam!bare", (await rig.AskAsync("/api/clusters/lab/settings")).GetProperty("tokenId").GetString());
        await rig.SeesAsync(cluster, v => v.Header.Access is { CanSeeGuests: false });
        Assert.Equal("admin", Assert.Single(await EventsAsync(rig, "cluster.changed")).Actor);
    }

    [Fact]
    public async Task A_token_that_the_database_does_not_take_with_its_row_leaves_the_one_before()
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);
        await rig.AddAsync("lab", host);
        var kept = Path.Combine(rig.Server.Services.GetRequiredService<DataFolder>().Path, "clusters", "lab.token");
        var before = await File.ReadAllTextAsync(kept, Stop);
        await rig.Server.Services.GetRequiredService<AppDb>().WriteAsync(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TRIGGER full BEFORE UPDATE ON clusters BEGIN SELECT RAISE(ABORT, 'disk full'); END";
            command.ExecuteNonQuery();
        }, Stop);

        using var refused = await rig.AskAsync(HttpMethod.Patch, "/api/clusters/lab", new { token = await FirstContactTests.TokenWithoutRightsAsync(host) });

        await Problem.Is(HttpStatusCode.ServiceUnavailable, "DATABASE_UNAVAILABLE", refused);
        Assert.Equal(before, await File.ReadAllTextAsync(kept, Stop));
    }

    [Fact]
    public async Task What_the_configuration_names_can_be_paused_but_not_changed_or_removed()
    {
        await using var rig = await ClusterRig.StartAsync(1);

        using var removed = await rig.AskAsync(HttpMethod.Delete, "/api/clusters/lab1");
        using var renamed = await rig.AskAsync(HttpMethod.Patch, "/api/clusters/lab1", new { name = "Other" });
        using var twice = await rig.AskAsync(HttpMethod.Post, "/api/clusters", new { key = "lab1", address = "pve", token = "a@pve!b=c" });
        using var unknown = await rig.AskAsync(HttpMethod.Delete, "/api/clusters/lab9");

        await Problem.Is(HttpStatusCode.Conflict, "CLUSTER_CONFIGURED", removed);
        await Problem.Is(HttpStatusCode.Conflict, "CLUSTER_CONFIGURED", renamed);
        await Problem.Is(HttpStatusCode.Conflict, "CLUSTER_EXISTS", twice);
        await Problem.Is(HttpStatusCode.NotFound, "CLUSTER_UNKNOWN", unknown);
        await PatchAsync(rig, "lab1", new { paused = true });
        Assert.True(rig.Clusters.Only!.Entry.Paused);
    }

    [Fact]
    public async Task Only_administrators_change_the_list()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        await rig.Server.AddAccountAsync("op", Role.Operator, "a password for tests");
        var operatorToken = (await rig.Server.SignInAsync("op", "a password for tests")).Access;

        foreach (var (method, path) in ((HttpMethod, string)[])
        [
            (HttpMethod.Post, "/api/clusters"), (HttpMethod.Post, "/api/clusters/probe"), (HttpMethod.Post, "/api/clusters/test"), (HttpMethod.Post, "/api/demo"),
            (HttpMethod.Get, "/api/clusters/lab1/settings"), (HttpMethod.Patch, "/api/clusters/lab1"), (HttpMethod.Delete, "/api/clusters/lab1"),
        ])
        {
            using var answer = await rig.AskAsync(method, path, method == HttpMethod.Get ? null : new { }, operatorToken);
            await Problem.Is(HttpStatusCode.Forbidden, "FORBIDDEN", answer);
        }

        using var listed = await rig.AskAsync(HttpMethod.Get, "/api/clusters", null, operatorToken);
        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
    }

    [Fact]
    public async Task Without_a_database_configured_clusters_are_watched_and_none_is_added()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        using var data = new TestFolder();
        await File.WriteAllTextAsync(data.File("jarvis.db"), new string('x', 8192), Stop);
        var token = rig.Folder.File("token0");
        var host = rig.Simulators[0];
        await using var server = await TestServer.StartAsync(
            [("Clusters:0:Key", "lab"), ("Clusters:0:TokenFile", token), ("Clusters:0:Endpoints:0", $"{host.Endpoints[0]}"), ("Clusters:0:Fingerprints:0", ClusterRig.FingerprintOf(host))],
            data: data.Path, time: rig.Server.Time);
        var broken = new ClusterRig { Folder = rig.Folder, Server = server, Simulators = rig.Simulators, Signed = await server.SignInAsync() };

        await broken.SeesAsync(broken.Clusters.Only!, v => v.Guests.Count > 0);
        using var added = await broken.AskAsync(HttpMethod.Post, "/api/clusters", new { key = "more", address = ClusterRig.AddressOf(host), fingerprint = ClusterRig.FingerprintOf(host), token = host.Token });

        var problem = await Problem.Is(HttpStatusCode.ServiceUnavailable, "DATABASE_UNAVAILABLE", added);
        Assert.Contains(server.Services.GetRequiredService<AppDb>().Trouble!, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(data.Path, "clusters", "more.token")));
    }

    [Fact]
    public async Task What_was_stored_comes_back_once_the_database_does()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        using var data = new TestFolder();
        var host = rig.Simulators[0];
        (string, string)[] settings = [("Clusters:0:Key", "lab"), ("Clusters:0:TokenFile", rig.Folder.File("token0")), ("Clusters:0:Endpoints:0", $"{host.Endpoints[0]}"), ("Clusters:0:Fingerprints:0", ClusterRig.FingerprintOf(host))];
        await using (var server = await TestServer.StartAsync(settings, data: data.Path, time: rig.Server.Time))
        {
            var before = new ClusterRig { Folder = rig.Folder, Server = server, Simulators = rig.Simulators, Signed = await server.SignInAsync() };
            await before.AddAsync("more", host);
            await PatchAsync(before, "lab", new { paused = true });
        }

        var kept = Directory.CreateDirectory(data.File("kept")).FullName;
        foreach (var file in Directory.GetFiles(data.Path, "jarvis.db*")) File.Move(file, Path.Combine(kept, Path.GetFileName(file)));
        await File.WriteAllTextAsync(data.File("jarvis.db"), new string('x', 8192), Stop);
        await using (var server = await TestServer.StartAsync(settings, data: data.Path, time: rig.Server.Time))
        {
            var after = new ClusterRig { Folder = rig.Folder, Server = server, Simulators = rig.Simulators, Signed = await server.SignInAsync() };
            Assert.Equal(["lab"], after.Clusters.All.Select(c => c.Key));
            using var changed = new SemaphoreSlim(0);
            using var following = after.Clusters.Follow(_ => changed.Release());
            bool IsBack() => after.Clusters.Find("more") is not null && after.Clusters.Find("lab")!.Entry.Paused;

            foreach (var file in Directory.GetFiles(kept)) File.Move(file, data.File(Path.GetFileName(file)), overwrite: true);
            while (!IsBack()) if (!await changed.WaitAsync(TimeSpan.FromMilliseconds(50), Stop)) server.Time.Advance(TimeSpan.FromSeconds(5));

            await after.SeesAsync(after.Clusters.Find("more")!, v => v.Guests.Count > 0);
        }
    }

    [Fact]
    public async Task The_demo_of_a_first_start_is_kept_until_it_is_removed_and_one_by_configuration_is_not_offered_for_removal()
    {
        using var data = new TestFolder();
        await using (var server = await TestServer.StartAsync([("Demo:First", "three-nodes")], data: data.Path))
        {
            var rig = new ClusterRig { Folder = data, Server = server, Simulators = [], Signed = await server.SignInAsync() };
            await rig.SeesAsync(rig.Clusters.Only!, v => v.Guests.Count > 0);
            Assert.True((await rig.AskAsync("/api/setup")).GetProperty("offered").GetBoolean());
        }

        await using (var server = await TestServer.StartAsync(data: data.Path))
        {
            var rig = new ClusterRig { Folder = data, Server = server, Simulators = [], Signed = await server.SignInAsync() };
            Assert.Equal(("demo", ClusterOrigin.Demo), (rig.Clusters.Only!.Key, rig.Clusters.Only.Entry.Origin));
            using var removed = await rig.AskAsync(HttpMethod.Delete, "/api/clusters/demo");
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        }

        await using (var server = await TestServer.StartAsync([("Demo:Scenario", "three-nodes")], data: data.Path))
            Assert.Equal(ClusterOrigin.Configuration, server.Services.GetRequiredService<LiveClusters>().Only!.Entry.Origin);
        await using (var server = await TestServer.StartAsync(data: data.Path)) Assert.Empty(server.Services.GetRequiredService<LiveClusters>().All);
    }

    [Fact]
    public async Task A_stored_demo_that_cannot_start_is_listed_with_its_trouble_and_can_be_removed()
    {
        using var data = new TestFolder();
        await using (var server = await TestServer.StartAsync([("Demo:First", "three-nodes")], data: data.Path)) Assert.NotNull(server.Services.GetRequiredService<LiveClusters>().Only);
        Directory.Delete(data.File("demo"), recursive: true);
        await File.WriteAllTextAsync(data.File("demo"), "in the way", Stop);

        await using var again = await TestServer.StartAsync(data: data.Path);
        var rig = new ClusterRig { Folder = data, Server = again, Simulators = [], Signed = await again.SignInAsync() };
        Assert.NotEqual("", rig.Clusters.Only!.Current.View.Header.Trouble ?? "");
        using var removed = await rig.AskAsync(HttpMethod.Delete, "/api/clusters/demo");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Empty(rig.Clusters.All);
    }

    [Fact]
    public async Task The_demo_comes_and_goes_and_comes_again_after_a_restart()
    {
        using var data = new TestFolder();
        await using (var server = await TestServer.StartAsync(data: data.Path))
        {
            var rig = new ClusterRig { Folder = data, Server = server, Simulators = [], Signed = await server.SignInAsync() };
            using var started = await rig.AskAsync(HttpMethod.Post, "/api/demo", new { scenario = "three-nodes" });
            Assert.Equal(HttpStatusCode.Created, started.StatusCode);
            var listing = await started.Content.ReadFromJsonAsync<JsonElement>(Stop);
            Assert.Equal(("demo", "demo"), (listing.GetProperty("key").GetString(), listing.GetProperty("origin").GetString()));
            await rig.SeesAsync(rig.Clusters.Find("demo")!, v => v.Guests.Count > 0);
            using var twice = await rig.AskAsync(HttpMethod.Post, "/api/demo", new { scenario = "homelab" });
            await Problem.Is(HttpStatusCode.Conflict, "CLUSTER_EXISTS", twice);
        }

        await using (var server = await TestServer.StartAsync(data: data.Path))
        {
            var rig = new ClusterRig { Folder = data, Server = server, Simulators = [], Signed = await server.SignInAsync() };
            await rig.SeesAsync(rig.Clusters.Only!, v => v.Guests.Count > 0);
            using var removed = await rig.AskAsync(HttpMethod.Delete, "/api/clusters/demo");
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
            using var other = await rig.AskAsync(HttpMethod.Post, "/api/demo", new { scenario = "homelab" });
            Assert.Equal(HttpStatusCode.Created, other.StatusCode);
            using var wrong = await rig.AskAsync(HttpMethod.Post, "/api/demo", new { scenario = "mars" });
            await Problem.Is(HttpStatusCode.BadRequest, "VALIDATION_FAILED", wrong);
        }
    }

    private static async Task<DateTimeOffset?> KnownFromAsync(ClusterRig rig)
    {
        var now = rig.Server.Time.GetUtcNow();
        return (await rig.Server.Services.GetRequiredService<Jarvis.Server.Cluster.History.MetricHistory>().ReadAsync(
            "lab", "node/pve1", [Jarvis.Server.Cluster.History.Metric.Cpu], now.AddHours(-1), now, 100, Stop)).KnownFrom;
    }

    private static async Task PatchAsync(ClusterRig rig, string key, object change)
    {
        using var answer = await rig.AskAsync(HttpMethod.Patch, $"/api/clusters/{key}", change);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static Task<HttpResponseMessage> SendAsync(TestServer server, string access, HttpMethod method, string path, object body)
    {
        var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", access);
        return server.Http.SendAsync(request, Stop);
    }

    private static async Task<long> RequestsAsync(Jarvis.Simulator.SimulatorHost host)
    {
        using var http = new HttpClient { BaseAddress = host.Admin };
        return (await http.GetFromJsonAsync<JsonElement>("/requests", Stop)).GetProperty("total").GetInt64();
    }

    private static async Task<IReadOnlyList<Happening>> EventsAsync(ClusterRig rig, params string[] types)
    {
        var log = rig.Server.Services.GetRequiredService<EventLog>();
        // The log keeps its order: once this is stored, so is what was posted before.
        await log.AppendAsync(new() { Type = "test.mark", Severity = Severity.Info, Source = Source.System, Summary = "mark" }, Stop);
        List<Happening> found = [];
        foreach (var type in types) found.AddRange((await log.ReadAsync(new() { Type = type }, Stop)).Items.Select(e => e.What));
        return found;
    }
}
