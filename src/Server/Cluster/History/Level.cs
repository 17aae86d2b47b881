namespace Jarvis.Server.Cluster.History;

/// <summary>How fine, how many points to a chunk, and for how long; all in seconds.</summary>
internal sealed record Level(int Number, int Step, int Points, long Keep)
{
    public static IReadOnlyList<Level> All { get; } =
    [
        new(0, 10, 6, 2 * 3600),
        new(1, 60, 60, 2 * 86400),
        new(2, 900, 96, 90 * 86400),
    ];

    public int Span => Step * Points;

    public long Floor(long second) => second / Span * Span;
}

/// <summary>Targets are kept in groups, so that reading one need not unpack all.</summary>
internal static class Group
{
    public const int Targets = 32;
    public const int Metrics = 7;
    public const int Series = Targets * Metrics;

    public static int Of(int slot) => slot / Targets;

    public static int SeriesOf(int slot, Metric metric) => slot % Targets * Metrics + (int)metric;
}
