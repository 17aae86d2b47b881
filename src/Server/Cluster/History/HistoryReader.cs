using System.Buffers;
using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Cluster.History;

/// <summary>Adds up what one target measured, from whichever level still or already has it.</summary>
internal sealed class HistoryReader(Level level, int stride, long start, int points)
{
    private readonly double[] _sums = new double[points * Group.Metrics];
    private readonly int[] _seconds = new int[points * Group.Metrics];

    public HistorySeries Series(IReadOnlyList<Metric> metrics)
    {
        var step = level.Step * stride;
        return new HistorySeries(
            [.. Enumerable.Range(0, points).Select(i => DateTimeOffset.FromUnixTimeMilliseconds((start + (long)i * step) * 1000 + step * 500L))],
            TimeSpan.FromSeconds(step),
            metrics.Distinct().ToDictionary(metric => metric, metric => (IReadOnlyList<double?>)[.. Enumerable.Range(0, points).Select(i => At(i, metric))]));
    }

    /// <summary>Takes from the file what lies before the end, each moment from the coarsest level that has it.</summary>
    public void Add(SqliteFile file, string cluster, string target, long end)
    {
        using var connection = file.OpenReader();
        if (Scalar(connection, "SELECT id FROM clusters WHERE key = $0", cluster) is not long id) return;
        if (Scalar(connection, "SELECT slot FROM targets WHERE cluster = $0 AND target = $1", id, target) is not long slot) return;
        var from = start;
        for (var number = level.Number; number >= 0; number--)
        {
            var source = Level.All[number];
            var through = number == 0 ? end
                : Scalar(connection, "SELECT through FROM rolled WHERE cluster = $0 AND level = $1", id, number) as long? ?? 0;
            if (through <= from) continue;
            Add(connection, id, (int)slot, source, from, Math.Min(end, through));
            from = through;
        }
    }

    /// <summary>Takes a minute that is not in the file yet.</summary>
    public void Add(Minute minute, int slot)
    {
        if (Group.Of(slot) < minute.Groups.Count && minute.Groups[Group.Of(slot)] is { } values) Add(values, slot, Level.All[0], minute.Start);
    }

    private void Add(SqliteConnection connection, long cluster, int slot, Level source, long from, long end)
    {
        var size = Group.Series * source.Points;
        var values = ArrayPool<ushort>.Shared.Rent(size);
        try
        {
            using var command = Command(connection, "SELECT start, data FROM chunks WHERE cluster = $0 AND level = $1 AND start >= $2 AND start < $3 AND part = $4",
                cluster, source.Number, source.Floor(from), end, Group.Of(slot));
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                if (ChunkCodec.TryDecode((byte[])reader[1], values.AsSpan(0, size), source.Points)) Add(values, slot, source, reader.GetInt64(0));
            }
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(values);
        }
    }

    private void Add(ushort[] values, int slot, Level source, long at)
    {
        for (var metric = Metric.Cpu; metric <= Metric.DiskWrite; metric++)
        {
            var series = Group.SeriesOf(slot, metric) * source.Points;
            for (var point = 0; point < source.Points; point++)
            {
                var second = at + (long)point * source.Step - start;
                var place = second / (level.Step * stride);
                if (second < 0 || place >= points || Quantity.Value(values[series + point], metric) is not { } value) continue;
                _sums[place * Group.Metrics + (int)metric] += value * source.Step;
                _seconds[place * Group.Metrics + (int)metric] += source.Step;
            }
        }
    }

    private double? At(int point, Metric metric)
    {
        var place = point * Group.Metrics + (int)metric;
        return _seconds[place] == 0 ? null : _sums[place] / _seconds[place];
    }

    private static object? Scalar(SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(connection, sql, values);
        return command.ExecuteScalar();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i}", values[i]);
        return command;
    }
}
