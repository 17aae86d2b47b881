using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Persistence;

/// <summary>Looks at database files from outside the program that writes them.</summary>
public static class DatabaseCopy
{
    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    public static bool IsDatabase(string file)
    {
        Span<byte> head = stackalloc byte[16];
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(Magic);
    }

    /// <summary>Copies the file as it is at one moment, while others go on writing.</summary>
    /// <exception cref="SqliteException">It cannot be read, or the copy not written.</exception>
    public static void Make(string from, string to)
    {
        using var source = Open(from, SqliteOpenMode.ReadOnly);
        using var target = Open(to, SqliteOpenMode.ReadWriteCreate);
        source.BackupDatabase(target);
        // The copy is one file: what reads it needs no log beside it.
        using var command = target.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = DELETE";
        command.ExecuteNonQuery();
    }

    /// <summary>What is wrong with the file; null when nothing is.</summary>
    public static string? Damage(string file)
    {
        try
        {
            using var connection = Open(file, SqliteOpenMode.ReadOnly);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA quick_check(1)";
            return command.ExecuteScalar() as string is var said && said == "ok" ? null : said;
        }
        catch (SqliteException e)
        {
            return e.Message;
        }
    }

    /// <summary>Reads from the file, which the program may be writing.</summary>
    /// <exception cref="SqliteException">It cannot be read.</exception>
    public static T Read<T>(string file, Func<SqliteConnection, T> read)
    {
        using var connection = Open(file, SqliteOpenMode.ReadOnly);
        return read(connection);
    }

    /// <summary>The version of each feature's tables; empty when the program never opened the file.</summary>
    /// <exception cref="SqliteException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, long> Versions(string file)
    {
        using var connection = Open(file, SqliteOpenMode.ReadOnly);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'schema_versions')";
        var versions = new SortedDictionary<string, long>(StringComparer.Ordinal);
        // A database of one feature alone has its version in its head, and the feature's name.
        if (UserVersion(connection) is > 0 and var version) versions[Path.GetFileNameWithoutExtension(file)] = version;
        if (command.ExecuteScalar() is not 1L) return versions;
        command.CommandText = "SELECT owner, version FROM schema_versions";
        using var reader = command.ExecuteReader();
        while (reader.Read()) versions[reader.GetString(0)] = reader.GetInt64(1);
        return versions;
    }

    private static long UserVersion(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 30 }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
