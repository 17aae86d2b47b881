using System.Collections.Concurrent;
using Jarvis.Server.Cluster;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Hubs;

/// <summary>Follows the clusters and hands each change to every screen's own queue, so that none waits for another.</summary>
internal sealed partial class Broadcast(LiveClusters clusters, IHubContext<ClusterHub, IClusterClient> hub, IOptions<HubsOptions> options, HubMeters meters, TimeProvider clock, ILogger<Broadcast> logger)
    : BackgroundService
{
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Screen> _screens = new(StringComparer.Ordinal);

    private readonly Dictionary<LiveCluster, IDisposable> _following = [];
    private readonly Dictionary<LiveCluster, IDisposable> _taskFollowing = [];

    /// <summary>Screens connected now.</summary>
    public int Count => _screens.Count;

    /// <summary>Takes a connection in; null when there are too many.</summary>
    public Screen? Join(HubCallerContext context)
    {
        var session = context.User?.FindFirst("sid")?.Value;
        var limits = options.Value;
        if (_screens.Count >= limits.MaxConnections
            || session is not null && _screens.Values.Count(s => s.Session == session) >= limits.MaxConnectionsPerSession) return null;

        // Clients of the context and not the caller's: those end with the hub method that handed them out.
        var screen = new Screen(context.ConnectionId, session, hub.Clients.Client(context.ConnectionId), clusters, meters, context.ConnectionAborted);
        _screens[context.ConnectionId] = screen;
        meters.ScreenCame();
        FollowTasksWhileWatched();
        _ = PumpAsync(screen, context);
        return screen;
    }

    public void Leave(Screen screen)
    {
        if (_screens.TryRemove(screen.ConnectionId, out _)) meters.ScreenLeft();
        FollowTasksWhileWatched();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var list = clusters.Follow(_ => FollowAll());
        FollowAll();
        try
        {
            using var timer = new PeriodicTimer(HeartbeatEvery, clock);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var now = clock.GetUtcNow();
                foreach (var cluster in clusters.All)
                {
                    foreach (var screen in _screens.Values) screen.Beat(cluster, now);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
        finally
        {
            Follow(_following, () => [], c => c.Follow(Offer));
        }
    }

    private void Offer(ClusterChange change)
    {
        foreach (var screen in _screens.Values) screen.Offer(change);
    }

    private void FollowAll()
    {
        Follow(_following, () => clusters.All, c => c.Follow(Offer));
        FollowTasksWhileWatched();
        foreach (var screen in _screens.Values) screen.ListChanged();
    }

    /// <summary>Logs of running tasks cost calls to Proxmox, so they are read only while a screen is there to show them.</summary>
    private void FollowTasksWhileWatched() => Follow(_taskFollowing, () => _screens.IsEmpty ? [] : clusters.All, c => c.FollowTasks(Offer));

    private static void Follow(Dictionary<LiveCluster, IDisposable> following, Func<IReadOnlyList<LiveCluster>> which, Func<LiveCluster, IDisposable> follow)
    {
        lock (following)
        {
            var wanted = which();
            foreach (var gone in following.Keys.Except(wanted).ToList())
            {
                following[gone].Dispose();
                following.Remove(gone);
            }

            foreach (var cluster in wanted.Except(following.Keys).ToList()) following[cluster] = follow(cluster);
        }
    }

    private void Offer(TaskProgress progress)
    {
        foreach (var screen in _screens.Values) screen.Offer(progress);
    }

    private async Task PumpAsync(Screen screen, HubCallerContext context)
    {
        try
        {
            await screen.PumpAsync();
        }
        catch (OperationCanceledException)
        {
            // The connection ended.
        }
        catch (Exception failure)
        {
            LogScreenFailed(failure, screen.ConnectionId);
            context.Abort();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Screen {ConnectionId} could not be fed and was disconnected.")]
    private partial void LogScreenFailed(Exception failure, string connectionId);
}
