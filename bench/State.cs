using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using MessagePack;

namespace Jarvis.Bench;

/// <summary>Sizes and latencies of the state itself.</summary>
internal static class State
{
    public static IEnumerable<Scenario> Scenarios =>
    [
        new("state", ["state-wire", "state-rest-wire", "state-rest-plain", "state-rest-p95", "delta-all-500"], FiveHundredAsync),
        new("first-state", ["first-state-2000"], FirstStateAsync),
        new("fan-out", ["fan-out-p99", "fan-out-spread"], FanOutAsync),
    ];

    private static async Task<IReadOnlyList<Figure>> FiveHundredAsync(Rig rig, CancellationToken cancellationToken)
    {
        await using var simulator = await SimulatorProcess.FleetAsync(rig, 10, 500, cancellationToken);
        await using var server = await ServerProcess.WatchingAsync(rig, simulator, cancellationToken);
        await server.SignInAsync(cancellationToken);
        await using var screens = await Screens.OpenAsync(server, 1, cancellationToken);
        await screens.FilledAsync(cancellationToken);
        await Rig.PauseAsync(rig.WarmUp, cancellationToken);

        var plain = 0;
        List<double> medians = [];
        for (var round = 0; round < rig.Repetitions; round++)
        {
            List<double> latencies = [];
            for (var i = 0; i < 200; i++)
            {
                var started = Stopwatch.GetTimestamp();
                plain = (await server.Http.GetByteArrayAsync("/api/cluster", cancellationToken)).Length;
                latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                // Below the limit of requests an account may send.
                await Rig.PauseAsync(TimeSpan.FromMilliseconds(20), cancellationToken);
            }

            medians.Add(latencies.Percentile(0.95));
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/cluster");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var answer = await server.Http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var wire = (await answer.Content.ReadAsByteArrayAsync(cancellationToken)).Length;

        // The guests that stand still in this tick are counted as if they had moved like the others.
        await Rig.PauseAsync(TimeSpan.FromSeconds(25), cancellationToken);
        var largest = screens.Of("Delta").Where(d => !d.Content.IsEmpty).Select(d => (d.Bytes, Moved: Moved(d))).MaxBy(d => d.Moved);
        return
        [
            new("state-wire", screens.Of("Snapshot").Max(s => s.Bytes) / 1000.0, "snapshot on the hub"),
            new("state-rest-wire", wire / 1000.0, string.Join(' ', answer.Content.Headers.ContentEncoding.DefaultIfEmpty("not compressed"))),
            new("state-rest-plain", plain / 1000.0),
            new("state-rest-p95", medians.Median(), $"median of {medians.Count} rounds of 200"),
            new("delta-all-500", largest.Moved == 0 ? double.NaN : largest.Bytes / 1000.0 * 500 / largest.Moved, $"{largest.Bytes} bytes with {largest.Moved} moved, scaled to 500"),
        ];
    }

    private static async Task<IReadOnlyList<Figure>> FirstStateAsync(Rig rig, CancellationToken cancellationToken)
    {
        await using var simulator = await SimulatorProcess.FleetAsync(rig, 40, 2_000, cancellationToken);
        await using var server = await ServerProcess.WatchingAsync(rig, simulator, cancellationToken);
        await server.SignInAsync(cancellationToken);
        await Rig.PauseAsync(rig.WarmUp, cancellationToken);
        List<double> times = [];
        for (var i = 0; i < rig.Repetitions; i++)
        {
            var first = new TaskCompletionSource<Arrival>(TaskCreationOptions.RunContinuationsAsynchronously);
            var started = Stopwatch.GetTimestamp();
            await using var screen = await Screen.OpenAsync(server, false, a => { if (a.Target == "Snapshot") first.TrySetResult(a); }, cancellationToken);
            var arrival = await first.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started, arrival.At).TotalMilliseconds);
        }

        return [new("first-state-2000", times.Median(), $"slowest {times.Max():0} ms")];
    }

    private static async Task<IReadOnlyList<Figure>> FanOutAsync(Rig rig, CancellationToken cancellationToken)
    {
        const int clients = 500;
        await using var simulator = await SimulatorProcess.FleetAsync(rig, 10, 500, cancellationToken);
        await using var server = await ServerProcess.WatchingAsync(rig, simulator, cancellationToken);
        await server.SignInAsync(cancellationToken);
        await using var screens = await Screens.OpenAsync(server, clients, cancellationToken);
        await screens.FilledAsync(cancellationToken);
        await Rig.PauseAsync(TimeSpan.FromSeconds(15), cancellationToken);

        var since = Stopwatch.GetTimestamp();
        var clock = TimeProvider.System.GetUtcNow();
        await Rig.PauseAsync(rig.Window, cancellationToken);
        screens.Check();
        List<double> waits = [];
        List<double> spreads = [];
        foreach (var published in screens.Of("Delta", since).Where(d => !d.Content.IsEmpty).OrderBy(d => d.At).SkipLast(1))
        {
            if (Moved(published) == 0) continue;
            var observed = DateTimeOffset.Parse(Argument(published, 2)!["observedAt"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
            var near = screens.Of("Delta", since).Where(d => Math.Abs(Stopwatch.GetElapsedTime(d.At, published.At).TotalSeconds) < 2).ToList();
            if (near.Count < clients) throw new InvalidDataException($"Only {near.Count} of {clients} screens had the delta within two seconds.");
            waits.AddRange(near.Select(d => (clock - observed + Stopwatch.GetElapsedTime(since, d.At)).TotalMilliseconds));
            spreads.Add(Stopwatch.GetElapsedTime(near.Min(d => d.At), near.Max(d => d.At)).TotalMilliseconds);
        }

        return
        [
            new("fan-out-p99", waits.Percentile(0.99), $"{waits.Count} arrivals, from the answer of Proxmox to the last byte"),
            new("fan-out-spread", spreads.Median(), "first to last screen"),
        ];
    }

    private static int Moved(Arrival delta)
    {
        var change = Argument(delta, 2);
        return (change?["guestNumbers"]?["vmids"]?.AsArray().Count ?? 0) + (change?["guests"]?.AsArray().Count ?? 0);
    }

    /// <summary>One argument of an invocation <c>[1, headers, id, target, [arguments], …]</c>.</summary>
    public static JsonNode? Argument(Arrival arrival, int index) =>
        JsonNode.Parse(MessagePackSerializer.ConvertToJson(arrival.Content))![4]![index];
}
