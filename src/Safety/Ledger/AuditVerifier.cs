using Microsoft.Data.Sqlite;

namespace Jarvis.Safety.Ledger;

/// <summary>Walks the whole chain and names the first row that is not what was written.</summary>
internal static class AuditVerifier
{
    public static AuditVerification Verify(SqliteConnection connection, AuditKey key, CancellationToken cancellationToken)
    {
        // One moment for all that is read: rows are written meanwhile.
        using var moment = connection.BeginTransaction(deferred: true);
        using var sql = new Statements(connection);
        var head = sql.First("SELECT seq, hash, signature FROM head", r => Tuple.Create(r.GetInt64(0), (byte[])r[1], (byte[])r[2]));
        var checkpoints = sql.Read("SELECT seq, hash, signature FROM checkpoints ORDER BY seq", r => (Seq: r.GetInt64(0), Hash: (byte[])r[1], Signature: (byte[])r[2]))
            .ToDictionary(c => c.Seq);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT audit.*, payloads.salt, payloads.text FROM audit LEFT JOIN payloads USING (seq) ORDER BY audit.seq";
        using var row = command.ExecuteReader();
        var (rows, removed, hash) = (0L, 0L, AuditChain.Start.ToArray());
        while (row.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var seq = rows + 1;
            if (Wrong(row, seq, hash) is { } why) return Bad(rows, seq, why);
            if (row.IsDBNull(14)) removed++;
            hash = (byte[])row[13];
            rows++;
            if (checkpoints.Remove(seq, out var point) && (!key.Signed('c', seq, point.Hash, point.Signature) || !point.Hash.AsSpan().SequenceEqual(hash)))
            {
                return Bad(rows, seq, "it is not the row that the checkpoint was signed over");
            }
        }

        if (checkpoints.Count > 0) return Bad(rows, rows + 1, $"it is missing: a checkpoint was signed at row {checkpoints.Keys.Min()}");
        if (head is null) return rows == 0 ? new(true, 0, null, null, 0) : Bad(rows, rows, "the head of the chain is missing");
        if (!key.Signed('h', head.Item1, head.Item2, head.Item3)) return Bad(rows, Math.Max(rows, 1), "the head of the chain was not signed by this server");
        if (head.Item1 > rows) return Bad(rows, rows + 1, $"it is missing: {head.Item1} rows were written");
        return head.Item1 == rows && head.Item2.AsSpan().SequenceEqual(hash) ? new(true, rows, null, null, removed) : Bad(rows, head.Item1 + 1, "it comes after the signed end of the chain");
    }

    private static string? Wrong(SqliteDataReader row, long seq, byte[] before)
    {
        try
        {
            if (row.GetInt64(0) != seq) return "it is missing";
            var payload = (byte[])row[12];
            if (!row.IsDBNull(14) && !AuditChain.PayloadDigest((byte[])row[14], row.GetString(15)).AsSpan().SequenceEqual(payload)) return "its texts were changed";
            return AuditChain.Next(before, seq, row.GetInt64(3), AuditTable.Entry(row), payload).AsSpan().SequenceEqual((byte[])row[13])
                ? null : "it is not what was written, or the row before it is not";
        }
        catch (Exception e) when (e is InvalidCastException or FormatException or ArgumentException or OverflowException)
        {
            return "it is not a row that this server writes";
        }
    }

    private static AuditVerification Bad(long rows, long seq, string why) => new(false, rows, seq, $"Row {seq}: {why}.", 0);
}
