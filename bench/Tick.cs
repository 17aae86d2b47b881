using System.Diagnostics;
using Jarvis.Proxmox;
using Jarvis.Server.Cluster;

namespace Jarvis.Bench;

/// <summary>One round of the poller at the largest size, by the same steps in this process: ask, parse, compare, publish.</summary>
internal static class Tick
{
    // Longer than the client keeps an idle connection, as between two rounds of the real poller.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(6);

    public static IEnumerable<Scenario> Scenarios => [new("tick", ["tick-5000"], RunAsync)];

    private static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig, CancellationToken cancellationToken)
    {
        await using var simulator = await SimulatorProcess.FleetAsync(rig, 100, 5_000, cancellationToken);
        using var client = new ProxmoxClient(
            new()
            {
                Endpoints = [.. simulator.Endpoints.Select(e => new Uri(e))],
                Credential = ProxmoxCredential.FromTokenFile(simulator.TokenFile),
                Fingerprints = [.. simulator.Fingerprints],
                StatusAge = TimeSpan.Zero,
                TasksAge = TimeSpan.Zero,
            },
            TimeProvider.System);
        var builder = new SnapshotBuilder();
        var cluster = new LiveCluster(new("bench", "bench", false, ClusterOrigin.Configuration), 10);
        List<(double Total, double Fetch)> rounds = [];
        var changed = 0;
        for (var i = 0; i < rig.Repetitions * 2; i++)
        {
            await simulator.AdvanceAsync(TimeSpan.FromSeconds(10), cancellationToken);
            await Rig.PauseAsync(Pause, cancellationToken);
            var started = Stopwatch.GetTimestamp();
            var resources = client.GetResourcesAsync(cancellationToken);
            var status = client.GetClusterStatusAsync(cancellationToken);
            var tasks = client.GetClusterTasksAsync(cancellationToken);
            var reading = new ClusterReading(
                TimeProvider.System.GetUtcNow(), await resources, await status, await tasks, new Dictionary<string, Proxmox.Wire.NodeStatus>());
            var fetched = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            var change = cluster.Publish(builder.Next(cluster.Current.View, reading));
            rounds.Add((Stopwatch.GetElapsedTime(started).TotalMilliseconds, fetched));
            changed = change?.Delta.GuestNumbers?.Vmids.Count ?? 0;
        }

        var warm = rounds.Skip(rig.Repetitions).ToList();
        return [new("tick-5000", warm.Select(r => r.Total).Median(), $"{warm.Select(r => r.Fetch).Median():0} ms of it asking and parsing; {changed} guests moved")];
    }
}
