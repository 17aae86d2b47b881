using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Jarvis.Server.Events;
using Jarvis.Server.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using EventLog = Jarvis.Server.Events.EventLog;

namespace Jarvis.Bench.EventStore;

/// <summary>Measures the event log: appends a second, and what is left after the process is killed under load.</summary>
public static class EventStoreBench
{
    /// <summary>
    /// <c>rate [--seconds N] [--folder DIR]</c> prints one line of JSON; <c>kill [--rounds N]</c> kills a child that
    /// writes, N times, and exits with 1 if anything acknowledged was lost; <c>write --folder DIR</c> is that child.
    /// </summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        switch (args.FirstOrDefault())
        {
            case "rate":
                await RateAsync(int.Parse(Option(args, "--seconds") ?? "10", CultureInfo.InvariantCulture), Option(args, "--folder"), cancellationToken);
                return 0;
            case "kill":
                return await KillRounds.RunAsync(int.Parse(Option(args, "--rounds") ?? "20", CultureInfo.InvariantCulture), cancellationToken);
            case "write" when Option(args, "--folder") is { } folder:
                await KillRounds.WriteAsync(folder, cancellationToken);
                return 0;
            default:
                await Console.Error.WriteLineAsync("event-store rate [--seconds N] [--folder DIR] | kill [--rounds N] | write --folder DIR");
                return 2;
        }
    }

    private static async Task RateAsync(int seconds, string? at, CancellationToken cancellationToken)
    {
        var folder = at ?? Directory.CreateTempSubdirectory("jarvis-bench-").FullName;
        var time = TimeProvider.System;
        try
        {
            using var log = Open(folder);
            await log.StartAsync(cancellationToken);
            await log.AppendAsync(One(0), cancellationToken);
            var self = Process.GetCurrentProcess();
            var (cpu, start) = (self.TotalProcessorTime, time.GetTimestamp());
            var stored = (await Task.WhenAll(Enumerable.Range(0, 1024).Select(_ => Task.Run(async () =>
            {
                long mine = 0;
                for (; time.GetElapsedTime(start).TotalSeconds < seconds; mine++) await log.AppendAsync(One(mine), cancellationToken);
                return mine;
            }, cancellationToken)))).Sum();
            var took = time.GetElapsedTime(start).TotalSeconds;
            self.Refresh();
            var used = (self.TotalProcessorTime - cpu).TotalSeconds;
            start = time.GetTimestamp();
            var verified = await log.VerifyAsync(cancellationToken);
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                eventsPerSecond = Math.Round(stored / took), seconds = Math.Round(took, 1), stored, cpuSeconds = Math.Round(used, 1),
                bytesPerEvent = log.Health.BytesWrittenToday / stored, fileBytes = new FileInfo(Path.Combine(folder, "events.db")).Length,
                verified = verified.Ok, verifiedRows = verified.Rows, verifySeconds = Math.Round(time.GetElapsedTime(start).TotalSeconds, 1),
            }));
            await log.StopAsync(cancellationToken);
        }
        finally
        {
            if (at is null) Directory.Delete(folder, recursive: true);
        }
    }

    internal static EventLog Open(string folder) =>
        new(new DataFolder(folder), new EventsOptions(), new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()), TimeProvider.System, NullLogger<EventLog>.Instance);

    internal static Happening One(long n) => new()
    {
        Type = (n % 4) switch { 0 => "guest.started", 1 => "guest.stopped", 2 => "guest.changed", _ => "task.ended" },
        Severity = n % 50 == 0 ? Severity.Warning : Severity.Info,
        Source = Source.Monitor,
        Cluster = "bench",
        Node = $"pve{n % 40}",
        Target = $"guest/{100 + n % 2000}",
        Summary = $"Guest {100 + n % 2000} changed from stopped to running on pve{n % 40}.",
        Data = JsonElement.Parse("""{"from":"stopped","to":"running","name":"web-01"}"""),
    };

    private static string? Option(string[] args, string name)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }
}
