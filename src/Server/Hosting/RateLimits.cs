using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Threading.RateLimiting;

namespace Jarvis.Server.Hosting;

/// <summary>How many requests one account, or one address that is not signed in, may send.</summary>
public sealed class RateLimitOptions
{
    internal const string Section = "RateLimits";

    /// <summary>Requests a second of one account, sustained.</summary>
    [Range(1, 100_000)]
    public int PerUser { get; set; } = 100;

    /// <summary>Requests of one account that may come at once.</summary>
    [Range(1, 100_000)]
    public int UserBurst { get; set; } = 500;

    /// <summary>Requests a second of one address without sign-in, sustained.</summary>
    [Range(1, 100_000)]
    public int PerAddress { get; set; } = 20;

    /// <summary>Requests of one address without sign-in that may come at once.</summary>
    [Range(1, 100_000)]
    public int AddressBurst { get; set; } = 200;
}

internal static class RateLimits
{
    private static readonly PathString[] Limited = ["/api", "/hubs", "/mcp", "/openapi", "/metrics"];

    public static WebApplicationBuilder AddRateLimits(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection(RateLimitOptions.Section).Get<RateLimitOptions>() ?? new();
        builder.Services.AddRateLimiter(o =>
        {
            o.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            o.OnRejected = (context, _) =>
            {
                var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
                context.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return new(Problems.WriteAsync(context.HttpContext, StatusCodes.Status429TooManyRequests, detail: "Too many requests; wait as Retry-After says."));
            };
            o.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => Partition(context, options));
        });
        return builder;
    }

    private static RateLimitPartition<string> Partition(HttpContext context, RateLimitOptions options)
    {
        if (!Array.Exists(Limited, p => context.Request.Path.StartsWithSegments(p))) return RateLimitPartition.GetNoLimiter("");
        // Displays may share a name; each has a bucket of its own.
        return context.User.Identity is { IsAuthenticated: true, Name: { } user }
            ? RateLimitPartition.GetTokenBucketLimiter($"user {user}{(user.StartsWith("wall:", StringComparison.Ordinal) ? context.User.FindFirst("sid")?.Value : null)}", _ => Bucket(options.PerUser, options.UserBurst))
            : RateLimitPartition.GetTokenBucketLimiter($"from {context.Connection.RemoteIpAddress}", _ => Bucket(options.PerAddress, options.AddressBurst));
    }

    private static TokenBucketRateLimiterOptions Bucket(int perSecond, int burst) => new()
    {
        TokensPerPeriod = perSecond, TokenLimit = Math.Max(burst, perSecond), ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0,
    };
}
