using System.Runtime.CompilerServices;

namespace Jarvis.Bench;

/// <summary>Where the published programs are and how long to measure.</summary>
internal sealed class Rig(bool quick, TextWriter progress)
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), ".."));

    public string Server { get; } = Path.Combine(Root, "artifacts", "bench", "server", "Jarvis.Server");

    public string Simulator { get; } = Path.Combine(Root, "artifacts", "bench", "simulator", "Jarvis.Simulator");

    public string WebRoot { get; } = Path.Combine(Root, "web", "dist");

    public TimeSpan WarmUp { get; } = TimeSpan.FromSeconds(quick ? 15 : 30);

    public TimeSpan Window { get; } = TimeSpan.FromSeconds(quick ? 40 : 120);

    public int Repetitions { get; } = quick ? 3 : 5;

    public bool Quick => quick;

    public void Say(string line) => progress.WriteLine(line);

    public static Task PauseAsync(TimeSpan time, CancellationToken cancellationToken) =>
        Task.Delay(time, TimeProvider.System, cancellationToken);

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}

internal static class Numbers
{
    public static double Median(this IEnumerable<double> values) => values.Percentile(0.5);

    /// <summary>Nearest rank; NaN when there is none.</summary>
    public static double Percentile(this IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
