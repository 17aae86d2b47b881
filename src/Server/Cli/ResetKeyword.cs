using Jarvis.Server.Gate;

namespace Jarvis.Server.Cli;

/// <summary>For whoever has lost the approval keyword but not the machine.</summary>
internal static class ResetKeyword
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    public static async Task<int> RunAsync(Given given, CancellationToken cancellationToken)
    {
        var data = Settings.Data(Settings.Of(given));
        try
        {
            if (!File.Exists(data.File("safety.db"))) return await FailAsync($"there is no safety.db in {data.Path}; --data DIR names the data folder.");
            var file = data.File(KeywordResets.File);
            await File.WriteAllBytesAsync(file, [], cancellationToken);
            if (!data.IsOccupied())
            {
                await given.Console.Output.WriteLineAsync("The server does not run: it takes the approval keyword away when it starts. Until an administrator sets another one, ORANGE calls are refused.");
                return 0;
            }

            using var patience = new CancellationTokenSource(Patience);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            while (File.Exists(file) && !patience.IsCancellationRequested) await Task.Delay(Glance, TimeProvider.System, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (File.Exists(file)) return await FailAsync("the server has not taken the keyword away yet; its log says why, and it tries again by itself.");
            await given.Console.Output.WriteLineAsync("The approval keyword is taken away. Until an administrator sets another one in the settings, ORANGE calls are refused.");
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return await FailAsync(e.Message);
        }

        async Task<int> FailAsync(string why)
        {
            await given.Console.Error.WriteLineAsync($"jarvis: {why}");
            return Verbs.Failed;
        }
    }
}
