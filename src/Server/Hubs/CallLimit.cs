using System.Threading.RateLimiting;
using Microsoft.AspNetCore.SignalR;

namespace Jarvis.Server.Hubs;

/// <summary>How often one connection may call its hub; unless told otherwise five at once, then one every 2 s.</summary>
internal static class CallLimit
{
    public const string Legal = "At most five requests at once and then one every 2 s.";
    private const string Item = "limit";

    public static void Begin(HubCallerContext context, int atOnce = 5, double perSecond = 0.5) => context.Items[Item] = new TokenBucketRateLimiter(new()
    {
        TokenLimit = atOnce,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1 / perSecond),
        QueueLimit = 0,
    });

    public static bool Allows(HubCallerContext context)
    {
        using var lease = (context.Items[Item] as RateLimiter)?.AttemptAcquire();
        return lease is { IsAcquired: true };
    }

    public static void End(HubCallerContext context) => (context.Items.TryGetValue(Item, out var limit) ? limit as IDisposable : null)?.Dispose();
}
