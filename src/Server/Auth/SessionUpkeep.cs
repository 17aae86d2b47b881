using System.Data.Common;

namespace Jarvis.Server.Auth;

/// <summary>Makes the administrator's account once the server is up, then ends sessions as they expire.</summary>
internal sealed partial class SessionUpkeep(
    Accounts accounts, Sessions sessions, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<SessionUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
        accounts.PrepareForEmergency();
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                await accounts.EnsureAdminAsync(stoppingToken);
                await sessions.EndExpiredAsync(stoppingToken);
            }
            catch (DbException e)
            {
                LogFailed(e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Accounts could not be looked after: {Why}")]
    private partial void LogFailed(string why);
}
