using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Jarvis.Bench;

/// <summary>Figures beside their bounds, for the terminal and for the page.</summary>
internal sealed class Report(IReadOnlyList<Bound> bounds, IReadOnlyList<Figure> figures)
{
    /// <summary>What went wrong, a line each: beyond a bound, without one, or not measured though bounded.</summary>
    public IReadOnlyList<string> Failures(IReadOnlySet<string> expected) =>
    [
        .. from figure in figures
           let bound = Of(figure)
           where bound is null || !bound.Holds(figure.Value)
           select bound is null ? $"{figure.Name} has no row in bench/bounds.tsv" : $"{figure.Name} is {Value(figure.Value)} {bound.Unit}, bound {bound.Text}",
        .. from name in expected
           where figures.All(f => f.Name != name)
           select $"{name} was not measured",
    ];

    public string Table()
    {
        var text = new StringBuilder();
        foreach (var figure in figures)
        {
            var bound = Of(figure);
            var verdict = bound?.Limit is null ? " " : bound.Holds(figure.Value) ? "✓" : "✗";
            text.Append(CultureInfo.InvariantCulture, $"{verdict} {figure.Name,-20} {Value(figure.Value),10} {bound?.Unit,-12} {bound?.Text,-10} {figure.Note}\n");
        }

        return text.ToString();
    }

    public string Page(string commit, string date) =>
        $"""
        # Performance

        Written by `bench/run.sh --check` alone, which measures every figure anew and fails beyond a bound.
        Server and simulator are separate processes on one machine and share its cores; the server is published with
        ReadyToRun. Each cell of the matrix is watched for two minutes after 30 s; all cells run at the same time,
        all else one after another; what else the machine did meanwhile is in the figures. Latencies and times to start are medians of five. Figures in the column *Pulse 6.3.0* were measured by us on a like machine against a like cluster.

        - Commit: {commit}, {date}
        - Processor: {Machine.Processor}, {Environment.ProcessorCount} cores
        - Memory: {Machine.MemoryGigabytes:0.#} GB
        - System: {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}

        "Acknowledged" events are safe from a killed process. What a loss of power costs depends on the disk and is not
        measured: the log is synchronised at checkpoints, not at every commit.

        | | | bound | Pulse 6.3.0 | |
        |---|--:|--:|--:|---|
        {string.Join('\n', figures.OrderBy(Place).Select(Row))}

        """;

    private string Row(Figure figure) =>
        Of(figure) is { } bound
            ? $"| {bound.What} | {Value(figure.Value)} {bound.Unit} | {bound.Text} | {(bound.Source == "-" ? "" : bound.Source)} | {figure.Note} |"
            : $"| {figure.Name} | {Value(figure.Value)} | | | {figure.Note} |";

    private int Place(Figure figure) => Enumerable.Range(0, bounds.Count).FirstOrDefault(i => bounds[i].Name == figure.Name, bounds.Count);

    private Bound? Of(Figure figure) => bounds.FirstOrDefault(b => b.Name == figure.Name);

    private static string Value(double value) => value switch
    {
        double.NaN => "none",
        >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };
}

internal static class Machine
{
    public static string Processor => Field("/proc/cpuinfo", "model name");

    public static double MemoryGigabytes =>
        double.Parse(Field("/proc/meminfo", "MemTotal").Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1.024 / 1e6;

    private static string Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "0";
}
