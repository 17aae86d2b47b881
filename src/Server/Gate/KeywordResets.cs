using Jarvis.Safety;
using Jarvis.Server.Persistence;

namespace Jarvis.Server.Gate;

/// <summary>Takes the keyword away when <c>jarvis keyword reset</c> asks for it. The command leaves a file and does not write
/// itself: the audit has one writer.</summary>
internal sealed partial class KeywordResets(DataFolder folder, SafetyKernel kernel, ILogger<KeywordResets> log) : BackgroundService
{
    internal const string File = "keyword-reset";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not the clock of the demo: whoever typed the command waits in real time.
        using var timer = new PeriodicTimer(Pause, TimeProvider.System);
        do Look();
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal void Look()
    {
        var file = folder.File(File);
        if (!System.IO.File.Exists(file)) return;
        try
        {
            if (kernel.Keyword.ForgetAtHost()) LogForgotten();
            System.IO.File.Delete(file);
        }
        catch (Exception e) when (e is StoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            LogNotForgotten(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The approval keyword was taken away at the host; an administrator sets another one in the settings")]
    private partial void LogForgotten();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The approval keyword is to be taken away, and cannot be: {Why}")]
    private partial void LogNotForgotten(string why);
}
