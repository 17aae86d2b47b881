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

    /// <summary>Why the row cannot be used; null when it can.</summary>
    public string? Damage { get; init; }

    public ClusterOptions ToOptions(TokenFiles tokens) => new()
    {
        Key = Key,
        Name = Name,
        Endpoints = [Address!],
        Fingerprints = Fingerprint is { } fingerprint ? [fingerprint] : [],
        TokenFile = tokens.PathOf(Key),
        LearnedEndpoints = LearnedEndpoints,
        LearnedFingerprints = LearnedFingerprints,
    };
}

/// <summary>Clusters that were added, and which of all clusters are paused; each method throws <see cref="SqliteException"/>
/// while the database cannot be used.</summary>
internal sealed class ClusterStore(AppDb db, TimeProvider clock)
{
    internal const string Owner = "cluster";
    internal const string Tables = """
        CREATE TABLE clusters (
            key TEXT PRIMARY KEY, name TEXT NOT NULL, scenario TEXT, address TEXT, fingerprint TEXT,
            learned_endpoints TEXT NOT NULL, learned_fingerprints TEXT NOT NULL, added_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE paused_clusters (key TEXT PRIMARY KEY) WITHOUT ROWID;
        """;

    /// <summary>Why the database cannot be used; null when it can.</summary>
    public string? Trouble => db.Trouble;

    /// <summary>The added clusters, oldest first, and the keys of all that are paused.</summary>
    public Task<(IReadOnlyList<StoredCluster> Added, IReadOnlySet<string> Paused)> ReadAsync(CancellationToken cancellationToken) => db.ReadAsync(ReadAll, cancellationToken);

    /// <summary>As above, from beside the server, which may be running; nothing where no cluster was ever added.</summary>
    /// <exception cref="SqliteException">The file cannot be read.</exception>
    public static (IReadOnlyList<StoredCluster> Added, IReadOnlySet<string> Paused) ReadFrom(DataFolder folder)
    {
        var file = folder.File(AppDb.Name);
        return File.Exists(file) && DatabaseCopy.Versions(file).ContainsKey(Owner) ? DatabaseCopy.Read(file, ReadAll) : ([], new HashSet<string>());
    }

    /// <summary>Adds the cluster, or changes the one of that key.</summary>
    public Task SaveAsync(StoredCluster cluster, CancellationToken cancellationToken) => db.WriteAsync(connection => Save(connection, cluster), cancellationToken);

    /// <summary>Changes what is kept of a cluster and whether it is paused, each unless it is null: both or neither.</summary>
    public Task ChangeAsync(string key, StoredCluster? cluster, bool? paused, CancellationToken cancellationToken) => db.WriteAsync(
        connection =>
        {
            if (cluster is not null) Save(connection, cluster);
            if (paused is true) Run(connection, "INSERT OR IGNORE INTO paused_clusters VALUES ($key)", ("$key", key));
            else if (paused is false) Run(connection, "DELETE FROM paused_clusters WHERE key = $key", ("$key", key));
        },
        cancellationToken);

    public Task RemoveAsync(string key, CancellationToken cancellationToken) => db.WriteAsync(
        connection =>
        {
            Run(connection, "DELETE FROM clusters WHERE key = $key", ("$key", key));
            Run(connection, "DELETE FROM paused_clusters WHERE key = $key", ("$key", key));
        },
        cancellationToken);

    private void Save(SqliteConnection connection, StoredCluster cluster) => Run(
        connection,
        """
        INSERT INTO clusters VALUES ($key, $name, $scenario, $address, $fingerprint, $endpoints, $fingerprints, $at)
        ON CONFLICT (key) DO UPDATE SET name = $name, scenario = $scenario, address = $address, fingerprint = $fingerprint,
            learned_endpoints = $endpoints, learned_fingerprints = $fingerprints
        """,
        ("$key", cluster.Key), ("$name", cluster.Name), ("$scenario", cluster.Scenario), ("$address", cluster.Address?.ToString()),
        ("$fingerprint", cluster.Fingerprint), ("$endpoints", string.Join('\n', cluster.LearnedEndpoints)),
        ("$fingerprints", string.Join('\n', cluster.LearnedFingerprints)), ("$at", clock.GetUtcNow().ToUnixTimeMilliseconds()));

    private static (IReadOnlyList<StoredCluster> Added, IReadOnlySet<string> Paused) ReadAll(SqliteConnection connection)
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
            while (row.Read()) added.Add(Read(row) with { Paused = paused.Contains(row.GetString(0)) });
        }

        return (added, paused);
    }

    // A row that cannot be used is the trouble of its own cluster and not of the others.
    private static StoredCluster Read(SqliteDataReader row)
    {
        var cluster = new StoredCluster { Key = row.GetString(0), Name = row.GetString(1), Scenario = Text(row, 2), Fingerprint = Text(row, 4), LearnedFingerprints = Lines(row, 6) };
        try
        {
            return cluster with
            {
                Address = Text(row, 3) is { } address ? Node(address) : cluster.Scenario is null ? throw new UriFormatException("there is none") : null,
                LearnedEndpoints = [.. Lines(row, 5).Select(Node)],
            };
        }
        catch (UriFormatException e)
        {
            return cluster with { Damage = $"an address that is kept of it in {AppDb.Name} cannot be used: {e.Message}" };
        }
    }

    private static Uri Node(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps
        ? address : throw new UriFormatException($"'{text}' is not https://HOST:PORT");

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
