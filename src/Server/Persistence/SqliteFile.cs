using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Persistence;

/// <summary>One SQLite file with its tables: WAL, one writer, readers that never wait for it.</summary>
public sealed class SqliteFile(string path, TimeProvider time, params IReadOnlyList<Schema> schemas)
{
    public string Path => path;

    /// <summary>Opens for writing, making or migrating the file.</summary>
    /// <exception cref="SqliteException">The file cannot be opened, is damaged, or has no room.</exception>
    public SqliteConnection OpenWriter(int cacheKiB = 2000)
    {
        var folder = System.IO.Path.GetDirectoryName(path)!;
        new DataFolder(folder).Ensure();
        var connection = Open(SqliteOpenMode.ReadWriteCreate, pooling: false);
        try
        {
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Pragma(connection, $"""
                PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
                PRAGMA foreign_keys = ON; PRAGMA cache_size = -{cacheKiB}; PRAGMA journal_size_limit = 8388608;
                """);
            Migration.Apply(connection, schemas, time);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a pooled connection that cannot write.</summary>
    public SqliteConnection OpenReader()
    {
        var connection = Open(SqliteOpenMode.ReadOnly, pooling: true);
        Pragma(connection, "PRAGMA query_only = ON; PRAGMA cache_size = -512");
        return connection;
    }

    /// <summary>Closes the readers that wait for use, so that none goes on with a file that was replaced.</summary>
    public void ForgetReaders()
    {
        using var any = new SqliteConnection(Address(SqliteOpenMode.ReadOnly, pooling: true));
        SqliteConnection.ClearPool(any);
    }

    private string Address(SqliteOpenMode mode, bool pooling) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = pooling, DefaultTimeout = 5 }.ToString();

    private SqliteConnection Open(SqliteOpenMode mode, bool pooling)
    {
        var connection = new SqliteConnection(Address(mode, pooling));
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

    private static void Pragma(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
