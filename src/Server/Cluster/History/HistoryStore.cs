using System.Buffers;
using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Cluster.History;

/// <summary>The one writer of <c>history.db</c>.</summary>
internal sealed class HistoryStore : IDisposable
{
    // Late minutes still get into the hour they belong to.
    private const int Settle = 120;
    private const int TickQuality = 2;
    private const int RolledQuality = 5;
    private const long ForgetAfter = 91 * 86400;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, long> _clusters = new(StringComparer.Ordinal);

    public HistoryStore(SqliteFile file)
    {
        _connection = file.OpenWriter(cacheKiB: 1000);
        try
        {
            using var reader = Command("SELECT key, id FROM clusters").ExecuteReader();
            while (reader.Read()) _clusters[reader.GetString(0)] = reader.GetInt64(1);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public static Schema Schema { get; } = new("history", """
        CREATE TABLE clusters (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
        CREATE TABLE targets (
            cluster INTEGER NOT NULL, target TEXT NOT NULL, slot INTEGER NOT NULL, seen INTEGER NOT NULL,
            PRIMARY KEY (cluster, target), UNIQUE (cluster, slot)) WITHOUT ROWID;
        CREATE TABLE chunks (
            cluster INTEGER NOT NULL, level INTEGER NOT NULL, start INTEGER NOT NULL, part INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE UNIQUE INDEX chunks_place ON chunks (cluster, level, start, part);
        CREATE TABLE rolled (
            cluster INTEGER NOT NULL, level INTEGER NOT NULL, through INTEGER NOT NULL, PRIMARY KEY (cluster, level)) WITHOUT ROWID;
        """);

    public IEnumerable<(string Cluster, string Target, int Slot)> Targets()
    {
        using var command = Command("SELECT c.key, t.target, t.slot FROM targets t JOIN clusters c ON c.id = t.cluster");
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return (reader.GetString(0), reader.GetString(1), reader.GetInt32(2));
    }

    public void Write(Minute minute, IEnumerable<(string Target, int Slot)> added, long now)
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        var cluster = ClusterOf(minute.Cluster);
        foreach (var (target, slot) in added)
            Run("INSERT OR REPLACE INTO targets VALUES ($0, $1, $2, $3)", cluster, target, slot, now);
        var known = (long)Scalar("SELECT EXISTS (SELECT 1 FROM chunks WHERE cluster = $0 AND level = 0 AND start = $1)", cluster, minute.Start)! == 1;
        for (var part = 0; part < minute.Groups.Count; part++)
        {
            if (minute.Groups[part] is not { } values || !values.AsSpan().ContainsAnyExcept(Quantity.Unknown)) continue;
            if (known) Merge(cluster, minute.Start, part, values);
            Put(cluster, Level.All[0], minute.Start, part, values, TickQuality);
        }
        transaction.Commit();
        _clusters[minute.Cluster] = cluster;
    }

    /// <summary>Rolls up one hour or one day, if one is due, and removes what is past its time; true if it did.</summary>
    public bool RollUp(string key, long now)
    {
        if (!_clusters.TryGetValue(key, out var cluster)) return false;
        for (var i = 1; i < Level.All.Count; i++)
        {
            var (from, to) = (Level.All[i - 1], Level.All[i]);
            var through = Through(cluster, to);
            if (Scalar("SELECT min(start) FROM chunks WHERE cluster = $0 AND level = $1 AND start >= $2", cluster, from.Number, through) is not long oldest) continue;
            var start = to.Floor(oldest);
            var ready = i == 1 ? now - Settle : Through(cluster, from);
            if (start + to.Span > ready) continue;

            using var transaction = _connection.BeginTransaction(deferred: false);
            RollUp(cluster, from, to, start);
            Run("INSERT OR REPLACE INTO rolled VALUES ($0, $1, $2)", cluster, to.Number, start + to.Span);
            Run("DELETE FROM chunks WHERE cluster = $0 AND level = $1 AND start < $2", cluster, from.Number, Math.Min(start + to.Span, now - from.Keep - from.Span));
            Run("DELETE FROM chunks WHERE cluster = $0 AND level = $1 AND start < $2", cluster, to.Number, now - to.Keep - to.Span);
            transaction.Commit();
            Run("PRAGMA incremental_vacuum(256)");
            return true;
        }
        return false;
    }

    /// <summary>Notes which targets are alive; gives those that were gone for so long that no chunk holds them.</summary>
    public List<string> Seen(string key, IReadOnlyList<string> seen, long now)
    {
        var gone = new List<string>();
        if (!_clusters.TryGetValue(key, out var cluster)) return gone;
        using var transaction = _connection.BeginTransaction(deferred: false);
        foreach (var target in seen) Run("UPDATE targets SET seen = $0 WHERE cluster = $1 AND target = $2", now, cluster, target);
        using (var command = Command("DELETE FROM targets WHERE cluster = $0 AND seen < $1 RETURNING target", cluster, now - ForgetAfter))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read()) gone.Add(reader.GetString(0));
        }
        // Only what goes on is rolled up and so shortened; the last of a cluster that nobody told of since goes with its targets.
        if (gone.Count > 0 && Scalar("SELECT EXISTS (SELECT 1 FROM targets WHERE cluster = $0)", cluster) is 0L)
        {
            Run("DELETE FROM chunks WHERE cluster = $0", cluster);
            Run("DELETE FROM rolled WHERE cluster = $0", cluster);
        }

