using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Cluster;

/// <summary>A cluster that people added, as it is kept; its token lies in a file of its own.</summary>
internal sealed record StoredCluster
{
    public required string Key { get; init; }
    public required string Name { get; init; }

    /// <summary>What the simulator is to show; null for a real cluster.</summary>
    public string? Scenario { get; init; }

    /// <summary>Null for a demo, which is elsewhere after each start.</summary>
    public Uri? Address { get; init; }

    /// <summary>What people said to trust; null where public authorities decide.</summary>
    public string? Fingerprint { get; init; }
    public IReadOnlyList<Uri> LearnedEndpoints { get; init; } = [];
    public IReadOnlyList<string> LearnedFingerprints { get; init; } = [];
    public bool Paused { get; init; }
}

/// <summary>Clusters that were added, and which of all clusters are paused; each method throws <see cref="SqliteException"/>
/// while the database cannot be used.</summary>
internal sealed class ClusterStore(AppDb db, TimeProvider clock)
{
    internal const string Tables = """
        CREATE TABLE clusters (
            key TEXT PRIMARY KEY, name TEXT NOT NULL, scenario TEXT, address TEXT, fingerprint TEXT,
            learned_endpoints TEXT NOT NULL, learned_fingerprints TEXT NOT NULL, added_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE paused_clusters (key TEXT PRIMARY KEY) WITHOUT ROWID;
        """;

    /// <summary>Why the database cannot be used; null when it can.</summary>
    public string? Trouble => db.Trouble;

    /// <summary>The added clusters, oldest first, and the keys of all that are paused.</summary>
    public Task<(IReadOnlyList<StoredCluster> Added, IReadOnlySet<string> Paused)> ReadAsync(CancellationToken cancellationToken) => db.ReadAsync(
        connection =>
        {
            var paused = new HashSet<string>(StringComparer.Ordinal);
            using (var command = Command(connection, "SELECT key FROM paused_clusters"))
            using (var row = command.ExecuteReader())
            {
                while (row.Read()) paused.Add(row.GetString(0));
            }

            List<StoredCluster> added = [];
            using (var command = Command(connection, "SELECT key, name, scenario, address, fingerprint, learned_endpoints, learned_fingerprints FROM clusters ORDER BY added_at, key"))
            using (var row = command.ExecuteReader())
            {
                while (row.Read()) added.Add(Read(row, paused));
            }

            return ((IReadOnlyList<StoredCluster>)added, (IReadOnlySet<string>)paused);
        },
        cancellationToken);

    /// <summary>Adds the cluster, or changes the one of that key.</summary>
    public Task SaveAsync(StoredCluster cluster, CancellationToken cancellationToken) => db.WriteAsync(
        connection => Run(
            connection,
            """
            INSERT INTO clusters VALUES ($key, $name, $scenario, $address, $fingerprint, $endpoints, $fingerprints, $at)
            ON CONFLICT (key) DO UPDATE SET name = $name, scenario = $scenario, address = $address, fingerprint = $fingerprint,
                learned_endpoints = $endpoints, learned_fingerprints = $fingerprints
            """,
            ("$key", cluster.Key), ("$name", cluster.Name), ("$scenario", cluster.Scenario), ("$address", cluster.Address?.ToString()),
            ("$fingerprint", cluster.Fingerprint), ("$endpoints", string.Join('\n', cluster.LearnedEndpoints)),
            ("$fingerprints", string.Join('\n', cluster.LearnedFingerprints)), ("$at", clock.GetUtcNow().ToUnixTimeMilliseconds())),
        cancellationToken);

    public Task PauseAsync(string key, bool paused, CancellationToken cancellationToken) => db.WriteAsync(
        connection => Run(connection, paused ? "INSERT OR IGNORE INTO paused_clusters VALUES ($key)" : "DELETE FROM paused_clusters WHERE key = $key", ("$key", key)),
        cancellationToken);

    public Task RemoveAsync(string key, CancellationToken cancellationToken) => db.WriteAsync(
        connection =>
        {
            Run(connection, "DELETE FROM clusters WHERE key = $key", ("$key", key));
            Run(connection, "DELETE FROM paused_clusters WHERE key = $key", ("$key", key));
        },
        cancellationToken);

    private static StoredCluster Read(SqliteDataReader row, HashSet<string> paused) => new()
    {
        Key = row.GetString(0),
        Name = row.GetString(1),
        Scenario = Text(row, 2),
        Address = Text(row, 3) is { } address ? new(address) : null,
        Fingerprint = Text(row, 4),
        LearnedEndpoints = [.. Lines(row, 5).Select(line => new Uri(line))],
        LearnedFingerprints = Lines(row, 6),
        Paused = paused.Contains(row.GetString(0)),
    };

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static string[] Lines(SqliteDataReader row, int column) => row.GetString(column).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static void Run(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(connection, sql);
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
