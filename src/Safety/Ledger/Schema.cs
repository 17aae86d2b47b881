namespace Jarvis.Safety.Ledger;

internal static class Schema
{
    public const int Version = 3;

    /// <summary>Step n brings the file from version n to n + 1; one that was released is never edited.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        Tables,
        "CREATE TABLE policy(one INTEGER PRIMARY KEY CHECK (one = 1), text TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL)",
        "ALTER TABLE runs ADD COLUMN snapshot TEXT; ALTER TABLE runs ADD COLUMN json INTEGER NOT NULL DEFAULT 0",
    ];

    private const string Tables = """
        CREATE TABLE approvals(
            id TEXT PRIMARY KEY, state INTEGER NOT NULL, consent INTEGER NOT NULL, tool TEXT NOT NULL, arguments TEXT NOT NULL, digest TEXT NOT NULL,
            policy TEXT NOT NULL, fingerprint TEXT NOT NULL, tier INTEGER NOT NULL, verdict INTEGER NOT NULL, why TEXT NOT NULL, two_persons INTEGER NOT NULL,
            caller TEXT NOT NULL, actor TEXT NOT NULL, person TEXT, channel TEXT NOT NULL, conversation TEXT NOT NULL, targets TEXT NOT NULL,
            plan TEXT NOT NULL, seen TEXT NOT NULL, asked_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, decided_at INTEGER, decided_by TEXT, reason TEXT,
            audit TEXT NOT NULL, run TEXT);
        CREATE INDEX approvals_by_state ON approvals(state, asked_at);
        CREATE INDEX approvals_by_actor ON approvals(actor, asked_at);
        CREATE TABLE denials(digest TEXT PRIMARY KEY, until INTEGER NOT NULL, approval TEXT NOT NULL);
        CREATE TABLE budget(owner TEXT NOT NULL, cluster TEXT NOT NULL, at INTEGER NOT NULL, units INTEGER NOT NULL);
        CREATE INDEX budget_by_owner ON budget(owner, cluster, at);
        CREATE TABLE runs(
            audit TEXT PRIMARY KEY, state INTEGER NOT NULL, tool TEXT NOT NULL, arguments TEXT NOT NULL, targets TEXT NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL,
            channel TEXT NOT NULL, tier INTEGER NOT NULL, verdict INTEGER NOT NULL, why TEXT NOT NULL, approval TEXT, digest TEXT NOT NULL,
            at INTEGER NOT NULL, ended_at INTEGER, upid TEXT, text TEXT);
        CREATE INDEX runs_by_state ON runs(state);
        CREATE TABLE keys(actor TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, audit TEXT NOT NULL, approval TEXT, at INTEGER NOT NULL, PRIMARY KEY(actor, key));
        CREATE TABLE kill(one INTEGER PRIMARY KEY CHECK (one = 1), active INTEGER NOT NULL CHECK (active IN (0, 1)), by TEXT NOT NULL, at INTEGER NOT NULL);
        CREATE TABLE keyword(
            one INTEGER PRIMARY KEY CHECK (one = 1), salt BLOB NOT NULL, rounds INTEGER NOT NULL, hash BLOB NOT NULL, wrong INTEGER NOT NULL, locked_until INTEGER NOT NULL);
        CREATE TABLE clock(one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL);
        CREATE TABLE audit(
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL, part INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL, channel TEXT NOT NULL,
            tool TEXT NOT NULL, tier INTEGER NOT NULL, verdict TEXT NOT NULL, approval TEXT NOT NULL, digest TEXT NOT NULL, payload BLOB NOT NULL, hash BLOB NOT NULL);
        CREATE INDEX audit_by_id ON audit(id);
        CREATE TABLE payloads(seq INTEGER PRIMARY KEY, salt BLOB NOT NULL, text TEXT NOT NULL);
        CREATE TABLE checkpoints(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, hash BLOB NOT NULL, signature BLOB NOT NULL);
        CREATE TABLE head(one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL, signature BLOB NOT NULL);
        CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
        CREATE TRIGGER audit_remains BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
        CREATE TRIGGER payloads_stay BEFORE UPDATE ON payloads BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
        INSERT INTO kill VALUES (1, 0, '', 0);
        INSERT INTO clock VALUES (1, 0);
        """;
}
