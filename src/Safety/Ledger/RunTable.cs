using Microsoft.Data.Sqlite;

namespace Jarvis.Safety.Ledger;

/// <summary>A run above Green as it is stored: what was begun, and how it ended, if that is known.</summary>
internal sealed record StoredRun
{
    public required string AuditId { get; init; }
    public required RunState State { get; init; }
    public required string Tool { get; init; }

    /// <summary>Redacted.</summary>
    public required string Arguments { get; init; }
    public required string Targets { get; init; }
    public required string Kind { get; init; }
    public required string Actor { get; init; }
    public required string Channel { get; init; }
    public required Tier Tier { get; init; }
    public required Verdict Verdict { get; init; }
    public required string? Approval { get; init; }
    public required string Digest { get; init; }
    public required DateTimeOffset At { get; init; }
    public string? Upid { get; init; }
    public string? Text { get; init; }

    /// <summary>Made before it began.</summary>
    public string? Snapshot { get; init; }

    /// <summary>Whether the text is JSON, whole.</summary>
    public bool Json { get; init; }
}

internal sealed class RunTable(Statements sql)
{
    private const string Columns = "audit, state, tool, arguments, targets, kind, actor, channel, tier, verdict, why, approval, digest, at, upid, text, snapshot, json";

    public void Insert(StoredRun r) => sql.Run(
        $"INSERT INTO runs({Columns}) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL, NULL, NULL, 0)",
        r.AuditId, (int)r.State, r.Tool, r.Arguments, r.Targets, r.Kind, r.Actor, r.Channel, (int)r.Tier, (int)r.Verdict.Code, r.Verdict.Why, r.Approval, r.Digest,
        ApprovalTable.Milliseconds(r.At));

    public void Started(string audit, string upid) => sql.Run("UPDATE runs SET upid = $1 WHERE audit = $0", audit, upid);

    public void End(string audit, RunState state, string text, DateTimeOffset at, string? snapshot = null, bool json = false) => sql.Run(
        "UPDATE runs SET state = $1, text = $2, ended_at = $3, snapshot = $4, json = $5 WHERE audit = $0",
        audit, (int)state, text, ApprovalTable.Milliseconds(at), snapshot, json ? 1 : 0);

    public StoredRun? Find(string audit) => sql.First($"SELECT {Columns} FROM runs WHERE audit = $0", Row, audit);

    public List<StoredRun> In(RunState state) => sql.Read($"SELECT {Columns} FROM runs WHERE state = $0 ORDER BY at", Row, (int)state);

    public bool AnyRunning(string kind) => sql.Number("SELECT COUNT(*) FROM runs WHERE state = $0 AND kind = $1", (int)RunState.Running, kind) > 0;

    public void ForgetBefore(DateTimeOffset moment) =>
        sql.Run("DELETE FROM runs WHERE state IN ($0, $1) AND at < $2", (int)RunState.Completed, (int)RunState.Failed, ApprovalTable.Milliseconds(moment));

    private static StoredRun Row(SqliteDataReader row) => new()
    {
        AuditId = row.GetString(0),
        State = (RunState)row.GetInt32(1),
        Tool = row.GetString(2),
        Arguments = row.GetString(3),
        Targets = row.GetString(4),
        Kind = row.GetString(5),
        Actor = row.GetString(6),
        Channel = row.GetString(7),
        Tier = (Tier)row.GetInt32(8),
        Verdict = new Verdict((VerdictCode)row.GetInt32(9), row.GetString(10)),
        Approval = row.IsDBNull(11) ? null : row.GetString(11),
        Digest = row.GetString(12),
        At = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(13)),
        Upid = row.IsDBNull(14) ? null : row.GetString(14),
        Text = row.IsDBNull(15) ? null : row.GetString(15),
        Snapshot = row.IsDBNull(16) ? null : row.GetString(16),
        Json = row.GetInt32(17) != 0,
    };
}
