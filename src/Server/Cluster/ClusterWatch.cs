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
        // One poller for good: what it knows of the last good read must outlive a crash, or blindness would go unseen.
        var poller = new ClusterPoller(clusters.Find(one.Key)!, one, clients[one.Key], one.TokenId, clients.Budget(one.Key), recorder, clock, logger);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await poller.RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception bug)
            {
                LogCrashed(bug, one.Key);
                recorder.ReadFailed(one.Key, "the cluster", "the poller crashed and starts again in 10 s; the log has the details");
                await Task.Delay(AfterCrash, clock, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The poller of cluster {Cluster} crashed and will start again.")]
    private partial void LogCrashed(Exception bug, string cluster);
}
