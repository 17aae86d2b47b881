using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Jarvis.Safety;
using Jarvis.Server;
using Jarvis.Server.Mcp;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Bench.Gate;

/// <summary>What the one door costs a call: in process, over REST, over MCP.</summary>
internal static class GateBench
{
    private const int Senders = 16;
    private const string Tool = """{"tool":"get_cluster_status","args":{}}""";
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_cluster_status","arguments":{}}}""";

    public static IEnumerable<Scenario> Scenarios =>
    [
        new("gate", ["gate-judge"], JudgeAsync),
        new("gate-rest", ["gate-rest-p50", "gate-rest-rate"], RestAsync),
        new("gate-mcp", ["gate-mcp-rate"], McpAsync),
    ];

    /// <summary><c>kill [--rounds N]</c> kills a server at every stage of approved calls, and exits with 1 if one had its effect twice or left a row that nothing explains.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        if (args is ["kill", .. var rest] && rest is [] or ["--rounds", _]) return await GateKill.RunAsync(rest is [_, var rounds] ? int.Parse(rounds, CultureInfo.InvariantCulture) : 50, cancellationToken);
        await Console.Error.WriteLineAsync("gate kill [--rounds N]");
        return 2;
    }

    private static async Task<IReadOnlyList<Figure>> JudgeAsync(Rig rig, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("jarvis-gate-");
        try
        {
            var node = new TargetState { Target = new("lab", Kind.Node, "pve1"), Name = "pve1", Fingerprint = "as it is" };
            using var kernel = new SafetyKernel(
                ToolCatalogue.Of(new Reading()), new() { Find = (_, _) => ValueTask.FromResult<IReadOnlyList<TargetState>>([node]), RoleOf = (_, _) => ValueTask.FromResult<Role?>(Role.Operator) },
                new SafetyOptions(), folder.FullName, TimeProvider.System);
            var (caller, turn) = (new Caller.Model { User = "otto", Role = Role.Operator }, new Turn("bench", "c1"));
            ReadOnlyMemory<byte> arguments = """{"node":"pve1","lines":50}"""u8.ToArray();
            List<double> microseconds = [];
            var (warm, calls) = rig.Quick ? (5_000, 20_000) : (20_000, 200_000);
            for (var i = 0; i < warm + calls; i++)
            {
                var began = Stopwatch.GetTimestamp();
                var outcome = await kernel.Invoker.InvokeAsync("get_lines", arguments, caller, turn, cancellationToken);
                if (i >= warm) microseconds.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
                if (outcome is not ToolOutcome.Completed) throw new InvalidOperationException($"The call was not run: {outcome.Verdict.Why}");
            }

            return [new("gate-judge", microseconds.Median(), string.Create(CultureInfo.InvariantCulture, $"p99 {microseconds.Percentile(0.99):0} µs, the run of an empty tool and its two rows with it"))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Figure>> RestAsync(Rig rig, CancellationToken cancellationToken)
    {
        await using var simulator = await SimulatorProcess.FleetAsync(rig, 3, 30, cancellationToken);
        await using var server = await ServerProcess.WatchingAsync(
            rig, simulator, new Dictionary<string, string> { ["Jarvis__RateLimits__PerUser"] = "100000", ["Jarvis__RateLimits__UserBurst"] = "100000", ["Jarvis__RateLimits__PerAddress"] = "100000", ["Jarvis__RateLimits__AddressBurst"] = "100000" }, cancellationToken);
        await server.SignInAsync(cancellationToken);
        Task<double> OneAsync() => SendAsync(server.Http, "/api/tools/execute", Tool, "\"completed\"", cancellationToken);
        await RateAsync(OneAsync, TimeSpan.FromSeconds(3));
        List<double> milliseconds = [];
        for (var i = 0; i < 1_000; i++) milliseconds.Add(await OneAsync());
        var rate = await RateAsync(OneAsync, TimeSpan.FromSeconds(rig.Quick ? 5 : 20));
        return
        [
            new("gate-rest-p50", milliseconds.Median(), string.Create(CultureInfo.InvariantCulture, $"p99 {milliseconds.Percentile(0.99):0.0} ms, one after another")),
            new("gate-rest-rate", rate, $"{Senders} at once"),
        ];
    }

    /// <summary>Server and client are one process: the token is given from within.</summary>
    private static async Task<IReadOnlyList<Figure>> McpAsync(Rig rig, CancellationToken cancellationToken)
    {
        await using var simulator = await SimulatorProcess.FleetAsync(rig, 3, 30, cancellationToken);
        var folder = Directory.CreateTempSubdirectory("jarvis-gate-");
        try
        {
            string[] settings =
            [
                "--Server:Port=0", $"--Data:Folder={folder.FullName}", "--Logging:LogLevel:Default=Warning", "--RateLimits:PerUser=100000", "--RateLimits:UserBurst=100000", "--RateLimits:PerAddress=100000", "--RateLimits:AddressBurst=100000",
                "--Clusters:0:Key=bench", $"--Clusters:0:TokenFile={simulator.TokenFile}",
                .. simulator.Endpoints.Index().Select(e => $"--Clusters:0:Endpoints:{e.Index}={e.Item}"), .. simulator.Fingerprints.Index().Select(f => $"--Clusters:0:Fingerprints:{f.Index}={f.Item}"),
            ];
            using var said = new StringWriter();
            await using var app = await Product.BuildAsync(settings, said, builder => builder.Services.AddSingleton(new McpTokens((token, _) => ValueTask.FromResult<Caller.McpClient?>(
                token == "bench" ? new() { Key = "bench", Owner = "admin", Role = Role.Operator, Limit = Tier.Yellow } : null)))) ?? throw new InvalidOperationException(said.ToString());
            await app.StartAsync(cancellationToken);
            using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new(app.Urls.Single()) };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "bench");
            http.DefaultRequestHeaders.Accept.ParseAdd("application/json, text/event-stream");
            Task<double> OneAsync() => SendAsync(http, "/mcp", Call, "completed", cancellationToken);
            await RateAsync(OneAsync, TimeSpan.FromSeconds(3));
            var rate = await RateAsync(OneAsync, TimeSpan.FromSeconds(rig.Quick ? 5 : 20));
            await app.StopAsync(cancellationToken);
            return [new("gate-mcp-rate", rate, $"{Senders} at once, client and server in one process")];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> SendAsync(HttpClient http, string path, string body, string wanted, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var began = Stopwatch.GetTimestamp();
        using var answer = await http.PostAsync(path, content, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return answer.IsSuccessStatusCode && text.Contains(wanted, StringComparison.Ordinal) ? took : throw new InvalidOperationException($"{path}: {answer.StatusCode} {text}");
    }

    private static async Task<double> RateAsync(Func<Task<double>> one, TimeSpan time)
    {
        var (began, calls) = (Stopwatch.GetTimestamp(), 0);
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                await one();
                Interlocked.Increment(ref calls);
            }
        })));
        return calls / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private sealed class Reading
    {
        public int Reads { get; private set; }

        [Tool(Tier.Green, Outside = false), Description("Reads nothing.")]
        public string GetLines([Target(Kind.Node, Effect = Effect.Reads)] NodeName node, int lines = 10)
        {
            Reads += lines;
            return node.Value;
        }
    }
}
