using Jarvis.Safety.Ledger;
using Microsoft.Data.Sqlite;

namespace Jarvis.Safety;

/// <summary>What a row of the audit says of its call: all there is of a refusal or of a call that waits, or one half of a run.</summary>
public enum AuditPart { Whole, Intent, Outcome, Reconciled, Decision }

/// <summary>What checking the audit found; <see cref="Removed"/> rows had their texts deleted, as retention does.</summary>
public sealed record AuditVerification(bool Whole, long Rows, long? FirstBad, string? Why, long Removed);

/// <summary>A row of the audit as it is read. Its text is JSON (why, the redacted arguments, how it ended), null when deleted.</summary>
public sealed record AuditRow(
    long Seq, string Id, AuditPart Part, DateTimeOffset At, string Kind, string Actor, string Channel, string Tool, Tier Tier, string Verdict, string Approval, string Digest, string? Text);

/// <summary>Which rows are wanted: all that is given must fit. Actor and text are parts of it, in any case; the rest is exact.</summary>
public sealed record AuditFilter(string? Actor = null, string? Tool = null, string? Verdict = null, DateTimeOffset? From = null, DateTimeOffset? Until = null, string? Text = null);

/// <summary>What was asked for and what became of it, hash-chained.</summary>
public sealed class AuditTrail
{
    private const int MostRows = 1000;
    private readonly Works _works;

    internal AuditTrail(Works works) => _works = works;

    /// <summary>Why nothing can be recorded at the moment, or null.</summary>
    public string? Trouble => _works.Store.Trouble;

    /// <summary>What was found wrong when the audit was opened, or null.</summary>
    public string? Damage => _works.Store.Damage;

    /// <summary>Reads that left no row because none could be written.</summary>
    public long Unrecorded => _works.Store.Unrecorded;

    /// <summary>Rows before <paramref name="before"/> that fit, the newest first.</summary>
    public IReadOnlyList<AuditRow> Read(long before = long.MaxValue, int limit = 100, AuditFilter? filter = null)
    {
        filter ??= new AuditFilter();
        using var connection = _works.Store.OpenReader();
        using var sql = new Statements(connection);
        return sql.Read(
            """
            SELECT audit.*, payloads.text FROM audit LEFT JOIN payloads USING (seq)
            WHERE audit.seq < $0 AND ($2 IS NULL OR instr(lower(actor), lower($2)) > 0) AND ($3 IS NULL OR tool = $3) AND ($4 IS NULL OR verdict = $4)
                AND ($5 IS NULL OR at >= $5) AND ($6 IS NULL OR at < $6) AND ($7 IS NULL OR instr(lower(payloads.text), lower($7)) > 0)
            ORDER BY audit.seq DESC LIMIT $1
            """,
            Row, before, Math.Clamp(limit, 1, MostRows), filter.Actor, filter.Tool, filter.Verdict, Moment(filter.From), Moment(filter.Until), filter.Text);
    }

    /// <summary>The rows of one call, in their order.</summary>
    public IReadOnlyList<AuditRow> Of(string auditId)
    {
        using var connection = _works.Store.OpenReader();
        using var sql = new Statements(connection);
        return sql.Read("SELECT audit.*, payloads.text FROM audit LEFT JOIN payloads USING (seq) WHERE audit.id = $0 ORDER BY audit.seq", Row, auditId);
    }

    /// <summary>Checks the whole chain and names the first row that is wrong.</summary>
    public AuditVerification Verify(CancellationToken cancellationToken)
    {
        using var connection = _works.Store.OpenReader();
        return AuditVerifier.Verify(connection, _works.Store.LoadKey(), cancellationToken);
    }

    /// <summary>Checks the audit in a folder without opening it for writing, as a command at the host does.</summary>
    /// <exception cref="StoreUnavailableException">There is none, or it cannot be read.</exception>
    public static AuditVerification VerifyFolder(string folder, CancellationToken cancellationToken)
    {
        try
        {
            var key = AuditKey.Load(Path.Combine(folder, "safety.key"), make: false);
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "safety.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            return AuditVerifier.Verify(connection, key, cancellationToken);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new StoreUnavailableException($"The audit cannot be checked: {e.Message}", e);
        }
    }

    /// <summary>Deletes the texts of old rows; the rows and the chain stay. Gives how many.</summary>
    public int DeleteTextsBefore(DateTimeOffset moment) => _works.Store.Write(w =>
        w.Sql.Run("DELETE FROM payloads WHERE seq IN (SELECT seq FROM audit WHERE at < $0)", ApprovalTable.Milliseconds(moment)));

    private static long? Moment(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();

    private static AuditRow Row(SqliteDataReader row)
    {
        var entry = AuditTable.Entry(row);
        return new(row.GetInt64(0), entry.Id, entry.Part, entry.At, entry.Kind, entry.Actor, entry.Channel, entry.Tool, entry.Tier, entry.Verdict, entry.Approval, entry.Digest,
            row.IsDBNull(14) ? null : row.GetString(14));
    }
}
