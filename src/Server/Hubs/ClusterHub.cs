using System.Diagnostics;
using System.Threading.RateLimiting;
using Jarvis.Server.Cluster;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace Jarvis.Server.Hubs;

/// <summary><c>/hubs/cluster</c>: the live state of the clusters.</summary>
[Authorize]
internal sealed class ClusterHub(Broadcast broadcast, LiveClusters clusters) : Hub<IClusterClient>, IClusterHub
{
    private const string ScreenItem = "screen";
    private const string LimiterItem = "limiter";

    public override async Task OnConnectedAsync()
    {
        if (broadcast.Join(Context) is not { } screen)
        {
            await FailAsync("TOO_MANY_CONNECTIONS", "Too many live connections; close some screens first.");
            Context.Abort();
            return;
        }

        Context.Items[ScreenItem] = screen;
        Context.Items[LimiterItem] = new TokenBucketRateLimiter(new()
        {
            TokenLimit = 5,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(2),
            QueueLimit = 0,
        });
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        if (Context.Items[ScreenItem] is Screen screen) broadcast.Leave(screen);
        (Context.Items[LimiterItem] as IDisposable)?.Dispose();
        return Task.CompletedTask;
    }

    public async Task Subscribe(string? cluster, string scope)
    {
        if (!await MayAsync()) return;

        if (cluster is not null && clusters.Find(cluster) is null)
        {
            await FailAsync("CLUSTER_UNKNOWN", $"No cluster has that key; there are: {string.Join(", ", clusters.All.Select(c => c.Key))}.");
        }
        else if (Scope.Parse(cluster, scope) is not { } wanted)
        {
            await FailAsync("BAD_SCOPE", "A scope is 'cluster', or with a cluster 'node/NAME' or 'guest/VMID'.");
        }
        else
        {
            Screen?.Show(wanted);
        }
    }

    public async Task Resync()
    {
        if (await MayAsync()) Screen?.Refresh();
    }

    private Screen? Screen => Context.Items[ScreenItem] as Screen;

    private async Task<bool> MayAsync()
    {
        using var lease = (Context.Items[LimiterItem] as RateLimiter)?.AttemptAcquire();
        if (lease is { IsAcquired: true }) return true;
        await FailAsync("RATE_LIMITED", "At most five requests at once and then one every 2 s.");
        return false;
    }

    private Task FailAsync(string code, string message) =>
        Clients.Caller.Failed(code, message, Activity.Current?.Id ?? Context.ConnectionId);
}
