using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Persistence;

/// <summary>The tables of one feature: its steps in order, each run once. A released step is never edited, only
/// followed by another.</summary>
/// <param name="Owner">The feature, lower case: <c>auth</c>.</param>
/// <param name="Steps">SQL; step n brings the feature from version n to n + 1.</param>
public sealed record Schema(string Owner, params IReadOnlyList<string> Steps);

/// <summary>The file was made by a newer version of the program.</summary>
public sealed class SchemaTooNewException(string owner, long found, int known)
    : Exception($"The tables of '{owner}' have version {found}; this program knows up to {known}. Install the newer version again, or restore a backup.");

internal static class Migration
{
    /// <summary>Brings every schema to its last version in one transaction: all of it or nothing.</summary>
    public static void Apply(SqliteConnection connection, IEnumerable<Schema> schemas, TimeProvider time)
    {
        var due = schemas.ToList();
        if (due.GroupBy(s => s.Owner).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new InvalidOperationException($"Two schemas are registered for '{twice.Key}'; a feature has one, with several steps.");
        if (due.All(schema => Version(connection, schema.Owner) == schema.Steps.Count)) return;

        using var transaction = connection.BeginTransaction(deferred: false);
        Run(connection, "CREATE TABLE IF NOT EXISTS schema_versions (owner TEXT PRIMARY KEY, version INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID");
        foreach (var schema in due)
        {
            var version = Version(connection, schema.Owner);
            if (version > schema.Steps.Count) throw new SchemaTooNewException(schema.Owner, version, schema.Steps.Count);
            foreach (var step in schema.Steps.Skip((int)version)) Run(connection, step);
            Run(connection,
                "INSERT INTO schema_versions VALUES ($owner, $version, $at) ON CONFLICT (owner) DO UPDATE SET version = $version, at = $at",
                ("$owner", schema.Owner), ("$version", schema.Steps.Count), ("$at", time.GetUtcNow().ToUnixTimeMilliseconds()));
        }
        transaction.Commit();
    }

    private static long Version(SqliteConnection connection, string owner)
    {
        using var exists = connection.CreateCommand();
        exists.CommandText = "SELECT 1 FROM sqlite_master WHERE name = 'schema_versions'";
        if (exists.ExecuteScalar() is null) return 0;
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT version FROM schema_versions WHERE owner = $owner";
        command.Parameters.AddWithValue("$owner", owner);
        return command.ExecuteScalar() as long? ?? 0;
    }

    private static void Run(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }
}
