namespace Jarvis.Server.Cluster;

/// <summary>Runs a poller for each cluster for as long as the server runs.</summary>
internal sealed partial class ClusterWatch(
    IReadOnlyList<ClusterOptions> options, LiveClusters clusters, ClusterClients clients, ChangeRecorder recorder, TimeProvider clock, ILogger<ClusterWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan AfterCrash = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await Task.WhenAll(options.Select(one => WatchAsync(one, stoppingToken)));
    }

    private async Task WatchAsync(ClusterOptions one, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var poller = new ClusterPoller(clusters.Find(one.Key)!, one, clients[one.Key], TokenId(one), clients.Budget(one.Key), recorder, clock, logger);
                await poller.RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception bug)
            {
                LogCrashed(bug, one.Key);
                recorder.ReadFailed(one.Key, "The poller crashed; it starts again in 10 s. The log has the details.");
                await Task.Delay(AfterCrash, clock, stoppingToken);
            }
        }
    }

    /// <summary>The public half of the token, for the lines that grant it rights.</summary>
    private static string TokenId(ClusterOptions one)
    {
        var text = File.ReadAllText(one.TokenFile).Trim();
        return text[..text.LastIndexOf('=')];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The poller of cluster {Cluster} crashed and will start again.")]
    private partial void LogCrashed(Exception bug, string cluster);
}
