using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Jarvis.Server.Persistence;

/// <summary>Makes and migrates <c>jarvis.db</c> before any feature starts, and keeps trying while it cannot.</summary>
public sealed partial class AppDbFile(
    DataFolder folder, IEnumerable<Schema> schemas, IDbContextFactory<AppDb> contexts,
    IHostApplicationLifetime lifetime, TimeProvider time, ILogger<AppDbFile> log) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly SqliteFile _file = new(folder.File("jarvis.db"), time, [.. schemas]);
    private IDisposable? _occupied;
    private volatile string? _trouble = "It has not been opened yet.";

    /// <summary>Why the database cannot be used; null when it can.</summary>
    public string? Trouble => _trouble;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        TryOpen();
        return Task.CompletedTask;
    }

    public override void Dispose()
    {
        _occupied?.Dispose();
        base.Dispose();
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (_trouble is not null && await timer.WaitForNextTickAsync(stoppingToken)) TryOpen();

        // The model and the first query cost hundreds of milliseconds: after the server is ready, before the first sign-in.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
        await Task.Run(WarmUp, stoppingToken);
    }

    private void WarmUp()
    {
        using var db = contexts.CreateDbContext();
        _ = db.Database.SqlQueryRaw<int>("SELECT 1 AS Value").Single();
    }

    private void TryOpen()
    {
        try
        {
            _occupied ??= folder.Occupy();
            using var connection = _file.OpenWriter();
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
