namespace Jarvis.Bench;

/// <summary>How long until the server serves, each time with an empty data folder.</summary>
internal static class StartUp
{
    public static IEnumerable<Scenario> Scenarios =>
    [
        new("start", ["start-ready"], StartAsync),
        new("demo", ["demo-ready", "demo-private", "demo-rss"], DemoAsync),
    ];

    private static async Task<IReadOnlyList<Figure>> StartAsync(Rig rig, CancellationToken cancellationToken)
    {
        await using var simulator = await SimulatorProcess.FleetAsync(rig, 3, 30, cancellationToken);
        List<double> seconds = [];
        for (var i = 0; i < rig.Repetitions; i++)
        {
            await using var server = await ServerProcess.WatchingAsync(rig, simulator, cancellationToken);
            seconds.Add(server.StartedIn.TotalSeconds);
        }

        return [new("start-ready", seconds.Median(), $"slowest {seconds.Max():0.00} s")];
    }

    private static async Task<IReadOnlyList<Figure>> DemoAsync(Rig rig, CancellationToken cancellationToken)
    {
        List<double> seconds = [];
        List<(double Private, double Resident)> memory = [];
        for (var i = 0; i < rig.Repetitions; i++)
        {
            await using var server = await ServerProcess.DemoAsync(rig, cancellationToken);
            seconds.Add(server.StartedIn.TotalSeconds);
            memory.Add(ProcessLoad.Megabytes(server.Id));
        }

        return
        [
            new("demo-ready", seconds.Median(), $"slowest {seconds.Max():0.00} s"),
            new("demo-private", memory.Select(m => m.Private).Median(), "server and simulator in one process, when ready"),
            new("demo-rss", memory.Select(m => m.Resident).Median()),
        ];
    }
}
