using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Jarvis.Bench;

/// <summary>A day in ten minutes: server and simulator on one fast clock, faults on and off, and at the end nothing
/// in the log that is not about a fault, no growth of memory, and the same state on both sides.</summary>
internal static partial class Soak
{
    private const double Speed = 144;
    private const double GrowthShare = 0.10;
    private const double GrowthMegabytes = 8;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    // longest time-out of an outside call, which runs on the system clock
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(Rig rig, TimeSpan length, CancellationToken cancellationToken)
    {
        var origin = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var speed = Speed.ToString(CultureInfo.InvariantCulture);
        await using var simulator = await SimulatorProcess.StartAsync(
            rig, ["--scenario", "homelab", "--speed", speed, "--clock-origin", origin], cancellationToken);
        var clock = new Dictionary<string, string> { ["Jarvis__Demo__ClockSpeed"] = speed, ["Jarvis__Demo__ClockOrigin"] = origin };
        await using var server = await ServerProcess.WatchingAsync(rig, simulator, clock, cancellationToken);
        await server.SignInAsync(cancellationToken);
        var state = new HubState();
        await using var screen = await Screen.OpenAsync(server, true, state.Take, cancellationToken);
        await SettledAsync(simulator, state, cancellationToken);

        var memory = await LiveThroughAsync(rig, simulator, server, state, length, cancellationToken);
        var difference = await SettledAsync(simulator, state, cancellationToken);
        List<string> failures =
        [
            .. difference.Select(d => "at the end " + d),
            .. state.Troubles,
            .. Errors(server, memory.Blinded),
            .. Grew(memory.Samples, length),
        ];
        if (screen.Ended.IsCompleted) failures.Add("the screen lost its connection");
        if (server.HasExited) failures.Add("the server ended");
        foreach (var failure in failures.Take(50)) Console.WriteLine($"failed: {failure}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"soak of {length.TotalMinutes:0.#} min at speed {speed}: {memory.Faults} faults, {state.Rows().Count} rows equal, private memory {memory.Samples[0].Megabytes:0} → {memory.Samples[^1].Megabytes:0} MB, {failures.Count} failed"));
        return failures.Count == 0 ? 0 : 1;
    }

    private static async Task<Lived> LiveThroughAsync(
        Rig rig, SimulatorProcess simulator, ServerProcess server, HubState state, TimeSpan length, CancellationToken cancellationToken)
    {
        var plan = Timeline.For(state);
        Dictionary<Planned, (string Id, long Since)> active = [];
        List<(long From, long Until)> blinded = [];
        List<Sample> samples = [];
        var done = 0;
        var start = Stopwatch.GetTimestamp();
        for (var share = 0.0; share < 1; share = Stopwatch.GetElapsedTime(start) / length)
        {
            foreach (var fault in plan.Where(f => f.From <= share && f.Until > share && !active.ContainsKey(f)))
            {
                active[fault] = (await simulator.FaultAsync(fault.Kind, fault.Target, fault.Parameters, cancellationToken), Stopwatch.GetTimestamp());
                rig.Say($"{share,6:0.0%} {fault.Kind} {fault.Target}");
            }

            foreach (var (fault, (id, since)) in active.Where(f => f.Key.Until <= share).ToList())
            {
                await simulator.EndFaultAsync(id, cancellationToken);
                active.Remove(fault);
                done++;
                if (fault.Blinds) blinded.Add((since, Stopwatch.GetTimestamp() + (long)(Grace.TotalSeconds * Stopwatch.Frequency)));
            }

            samples.Add(new(share, ProcessLoad.Megabytes(server.Id).Private));
            await Rig.PauseAsync(Every, cancellationToken);
        }

        return new(samples, blinded, done);
    }

    /// <summary>Waits until both sides tell the same; what still differs if they never do.</summary>
    private static async Task<IReadOnlyList<string>> SettledAsync(SimulatorProcess simulator, HubState state, CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var there = await simulator.RowsAsync(cancellationToken);
            var here = state.Rows();
            if (there.Count > 0 && here.SetEquals(there)) return [];
            if (Stopwatch.GetElapsedTime(since) > LongestSettling)
                return [.. here.Except(there).Select(r => $"only the screen has: {r}"), .. there.Except(here).Select(r => $"only the simulator has: {r}")];
            await Rig.PauseAsync(Every, cancellationToken);
        }
    }

    private static IEnumerable<string> Errors(ServerProcess server, IReadOnlyList<(long From, long Until)> blinded)
    {
        foreach (var (line, next) in server.Log.Zip(server.Log.Skip(1)))
        {
            if (!Error.IsMatch(line.Text)) continue;
            var excused = line.Text.StartsWith("fail", StringComparison.Ordinal) && blinded.Any(b => line.At >= b.From && line.At <= b.Until);
            if (!excused) yield return $"in the log: {line.Text} {next.Text.Trim()}";
        }
    }

    private static IEnumerable<string> Grew(IReadOnlyList<Sample> samples, TimeSpan length)
    {
        var early = samples.Where(s => s.Share is > 0.1 and < 0.25).Select(s => s.Megabytes).Median();
        var late = samples.Where(s => s.Share > 0.9).Select(s => s.Megabytes).Median();
        if (late > early * (1 + GrowthShare) + GrowthMegabytes)
            yield return string.Create(CultureInfo.InvariantCulture, $"private memory grew from {early:0.0} to {late:0.0} MB in {length.TotalMinutes:0.#} min");
    }

    [GeneratedRegex("^(fail|crit): |^Unhandled exception")]
    private static partial Regex Error { get; }

    private sealed record Sample(double Share, double Megabytes);

    private sealed record Lived(IReadOnlyList<Sample> Samples, IReadOnlyList<(long From, long Until)> Blinded, int Faults);
}
