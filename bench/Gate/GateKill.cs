using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jarvis.Bench.Gate;

/// <summary>A server that is killed at every stage of an approved call, again and again on the same files, over a cluster that
/// lives on: no call has its effect twice, and the audit explains each.</summary>
internal static class GateKill
{
    private const int Guest = 104;
    private const string Node = "/nodes/pve3";
    private const string Task = "qmpause";
    private const string Suspend = """{"tool":"suspend_vm","args":{"guest":104}}""";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);

    /// <summary>Milliseconds after the decision was sent: from before it is stored to after its effect.</summary>
    private static readonly int[] Delays = [0, 2, 5, 10, 15, 20, 30, 45, 70, 120, 250, 500];

    /// <summary>A fast machine goes round more often than a caller may ask.</summary>
    private static readonly Dictionary<string, string> Unbudgeted = new(StringComparer.Ordinal) { ["Safety:RequestsPerMinute"] = "1000", ["Safety:WritesPerHour"] = "10000" };

    private enum Stage { Decided, Held, Asked, Running, Ended }

    private sealed record Round(string State, int Effects, string? Wrong);

    public static async Task<int> RunAsync(int rounds, CancellationToken cancellationToken)
    {
        var built = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var rig = new Rig(quick: true, built is "debug" or "release" ? built : null, TextWriter.Null);
        var data = Directory.CreateTempSubdirectory("jarvis-gate-kill-");
        List<Round> done = [];
        try
        {
            await using var simulator = await SimulatorProcess.StartAsync(rig, ["--scenario", "three-nodes", "--single-endpoint"], cancellationToken);
            var server = await StartAsync(rig, simulator, data, cancellationToken);
            try
            {
                for (var round = 0; round < rounds; round++)
                {
                    // First each stage that can be told from outside; then each second round is one of the moments in between.
                    var stage = round < 5 ? (Stage)round : round % 2 == 0 ? Stage.Decided : (Stage)(1 + round / 2 % 4);
                    var (approval, before) = await KilledAsync(server, simulator, stage, Delays[(3 + round / 2) % Delays.Length], cancellationToken);
                    await server.DisposeAsync();
                    server = await StartAsync(rig, simulator, data, cancellationToken);
                    done.Add(await AgainAsync(server, simulator, stage, approval, before, cancellationToken));
                }
            }
            finally
            {
                await server.DisposeAsync();
            }

            var (unexplained, whole) = await AuditAsync(rig, simulator, data, cancellationToken);
            var wrong = done.Where(r => r.Wrong is not null).Select(r => r.Wrong).ToList();
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                rounds, effects = done.Sum(r => r.Effects), twice = done.Count(r => r.Effects > 1), wrong, unexplained, whole,
                states = done.CountBy(r => r.State).ToDictionary(s => s.Key, s => s.Value),
            }));
            return wrong.Count == 0 && unexplained.Count == 0 && whole && done.All(r => r.Effects <= 1) ? 0 : 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>A call is asked for and approved, and the server killed; gives the approval, and how many effects there were before.</summary>
    private static async Task<(string Approval, int Before)> KilledAsync(ServerProcess server, SimulatorProcess simulator, Stage stage, int delay, CancellationToken cancellationToken)
    {
        await RunsAsync(simulator, cancellationToken);
        var before = await EffectsAsync(simulator, cancellationToken);
        var approval = await AskAsync(server, cancellationToken);
        var held = stage == Stage.Held
            ? await simulator.FaultAsync("slow", "*", new JsonObject { ["path"] = $"{Node}/qemu/{Guest}/status/suspend", ["seconds"] = "3" }, cancellationToken) : null;
        var decided = stage == Stage.Asked ? null : DecideAsync(server, approval, cancellationToken);
        switch (stage)
        {
            case Stage.Decided: await Rig.PauseAsync(TimeSpan.FromMilliseconds(delay), cancellationToken); break;
            case Stage.Held: await Rig.PauseAsync(TimeSpan.FromMilliseconds(300), cancellationToken); break;
            case Stage.Running: await UntilAsync(async () => await EffectsAsync(simulator, cancellationToken) > before, "the task never began", cancellationToken); break;
            case Stage.Ended: await decided!; break;
        }
        await server.KillAsync();
        if (held is not null) await simulator.EndFaultAsync(held, cancellationToken);
        if (decided is not null) await decided;
        return (approval, before);
    }

    /// <summary>The server that comes after is asked to go on with the same approval.</summary>
    private static async Task<Round> AgainAsync(ServerProcess server, SimulatorProcess simulator, Stage stage, string approval, int before, CancellationToken cancellationToken)
    {
        var state = await StateAsync(server, approval, cancellationToken);
        var (status, text) = await DecideAsync(server, approval, cancellationToken);
        var effects = await EffectsAsync(simulator, cancellationToken) - before;
        var right = (state, status, effects) switch
        {
            ("requested", HttpStatusCode.OK, 1) => true,
            ("approved", HttpStatusCode.Conflict, 0) => true,
            ("consumed", HttpStatusCode.Conflict, 1) => true,
            ("unknown", HttpStatusCode.Conflict, 0 or 1) => true,
            _ => false,
        };
        return new(state, effects, right ? null : $"{stage}: the approval was {state}, deciding again gave {status} {text}, and there were {effects} effects");
    }

    private static async Task<ServerProcess> StartAsync(Rig rig, SimulatorProcess simulator, DirectoryInfo data, CancellationToken cancellationToken)
    {
        var server = await ServerProcess.WatchingAsync(rig, simulator, Unbudgeted, cancellationToken, data);
        await server.SignInAsync(cancellationToken);
        return server;
    }

    /// <summary>Asks for the call until the server has seen its guest, and gives the approval that it waits for.</summary>
    private static async Task<string> AskAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        var (approval, last) = ("", "");
        await UntilAsync(async () =>
        {
            using var answer = await server.Http.PostAsync("/api/tools/execute", new StringContent(Suspend, System.Text.Encoding.UTF8, "application/json"), cancellationToken);
            last = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.StatusCode != HttpStatusCode.Accepted) return false;
            approval = JsonNode.Parse(last)!["approval"]!["id"]!.ToString();
            return true;
        }, () => $"the call was never let wait: {last}", cancellationToken);
        return approval;
    }

    /// <summary>The answer; no status when the server was killed meanwhile.</summary>
    private static async Task<(HttpStatusCode Status, string Text)> DecideAsync(ServerProcess server, string approval, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await server.Http.PostAsJsonAsync($"/api/approvals/{approval}/decide", new { decision = "approve" }, cancellationToken);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException e)
        {
            return (0, e.Message);
        }
    }

    private static async Task<string> StateAsync(ServerProcess server, string approval, CancellationToken cancellationToken) =>
        (await server.Http.GetFromJsonAsync<JsonNode>($"/api/approvals/{approval}", cancellationToken))!["state"]!.ToString();

    private static async Task<int> EffectsAsync(SimulatorProcess simulator, CancellationToken cancellationToken) =>
        (await simulator.AskAsync(HttpMethod.Get, $"{Node}/tasks?vmid={Guest}&source=all&limit=0", cancellationToken)).AsArray().Count(t => t!["type"]!.ToString() == Task);

    private static async Task RunsAsync(SimulatorProcess simulator, CancellationToken cancellationToken)
    {
        var asked = false;
        await UntilAsync(async () =>
        {
            var now = await simulator.AskAsync(HttpMethod.Get, $"{Node}/qemu/{Guest}/status/current", cancellationToken);
            var paused = now["qmpstatus"]?.ToString() == "paused";
            if (paused && !asked) await simulator.AskAsync(HttpMethod.Post, $"{Node}/qemu/{Guest}/status/resume", cancellationToken);
            asked |= paused;
            return !paused && now["lock"] is null && (await simulator.AskAsync(HttpMethod.Get, $"{Node}/tasks?source=active", cancellationToken)).AsArray().Count == 0;
        }, "the guest does not go on", cancellationToken);
    }

    /// <summary>Every call is whole: refused, waiting or decided in one row, or begun and ended in two, and once more when its end was read later.</summary>
    private static async Task<(List<string> Unexplained, bool Whole)> AuditAsync(Rig rig, SimulatorProcess simulator, DirectoryInfo data, CancellationToken cancellationToken)
    {
        await using var server = await StartAsync(rig, simulator, data, cancellationToken);
        List<JsonNode> rows = [];
        for (var before = ""; ;)
        {
            var page = (await server.Http.GetFromJsonAsync<JsonNode>($"/api/audit?limit=1000{before}", cancellationToken))!;
            rows.AddRange(page["items"]!.AsArray().Select(r => r!));
            if (page["next"] is not { } next) break;
            before = $"&before={next}";
        }

        var unexplained = from call in rows.OrderBy(r => (long)r["seq"]!).GroupBy(r => r["id"]!.ToString())
                          let parts = string.Join(' ', call.Select(r => r["part"]!.ToString()))
                          where parts is not ("whole" or "decision" or "intent outcome" or "intent outcome reconciled")
                          select $"{call.Key}: {parts}";
        // What ran has its row of intent, and no more ran than that.
        var runs = rows.Count(r => r["part"]!.ToString() == "intent");
        var effects = await EffectsAsync(simulator, cancellationToken);
        var whole = (await server.Http.GetFromJsonAsync<JsonNode>("/api/audit/verify", cancellationToken))!["whole"]!.GetValue<bool>();
        return ([.. unexplained, .. effects > runs ? (string[])[$"{effects} effects, and {runs} calls that ran"] : []], whole);
    }

    private static Task UntilAsync(Func<Task<bool>> done, string trouble, CancellationToken cancellationToken) => UntilAsync(done, () => trouble, cancellationToken);

    private static async Task UntilAsync(Func<Task<bool>> done, Func<string> trouble, CancellationToken cancellationToken)
    {
        for (var began = System.Diagnostics.Stopwatch.GetTimestamp(); !await done();)
        {
            if (System.Diagnostics.Stopwatch.GetElapsedTime(began) > Patience) throw new TimeoutException($"After {Patience.TotalSeconds} s {trouble()}.");
            await Rig.PauseAsync(Pause, cancellationToken);
        }
    }
}
