using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Jarvis.Server.Cluster.History;
using Jarvis.Server.Persistence;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jarvis.Bench.History;

/// <summary>Measures the metric history: what a day costs, how large it grows, how fast it is read.</summary>
public static class HistoryBench
{
    /// <summary>
    /// <c>cost [--nodes N] [--guests N] [--days N]</c>: that many days in steps of 5 min, then one at 10 s, as one line of
    /// JSON; <c>kill [--rounds N]</c> kills a child that records and exits with 1 if anything written was lost;
    /// <c>write --folder DIR</c> is that child.
    /// </summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        switch (args)
        {
            case ["cost", ..]:
                return await CostAsync(args, cancellationToken);
            case ["kill", ..]:
                return await HistoryKill.RunAsync(Option(args, "--rounds", 20), cancellationToken);
            case ["write", "--folder", var folder]:
                await HistoryKill.WriteAsync(folder, cancellationToken);
                return 0;
            default:
                await Console.Error.WriteLineAsync("history cost [--nodes N] [--guests N] [--days N] | kill [--rounds N] | write --folder DIR");
                return 2;
        }
    }

    private static async Task<int> CostAsync(string[] args, CancellationToken cancellationToken)
    {
        var (nodes, guests, days) = (Option(args, "--nodes", 10), Option(args, "--guests", 500), Option(args, "--days", 89));
        var folder = Directory.CreateTempSubdirectory("jarvis-history-").FullName;
        var time = new SetTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        try
        {
            using var history = new MetricHistory(new DataFolder(folder), time, NullLogger<MetricHistory>.Instance);
            await history.StartAsync(cancellationToken);
            await history.WrittenAsync(cancellationToken);
            var load = new Load(nodes, guests);
            for (var step = 0; step < days * 288; step++) await TickAsync(history, load, time, TimeSpan.FromMinutes(5), cancellationToken);

            var self = Process.GetCurrentProcess();
            var (cpu, allocated, recording) = (self.TotalProcessorTime, GC.GetTotalAllocatedBytes(), TimeSpan.Zero);
            for (var step = 0; step < 8640; step++) recording += await TickAsync(history, load, time, TimeSpan.FromSeconds(10), cancellationToken);
            self.Refresh();
            var used = (self.TotalProcessorTime - cpu - load.Spent).TotalSeconds;
            allocated = GC.GetTotalAllocatedBytes() - allocated;

            var reads = new Dictionary<string, double>();
            foreach (var (name, back) in ((string, TimeSpan)[])[("2h", TimeSpan.FromHours(2)), ("2d", TimeSpan.FromDays(2)), ("90d", TimeSpan.FromDays(90))])
            {
                var took = new List<double>();
                for (var i = 0; i < 10; i++)
                {
                    var start = Stopwatch.GetTimestamp();
                    var series = await history.ReadAsync("bench", load.Targets[(nodes + i * 37) % load.Targets.Count], Enum.GetValues<Metric>(), time.GetUtcNow() - back, time.GetUtcNow(), 10_000, cancellationToken);
                    took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    if (series.Values[Metric.Cpu].Count(v => v is not null) < 100) throw new InvalidOperationException($"Nothing was read for {name}.");
                }
                took.Sort();
                reads[name] = Math.Round(took[5], 1);
            }
            await history.StopAsync(cancellationToken);
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                nodes, guests, recordMilliseconds = Math.Round(recording.TotalMilliseconds / 8640, 3), cpuSecondsADay = Math.Round(used, 1),
                allocatedBytesATick = allocated / 8640, fileBytes = new FileInfo(Path.Combine(folder, "history.db")).Length, readMilliseconds = reads, health = history.Health,
            }));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<TimeSpan> TickAsync(MetricHistory history, Load load, SetTime time, TimeSpan step, CancellationToken cancellationToken)
    {
        load.Move();
        var start = Stopwatch.GetTimestamp();
        history.Record(new HistorySample("bench", time.Now, load.Points));
        var took = Stopwatch.GetElapsedTime(start);
        time.Now += step;
        if (time.Now.Second < 10) await history.WrittenAsync(cancellationToken);
        return took;
    }

    private static int Option(string[] args, string name, int otherwise) =>
        Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;

    /// <summary>Guests that move: two thirds run, each around a level of its own.</summary>
    private sealed class Load(int nodes, int guests)
    {
        private readonly Random _random = new(1);

        public List<string> Targets { get; } = [.. Enumerable.Range(0, nodes).Select(n => $"node/pve{n}"), .. Enumerable.Range(100, guests).Select(g => $"guest/{g}")];
        public List<HistoryPoint> Points { get; } = [];
        public TimeSpan Spent { get; private set; }

        public void Move()
        {
            var start = Stopwatch.GetTimestamp();
            Points.Clear();
            for (var i = 0; i < Targets.Count; i++)
            {
                Points.Add(i % 3 == 2 ? new HistoryPoint(Targets[i], 0, 0, 0, 0, 0, 0, 0) : new HistoryPoint(
                    Targets[i], Around(0.01 * (i % 40 + 1)), Around(i % 8 * 1e9 + 1e9), 1e10 + i, Around(5e4), Around(8e4), i % 2 == 0 ? 0 : Around(1e4), Around(2e5)));
            }
            Spent += Stopwatch.GetElapsedTime(start);
        }

        private double Around(double level) => level * (0.9 + 0.2 * _random.NextDouble());
    }
}
