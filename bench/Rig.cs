using System.Runtime.CompilerServices;

namespace Jarvis.Bench;

/// <summary>Where the programs are and how long to measure.</summary>
/// <param name="quick">Shorter windows and fewer repetitions.</param>
/// <param name="built">A configuration, to take what was built for it instead of what was published.</param>
/// <param name="progress">Where progress is told.</param>
internal sealed class Rig(bool quick, string? built, TextWriter progress)
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), ".."));

    public string Server { get; } = Program("Server", built);

    public string Simulator { get; } = Program("Simulator", built);

    public string WebRoot { get; } = Path.Combine(Root, "web", "dist");

    public TimeSpan WarmUp { get; } = TimeSpan.FromSeconds(quick ? 15 : 30);

    public TimeSpan Window { get; } = TimeSpan.FromSeconds(quick ? 40 : 120);

    public int Repetitions { get; } = quick ? 3 : 5;

    public bool Quick => quick;

    public void Say(string line) => progress.WriteLine(line);

    public static Task PauseAsync(TimeSpan time, CancellationToken cancellationToken) =>
        Task.Delay(time, TimeProvider.System, cancellationToken);

    private static string Program(string name, string? built) => built is null
        ? Path.Combine(Root, "artifacts", "bench", name.ToLowerInvariant(), "Jarvis." + name)
        : Path.Combine(Root, "artifacts", "bin", name, built, "Jarvis." + name);

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
