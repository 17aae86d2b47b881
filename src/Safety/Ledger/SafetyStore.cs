using Microsoft.Data.Sqlite;

namespace Jarvis.Safety.Ledger;

/// <summary>The tables, within one transaction.</summary>
internal sealed record Writing(Statements Sql, AuditTable Audit)
{
    public ApprovalTable Approvals { get; } = new(Sql);
    public RunTable Runs { get; } = new(Sql);
    public Limits Limits { get; } = new(Sql);
    public Switches Switches { get; } = new(Sql);
}

/// <summary><c>safety.db</c>: one writer, one transaction at a time, on the disk when it says so. Opens again by itself
/// when it was lost; what is lost is never replaced.</summary>
internal sealed class SafetyStore(string folder, TimeProvider time, SafeClock clock, Action<Notice> tell) : IDisposable
{
    private const string Changes = "SELECT total_changes()";
    private const int MostPending = 1024;
    private static readonly TimeSpan GroupEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);
    private readonly Lock _gate = new();
    private readonly Lock _queue = new();
    private readonly List<AuditEntry> _pending = [];
    private SqliteConnection? _connection;
    private Writing? _writing;
    private ITimer? _group;
    private string? _trouble;
    private long _triedAt;
    private bool _tried;
    private bool _closed;
    private long _unrecorded;

    /// <summary>Why nothing can be recorded, or null.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    /// <summary>What was found wrong with the audit when it was opened.</summary>
    public string? Damage { get; private set; }

    /// <summary>GREEN calls that left no row.</summary>
    public long Unrecorded => Interlocked.Read(ref _unrecorded);

    public string File { get; } = Path.Combine(folder, "safety.db");

    /// <summary>Reads what must be known before anything is judged, each time the file was opened.</summary>
    public Action<Writing>? Opened { get; init; }

    /// <summary>All of it, or nothing.</summary>
    /// <exception cref="StoreUnavailableException">It could not be written.</exception>
    public T Write<T>(Func<Writing, T> change)
    {
        lock (_gate)
        {
            try
            {
                var writing = Open();
                writing.Sql.Run("BEGIN IMMEDIATE");
                var group = Take();
                try
                {
                    var before = writing.Sql.Number(Changes);
                    foreach (var entry in group) writing.Audit.Append(entry);
                    var result = change(writing);
                    writing.Audit.SaveHead();
                    // What only read need not wait for the disk.
                    var wrote = writing.Sql.Number(Changes) != before;
                    if (wrote) writing.Sql.Run("UPDATE clock SET at = $0", ApprovalTable.Milliseconds(clock.Now));
                    writing.Sql.Run("COMMIT");
                    writing.Audit.Committed();
                    if (wrote) Well();
                    return result;
                }
                catch
                {
                    PutBack(group);
                    Roll(writing);
                    throw;
                }
            }
            catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or InvalidDataException)
            {
                Ill(e);
                throw new StoreUnavailableException($"The safety store cannot be written: {e.Message}", e);
            }
        }
    }

    public void Write(Action<Writing> change) => Write(writing =>
    {
        change(writing);
        return true;
    });

    /// <summary>Is written soon, together with others: for what has no effect.</summary>
    public void Post(AuditEntry entry)
    {
        bool full;
        lock (_queue)
        {
            if (_closed)
            {
                Interlocked.Increment(ref _unrecorded);
                return;
            }
            _pending.Add(entry with { At = time.GetUtcNow() });
            full = _pending.Count >= MostPending;
            _group ??= time.CreateTimer(static store => ((SafetyStore)store!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (_pending.Count == 1) _group.Change(GroupEvery, Timeout.InfiniteTimeSpan);
        }
        if (full) Flush();
    }

    /// <summary>Writes what waits; what cannot be written is counted and let go.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_closed || !Waits()) return;
            try
            {
                Write(static _ => { });
            }
            catch (StoreUnavailableException)
            {
                Interlocked.Add(ref _unrecorded, Take().Count);
            }
        }
    }

    /// <summary>The kill switch as the file has it; on when that cannot be read.</summary>
    public KillState ReadKill()
    {
        lock (_gate)
        {
            try
            {
                return Open().Switches.Kill();
            }
            catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or InvalidDataException or ObjectDisposedException)
            {
                return KillState.Unreadable;
            }
        }
    }

    public AuditKey LoadKey() => AuditKey.Load(Path.Combine(folder, "safety.key"));

    /// <summary>A connection of its own that cannot write.</summary>
    public SqliteConnection OpenReader()
    {
        Flush();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = File, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new StoreUnavailableException($"The safety store cannot be read: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        Flush();
        lock (_gate)
        {
            lock (_queue)
            {
                _closed = true;
                _group?.Dispose();
            }
            Close();
        }
    }

    private Writing Open()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_writing is not null) return _writing;
        if (_tried && time.GetElapsedTime(_triedAt) < RetryEvery) throw new IOException(_trouble ?? "it was lost a moment ago");
        (_tried, _triedAt) = (true, time.GetTimestamp());
        Directory.CreateDirectory(folder);
        var key = LoadKey();
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = File, Pooling = false, DefaultTimeout = 5 }.ToString());
        _connection.Open();
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var sql = new Statements(_connection);
        sql.Run("PRAGMA journal_mode = WAL");
        sql.Run("PRAGMA synchronous = FULL");
        Make(sql);
        clock.NotBefore(DateTimeOffset.FromUnixTimeMilliseconds(sql.Number("SELECT at FROM clock")));
        var writing = new Writing(sql, new AuditTable(sql, key, time));
        Opened?.Invoke(writing);
        _writing = writing;
        Damage = _writing.Audit.Damage ?? Damage;
        _writing.Approvals.ForgetBefore(time.GetUtcNow() - Kept);
        _writing.Runs.ForgetBefore(time.GetUtcNow() - Kept);
        return _writing;
    }

    private static void Make(Statements sql)
    {
        var version = sql.Number("PRAGMA user_version");
        if (version > Schema.Version) throw new InvalidDataException($"safety.db is of version {version}, and this server knows {Schema.Version}; start the newer server.");
        if (version == Schema.Version) return;
        sql.Run("BEGIN IMMEDIATE");
        foreach (var step in Schema.Steps.Skip((int)version)) sql.Run(step);
        sql.Run($"PRAGMA user_version = {Schema.Version}");
        sql.Run("COMMIT");
    }

    private bool Waits()
    {
        lock (_queue) return _pending.Count > 0;
    }

    private List<AuditEntry> Take()
    {
        lock (_queue)
        {
            List<AuditEntry> group = [.. _pending];
            _pending.Clear();
            return group;
        }
    }

    private void PutBack(List<AuditEntry> group)
    {
        lock (_queue) _pending.InsertRange(0, group);
    }

    private static void Roll(Writing writing)
    {
        writing.Audit.RolledBack();
        try
        {
            writing.Sql.Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite had already rolled back.
        }
    }

    private void Ill(Exception e)
    {
        if (e is SqliteException { SqliteErrorCode: not (SqliteFull or SqliteBusy or SqliteConstraint or SqliteReadOnly) } or not SqliteException) Close();
        if (_trouble is null) tell(new Notice(NoticeKind.StoreLost, null, $"The safety store cannot be written: {e.Message}"));
        Volatile.Write(ref _trouble, e.Message);
    }

    private void Well()
    {
        if (_trouble is null) return;
        Volatile.Write(ref _trouble, null);
        tell(new Notice(NoticeKind.StoreBack, null, $"The safety store is written again; {Unrecorded} calls left no row."));
    }

    private void Close()
    {
        _writing?.Sql.Dispose();
        _connection?.Dispose();
        (_writing, _connection) = (null, null);
    }

    private const int SqliteBusy = 5;
    private const int SqliteReadOnly = 8;
    private const int SqliteFull = 13;
    private const int SqliteConstraint = 19;
}
