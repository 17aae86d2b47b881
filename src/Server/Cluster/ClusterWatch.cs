namespace Jarvis.Server.Cluster;

/// <summary>Runs a poller for each cluster that is watched. Its callers take turns.</summary>
internal sealed partial class ClusterWatch(ClusterClients clients, ChangeRecorder recorder, TimeProvider clock, ILogger<ClusterWatch> logger)
{
    private static readonly TimeSpan AfterCrash = TimeSpan.FromSeconds(10);

    private readonly Dictionary<LiveCluster, (CancellationTokenSource Stop, Task Run)> _running = [];

    /// <param name="cluster">The cluster, with its connection open.</param>
    /// <param name="learned">Told after Proxmox was asked for the other nodes' addresses and certificates.</param>
    public void Start(LiveCluster cluster, Action? learned)
    {
        if (_running.ContainsKey(cluster) || clients.Of(cluster) is not { } connection) return;
        var stop = new CancellationTokenSource();
        // One poller for good: what it knows of the last good read must outlive a crash, or blindness would go unseen.
        var poller = new ClusterPoller(cluster, connection, learned, recorder, clock, logger);
        _running[cluster] = (stop, Task.Run(() => WatchAsync(poller, cluster.Key, stop.Token)));
    }

    /// <summary>Ends once nothing more will be published.</summary>
    public async Task StopAsync(LiveCluster cluster)
    {
        if (!_running.Remove(cluster, out var running)) return;
        await running.Stop.CancelAsync();
        await running.Run;
        running.Stop.Dispose();
    }

    public Task StopAllAsync() => Task.WhenAll(_running.Keys.ToList().Select(StopAsync));

    private async Task WatchAsync(ClusterPoller poller, string cluster, CancellationToken stoppingToken)
    {
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
                LogCrashed(bug, cluster);
                recorder.ReadFailed(cluster, "cluster", "the poller crashed and starts again in 10 s; the log has the details");
                await Task.Delay(AfterCrash, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The poller of cluster {Cluster} crashed and will start again.")]
    private partial void LogCrashed(Exception bug, string cluster);
}
