using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using Jarvis.Server.Cluster;
using Jarvis.Server.Hubs;
using Jarvis.Simulator;
using MessagePack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Server.Tests.Cluster;

/// <summary>The whole product watching simulated clusters over HTTPS; all of them live by the server's fake clock.</summary>
internal sealed class ClusterRig : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<HubConnection> _connections = [];

    public required TestFolder Folder { get; init; }

    public required TestServer Server { get; init; }

    public required List<SimulatorHost> Simulators { get; init; }

    public required Signed Signed { get; init; }

    public LiveClusters Clusters => Server.Services.GetRequiredService<LiveClusters>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="seeds">A cluster each, all with the same node names and vmids: <c>lab1</c>, <c>lab2</c>, …</param>
    public static Task<ClusterRig> StartAsync(params int[] seeds) => StartAsync(seeds, []);

    /// <param name="seeds">As above.</param>
    /// <param name="more">Further settings of the server.</param>
    /// <param name="adjust">The last word on its services.</param>
    public static async Task<ClusterRig> StartAsync(int[] seeds, (string Key, string Value)[] more, Action<WebApplicationBuilder>? adjust = null)
    {
        var folder = new TestFolder();
        var now = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        var clock = new FakeTimeProvider(now);
        List<SimulatorHost> simulators = [];
        List<(string, string)> settings = [];
        foreach (var (i, seed) in seeds.Index())
        {
            var host = await SimulatorHost.StartAsync(
                new() { Scenario = "three-nodes", Seed = seed, Listen = new(IPAddress.Loopback, 0), UnauthorizedDelay = TimeSpan.Zero }, clock, Stop);
            simulators.Add(host);
            var token = folder.File($"token{i}");
            await File.WriteAllTextAsync(token, host.Token, Stop);
            settings.Add(($"Clusters:{i}:Key", $"lab{i + 1}"));
            settings.Add(($"Clusters:{i}:TokenFile", token));
            settings.AddRange(host.Endpoints.Index().Select(e => ($"Clusters:{i}:Endpoints:{e.Index}", e.Item.ToString())));
            settings.AddRange(host.Fingerprints.Values.Index().Select(f => ($"Clusters:{i}:Fingerprints:{f.Index}", f.Item)));
        }

        var server = await TestServer.StartAsync([.. settings, .. more], time: clock, adjust: adjust);
        var rig = new ClusterRig { Folder = folder, Server = server, Simulators = simulators, Signed = await server.SignInAsync() };
        foreach (var cluster in rig.Clusters.All) await rig.SeesAsync(cluster, v => v.Header.ObservedAt is not null);
        return rig;
    }

    /// <summary>A simulated cluster that the server does not know yet.</summary>
    public async Task<SimulatorHost> SimulateAsync(int seed, int? adminPort = null)
    {
        var host = await SimulatorHost.StartAsync(
            new() { Scenario = "three-nodes", Seed = seed, Listen = new(IPAddress.Loopback, 0), UnauthorizedDelay = TimeSpan.Zero, AdminPort = adminPort }, Server.Time, Stop);
        Simulators.Add(host);
        return host;
    }

    public Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, object? body = null, string? bearer = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", bearer ?? Signed.Access);
        return Server.Http.SendAsync(request, Stop);
    }

    /// <summary>Asks for what must be there.</summary>
    public async Task<JsonElement> AskAsync(string path)
    {
        using var answer = await AskAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    /// <summary>Adds a cluster by its first node's address and certificate, and waits for the first look at it.</summary>
    public async Task<LiveCluster> AddAsync(string key, SimulatorHost host, string? token = null)
    {
        using var answer = await AskAsync(HttpMethod.Post, "/api/clusters", new { key, address = AddressOf(host), fingerprint = FingerprintOf(host), token = token ?? host.Token });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var cluster = Clusters.Find(key)!;
        await SeesAsync(cluster, v => v.Header.ObservedAt is not null);
        return cluster;
    }

    public static string AddressOf(SimulatorHost host) => host.Endpoints[0].Authority;

    public static string FingerprintOf(SimulatorHost host) => host.Fingerprints["pve1"];

    /// <summary>Lets the clock run, a poll at a time, until the cluster looks as it should.</summary>
    public async Task<ClusterSnapshot> SeesAsync(LiveCluster cluster, Func<ClusterView, bool> asItShould)
    {
        var changed = new SemaphoreSlim(0);
        using var following = cluster.Follow(_ => changed.Release());
        using var patience = new CancellationTokenSource(Patience);
        while (!asItShould(cluster.Current.View))
        {
            Assert.False(patience.IsCancellationRequested, $"{cluster.Key} never looked as it should; now: {cluster.Current.View.Header}");
            // A round in flight ends on its own; where none is due within the pause, the clock moves on.
            if (!await changed.WaitAsync(TimeSpan.FromMilliseconds(50), Stop)) Server.Time.Advance(TimeSpan.FromSeconds(5));
        }

        return cluster.Current;
    }

    /// <summary>Connects a screen as a browser does: by cookie, over MessagePack.</summary>
    public async Task<TestScreen> ConnectAsync()
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(Server.Address, "/hubs/cluster"), o =>
            {
                o.Headers["Cookie"] = Signed.HubCookie;
                o.Headers["Origin"] = Server.Address.GetLeftPart(UriPartial.Authority);
                o.SkipNegotiation = true;
                o.Transports = Microsoft.AspNetCore.Http.Connections.HttpTransportType.WebSockets;
            })
            .AddMessagePackProtocol(o => o.SerializerOptions = MessagePackSerializerOptions.Standard.WithResolver(new JsonShapes(HubJson.Configure(new()))))
            .Build();
        _connections.Add(connection);
        var screen = new TestScreen(connection);
        await connection.StartAsync(Stop);
        return screen;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections) await connection.DisposeAsync();
        await Server.DisposeAsync();
        foreach (var simulator in Simulators) await simulator.DisposeAsync();
        Folder.Dispose();
    }
}

