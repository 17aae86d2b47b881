using System.Diagnostics;
using Jarvis.Server.Cluster;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace Jarvis.Server.Hubs;

/// <summary><c>/hubs/cluster</c>: the live state of the clusters.</summary>
[Authorize]
internal sealed class ClusterHub(Broadcast broadcast, LiveClusters clusters) : Hub<IClusterClient>, IClusterHub
{
    private const string ScreenItem = "screen";

    public override async Task OnConnectedAsync()
    {
        if (broadcast.Join(Context) is not { } screen)
        {
            await FailAsync("TOO_MANY_CONNECTIONS", "Too many live connections; close some screens first.");
            Context.Abort();
            return;
        }

        Context.Items[ScreenItem] = screen;
        CallLimit.Begin(Context);
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        if (Screen is { } screen) broadcast.Leave(screen);
        CallLimit.End(Context);
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

    private Screen? Screen => Context.Items.TryGetValue(ScreenItem, out var screen) ? screen as Screen : null;

    private async Task<bool> MayAsync()
    {
        if (CallLimit.Allows(Context)) return true;
        await FailAsync("RATE_LIMITED", CallLimit.Legal);
        return false;
    }

    private Task FailAsync(string code, string message) =>
        Clients.Caller.Failed(code, message, Activity.Current?.Id ?? Context.ConnectionId);
}
