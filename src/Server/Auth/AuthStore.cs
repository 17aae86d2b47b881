using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Auth;

/// <summary>Accounts and sessions in the database; each method throws <see cref="SqliteException"/> while it cannot be used.</summary>
public sealed class AuthStore(AppDb db)
{
    internal const string Tables = """
        CREATE TABLE accounts (
            name TEXT PRIMARY KEY, role TEXT NOT NULL, password_hash TEXT NOT NULL,
            created_at INTEGER NOT NULL, password_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE sessions (
            id BLOB PRIMARY KEY, user TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE, seed BLOB NOT NULL,
            created_at INTEGER NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL, generation INTEGER NOT NULL,
            rotated_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX sessions_by_user ON sessions (user);
        """;

    /// <summary>Why the database cannot be used; null when it can.</summary>
    public string? Trouble => db.Trouble;

    public Task<Account?> FindAccountAsync(string name, CancellationToken cancellationToken) => db.ReadAsync(
        connection =>
        {
            using var command = Command(connection, "SELECT name, role, password_hash, created_at, password_at FROM accounts WHERE name = $name", ("$name", name));
            using var row = command.ExecuteReader();
            return !row.Read() ? null : new Account
            {
                Name = row.GetString(0), Role = Enum.Parse<Role>(row.GetString(1)), PasswordHash = row.GetString(2),
                CreatedAt = Moment(row, 3), PasswordAt = Moment(row, 4),
            };
        },
        cancellationToken);

    public Task<bool> HasAccountsAsync(CancellationToken cancellationToken) => db.ReadAsync(
        connection =>
        {
            using var command = Command(connection, "SELECT EXISTS (SELECT 1 FROM accounts)");
            return command.ExecuteScalar() is 1L;
        },
        cancellationToken);

    /// <summary>Adds the account, or changes the one of that name.</summary>
    public Task SaveAsync(Account account, CancellationToken cancellationToken) => db.WriteAsync(
        Statement(
            """
            INSERT INTO accounts (name, role, password_hash, created_at, password_at) VALUES ($name, $role, $hash, $created, $password)
            ON CONFLICT (name) DO UPDATE SET role = $role, password_hash = $hash, created_at = $created, password_at = $password
            """,
            ("$name", account.Name), ("$role", account.Role.ToString()), ("$hash", account.PasswordHash),
            ("$created", Milliseconds(account.CreatedAt)), ("$password", Milliseconds(account.PasswordAt))),
        cancellationToken);

    /// <summary>The sessions that live at a moment; the others are removed.</summary>
    public async Task<IReadOnlyList<(Session Session, Role Role)>> SessionsAsync(DateTimeOffset livingAt, CancellationToken cancellationToken)
    {
        await db.WriteAsync(Statement("DELETE FROM sessions WHERE expires_at <= $at", ("$at", Milliseconds(livingAt))), cancellationToken);
        return await db.ReadAsync(ReadSessions, cancellationToken);
    }

    public Task AddAsync(Session session, CancellationToken cancellationToken) => db.WriteAsync(
        Statement(
            """
            INSERT INTO sessions (id, user, seed, created_at, address, agent, generation, rotated_at, expires_at)
            VALUES ($id, $user, $seed, $created, $address, $agent, $generation, $rotated, $expires)
            """,
            ("$id", Key(session.Id)), ("$user", session.User), ("$seed", session.Seed), ("$created", Milliseconds(session.CreatedAt)),
            ("$address", session.Address), ("$agent", session.Agent), ("$generation", session.Generation),
            ("$rotated", Milliseconds(session.RotatedAt)), ("$expires", Milliseconds(session.ExpiresAt))),
        cancellationToken);

    /// <summary>Stores what a renewal changes.</summary>
    public Task UpdateAsync(Session session, CancellationToken cancellationToken) => db.WriteAsync(
        Statement(
            "UPDATE sessions SET generation = $generation, rotated_at = $rotated, expires_at = $expires WHERE id = $id",
            ("$id", Key(session.Id)), ("$generation", session.Generation),
            ("$rotated", Milliseconds(session.RotatedAt)), ("$expires", Milliseconds(session.ExpiresAt))),
        cancellationToken);

    public Task RemoveAsync(IReadOnlyCollection<Guid> sessions, CancellationToken cancellationToken) => db.WriteAsync(
        connection =>
        {
            using var command = Command(connection, "DELETE FROM sessions WHERE id = $id", ("$id", Array.Empty<byte>()));
            foreach (var id in sessions)
            {
                command.Parameters[0].Value = Key(id);
                command.ExecuteNonQuery();
            }
        },
        cancellationToken);

    private static IReadOnlyList<(Session Session, Role Role)> ReadSessions(SqliteConnection connection)
    {
        using var command = Command(connection, """
            SELECT s.id, s.user, s.seed, s.created_at, s.address, s.agent, s.generation, s.rotated_at, s.expires_at, a.role
            FROM sessions s JOIN accounts a ON a.name = s.user
            """);
        using var row = command.ExecuteReader();
        List<(Session, Role)> found = [];
        while (row.Read())
        {
            var session = new Session
            {
                Id = new Guid(row.GetFieldValue<byte[]>(0)), User = row.GetString(1), Seed = row.GetFieldValue<byte[]>(2),
                CreatedAt = Moment(row, 3), Address = row.GetString(4), Agent = row.GetString(5), Generation = row.GetInt32(6),
                RotatedAt = Moment(row, 7), ExpiresAt = Moment(row, 8),
            };
            found.Add((session, Enum.Parse<Role>(row.GetString(9))));
        }

        return found;
    }

    private static Action<SqliteConnection> Statement(string sql, params (string Name, object Value)[] values) => connection =>
    {
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    };

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command;
    }

    private static byte[] Key(Guid id) => id.ToByteArray();

    private static long Milliseconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    private static DateTimeOffset Moment(SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
