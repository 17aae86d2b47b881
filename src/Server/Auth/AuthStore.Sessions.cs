using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Auth;

public sealed partial class AuthStore
{
    /// <summary>The sessions that live at a moment; the others are removed.</summary>
    public async Task<IReadOnlyList<(Session Session, Role Role)>> SessionsAsync(DateTimeOffset livingAt, CancellationToken cancellationToken)
    {
        await db.WriteAsync(Statement("DELETE FROM sessions WHERE expires_at <= $at", ("$at", Milliseconds(livingAt))), cancellationToken);
        return await StoredSessionsAsync(cancellationToken);
    }

    /// <summary>Every session in the database, with the role that its account has now.</summary>
    public Task<IReadOnlyList<(Session Session, Role Role)>> StoredSessionsAsync(CancellationToken cancellationToken) => db.ReadAsync(ReadSessions, cancellationToken);

    public Task AddSessionAsync(Session session, CancellationToken cancellationToken) => db.WriteAsync(
        Statement(
            """
            INSERT INTO sessions (id, user, wall, seed, created_at, address, agent, generation, rotated_at, expires_at)
            VALUES ($id, $user, $wall, $seed, $created, $address, $agent, $generation, $rotated, $expires);
            UPDATE accounts SET seen_at = $rotated WHERE name = $user;
            UPDATE wall_tokens SET used_at = $rotated WHERE id = $wall
            """,
            ("$id", Key(session.Id)), ("$user", session.Wall is null ? session.User : DBNull.Value),
            ("$wall", session.Wall is { } wall ? Key(wall.Id) : DBNull.Value), ("$seed", session.Seed), ("$created", Milliseconds(session.CreatedAt)),
            ("$address", session.Address), ("$agent", session.Agent), ("$generation", session.Generation),
            ("$rotated", Milliseconds(session.RotatedAt)), ("$expires", Milliseconds(session.ExpiresAt))),
        cancellationToken);

    /// <summary>Stores what a renewal changes.</summary>
    public Task UpdateSessionAsync(Session session, CancellationToken cancellationToken) => db.WriteAsync(
        Statement(
            """
            UPDATE sessions SET generation = $generation, rotated_at = $rotated, expires_at = $expires WHERE id = $id;
            UPDATE accounts SET seen_at = $rotated WHERE name = (SELECT user FROM sessions WHERE id = $id);
            UPDATE wall_tokens SET used_at = $rotated WHERE id = (SELECT wall FROM sessions WHERE id = $id)
            """,
            ("$id", Key(session.Id)), ("$generation", session.Generation),
            ("$rotated", Milliseconds(session.RotatedAt)), ("$expires", Milliseconds(session.ExpiresAt))),
        cancellationToken);

    public Task RemoveSessionsAsync(IReadOnlyCollection<Guid> sessions, CancellationToken cancellationToken) => db.WriteAsync(
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
            SELECT s.id, coalesce(s.user, 'wall:' || w.name), s.seed, s.created_at, s.address, s.agent, s.generation, s.rotated_at, s.expires_at,
                coalesce(a.role, 'Viewer'), w.id, w.expires_at
            FROM sessions s LEFT JOIN accounts a ON a.name = s.user LEFT JOIN wall_tokens w ON w.id = s.wall
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
                Wall = row.IsDBNull(10) ? null : new(new Guid(row.GetFieldValue<byte[]>(10)), MaybeMoment(row, 11)),
            };
            found.Add((session, Enum.Parse<Role>(row.GetString(9))));
        }

        return found;
    }
}
