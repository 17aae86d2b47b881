using Jarvis.Server.Persistence;

namespace Jarvis.Server.Setup;

/// <summary>Whether the set-up was finished or skipped.</summary>
public sealed class SetupStore(AppDb db, TimeProvider time)
{
    internal const string Tables = "CREATE TABLE setup (one INTEGER PRIMARY KEY CHECK (one = 1), finished_at INTEGER NOT NULL, by TEXT NOT NULL)";

    public Task<bool> IsFinishedAsync(CancellationToken cancellationToken) => db.ReadAsync(
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT EXISTS (SELECT 1 FROM setup)";
            return command.ExecuteScalar() is 1L;
        },
        cancellationToken);

    public Task FinishAsync(string by, CancellationToken cancellationToken) => db.WriteAsync(
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO setup VALUES (1, $at, $by) ON CONFLICT DO NOTHING";
            command.Parameters.AddWithValue("$at", time.GetUtcNow().ToUnixTimeMilliseconds());
            command.Parameters.AddWithValue("$by", by);
            command.ExecuteNonQuery();
        },
        cancellationToken);
}
