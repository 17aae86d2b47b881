using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Auth;

public sealed partial class AuthStore
{
    internal const string KeyTables = """
        CREATE TABLE api_keys (
            id BLOB PRIMARY KEY, name TEXT NOT NULL UNIQUE, owner TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE, hash BLOB NOT NULL UNIQUE,
            rights TEXT NOT NULL, created_at INTEGER NOT NULL, used_at INTEGER, expires_at INTEGER) WITHOUT ROWID;
        CREATE INDEX api_keys_by_owner ON api_keys (owner);
        """;

    private const string KeyColumns = "id, name, owner, rights, created_at, used_at, expires_at";

    public Task<IReadOnlyList<ApiKey>> KeysAsync(CancellationToken cancellationToken) => db.ReadAsync<IReadOnlyList<ApiKey>>(
        connection =>
        {
            using var command = Command(connection, $"SELECT {KeyColumns} FROM api_keys ORDER BY name");
            using var row = command.ExecuteReader();
            List<ApiKey> all = [];
            while (row.Read()) all.Add(KeyOf(row));
            return all;
        },
        cancellationToken);

    /// <summary>The key with this hash, expired or not.</summary>
    public Task<ApiKey?> FindKeyAsync(byte[] hash, CancellationToken cancellationToken) => db.ReadAsync(
        connection =>
        {
            using var command = Command(connection, $"SELECT {KeyColumns} FROM api_keys WHERE hash = $hash", ("$hash", hash));
            using var row = command.ExecuteReader();
            return row.Read() ? KeyOf(row) : null;
        },
        cancellationToken);

    /// <summary>Adds a key; false when its name is taken or there are <paramref name="most"/> already.</summary>
    public Task<bool> AddKeyAsync(ApiKey key, byte[] hash, int most, CancellationToken cancellationToken) => ChangesAsync(
        """
        INSERT INTO api_keys (id, name, owner, hash, rights, created_at, expires_at)
        SELECT $id, $name, $owner, $hash, $rights, $created, $expires
        WHERE (SELECT count(*) FROM api_keys) < $most AND NOT EXISTS (SELECT 1 FROM api_keys WHERE name = $name)
        """,
        [
            ("$id", Key(key.Id)), ("$name", key.Name), ("$owner", key.Owner), ("$hash", hash), ("$rights", key.Rights), ("$created", Milliseconds(key.CreatedAt)),
            ("$expires", key.ExpiresAt is { } end ? Milliseconds(end) : DBNull.Value), ("$most", most),
        ],
        cancellationToken);

    public Task UsedKeyAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken) =>
        ChangesAsync("UPDATE api_keys SET used_at = $at WHERE id = $id", [("$id", Key(id)), ("$at", Milliseconds(at))], cancellationToken);

    public Task<bool> RemoveKeyAsync(Guid id, CancellationToken cancellationToken) => ChangesAsync("DELETE FROM api_keys WHERE id = $id", [("$id", Key(id))], cancellationToken);

    private static ApiKey KeyOf(SqliteDataReader row) =>
        new(new Guid(row.GetFieldValue<byte[]>(0)), row.GetString(1), row.GetString(2), row.GetString(3), Moment(row, 4), MaybeMoment(row, 5), MaybeMoment(row, 6));
}
