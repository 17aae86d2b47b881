using System.Diagnostics;

namespace Jarvis.Bench;

/// <summary>What watching costs, by size of the cluster and number of screens.</summary>
internal static class Matrix
{
    private static readonly (int Nodes, int Guests)[] Sizes = [(3, 30), (10, 500), (40, 2_000), (100, 5_000)];
    private static readonly int[] ScreenCounts = [0, 1, 25];

    public static IEnumerable<Scenario> Scenarios =>
        from size in Sizes
        from screens in ScreenCounts
        let cell = $"{size.Guests}.{screens}"
        select new Scenario(
            "matrix." + cell,
            [.. from figure in (string[])["calls", "cadence", "cpu", "private", "rss", .. screens > 0 ? ["snapshot", "delta"] : Array.Empty<string>()] select $"{figure}.{cell}"],
            (rig, ct) => CellAsync(rig, size.Nodes, size.Guests, screens, cell, ct));

    private static async Task<IReadOnlyList<Figure>> CellAsync(Rig rig, int nodes, int guests, int count, string cell, CancellationToken cancellationToken)
    {
        await using var simulator = await SimulatorProcess.FleetAsync(rig, nodes, guests, cancellationToken);
        await using var server = await ServerProcess.WatchingAsync(rig, simulator, cancellationToken);
        await server.SignInAsync(cancellationToken);
        await using var screens = await Screens.OpenAsync(server, count, cancellationToken);
        await screens.FilledAsync(cancellationToken);
        await Rig.PauseAsync(rig.WarmUp, cancellationToken);

        var since = Stopwatch.GetTimestamp();
        await simulator.ResetRequestsAsync(cancellationToken);
        await using var load = new ProcessLoad(server.Id);
        await Rig.PauseAsync(rig.Window, cancellationToken);
        var cpu = load.Cpu;
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        var requests = await simulator.RequestsAsync(cancellationToken);
        screens.Check();

        var reads = requests.Where(r => r.Key.EndsWith("/cluster/resources", StringComparison.Ordinal)).Sum(r => r.Value);
        List<Figure> figures =
        [
            new($"calls.{cell}", requests[""] / seconds * 10),
            new($"cadence.{cell}", reads == 0 ? double.NaN : seconds / reads),
            new($"cpu.{cell}", cpu),
            new($"private.{cell}", load.PeakPrivateMegabytes),
            new($"rss.{cell}", load.PeakResidentMegabytes),
        ];
        if (count > 0)
        {
            var deltas = screens.Of("Delta", since).ToList();
            figures.Add(new($"snapshot.{cell}", screens.Of("Guests").Concat(screens.Of("Snapshot")).Sum(s => s.Bytes) / 1000.0 / screens.Of("Snapshot").Count()));
            figures.Add(new($"delta.{cell}", deltas.Sum(d => d.Bytes) / 1000.0 / count / (seconds / 10), $"{deltas.Count / count} deltas a screen"));
        }

        return figures;
    }
}
