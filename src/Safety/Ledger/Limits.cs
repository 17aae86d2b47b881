namespace Jarvis.Safety.Ledger;

/// <summary>Budgets, denials and idempotency keys: what is counted or remembered for a while.</summary>
internal sealed class Limits(Statements sql)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeysLive = TimeSpan.FromDays(1);

    public int Used(string owner, string cluster, DateTimeOffset now) =>
        (int)sql.Number("SELECT COALESCE(SUM(units), 0) FROM budget WHERE owner = $0 AND cluster = $1 AND at > $2", owner, cluster, Since(now, Hour));

    public void Take(string owner, string cluster, int units, DateTimeOffset now)
    {
        sql.Run("DELETE FROM budget WHERE at <= $0", Since(now, Hour));
        sql.Run("INSERT INTO budget VALUES ($0, $1, $2, $3)", owner, cluster, ApprovalTable.Milliseconds(now), units);
    }

    public void Deny(string digest, DateTimeOffset until, string approval) =>
        sql.Run("INSERT OR REPLACE INTO denials VALUES ($0, $1, $2)", digest, ApprovalTable.Milliseconds(until), approval);

    public bool Undeny(string approval) => sql.Run("DELETE FROM denials WHERE approval = $0", approval) > 0;

    public DateTimeOffset? DeniedUntil(string digest) =>
        sql.Number("SELECT until FROM denials WHERE digest = $0", digest) is > 0 and var until ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null;

    public UsedKey? Key(string actor, string key) =>
        sql.First("SELECT digest, audit, approval FROM keys WHERE actor = $0 AND key = $1",
            r => new UsedKey(r.GetString(0), r.GetString(1), r.IsDBNull(2) ? null : r.GetString(2)), actor, key);

    public void Keep(string actor, string key, UsedKey used, DateTimeOffset now)
    {
        sql.Run("DELETE FROM keys WHERE at <= $0", Since(now, KeysLive));
        sql.Run("INSERT INTO keys VALUES ($0, $1, $2, $3, $4, $5)", actor, key, used.Digest, used.AuditId, used.Approval, ApprovalTable.Milliseconds(now));
    }

    private static long Since(DateTimeOffset now, TimeSpan span) => ApprovalTable.Milliseconds(now - span);
}

/// <summary>The call that an idempotency key was first used for.</summary>
internal sealed record UsedKey(string Digest, string AuditId, string? Approval);
