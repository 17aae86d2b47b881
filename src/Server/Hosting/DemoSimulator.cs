using System.Net;
using Jarvis.Simulator;

namespace Jarvis.Server.Hosting;

/// <summary>Where the simulated cluster is reached, as a real one would be.</summary>
internal sealed record DemoAddress(IReadOnlyList<Uri> Endpoints, IReadOnlyList<string> Fingerprints, string TokenFile, Uri? Admin);

/// <summary>The one simulated cluster that may run inside the server. Its callers take turns.</summary>
internal sealed class DemoSimulator(TimeProvider clock) : IAsyncDisposable
{
    /// <summary>The key of the cluster that it is.</summary>
    public const string Key = "demo";

    private IAsyncDisposable? _running;

    /// <summary>Where faults are switched; null when that was not asked for.</summary>
    public Uri? Admin { get; private set; }

    public bool Runs => _running is not null;

    public static string Title(string scenario) => $"{scenario} (simulated)";

    /// <summary>Starts it; its certificates and its token are kept below the data folder, for the owner alone.</summary>
    /// <exception cref="IOException">The folder cannot be written, or there is no port.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public async Task<DemoAddress> StartAsync(DemoOptions demo, string dataFolder, CancellationToken cancellationToken)
    {
        if (Runs) throw new InvalidOperationException("The demo runs already.");
        var folder = Path.Combine(dataFolder, "demo");
        MakeForOwnerAlone(dataFolder);
        MakeForOwnerAlone(folder);
        var (simulator, address) = await RunAsync(demo, folder, cancellationToken);
        (_running, Admin) = (simulator, address.Admin);
        return address;
    }

    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _running, null) is { } running) await running.DisposeAsync();
        Admin = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    // Apart, so that the simulator's assembly is loaded only when it is used.
    private async Task<(IAsyncDisposable, DemoAddress)> RunAsync(DemoOptions demo, string folder, CancellationToken cancellationToken)
    {
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
        try
        {
            var tokenFile = Path.Combine(folder, "token");
            File.Delete(tokenFile);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using (var stream = new StreamWriter(tokenFile, options)) await stream.WriteAsync(host.Token.AsMemory(), cancellationToken);
            return (host, new(host.Endpoints, [.. host.Fingerprints.Values], tokenFile, host.Admin));
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    private static void MakeForOwnerAlone(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