        transaction.Commit();
        return gone;
    }

    /// <summary>Removes all that is kept of a cluster; another one may come by the same key.</summary>
    public void Forget(string key)
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        foreach (var table in (string[])["chunks", "targets", "rolled"])
            Run($"DELETE FROM {table} WHERE cluster IN (SELECT id FROM clusters WHERE key = $0)", key);
        Run("DELETE FROM clusters WHERE key = $0", key);
        transaction.Commit();
        _clusters.Remove(key);
    }

    public void Dispose() => _connection.Dispose();

    private long Through(long cluster, Level level) =>
        Scalar("SELECT through FROM rolled WHERE cluster = $0 AND level = $1", cluster, level.Number) as long? ?? 0;

    private void RollUp(long cluster, Level from, Level to, long start)
    {
        var parts = new List<long>();
        using (var command = Command("SELECT DISTINCT part FROM chunks WHERE cluster = $0 AND level = $1 AND start >= $2 AND start < $3", cluster, from.Number, start, start + to.Span))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read()) parts.Add(reader.GetInt64(0));
        }

        var fine = ArrayPool<ushort>.Shared.Rent(Group.Series * from.Points);
        var coarse = ArrayPool<ushort>.Shared.Rent(Group.Series * to.Points);
        try
        {
            foreach (var part in parts)
            {
                var result = coarse.AsSpan(0, Group.Series * to.Points);
                result.Clear();
                using var command = Command("SELECT start, data FROM chunks WHERE cluster = $0 AND level = $1 AND start >= $2 AND start < $3 AND part = $4",
                    cluster, from.Number, start, start + to.Span, part);
                using (var reader = command.ExecuteReader())
                {
                    while (reader.Read())
                    {
                        var source = fine.AsSpan(0, Group.Series * from.Points);
                        if (ChunkCodec.TryDecode((byte[])reader[1], source, from.Points))
                            Average(source, from, result, to, (int)(reader.GetInt64(0) - start) / to.Step);
                    }
                }
                Put(cluster, to, start, (int)part, result, RolledQuality);
            }
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(fine);
            ArrayPool<ushort>.Shared.Return(coarse);
        }
    }

    private static void Average(ReadOnlySpan<ushort> fine, Level from, Span<ushort> coarse, Level to, int offset)
    {
        var ratio = to.Step / from.Step;
        for (var series = 0; series < Group.Series; series++)
        {
            var metric = (Metric)(series % Group.Metrics);
            for (var point = 0; point < from.Points / ratio; point++)
            {
                var (sum, known) = (0.0, 0);
                foreach (var code in fine.Slice(series * from.Points + point * ratio, ratio))
                {
                    if (Quantity.Value(code, metric) is not { } value) continue;
                    sum += value;
                    known++;
                }
                coarse[series * to.Points + offset + point] = Quantity.From(known == 0 ? null : sum / known, metric);
            }
        }
    }

    private void Merge(long cluster, long start, int part, ushort[] values)
    {
        if (Scalar("SELECT data FROM chunks WHERE cluster = $0 AND level = 0 AND start = $1 AND part = $2", cluster, start, part) is not byte[] data) return;
        var before = new ushort[values.Length];
        if (!ChunkCodec.TryDecode(data, before, Level.All[0].Points)) return;
        for (var i = 0; i < values.Length; i++) if (values[i] == Quantity.Unknown) values[i] = before[i];
    }

    private void Put(long cluster, Level level, long start, int part, ReadOnlySpan<ushort> values, int quality) =>
        Run("INSERT OR REPLACE INTO chunks VALUES ($0, $1, $2, $3, $4)", cluster, level.Number, start, part, ChunkCodec.Encode(values, level.Points, quality));

    private long ClusterOf(string key) => _clusters.TryGetValue(key, out var id) ? id
        : (long)Scalar("INSERT INTO clusters (key) VALUES ($0) ON CONFLICT (key) DO UPDATE SET key = $0 RETURNING id", key)!;

    private object? Scalar(string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteScalar();
    }

    private void Run(string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i}", values[i]);
        return command;
    }
}
