using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Jarvis.Bench.EventStore;

/// <summary>A child that writes and is killed, again and again on the same files.</summary>
internal static class KillRounds
{
    public static async Task<int> RunAsync(int rounds, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("jarvis-kill-").FullName;
        long acknowledged = 0, lost = 0, rows = 0;
        var broken = 0;
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                var seen = await OneAsync(folder, 2000 + round * 500, cancellationToken);
                using var log = EventStoreBench.Open(folder);
                await log.StartAsync(cancellationToken);
                await log.AppendAsync(EventStoreBench.One(0), cancellationToken);
                acknowledged += seen.Count;
                lost += await MissingAsync(log, seen, cancellationToken);
                var verified = await log.VerifyAsync(cancellationToken);
                rows = verified.Rows;
                if (!verified.Ok || log.Health.Trouble is not null) broken++;
                await log.StopAsync(cancellationToken);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        Console.WriteLine(JsonSerializer.Serialize(new { rounds, acknowledged, lost, brokenChains = broken, rows }));
        return lost == 0 && broken == 0 && acknowledged > 0 ? 0 : 1;
    }

    /// <summary>Prints each id once it is acknowledged, until it is killed.</summary>
    public static async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        using var log = EventStoreBench.Open(folder);
        await log.StartAsync(cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            for (long n = 0; ; n++)
            {
                var id = await log.AppendAsync(EventStoreBench.One(n), cancellationToken);
                lock (Console.Out) Console.Out.WriteLine(id.ToString(CultureInfo.InvariantCulture));
            }
        }, cancellationToken)));
    }

    private static async Task<List<long>> OneAsync(string folder, int after, CancellationToken cancellationToken)
    {
        using var child = Process.Start(Self.Start("event-store", "write", "--folder", folder))!;
        var seen = new List<long>();
        while (await child.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            seen.Add(long.Parse(line, CultureInfo.InvariantCulture));
            if (seen.Count == after) child.Kill();
        }

        // The last line may have been cut short by the kill.
        if (seen.Count > 0) seen.RemoveAt(seen.Count - 1);
        await child.WaitForExitAsync(cancellationToken);
        return seen;
    }

    private static async Task<long> MissingAsync(Jarvis.Server.Events.EventLog log, List<long> seen, CancellationToken cancellationToken)
    {
        seen.Sort();
        long missing = 0;
        for (var i = 0; i < seen.Count;)
        {
            var stored = (await log.SinceAsync(seen[i] - 1, 1000, cancellationToken)).Select(row => row.Id).ToHashSet();
            if (stored.Count == 0) return missing + seen.Count - i;
            var through = stored.Max();
            for (; i < seen.Count && seen[i] <= through; i++) if (!stored.Contains(seen[i])) missing++;
        }
        return missing;
    }
}
