using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Jarvis.Server.Cluster.History;
using Jarvis.Server.Persistence;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jarvis.Bench.History;

/// <summary>A child records until it is killed; then what it had written must be there, and no value may be wrong.</summary>
internal static class HistoryKill
{
    private const int Targets = 200;
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<int> RunAsync(int rounds, CancellationToken cancellationToken)
    {
        long told = 0, missing = 0, wrong = 0;
        for (var round = 0; round < rounds; round++)
        {
            var folder = Directory.CreateTempSubdirectory("jarvis-history-kill-").FullName;
            try
            {
                var ticks = await OneAsync(folder, 200 + round * 50, cancellationToken);
                var (absent, bad) = await CheckAsync(folder, ticks, cancellationToken);
                (told, missing, wrong) = (told + ticks, missing + absent, wrong + bad);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        Console.WriteLine(JsonSerializer.Serialize(new { rounds, ticksWritten = told, missing, wrong }));
        return missing == 0 && wrong == 0 && told > 0 ? 0 : 1;
    }

    /// <summary>Prints after each whole minute how many ticks are in the file.</summary>
    public static async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        var time = new SetTime(Begin);
        using var history = new MetricHistory(new DataFolder(folder), time, NullLogger<MetricHistory>.Instance);
        await history.StartAsync(cancellationToken);
        await history.WrittenAsync(cancellationToken);
        for (var tick = 0; ; tick++)
        {
            history.Record(new HistorySample("lab", time.Now, [.. Enumerable.Range(0, Targets).Select(t => new HistoryPoint($"guest/{t}", Memory: Value(t, tick)))]));
            time.Now += TimeSpan.FromSeconds(10);
            if (tick % 6 != 0 || tick == 0) continue;
            await history.WrittenAsync(cancellationToken);
            Console.Out.WriteLine(tick.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static double Value(int target, int tick) => 1 + (target * 7 + tick) % 1000;

    private static async Task<int> OneAsync(string folder, int lines, CancellationToken cancellationToken)
    {
        using var child = Process.Start(Self.Start("history", "write", "--folder", folder))!;
        var (seen, ticks, last) = (0, 0, 0);
        while (await child.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            // The last line may have been cut short by the kill, so the one before it counts.
            (last, ticks) = (ticks, int.Parse(line, CultureInfo.InvariantCulture));
            if (++seen == lines) child.Kill();
        }
        await child.WaitForExitAsync(cancellationToken);
        return last;
    }

    private static async Task<(long Missing, long Wrong)> CheckAsync(string folder, int ticks, CancellationToken cancellationToken)
    {
        var time = new SetTime(Begin.AddSeconds(ticks * 10L));
        using var history = new MetricHistory(new DataFolder(folder), time, NullLogger<MetricHistory>.Instance);
        await history.StartAsync(cancellationToken);
        await history.WrittenAsync(cancellationToken);
        long missing = 0, wrong = 0;
        var from = Math.Max(0, ticks - 720);
        for (var target = 0; target < Targets; target += 9)
        {
            var series = await history.ReadAsync("lab", $"guest/{target}", [Metric.Memory], Begin.AddSeconds(from * 10L), time.Now, 10_000, cancellationToken);
            for (var i = 0; i < series.Times.Count && from + i < ticks; i++)
            {
                if (series.Values[Metric.Memory][i] is not { } value) missing++;
                else if (Math.Abs(value - Value(target, from + i)) > 0.6) wrong++;
            }
        }
        await history.StopAsync(cancellationToken);
        return (missing, wrong);
    }
}

internal sealed class SetTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
