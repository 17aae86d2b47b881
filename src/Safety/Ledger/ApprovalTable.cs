using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Jarvis.Safety.Ledger;

internal sealed class ApprovalTable(Statements sql)
{
    private const string Columns =
        "id, state, consent, tool, arguments, digest, policy, fingerprint, tier, verdict, why, two_persons, caller, actor, person, channel, conversation, "
        + "targets, plan, seen, asked_at, expires_at, decided_at, decided_by, reason, audit, run";

    public void Insert(Approval a) => sql.Run(
        $"INSERT INTO approvals({Columns}) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)",
        a.Id, (int)a.State, (int)a.Consent, a.Tool, a.Arguments, a.Digest, a.Policy, a.Fingerprint, (int)a.Tier, (int)a.Verdict, a.Why, a.TwoPersons, a.Caller,
        a.Actor, a.Person, a.Channel, a.Conversation, a.Targets, JsonSerializer.Serialize(a.Plan, SafetyJson.Default.ShownPlan), a.Seen,
        Milliseconds(a.AskedAt), Milliseconds(a.ExpiresAt), Milliseconds(a.DecidedAt), a.DecidedBy, a.Reason, a.AuditId, a.Run);

    /// <summary>The edited call takes the place of the one that was asked for.</summary>
    public void Replace(Approval a, string by) => sql.Run(
        "UPDATE approvals SET arguments = $1, digest = $2, policy = $3, fingerprint = $4, tier = $5, verdict = $6, why = $7, two_persons = $8, targets = $9, plan = $10, "
        + "seen = $11, expires_at = $12, state = 0, decided_at = NULL, decided_by = $13 WHERE id = $0",
        a.Id, a.Arguments, a.Digest, a.Policy, a.Fingerprint, (int)a.Tier, (int)a.Verdict, a.Why, a.TwoPersons, a.Targets,
        JsonSerializer.Serialize(a.Plan, SafetyJson.Default.ShownPlan), a.Seen, Milliseconds(a.ExpiresAt), by);

    public Approval? Find(string id) => sql.First($"SELECT {Columns} FROM approvals WHERE id = $0", Row, id);

    public List<Approval> List(bool openOnly, int limit) => sql.Read(
        openOnly ? $"SELECT {Columns} FROM approvals WHERE state IN (0, 1) ORDER BY asked_at DESC LIMIT $0" : $"SELECT {Columns} FROM approvals ORDER BY asked_at DESC LIMIT $0",
        Row, limit);

    /// <summary>What was denied is not run, and needs its arguments no longer.</summary>
    public void Decide(string id, ApprovalState state, string by, string? reason, DateTimeOffset at) => sql.Run(
        "UPDATE approvals SET state = $1, decided_by = $2, reason = $3, decided_at = $4, arguments = CASE WHEN $1 = $5 THEN '' ELSE arguments END WHERE id = $0",
        id, (int)state, by, reason, Milliseconds(at), (int)ApprovalState.Denied);

    public void Extend(string id, DateTimeOffset until) => sql.Run("UPDATE approvals SET expires_at = $1 WHERE id = $0", id, Milliseconds(until));

    /// <summary>False when it was used, or is not approved.</summary>
    public bool Consume(string id, string run) =>
        sql.Run("UPDATE approvals SET state = $2, run = $1 WHERE id = $0 AND state = $3", id, run, (int)ApprovalState.Consumed, (int)ApprovalState.Approved) == 1;

    /// <summary>A used approval needs its arguments no longer, only what could be shown of them.</summary>
    public void Settle(string run, ApprovalState state, string redacted) =>
        sql.Run("UPDATE approvals SET state = $1, arguments = $2 WHERE run = $0", run, (int)state, redacted);

    public void Expire(DateTimeOffset now) => sql.Run(
        "UPDATE approvals SET state = $1, arguments = '' WHERE state IN (0, 1) AND expires_at <= $0", Milliseconds(now), (int)ApprovalState.Expired);

    /// <summary>Ids of those that waited or were approved and are now denied.</summary>
    public List<string> DenyAll(string by, string reason, DateTimeOffset at, string? actor = null)
    {
        var ids = sql.Read("SELECT id FROM approvals WHERE state IN (0, 1) AND ($0 IS NULL OR actor = $0)", r => r.GetString(0), actor);
        foreach (var id in ids) Decide(id, ApprovalState.Denied, by, reason, at);
        return ids;
    }

    public int AskedSince(string actor, DateTimeOffset since) =>
        (int)sql.Number("SELECT COUNT(*) FROM approvals WHERE actor = $0 AND asked_at > $1 AND consent = 1", actor, Milliseconds(since));

    public void ForgetBefore(DateTimeOffset moment) => sql.Run("DELETE FROM approvals WHERE state NOT IN (0, 1) AND asked_at < $0", Milliseconds(moment));

    public static long Milliseconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    private static long? Milliseconds(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();

    private static Approval Row(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        State = (ApprovalState)row.GetInt32(1),
        Consent = (Consent)row.GetInt32(2),
        Tool = row.GetString(3),
        Arguments = row.GetString(4),
        Digest = row.GetString(5),
        Policy = row.GetString(6),
        Fingerprint = row.GetString(7),
        Tier = (Tier)row.GetInt32(8),
        Verdict = (VerdictCode)row.GetInt32(9),
        Why = row.GetString(10),
        TwoPersons = row.GetInt32(11) == 1,
        Caller = row.GetString(12),
        Actor = row.GetString(13),
        Person = row.IsDBNull(14) ? null : row.GetString(14),
        Channel = row.GetString(15),
        Conversation = row.GetString(16),
        Targets = row.GetString(17),
        Plan = JsonSerializer.Deserialize(row.GetString(18), SafetyJson.Default.ShownPlan)!,
        Seen = row.GetString(19),
        AskedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(20)),
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(21)),
        DecidedAt = row.IsDBNull(22) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(22)),
        DecidedBy = row.IsDBNull(23) ? null : row.GetString(23),
        Reason = row.IsDBNull(24) ? null : row.GetString(24),
        AuditId = row.GetString(25),
        Run = row.IsDBNull(26) ? null : row.GetString(26),
    };
}
