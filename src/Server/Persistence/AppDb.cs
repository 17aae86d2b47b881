using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Persistence;

/// <summary><c>jarvis.db</c> with the tables of every <see cref="Schema"/>: made and migrated before any feature starts,
/// tried again while it cannot be.</summary>
public sealed partial class AppDb(DataFolder folder, IEnumerable<Schema> schemas, TimeProvider time, ILogger<AppDb> log)
    : BackgroundService, IHostedLifecycleService
{
    internal const string Name = "jarvis.db";
    private const int CannotOpen = 14;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly SqliteFile _file = new(folder.File(Name), time, [.. schemas]);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private IDisposable? _occupied;
    private SqliteConnection? _writer;
    private volatile string? _trouble = "It has not been opened yet.";

    /// <summary>Why the database cannot be used; null when it can.</summary>
    public string? Trouble => _trouble;

    /// <summary>Reads on the calling thread, as all of SQLite does; never waits for a write.</summary>
    /// <exception cref="SqliteException">The file cannot be read.</exception>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfUnusable();
        using var connection = _file.OpenReader();
        return Task.FromResult(read(connection));
    }

    /// <summary>Writes in a transaction, one caller after another; what throws changes nothing.</summary>
    /// <exception cref="SqliteException">The file cannot be written, or a row breaks a rule of its table.</exception>
    public async Task WriteAsync(Action<SqliteConnection> write, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            ThrowIfUnusable();
            using var transaction = _writer!.BeginTransaction(deferred: false);
            write(_writer);
            transaction.Commit();
        }
        finally
        {
            _gate.Release();
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        TryOpen();
        return Task.CompletedTask;
    }

    public override void Dispose()
    {
        base.Dispose();
        _writer?.Dispose();
        _file.ForgetReaders();
        _gate.Dispose();
        _occupied?.Dispose();
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (_trouble is not null && await timer.WaitForNextTickAsync(stoppingToken)) TryOpen();
    }

    private void ThrowIfUnusable()
    {
        if (_trouble is { } why) throw new SqliteException(why, CannotOpen);
    }

    private void TryOpen()
    {
        try
        {
            _occupied ??= folder.Occupy();
            _writer ??= _file.OpenWriter(cacheKiB: 512);
            if (_trouble is not null) LogReady(folder.Path);
            _trouble = null;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or SchemaTooNewException)
        {
            if (_trouble != e.Message) LogUnusable(_file.Path, e.Message);
            _trouble = e.Message;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Data folder {Folder} is ready")]
    private partial void LogReady(string folder);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{File} cannot be used: {Why}; accounts and settings are out of reach until it can")]
    private partial void LogUnusable(string file, string why);
}
