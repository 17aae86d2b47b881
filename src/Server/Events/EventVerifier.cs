using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Events;

/// <summary>Walks the hash chain, a page at a time so that the write-ahead log can be copied meanwhile.</summary>
internal sealed class EventVerifier(SqliteConnection connection)
{
    private const int PageRows = 2000;
    private readonly EventChain _chain = new();
    private byte[] _hash = EventChain.Start;
    private long _last;
    private long _rows;
    private long _deletedTexts;

    /// <summary>Whether the last rows lead to <paramref name="hash"/>.</summary>
    public static bool TailHolds(SqliteConnection connection, long id, byte[] hash, int rows)
    {
        var walk = new EventVerifier(connection);
        using (var command = walk.Command("SELECT id, hash FROM events WHERE id = $0", Math.Max(0, id - rows)))
        using (var reader = command.ExecuteReader())
        {
            if (reader.Read()) (walk._last, walk._hash) = (reader.GetInt64(0), (byte[])reader[1]);
            else walk.SkipRemoved();
        }
        return walk.Walk(id, CancellationToken.None) is null && walk._hash.AsSpan().SequenceEqual(hash);
    }

    public VerifyResult Verify(ChainKey key, CancellationToken cancellationToken)
    {
        var checkpoint = SkipRemoved();
        var (end, headHash, signature, last) = Head();
        if (end is null) return last == 0 ? Result(0, null, null) : Result(0, 1, "The signed head is gone.");
        if (checkpoint is { } c && !key.Signed("through", c.Through, c.Hash, c.Signature))
            return Result(c.Through, c.Through, "The checkpoint that retention left is not signed with events.key.");
        if (!key.Signed("head", end.Value, headHash, signature)) return Result(_last, end, "The head is not signed with events.key.");
        if (Walk(end.Value, cancellationToken) is { } broken) return Result(checkpoint?.Through ?? 0, broken.Id, broken.Why);
        if (last > end) return Result(checkpoint?.Through ?? 0, end + 1, "There are rows after the signed head.");
        return _hash.AsSpan().SequenceEqual(headHash) ? Result(checkpoint?.Through ?? 0, null, null)
            : Result(checkpoint?.Through ?? 0, end, "The last row is not the one that the head signs.");
    }

    private VerifyResult Result(long through, long? brokenAt, string? why) => new()
    {
        Ok = why is null, Rows = _rows, DeletedTexts = _deletedTexts, RemovedThrough = through, BrokenAt = brokenAt, Why = why,
    };

    private (long Id, string Why)? Walk(long end, CancellationToken cancellationToken)
    {
        while (_last < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var before = _last;
            if (Page(end) is { } broken) return broken;

            // Retention may have removed the next rows while this walked.
            if (_last == before && (SkipRemoved() is null || _last <= before)) return Missing(before + 1);
        }
        return null;
    }

    private (long Id, string Why)? Page(long end)
    {
        using var command = Command("""
            SELECT e.id, e.at, e.type, e.severity, e.source, e.actor, e.cluster, e.node, e.target, e.correlation,
                   e.digest, e.hash, t.salt, t.summary, t.data
            FROM events e LEFT JOIN event_texts t ON t.id = e.id WHERE e.id > $0 AND e.id <= $1 ORDER BY e.id LIMIT $2
            """, _last, end, PageRows);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var row = new ChainedRow(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt64(4), Text(reader, 5),
                Text(reader, 6), Text(reader, 7), Text(reader, 8), Text(reader, 9), (byte[])reader[10]);
            if (row.Id != _last + 1)
            {
                if (SkipRemoved() is null || _last < row.Id - 1) return Missing(_last + 1);
                return null;
            }
            var hash = _chain.Next(_hash, row);
            if (!hash.AsSpan().SequenceEqual((byte[])reader[11])) return (row.Id, Say($"Row {row.Id} is not as it was written."));
            if (reader.IsDBNull(12)) _deletedTexts++;
            else if (!_chain.Digest((byte[])reader[12], reader.GetString(13), Text(reader, 14)).AsSpan().SequenceEqual(row.TextDigest))
                return (row.Id, Say($"The text of row {row.Id} is not as it was written."));
            (_last, _hash) = (row.Id, hash);
            _rows++;
        }
        return null;
    }

    private (long Through, byte[] Hash, byte[] Signature)? SkipRemoved()
    {
        using var command = Command("SELECT through, hash, signature FROM checkpoints ORDER BY through DESC LIMIT 1");
        using var reader = command.ExecuteReader();
        if (!reader.Read()) return null;
        var checkpoint = (reader.GetInt64(0), (byte[])reader[1], (byte[])reader[2]);
        if (checkpoint.Item1 > _last) (_last, _hash) = (checkpoint.Item1, checkpoint.Item2);
        return checkpoint;
    }

    private (long? Id, byte[] Hash, byte[] Signature, long Last) Head()
    {
        using var command = Command("SELECT h.id, h.hash, h.signature, l.id FROM (SELECT coalesce(max(id), 0) AS id FROM events) l LEFT JOIN head h");
        using var reader = command.ExecuteReader();
        reader.Read();
        return reader.IsDBNull(0) ? (null, [], [], reader.GetInt64(3)) : (reader.GetInt64(0), (byte[])reader[1], (byte[])reader[2], reader.GetInt64(3));
    }

    private static (long Id, string Why) Missing(long id) => (id, Say($"Row {id} is missing."));

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private SqliteCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i}", values[i]);
        return command;
    }
}
