using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Jarvis.Safety.Ledger;

/// <summary>The rows of the audit; written only within a transaction of the store.</summary>
internal sealed class AuditTable
{
    public const int CheckpointRows = 1000;
    public static readonly TimeSpan CheckpointEvery = TimeSpan.FromHours(1);
    private readonly Statements _sql;
    private readonly AuditKey _key;
    private readonly TimeProvider _time;
    private Head _head;
    private Head _committed;

    private readonly record struct Head(long Seq, byte[] Hash, long CheckpointSeq, long CheckpointAt);

    public AuditTable(Statements sql, AuditKey key, TimeProvider time)
    {
        (_sql, _key, _time) = (sql, key, time);
        var last = sql.First("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", r => Tuple.Create(r.GetInt64(0), (byte[])r[1]));
        var stored = sql.First("SELECT seq, hash, signature FROM head", r => Tuple.Create(r.GetInt64(0), (byte[])r[1], (byte[])r[2]));
        var checkpoint = sql.First("SELECT seq, at FROM checkpoints ORDER BY seq DESC LIMIT 1", r => Tuple.Create(r.GetInt64(0), r.GetInt64(1)));
        var (seq, hash) = (stored?.Item1 ?? 0, stored?.Item2 ?? AuditChain.Start.ToArray());
        if (stored is null ? last is not null : !key.Signed('h', seq, hash, stored.Item3))
        {
            // What comes next must not make whole what was broken: the chain goes on from a hash that no row has.
            Damage = "the head of the audit was not signed by this server";
            var used = sql.Number("SELECT MAX((SELECT COALESCE(MAX(seq), 0) FROM audit), (SELECT COALESCE(MAX(seq), 0) FROM payloads), (SELECT COALESCE(MAX(seq), 0) FROM checkpoints))");
            (seq, hash) = (Math.Max(seq, used), RandomNumberGenerator.GetBytes(AuditChain.HashBytes));
        }
        else if ((last?.Item1 ?? 0) != seq || last is not null && !last.Item2.AsSpan().SequenceEqual(hash)) Damage = "the newest rows of the audit are not those that were written last";
        _head = _committed = new(seq, hash, checkpoint?.Item1 ?? 0, checkpoint?.Item2 ?? time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>What was found wrong at the start.</summary>
    public string? Damage { get; }

    public void Append(AuditEntry entry)
    {
        var (seq, at) = (_head.Seq + 1, (entry.At == default ? _time.GetUtcNow() : entry.At).ToUnixTimeMilliseconds());
        var salt = RandomNumberGenerator.GetBytes(AuditChain.SaltBytes);
        var payload = AuditChain.PayloadDigest(salt, entry.Payload);
        var hash = AuditChain.Next(_head.Hash, seq, at, entry, payload);
        _sql.Run("INSERT INTO audit VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            seq, entry.Id, (int)entry.Part, at, entry.Kind, entry.Actor, entry.Channel, entry.Tool, (int)entry.Tier, entry.Verdict, entry.Approval, entry.Digest, payload, hash);
        _sql.Run("INSERT INTO payloads VALUES ($0, $1, $2)", seq, salt, entry.Payload);
        _head = _head with { Seq = seq, Hash = hash };
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (seq - _head.CheckpointSeq >= CheckpointRows || now - _head.CheckpointAt >= CheckpointEvery.TotalMilliseconds)
        {
            _sql.Run("INSERT INTO checkpoints VALUES ($0, $1, $2, $3)", seq, now, hash, _key.Sign('c', seq, hash));
            _head = _head with { CheckpointSeq = seq, CheckpointAt = now };
        }
    }

    /// <summary>The last thing in a transaction that appended.</summary>
    public void SaveHead()
    {
        if (_head == _committed) return;
        _sql.Run("INSERT OR REPLACE INTO head VALUES (1, $0, $1, $2)", _head.Seq, _head.Hash, _key.Sign('h', _head.Seq, _head.Hash));
    }

    public void Committed() => _committed = _head;

    public void RolledBack() => _head = _committed;

    public static AuditEntry Entry(SqliteDataReader row) => new()
    {
        Id = row.GetString(1),
        Part = (AuditPart)row.GetInt32(2),
        At = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        Kind = row.GetString(4),
        Actor = row.GetString(5),
        Channel = row.GetString(6),
        Tool = row.GetString(7),
        Tier = (Tier)row.GetInt32(8),
        Verdict = row.GetString(9),
        Approval = row.GetString(10),
        Digest = row.GetString(11),
        Payload = "",
    };
}
