using System.Globalization;
using System.Net;
using Jarvis.Simulator;

namespace Jarvis.Server.Hosting;

/// <summary>Runs the simulator inside the server and configures it as one more cluster, reached over HTTPS with a token
/// and pinned certificates, as a real one is.</summary>
internal static partial class DemoCluster
{
    /// <summary>Starts the demo if <c>Demo:Scenario</c> asks for it; it ends with the server.</summary>
    /// <returns>Why it cannot be started; null when all is well.</returns>
    public static async Task<string?> AddDemoAsync(this WebApplicationBuilder builder)
    {
        var demo = builder.Configuration.GetSection("Demo").Get<DemoOptions>() ?? new();
        if (demo.Scenario.Length == 0) return null;
        var data = Path.GetFullPath(builder.Configuration["Data:Folder"] ?? "data");
        try
        {
            await StartAsync(builder, demo, data);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"Demo:Scenario needs a data folder that can be written (Data:Folder is {data}): {e.Message}";
        }
    }

    private static void MakeForOwnerAlone(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // Apart, so that the simulator's assembly is loaded only when it is used.
    private static async Task StartAsync(WebApplicationBuilder builder, DemoOptions demo, string data)
    {
        var configuration = builder.Configuration;
        var folder = Path.Combine(data, "demo");
        MakeForOwnerAlone(data);
        MakeForOwnerAlone(folder);
        var clock = builder.Services.LastOrDefault(s => s.ServiceType == typeof(TimeProvider))?.ImplementationInstance as TimeProvider;
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
            clock ?? TimeProvider.System, CancellationToken.None);

        var tokenFile = Path.Combine(folder, "token");
        File.Delete(tokenFile);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var stream = new StreamWriter(tokenFile, options)) await stream.WriteAsync(host.Token);
        configuration.AddInMemoryCollection(Settings(configuration, host, tokenFile, demo.Scenario));
        builder.Services.AddHostedService(services => new Ending(host, services.GetRequiredService<ILogger<SimulatorHost>>()));
    }

    private static IEnumerable<KeyValuePair<string, string?>> Settings(ConfigurationManager configuration, SimulatorHost host, string tokenFile, string scenario)
    {
        var index = configuration.GetSection("Clusters").GetChildren().Count();
        var cluster = $"Clusters:{index.ToString(CultureInfo.InvariantCulture)}";
        yield return new($"{cluster}:Key", "demo");
        yield return new($"{cluster}:Name", $"{scenario} (simulated)");
        yield return new($"{cluster}:TokenFile", tokenFile);
        foreach (var (i, endpoint) in host.Endpoints.Index()) yield return new($"{cluster}:Endpoints:{i}", endpoint.ToString());
        foreach (var (i, fingerprint) in host.Fingerprints.Values.Index()) yield return new($"{cluster}:Fingerprints:{i}", fingerprint);
    }

    /// <summary>Says where faults can be switched on, and stops the simulator after the server's own work is done.</summary>
    private sealed partial class Ending(SimulatorHost host, ILogger<SimulatorHost> log) : IHostedService, IAsyncDisposable
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            if (host.Admin is { } admin) LogAdmin(admin);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync() => host.DisposeAsync();

        [LoggerMessage(Level = LogLevel.Information, Message = "Faults of the simulated cluster are switched at {Admin}")]
        private partial void LogAdmin(Uri admin);
    }
}
