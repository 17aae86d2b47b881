using System.Diagnostics;
using System.Globalization;

namespace Jarvis.Bench;

/// <summary>What a process uses, read from /proc: the share of one core and the peaks of memory between start and stop.</summary>
internal sealed class ProcessLoad : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private const double TicksPerSecond = 100;
    private readonly int _process;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sampling;
    private readonly long _since = Stopwatch.GetTimestamp();
    private readonly double _ticksAtStart;

    public ProcessLoad(int process)
    {
        _process = process;
        _ticksAtStart = Ticks(process);
        _sampling = SampleAsync();
    }

    public double PeakPrivateMegabytes { get; private set; }

    public double PeakResidentMegabytes { get; private set; }

    /// <summary>Per cent of one core since the start.</summary>
    public double Cpu => (Ticks(_process) - _ticksAtStart) / TicksPerSecond / Stopwatch.GetElapsedTime(_since).TotalSeconds * 100;

    public static (double Private, double Resident) Megabytes(int process)
    {
        var fields = File.ReadLines($"/proc/{process}/status").Select(l => l.Split(':', 2)).ToDictionary(p => p[0], p => p[1]);
        return (Kilobytes(fields["RssAnon"]) / 1000, Kilobytes(fields["VmRSS"]) / 1000);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(Every, TimeProvider.System);
        do
        {
            var (anonymous, resident) = Megabytes(_process);
            PeakPrivateMegabytes = Math.Max(PeakPrivateMegabytes, anonymous);
            PeakResidentMegabytes = Math.Max(PeakResidentMegabytes, resident);
        }
        while (await timer.WaitForNextTickAsync(_stop.Token));
    }

    // kB in /proc are KiB
    private static double Kilobytes(string field) => double.Parse(field.Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1.024;

    private static double Ticks(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture);
    }
}
