using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Jarvis.Server.Hosting;

/// <summary><c>/api/health</c>: alive, ready, and for those signed in what each check found. A feature adds its own with
/// <c>AddHealthChecks().AddCheck&lt;T&gt;(name)</c>; the tag <c>ready</c> makes it hold back readiness.</summary>
internal static class Health
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/api/health").WithTags("health");
        health.MapGet("/live", () => TypedResults.Ok(new HealthStatusView(HealthStatus.Healthy))).AllowAnonymous();
        health.MapGet("/ready", ReadyAsync).AllowAnonymous();
        health.MapGet("/", DetailAsync);
    }

    private static async Task<Results<Ok<HealthStatusView>, JsonHttpResult<HealthStatusView>>> ReadyAsync(
        HealthCheckService checks, IHostApplicationLifetime lifetime, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested;
        var report = await CheckAsync(checks, check => check.Tags.Contains("ready"), time, cancellationToken);
        var view = new HealthStatusView(started ? report.Status : HealthStatus.Unhealthy);
        return view.Status == HealthStatus.Unhealthy ? TypedResults.Json(view, statusCode: StatusCodes.Status503ServiceUnavailable) : TypedResults.Ok(view);
    }

    private static async Task<Ok<HealthView>> DetailAsync(HealthCheckService checks, TimeProvider time, CancellationToken cancellationToken)
    {
        var report = await CheckAsync(checks, null, time, cancellationToken);
        return TypedResults.Ok(new HealthView(report.Status, time.GetUtcNow(),
        [
            .. report.Entries.OrderBy(e => e.Key, StringComparer.Ordinal)
                .Select(e => new HealthCheckView(e.Key, e.Value.Status, e.Value.Description, e.Value.Duration.TotalMilliseconds)),
        ]));
    }

    private static async Task<HealthReport> CheckAsync(
        HealthCheckService checks, Func<HealthCheckRegistration, bool>? which, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await checks.CheckHealthAsync(which, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            var late = new HealthReportEntry(HealthStatus.Unhealthy, $"The checks took longer than {Longest.TotalSeconds} s.", Longest, null, null);
            return new(new Dictionary<string, HealthReportEntry> { ["timeout"] = late }, Longest);
        }
    }
}

public sealed record HealthStatusView(HealthStatus Status);

public sealed record HealthView(HealthStatus Status, DateTimeOffset CheckedAt, IReadOnlyList<HealthCheckView> Checks);

public sealed record HealthCheckView(string Name, HealthStatus Status, string? Description, double Milliseconds);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(HealthStatusView))]
[JsonSerializable(typeof(HealthView))]
internal sealed partial class HealthJson : JsonSerializerContext;
