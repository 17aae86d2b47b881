using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Jarvis.Simulator.Access;
using Jarvis.Simulator.Api;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Jarvis.Simulator.Hosting;

/// <summary>Kestrel with a listener for every node, switched on and off as the nodes live and die.</summary>
internal sealed partial class ApiServer : IAsyncDisposable
{
    private static readonly TimeSpan ReconcileEvery = TimeSpan.FromMilliseconds(100);
    private readonly SimulatorOptions options;
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<string, NodeListener> listeners = new(StringComparer.Ordinal);
    private readonly NodeCertificates certificates;
    private readonly NodeListeners transport;
    private readonly RequestCounts counts = new();
    private readonly string folder;
    private readonly string[] nodes;
    private readonly IReadOnlyList<IPEndPoint> addresses;
    private readonly IPEndPoint? admin;
    private readonly WebApplication app;
    private Task reconciling = Task.CompletedTask;

    public ApiServer(SimulatorOptions options, TimeProvider clock)
    {
        this.options = options;
        var scaled = new ScaledTimeProvider(options.ClockOrigin ?? clock.GetUtcNow(), options.Speed, clock);
        Cluster = new VirtualCluster(scaled, options.Seed,
            ScenarioCatalogue.Load(options.Scenario, options.Nodes ?? 10, options.Guests ?? 200));
        nodes = [.. Cluster.Nodes.Keys];
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddSimpleConsole(c => c.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.Logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            c => c.LogToStandardErrorThreshold = LogLevel.Trace);
        transport = new NodeListeners(Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        addresses = transport.Reserve(Addresses(), options.Listen.Port);
        admin = options.AdminPort is { } port ? transport.Reserve([IPAddress.Loopback], port)[0] : null;
        folder = options.DataFolder ?? Directory.CreateTempSubdirectory("pve-sim-").FullName;
        certificates = new NodeCertificates(folder, [.. nodes.Select((n, i) => (n, Address(i).Address))],
            clock.GetUtcNow());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton<IConnectionListenerFactory>(transport);
        builder.WebHost.ConfigureKestrel(Configure);
        app = builder.Build();
        Accounts = new Credentials(options);
        var access = Accounts.Build();
        var tickets = new Tickets(scaled);
        var authenticator = new Authenticator(access, tickets, scaled, Cluster);
        Context = new ApiContext(Cluster, access, tickets, authenticator, certificates, new Consoles(options.Terminal),
            nodes.Select((n, i) => (n, Address(i))).ToDictionary(p => p.n, p => p.Item2, StringComparer.Ordinal));
        var sockets = new ConsoleSocket(app.Services.GetRequiredService<ILogger<ConsoleSocket>>());
        var pipeline = new Pipeline(
            Context, new Routes(EndpointTable.All()), counts, new TransportFaults(Cluster), sockets, options);
        var adminApi = new AdminApi(Cluster, scaled, counts, ReconcileAsync);
        app.UseWebSockets();
        app.Run(http => http.Features.Get<NodeConnection>() is { } connection
            ? pipeline.ServeAsync(http, connection) : adminApi.ServeAsync(http));
        ShowCertificates();
    }

    public VirtualCluster Cluster { get; }
    public ApiContext Context { get; }
    public Credentials Accounts { get; }
    public string? GeneratedToken => Accounts.Generated;
    public string CaFile => certificates.CaFile;
    public Uri? Admin => admin is null ? null : new Uri($"http://{admin}");
    public IReadOnlyList<Uri> Endpoints => [.. addresses.Select(a => new Uri($"https://{a}"))];

    public IReadOnlyDictionary<string, string> Fingerprints => nodes.ToDictionary(
        n => n, n => NodeCertificates.Fingerprint(certificates.Leaf(n)), StringComparer.Ordinal);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await app.StartAsync(cancellationToken);
        if (!options.SingleEndpoint)
        {
            for (var i = 0; i < nodes.Length; i++)
            {
                listeners[nodes[i]] = transport[addresses[i]];
            }
        }
        await ReconcileAsync(cancellationToken);
        reconciling = ReconcileAlwaysAsync(stopping.Token);
    }

    /// <summary>Makes every listener what its node's power says.</summary>
    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        foreach (var (node, listens) in Cluster.Read(c => listeners.Keys
            .Select(n => (n, c.Nodes[n].Power is not (NodePower.Off or NodePower.Booting))).ToArray()))
        {
            await listeners[node].SwitchAsync(listens, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await reconciling;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
        certificates.Dispose();
        stopping.Dispose();
        if (options.DataFolder is null)
        {
            Directory.Delete(folder, true);
        }
    }

    private async Task ReconcileAlwaysAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(ReconcileEvery, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await ReconcileAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void ShowCertificates()
    {
        foreach (var node in nodes)
        {
            foreach (var shown in Cluster.Nodes[node].Certificates)
            {
                var real = shown.FileName == "pve-root-ca.pem" ? certificates.Root : certificates.Leaf(node);
                shown.Fingerprint = NodeCertificates.Fingerprint(real);
                shown.NotBefore = real.NotBefore.ToUniversalTime();
                shown.NotAfter = real.NotAfter.ToUniversalTime();
            }
        }
    }

    private List<IPAddress> Addresses()
    {
        var first = options.Listen.Address;
        var count = options.SingleEndpoint ? 1 : nodes.Length;
        if (first.AddressFamily != AddressFamily.InterNetwork || (count > 1 && first.Equals(IPAddress.Any)))
        {
            throw new ArgumentException(
                "listen must be an IPv4 address and a port, as 127.0.0.1:8006; 0.0.0.0 only with a single endpoint",
                    nameof(options));
        }
        var number = BinaryPrimitives.ReadUInt32BigEndian(first.GetAddressBytes());
        var bytes = new byte[4];
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, number + (uint)i);
            return new IPAddress(bytes);
        })];
    }

    private IPEndPoint Address(int node) => addresses[options.SingleEndpoint ? 0 : node];

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(5);
        kestrel.Limits.MaxRequestHeaderCount = 200;
        kestrel.Limits.MaxRequestBodySize = null;
        for (var i = 0; i < addresses.Count; i++)
        {
            var node = nodes[i];
            kestrel.Listen(addresses[i], listen => Listen(listen, node));
        }
        if (admin is not null)
        {
            kestrel.Listen(admin, listen => listen.Protocols = HttpProtocols.Http1);
        }
    }

    private void Listen(ListenOptions listen, string node)
    {
        listen.Protocols = HttpProtocols.Http1;
        Func<string> local = options.SingleEndpoint ? FirstLiving : () => node;
        listen.Use(next => async connection =>
        {
            connection.Features.Set(new NodeConnection(local));
            if (Cluster.Nodes[local()].Power == NodePower.Hung)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, connection.ConnectionClosed)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }
            await PlainHttp.ServeAsync(connection, next);
        });
        var chain = new X509Certificate2Collection(certificates.Root);
        listen.UseHttps(https =>
        {
            https.ServerCertificate = certificates.Leaf(node);
            https.ServerCertificateChain = chain;
        });
    }

    private string FirstLiving() => Array.Find(nodes, n => Cluster.Nodes[n].Answers) ?? nodes[0];
}