/// <summary>What one connection was sent, in order.</summary>
internal sealed class TestScreen
{
    private readonly Channel<(string Kind, string Cluster, long Sequence, object? What)> _sent = Channel.CreateUnbounded<(string, string, long, object?)>();

    public TestScreen(HubConnection connection)
    {
        Connection = connection;
        connection.On<ClusterEntry[]>("Clusters", clusters => _sent.Writer.TryWrite(("Clusters", string.Join(' ', clusters.Select(c => c.Paused ? $"({c.Key})" : c.Key)), 0, clusters)));
        connection.On<ClusterView, long>("Snapshot", (view, sequence) => _sent.Writer.TryWrite(("Snapshot", view.Key, sequence, view)));
        connection.On<string, long, GuestView[]>("Guests", (cluster, sequence, guests) => _sent.Writer.TryWrite(("Guests", cluster, sequence, guests)));
        connection.On<string, long, ClusterDelta>("Delta", (cluster, sequence, delta) => _sent.Writer.TryWrite(("Delta", cluster, sequence, delta)));
        connection.On<string, long, DateTimeOffset, DateTimeOffset?>("Heartbeat", (cluster, sequence, _, blind) => _sent.Writer.TryWrite(("Heartbeat", cluster, sequence, blind)));
        connection.On<string, string, string>("Failed", (code, _, _) => _sent.Writer.TryWrite(("Failed", code, 0, null)));
        connection.Closed += _ =>
        {
            _sent.Writer.TryComplete();
            return Task.CompletedTask;
        };
    }

    public HubConnection Connection { get; }

    /// <summary>Ends when the connection does.</summary>
    public Task Closed => _sent.Reader.Completion;

    public async Task<(string Kind, string Cluster, long Sequence, object? What)> NextAsync(Func<(string Kind, string Cluster, long Sequence, object? What), bool> wanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            var message = await _sent.Reader.ReadAsync(limit.Token);
            if (wanted(message)) return message;
        }
    }
}
