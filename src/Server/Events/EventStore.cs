using System.Security.Cryptography;
using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Jarvis.Server.Events;

/// <summary>The one writer of <c>events.db</c>. Any exception means: dispose it and open another.</summary>
internal sealed class EventStore : IDisposable
{
    private const int DbStatusCacheWrite = 9;
    private const int PageBytes = 4096;
    private const int FrameBytes = PageBytes + 24;
    private const int CheckpointPages = 2000;
    private const int TailRows = 100;
    private readonly SqliteConnection _connection;
    private readonly ChainKey _key;
    private readonly TimeProvider _time;
    private readonly EventChain _chain = new();
    private readonly SqliteCommand _row;
    private readonly SqliteCommand _text;
    private readonly SqliteCommand _saveHead;
    private Head _head;
    private long _walPages;
    private long _copiedPages;

    public EventStore(SqliteFile file, string keyPath, TimeProvider time)
    {
        _time = time;
        _connection = file.OpenWriter(cacheKiB: 4000);
        try
        {
            _key = ChainKey.Load(keyPath);
            Run("PRAGMA wal_autocheckpoint = 0");
            _row = Prepare("INSERT INTO events VALUES ($id, $at, $type, $severity, $source, $actor, $cluster, $node, $target, $correlation, $digest, $hash)",
                "$id", "$at", "$type", "$severity", "$source", "$actor", "$cluster", "$node", "$target", "$correlation", "$digest", "$hash");
            _text = Prepare("INSERT INTO event_texts VALUES ($id, $salt, $summary, $data)", "$id", "$salt", "$summary", "$data");
            _saveHead = Prepare("INSERT OR REPLACE INTO head VALUES (1, $id, $hash, $signature, $at, $in_order, $day, $bytes)",
                "$id", "$hash", "$signature", "$at", "$in_order", "$day", "$bytes");
            _head = LoadHead();

            // Proves that there is room before anyone is told that the log is back.
            using var transaction = _connection.BeginTransaction(deferred: false);
            SaveHead(transaction, _head);
            transaction.Commit();
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>What the tail looked like at start, if it is not as it was left.</summary>
    public string? Damage { get; private set; }

    public long LastId => _head.Id;

    public long BytesWrittenToday => _head.Day == Today ? _head.Bytes : 0;

    private long Today => _time.GetUtcNow().ToUnixTimeSeconds() / 86400;

    /// <summary>Stores all of them or none; the rows, in order.</summary>
    public List<EventRow> Append(IReadOnlyList<Draft> drafts)
    {
        var now = _time.GetUtcNow();
        var at = now.ToUnixTimeMilliseconds();
        var rows = new List<EventRow>(drafts.Count);
        var head = _head with { At = at, InOrder = _head.InOrder && at >= _head.At };
        using (var transaction = _connection.BeginTransaction(deferred: false))
        {
            _row.Transaction = _text.Transaction = transaction;
            foreach (var draft in drafts)
            {
                head = Insert(draft, head, at);
                rows.Add(new EventRow(head.Id, DateTimeOffset.FromUnixTimeMilliseconds(at), draft.What));
            }
            head = head with { Day = Today, Bytes = BytesWrittenToday };
            SaveHead(transaction, head);
            transaction.Commit();
        }

        _head = head;
        CountAndCopy();
        return rows;
    }

    /// <summary>Removes some rows of days before <paramref name="cutoff"/>; true while there are more.</summary>
    public bool Retain(DateTimeOffset cutoff, int most)
    {
        var through = (long)Scalar("SELECT coalesce(max(through), 0) FROM checkpoints")!;
        var first = Scalar("SELECT min(id) FROM events") as long? ?? long.MaxValue;
        if (first > through)
        {
            var keep = Scalar("SELECT id FROM events WHERE at >= $0 ORDER BY id LIMIT 1", cutoff.ToUnixTimeMilliseconds()) as long? ?? _head.Id + 1;
            if (keep - 1 <= through) return false;
            through = keep - 1;
            var hash = (byte[])Scalar("SELECT hash FROM events WHERE id = $0", through)!;
            Run("INSERT INTO checkpoints VALUES ($0, $1, $2, $3)",
                through, hash, _time.GetUtcNow().ToUnixTimeMilliseconds(), _key.Sign("through", through, hash));
        }

        using (var transaction = _connection.BeginTransaction(deferred: false))
        {
            var last = Math.Min(through, first + most - 1);
            Run("DELETE FROM event_texts WHERE id <= $0", last);
            Run("DELETE FROM events WHERE id <= $0", last);
            transaction.Commit();
        }
        Run("PRAGMA incremental_vacuum(1000)");
        CountAndCopy();
        return true;
    }

    public void Dispose()
    {
        try
        {
            Run("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException)
        {
            // The log itself is safe; it is copied at the next start.
        }
        _connection.Dispose();
    }

    private Head Insert(Draft draft, Head head, long at)
    {
        var (id, what) = (head.Id + 1, draft.What);
        var digest = _chain.Digest(draft.Salt, what.Summary, draft.DataText);
        var hash = _chain.Next(head.Hash, new ChainedRow(
            id, at, what.Type, (long)what.Severity, (long)what.Source, what.Actor, what.Cluster, what.Node, what.Target, what.Correlation, digest));
        Bind(_row, id, at, what.Type, (long)what.Severity, (long)what.Source, what.Actor, what.Cluster, what.Node, what.Target, what.Correlation, digest, hash);
        _row.ExecuteNonQuery();
        Bind(_text, id, draft.Salt, what.Summary, draft.DataText);
        _text.ExecuteNonQuery();
        return head with { Id = id, Hash = hash };
    }

    private void SaveHead(SqliteTransaction transaction, Head head)
    {
        _saveHead.Transaction = transaction;
        Bind(_saveHead, head.Id, head.Hash, _key.Sign("head", head.Id, head.Hash), head.At, head.InOrder ? 1L : 0L, head.Day, head.Bytes);
        _saveHead.ExecuteNonQuery();
    }

    private Head LoadHead()
    {
        var last = (long)Scalar("SELECT max((SELECT coalesce(max(id), 0) FROM events), (SELECT coalesce(max(id), 0) FROM event_texts))")!;
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT id, hash, signature, at, in_order, day, bytes FROM head";
        using var reader = command.ExecuteReader();
        if (!reader.Read())
        {
            if (last > 0) Damage = "The signed head of the event log is gone.";
            return new Head(last, EventChain.Start, 0, true, Today, 0);
        }

        var head = new Head(reader.GetInt64(0), (byte[])reader[1], reader.GetInt64(3), reader.GetInt64(4) == 1, reader.GetInt64(5), reader.GetInt64(6));
        if (!_key.Signed("head", head.Id, head.Hash, (byte[])reader[2]))
            Damage = _key.Made ? "events.key was missing, so a new one was made; older signatures cannot be checked."
                : "The head of the event log does not carry this server's signature.";
        else if (last > head.Id) Damage = $"There are events after {head.Id} that this server did not write.";
        else if (!EventVerifier.TailHolds(_connection, head.Id, head.Hash, TailRows)) Damage = $"The last events before {head.Id} are not as they were written.";

        // What comes next must not make whole what was broken: the chain goes on from a hash that no row has.
        return head with { Id = Math.Max(last, head.Id), Hash = Damage is null || _key.Made ? head.Hash : SHA256.HashData(head.Hash) };
    }

    private void CountAndCopy()
    {
        raw.sqlite3_db_status(_connection.Handle, DbStatusCacheWrite, out var pages, out _, 1);
        _walPages += pages;
        var bytes = (long)pages * FrameBytes;
        if (_walPages >= CheckpointPages) bytes += CopyLog() * PageBytes;
        _head = _head with { Day = Today, Bytes = BytesWrittenToday + bytes };
    }

    /// <summary>Copies the write-ahead log into the file; gives the pages copied.</summary>
    private long CopyLog()
    {
        _walPages = CheckpointPages / 2;
        try
        {
            using var command = Command("PRAGMA wal_checkpoint(PASSIVE)", []);
            using var reader = command.ExecuteReader();
            reader.Read();
            var (log, copied) = (reader.GetInt64(1), reader.GetInt64(2));
            var pages = Math.Max(0, copied - _copiedPages);
            (_walPages, _copiedPages) = copied >= log ? (0, 0) : (_walPages, copied);
            return pages;
        }
        catch (SqliteException)
        {
            // No room to copy: what is in the log stays there and can be read; it is tried again later.
            return 0;
        }
    }

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> names)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in names) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        command.Prepare();
        return command;
    }

    private static void Bind(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }

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

    private SqliteCommand Command(string sql, ReadOnlySpan<object> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i}", values[i]);
        return command;
    }

    private sealed record Head(long Id, byte[] Hash, long At, bool InOrder, long Day, long Bytes);
}
