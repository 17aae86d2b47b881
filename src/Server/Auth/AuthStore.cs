using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Auth;

/// <summary>Accounts and sessions in the database; each method throws <see cref="SqliteException"/> while it cannot be used.</summary>
public sealed partial class AuthStore(AppDb db)
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

    // SQLite takes no NOT NULL off a column: sessions are copied into a table that takes a display's too.
    internal const string WallTables = """
        ALTER TABLE accounts ADD COLUMN seen_at INTEGER;
        ALTER TABLE accounts ADD COLUMN file_hash TEXT;
        CREATE TABLE wall_tokens (
            id BLOB PRIMARY KEY, name TEXT NOT NULL, hash BLOB NOT NULL UNIQUE, created_at INTEGER NOT NULL,
            used_at INTEGER, expires_at INTEGER) WITHOUT ROWID;
        ALTER TABLE sessions RENAME TO sessions_of_accounts;
        CREATE TABLE sessions (
            id BLOB PRIMARY KEY, user TEXT REFERENCES accounts (name) ON DELETE CASCADE,
            wall BLOB REFERENCES wall_tokens (id) ON DELETE CASCADE, seed BLOB NOT NULL,
            created_at INTEGER NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL, generation INTEGER NOT NULL,
            rotated_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, CHECK ((user IS NULL) <> (wall IS NULL))) WITHOUT ROWID;
        INSERT INTO sessions SELECT id, user, NULL, seed, created_at, address, agent, generation, rotated_at, expires_at FROM sessions_of_accounts;
        DROP TABLE sessions_of_accounts;
        CREATE INDEX sessions_by_user ON sessions (user);
        CREATE INDEX sessions_by_wall ON sessions (wall);
        """;

    // Apart from the account, which may be removed while the file still lies there.
    internal const string FileTables = """
        CREATE TABLE password_file (user TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (user, hash)) WITHOUT ROWID;
        INSERT INTO password_file SELECT name, file_hash FROM accounts WHERE file_hash IS NOT NULL;
        ALTER TABLE accounts DROP COLUMN file_hash;
        """;

    /// <summary>Why the database cannot be used; null when it can.</summary>
    public string? Trouble => db.Trouble;

    public Task<Account?> FindAccountAsync(string name, CancellationToken cancellationToken) => db.ReadAsync(
        connection =>
        {
            using var command = Command(connection, $"SELECT {Columns} FROM accounts WHERE name = $name", ("$name", name));
            using var row = command.ExecuteReader();
            return row.Read() ? AccountOf(row) : null;
        },
        cancellationToken);

    public Task<IReadOnlyList<Account>> AccountsAsync(CancellationToken cancellationToken) => db.ReadAsync<IReadOnlyList<Account>>(
        connection =>
        {
            using var command = Command(connection, $"SELECT {Columns} FROM accounts ORDER BY name");
            using var row = command.ExecuteReader();
            List<Account> all = [];
            while (row.Read()) all.Add(AccountOf(row));
            return all;
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
    public Task SaveAsync(Account account, CancellationToken cancellationToken) => db.WriteAsync(Statement(Save, Values(account)), cancellationToken);

    /// <summary>Adds the account; false if its name is taken, or if <paramref name="first"/> and there is any.</summary>
    public Task<bool> AddAsync(Account account, bool first, CancellationToken cancellationToken) => ChangesAsync(
        $"""
        INSERT INTO accounts (name, role, password_hash, created_at, password_at)
        SELECT $name, $role, $hash, $created, $password
        WHERE NOT EXISTS (SELECT 1 FROM accounts {(first ? "" : "WHERE name = $name")})
        """,
        Values(account), cancellationToken);

    /// <summary>Replaces a hash made with fewer rounds, unless the password was changed meanwhile.</summary>
    public Task<bool> RehashAsync(string name, string before, string after, CancellationToken cancellationToken) => ChangesAsync(
        "UPDATE accounts SET password_hash = $after WHERE name = $name AND password_hash = $before",
        [("$name", name), ("$before", before), ("$after", after)], cancellationToken);

    /// <summary>Changes role, password or both; false when nobody is called so, or no administrator would be left.</summary>
    public Task<bool> ChangeAsync(string name, Role? role, (string Hash, DateTimeOffset At)? password, CancellationToken cancellationToken) => ChangesAsync(
        $"""
        UPDATE accounts SET role = coalesce($role, role), password_hash = coalesce($hash, password_hash), password_at = coalesce($at, password_at)
        WHERE name = $name AND ($role IS NULL OR $role = 'Admin' OR {AnotherAdmin})
        """,
        [
            ("$name", name), ("$role", (object?)role?.ToString() ?? DBNull.Value), ("$hash", (object?)password?.Hash ?? DBNull.Value),
            ("$at", password is { } given ? Milliseconds(given.At) : DBNull.Value),
        ],
        cancellationToken);

    /// <summary>Replaces a password that was checked against a hash; false when it is another by now.</summary>
    public Task<bool> ReplacePasswordAsync(string name, string checkedHash, string hash, DateTimeOffset at, CancellationToken cancellationToken) => ChangesAsync(
        "UPDATE accounts SET password_hash = $hash, password_at = $at WHERE name = $name AND password_hash = $checked",
        [("$name", name), ("$checked", checkedHash), ("$hash", hash), ("$at", Milliseconds(at))], cancellationToken);

    /// <summary>Removes the account and its sessions; false when nobody is called so, or no administrator would be left.</summary>
    public Task<bool> RemoveAsync(string name, CancellationToken cancellationToken) =>
        ChangesAsync($"DELETE FROM accounts WHERE name = $name AND {AnotherAdmin}", [("$name", name)], cancellationToken);

    private const string Columns = "name, role, password_hash, created_at, password_at, seen_at";
    private const string Save = """
        INSERT INTO accounts (name, role, password_hash, created_at, password_at) VALUES ($name, $role, $hash, $created, $password)
        ON CONFLICT (name) DO UPDATE SET role = $role, password_hash = $hash, created_at = $created, password_at = $password
        """;
    private const string AnotherAdmin = "(role <> 'Admin' OR EXISTS (SELECT 1 FROM accounts WHERE role = 'Admin' AND name <> $name))";

    private static Account AccountOf(SqliteDataReader row) => new()
    {
        Name = row.GetString(0), Role = Enum.Parse<Role>(row.GetString(1)), PasswordHash = row.GetString(2),
        CreatedAt = Moment(row, 3), PasswordAt = Moment(row, 4), SeenAt = MaybeMoment(row, 5),
    };

    private static (string Name, object Value)[] Values(Account account) =>
    [
        ("$name", account.Name), ("$role", account.Role.ToString()), ("$hash", account.PasswordHash), ("$created", Milliseconds(account.CreatedAt)),
        ("$password", Milliseconds(account.PasswordAt)),
    ];

    private async Task<bool> ChangesAsync(string sql, (string Name, object Value)[] values, CancellationToken cancellationToken)
    {
        var changed = 0;
        await db.WriteAsync(
            connection =>
            {
                using var command = Command(connection, sql, values);
                changed = command.ExecuteNonQuery();
            },
            cancellationToken);
        return changed > 0;
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

    private static DateTimeOffset? MaybeMoment(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : Moment(row, column);
}
