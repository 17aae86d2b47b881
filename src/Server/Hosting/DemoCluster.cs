using System.Globalization;

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
        if (demo.Scenario.Length == 0)
        {
            builder.Services.AddSingleton<DemoSimulator>();
            return null;
        }

        var data = Path.GetFullPath(builder.Configuration["Data:Folder"] ?? "data");
        try
        {
            var clock = builder.Services.LastOrDefault(s => s.ServiceType == typeof(TimeProvider))?.ImplementationInstance as TimeProvider;
            var simulator = new DemoSimulator(clock ?? TimeProvider.System);
            var address = await simulator.StartAsync(demo, data, CancellationToken.None);
            builder.Configuration.AddInMemoryCollection(Settings(builder.Configuration, address, demo.Scenario));
            // By a factory, or the container would not end it.
            builder.Services.AddSingleton(_ => simulator);
            builder.Services.AddHostedService<Announcement>();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"Demo:Scenario needs a data folder that can be written (Data:Folder is {data}): {e.Message}";
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> Settings(ConfigurationManager configuration, DemoAddress demo, string scenario)
    {
        var index = configuration.GetSection("Clusters").GetChildren().Count();
        var cluster = $"Clusters:{index.ToString(CultureInfo.InvariantCulture)}";
        yield return new($"{cluster}:Key", DemoSimulator.Key);
        yield return new($"{cluster}:Name", DemoSimulator.Title(scenario));
        yield return new($"{cluster}:TokenFile", demo.TokenFile);
        foreach (var (i, endpoint) in demo.Endpoints.Index()) yield return new($"{cluster}:Endpoints:{i}", endpoint.ToString());
        foreach (var (i, fingerprint) in demo.Fingerprints.Index()) yield return new($"{cluster}:Fingerprints:{i}", fingerprint);
    }

    /// <summary>Says where faults can be switched on. The simulator itself stops after the server's own work is done.</summary>
    private sealed partial class Announcement(DemoSimulator simulator, ILogger<DemoSimulator> log) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            if (simulator.Admin is { } admin) LogAdmin(admin);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        [LoggerMessage(Level = LogLevel.Information, Message = "Faults of the simulated cluster are switched at {Admin}")]
        private partial void LogAdmin(Uri admin);
    }
}
