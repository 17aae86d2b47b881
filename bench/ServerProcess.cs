using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;

namespace Jarvis.Bench;

/// <summary>The published server in a process of its own, with a data folder that goes with it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    public const string Password = "a-password-for-the-bench-alone";
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private readonly Child _child;
    private readonly DirectoryInfo? _own;

    private ServerProcess(Child child, DirectoryInfo? own, Uri address)
    {
        _child = child;
        _own = own;
        Address = address;
        Http = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    /// <summary>What a hub asks of a browser; set by signing in.</summary>
    public string? Cookie { get; private set; }

    public int Id => _child.Id;

    public IReadOnlyCollection<Line> Log => _child.Lines;

    public bool HasExited => _child.HasExited;

    /// <summary>From the start of the process to the first 200 of the readiness check.</summary>
    public TimeSpan StartedIn { get; private set; }

    public static Task<ServerProcess> WatchingAsync(Rig rig, SimulatorProcess simulator, CancellationToken cancellationToken) =>
        WatchingAsync(rig, simulator, new Dictionary<string, string>(), cancellationToken);

    /// <param name="rig">Where the programs are.</param>
    /// <param name="simulator">What it watches.</param>
    /// <param name="more">Further settings.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="data">A data folder that outlives the server; one of its own when null.</param>
    public static Task<ServerProcess> WatchingAsync(
        Rig rig, SimulatorProcess simulator, IReadOnlyDictionary<string, string> more, CancellationToken cancellationToken, DirectoryInfo? data = null)
    {
        var environment = new Dictionary<string, string>
        {
            ["Jarvis__Clusters__0__Key"] = "bench",
            ["Jarvis__Clusters__0__TokenFile"] = simulator.TokenFile,
        };
        foreach (var (i, endpoint) in simulator.Endpoints.Index()) environment[$"Jarvis__Clusters__0__Endpoints__{i}"] = endpoint;
        foreach (var (i, print) in simulator.Fingerprints.Index()) environment[$"Jarvis__Clusters__0__Fingerprints__{i}"] = print;
        foreach (var (name, value) in more) environment[name] = value;
        return StartAsync(rig, environment, cancellationToken, data);
    }

    /// <summary>As after the set-up, which would stand between the sign-in and the page.</summary>
    public static Task<ServerProcess> DemoAsync(Rig rig, CancellationToken cancellationToken) =>
        StartAsync(rig, new() { ["Jarvis__Demo__Scenario"] = "homelab", ["Jarvis__Setup__Offer"] = "false" }, cancellationToken);

    public async Task SignInAsync(CancellationToken cancellationToken)
    {
        using var answer = await Http.PostAsJsonAsync("/api/auth/login", new { user = "admin", password = Password }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var login = await answer.Content.ReadFromJsonAsync<Login>(cancellationToken) ?? throw new InvalidDataException("No answer to the login.");
        Http.DefaultRequestHeaders.Authorization = new("Bearer", login.AccessToken);
        Cookie = answer.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]).Single(c => c.StartsWith("jarvis_access_", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _child.DisposeAsync();
        _own?.Delete(recursive: true);
    }

    /// <summary>As <c>kill -9</c> does.</summary>
    public ValueTask KillAsync() => _child.DisposeAsync();

    private static async Task<ServerProcess> StartAsync(Rig rig, Dictionary<string, string> environment, CancellationToken cancellationToken, DirectoryInfo? keep = null)
    {
        var data = keep ?? Directory.CreateTempSubdirectory("jarvis-bench-");
        var password = Path.Combine(data.FullName, "admin-password");
        await File.WriteAllTextAsync(password, Password, cancellationToken);
        File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        environment["JARVIS_ADMIN_PASSWORD_FILE"] = password;
        environment["Jarvis__Web__Root"] = rig.WebRoot;
        // As ./jarvis starts it.
        environment["DOTNET_GCgen0size"] = "0x600000";
        environment["MALLOC_ARENA_MAX"] = "2";
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var child = Child.Start(rig.Server, ["--Server:Port", $"{address.Port}", "--Data:Folder", data.FullName], environment);
        var server = new ServerProcess(child, keep is null ? data : null, address);
        try
        {
            await server.ReadyAsync(cancellationToken);
            return server;
        }
        catch
        {
            Console.Error.WriteLine(child.Tail(30));
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task ReadyAsync(CancellationToken cancellationToken)
    {
        while (!await IsReadyAsync(cancellationToken))
        {
            if (HasExited) throw new InvalidOperationException("The server ended while starting.");
            if (Stopwatch.GetElapsedTime(_child.StartedAt) > LongestStart) throw new TimeoutException($"The server was not ready after {LongestStart}.");
            await Rig.PauseAsync(TimeSpan.FromMilliseconds(5), cancellationToken);
        }

        StartedIn = Stopwatch.GetElapsedTime(_child.StartedAt);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.GetAsync("/api/health/ready", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed record Login(string AccessToken, int ExpiresIn, string Role);
}
