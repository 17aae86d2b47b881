namespace Jarvis.Server.Auth;

public sealed partial class AuthStore
{
    public Task<IReadOnlyList<WallTokenView>> WallTokensAsync(CancellationToken cancellationToken) => db.ReadAsync<IReadOnlyList<WallTokenView>>(
        connection =>
        {
            using var command = Command(connection, "SELECT id, name, created_at, used_at, expires_at FROM wall_tokens ORDER BY created_at, name");
            using var row = command.ExecuteReader();
            List<WallTokenView> all = [];
            while (row.Read())
                all.Add(new(new Guid(row.GetFieldValue<byte[]>(0)), row.GetString(1), Moment(row, 2), MaybeMoment(row, 3), MaybeMoment(row, 4)));
            return all;
        },
        cancellationToken);

    /// <summary>The token with this hash, expired or not.</summary>
    public Task<WallTokenView?> FindWallTokenAsync(byte[] hash, CancellationToken cancellationToken) => db.ReadAsync(
        connection =>
        {
            using var command = Command(connection, "SELECT id, name, created_at, used_at, expires_at FROM wall_tokens WHERE hash = $hash", ("$hash", hash));
            using var row = command.ExecuteReader();
            return row.Read()
                ? new WallTokenView(new Guid(row.GetFieldValue<byte[]>(0)), row.GetString(1), Moment(row, 2), MaybeMoment(row, 3), MaybeMoment(row, 4)) : null;
        },
        cancellationToken);

    /// <summary>Adds a token; false when there are <paramref name="most"/> already.</summary>
    public Task<bool> AddWallTokenAsync(WallTokenView token, byte[] hash, int most, CancellationToken cancellationToken) => ChangesAsync(
        """
        INSERT INTO wall_tokens (id, name, hash, created_at, expires_at)
        SELECT $id, $name, $hash, $created, $expires WHERE (SELECT count(*) FROM wall_tokens) < $most
        """,
        [
            ("$id", Key(token.Id)), ("$name", token.Name), ("$hash", hash), ("$created", Milliseconds(token.CreatedAt)),
            ("$expires", token.ExpiresAt is { } end ? Milliseconds(end) : DBNull.Value), ("$most", most),
        ],
        cancellationToken);

    /// <summary>Removes a token and its sessions; false when there is none.</summary>
    public Task<bool> RemoveWallTokenAsync(Guid id, CancellationToken cancellationToken) =>
        ChangesAsync("DELETE FROM wall_tokens WHERE id = $id", [("$id", Key(id))], cancellationToken);
}
