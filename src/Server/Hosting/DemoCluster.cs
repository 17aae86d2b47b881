using System.Globalization;
using System.Net;
using Jarvis.Simulator;

namespace Jarvis.Server.Hosting;

/// <summary>Runs the simulator inside the server and configures it as one more cluster, reached over HTTPS with a token
/// and pinned certificates, as a real one is.</summary>
internal sealed class DemoCluster : IAsyncDisposable
{
    private readonly SimulatorHost? _host;

    private DemoCluster(SimulatorHost? host) => _host = host;

    public Uri? Admin => _host?.Admin;

    /// <summary>Starts the demo if <c>Demo:Scenario</c> asks for it.</summary>
    /// <exception cref="ArgumentException">The scenario is not one of the simulator's.</exception>
    public static async Task<DemoCluster> StartAsync(IConfigurationManager configuration, TimeProvider clock, CancellationToken cancellationToken)
    {
        var demo = configuration.GetSection("Demo").Get<DemoOptions>() ?? new();
        if (demo.Scenario.Length == 0) return new(null);

        var folder = Path.Combine(Path.GetFullPath(configuration["Data:Folder"] ?? "data"), "demo");
        Directory.CreateDirectory(folder);
        var host = await SimulatorHost.StartAsync(
            new()
            {
                Scenario = demo.Scenario,
                Nodes = demo.Nodes,
                Guests = demo.Guests,
                AdminPort = demo.AdminPort,
                Listen = new(IPAddress.Loopback, 0),
                DataFolder = folder,
            },
            clock, cancellationToken);

        var tokenFile = Path.Combine(folder, "token");
        await File.WriteAllTextAsync(tokenFile, host.Token, cancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(tokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        configuration.AddInMemoryCollection(Settings(configuration, host, tokenFile, demo.Scenario));
        return new(host);
    }

    public ValueTask DisposeAsync() => _host?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static IEnumerable<KeyValuePair<string, string?>> Settings(IConfiguration configuration, SimulatorHost host, string tokenFile, string scenario)
    {
        var index = configuration.GetSection("Clusters").GetChildren().Count();
        var cluster = $"Clusters:{index.ToString(CultureInfo.InvariantCulture)}";
        yield return new($"{cluster}:Key", "demo");
        yield return new($"{cluster}:Name", $"{scenario} (simulated)");
        yield return new($"{cluster}:TokenFile", tokenFile);
        foreach (var (i, endpoint) in host.Endpoints.Index()) yield return new($"{cluster}:Endpoints:{i}", endpoint.ToString());
        foreach (var (i, fingerprint) in host.Fingerprints.Values.Index()) yield return new($"{cluster}:Fingerprints:{i}", fingerprint);
    }
}
