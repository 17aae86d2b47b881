using System.Globalization;

namespace Jarvis.Bench;

/// <summary>What a figure must not pass. Without a bound it is told for comparison only.</summary>
internal sealed record Bound(string Name, string Unit, double? Limit, bool AtLeast, string Source, string What)
{
    public bool Holds(double value) => !double.IsNaN(value) && (Limit is not { } limit || (AtLeast ? value >= limit : value <= limit));

    public string Text => Limit is { } limit ? (AtLeast ? "≥ " : "≤ ") + limit.ToString("#,0.###", CultureInfo.InvariantCulture) : "";

    /// <summary>Reads the table: name, unit, bound, direction (max, min or -), source, what; split by tabs.</summary>
    public static IReadOnlyList<Bound> Read(string path) =>
    [
        .. from line in File.ReadLines(path).Skip(1)
           where line.Length > 0
           let cells = line.Split('\t')
           select cells.Length == 6
               ? new Bound(cells[0], cells[1], Number(cells[2]), Direction(cells[3]) == "min", cells[4], cells[5])
               : throw new InvalidDataException($"{path}: six columns are needed, not {cells.Length}: {line}"),
    ];

    private static double? Number(string cell) => cell == "-" ? null : double.Parse(cell, CultureInfo.InvariantCulture);

    private static string Direction(string cell) =>
        cell is "max" or "min" or "-" ? cell : throw new InvalidDataException($"The direction is max, min or -, not '{cell}'.");
}
