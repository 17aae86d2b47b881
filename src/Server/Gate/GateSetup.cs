using Jarvis.Safety;
using Jarvis.Server.Persistence;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Gate;

/// <summary>The kernel as this server hosts it, and its desks over HTTP.</summary>
internal static class GateSetup
{
    public static IHostApplicationBuilder AddGate(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<GateOptions>().BindConfiguration(GateOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<People>().AddSingleton<TargetStates>().AddSingleton<Foresight>().AddSingleton<Notices>().AddSingleton<Keys>().AddSingleton<KeywordDesk>().AddSingleton<KeyTurns>();
        builder.Services.AddSingleton(services =>
        {
            var (people, targets) = (services.GetRequiredService<People>(), services.GetRequiredService<TargetStates>());
            var folder = services.GetRequiredService<DataFolder>();
            TryEnsure(folder);
            return new SafetyKernel(
                services.GetRequiredService<ToolCatalogue>(),
                new()
                {
                    Find = targets.FindAsync, RoleOf = people.RoleNowAsync, Foresee = services.GetRequiredService<Foresight>().ForeseeAsync,
                    Snapshot = targets.SnapshotAsync, Reconcile = targets.ReconcileAsync, Tell = services.GetRequiredService<Notices>().Tell,
                },
                Rules.Of(services.GetRequiredService<IOptions<GateOptions>>().Value), folder.Path, services.GetRequiredService<TimeProvider>());
        });
        builder.Services.AddHostedService<Reconciliation>().AddHostedService<KeywordResets>().AddHostedService<OwnProtection>();
        builder.Services.AddHealthChecks().AddCheck<GateHealth>("safety");
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, GateJson.Default));
        return builder;
    }

    // Where nothing can be kept the kernel refuses what cannot be recorded, and the server starts all the same.
    private static void TryEnsure(DataFolder folder)
    {
        try
        {
            folder.Ensure();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The kernel says that it has no store.
        }
    }

    public static void MapGate(this WebApplication app)
    {
        app.MapToolsApi();
        app.MapApprovalsApi();
        app.MapSafetyApi();
        app.MapAuditApi();
        app.MapKeywordApi();
        app.MapBreakGlassApi();
        app.MapKeysApi();
        app.MapPolicyApi();
    }
}

/// <summary>Asks from time to time what became of runs whose end nobody saw.</summary>
internal sealed partial class Reconciliation(SafetyKernel kernel, TimeProvider time, ILogger<Reconciliation> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await kernel.ReconcileAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What became of unfinished runs is not known yet: {Why}")]
    private partial void LogFailed(string why);
}

/// <summary>Whether what is done can be recorded, and whether the kill switch is on.</summary>
internal sealed class GateHealth(SafetyKernel kernel) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        kernel.Audit.Trouble is not null ? HealthCheckResult.Degraded("What is done cannot be recorded, so nothing is changed; the log says why.")
        : kernel.Audit.Damage is not null ? HealthCheckResult.Degraded("The audit is damaged; verify it.")
        : kernel.KillSwitch.State.Active ? HealthCheckResult.Healthy("the kill switch is on") : HealthCheckResult.Healthy());
}
