using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Jarvis.Server.Events;

/// <summary>Whether what happens is remembered.</summary>
internal sealed class EventsHealth(EventLog events) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(events.Health switch
        {
            { Available: false, Trouble: var why } => HealthCheckResult.Unhealthy($"Nothing is remembered: {why}"),
            { Trouble: { } why } => HealthCheckResult.Degraded(why),
            var health => HealthCheckResult.Healthy($"{health.LastId} events; {health.BytesWrittenToday / 1024} KiB written today"),
        });
}
