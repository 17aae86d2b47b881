using Jarvis.Safety;

namespace Jarvis.Server.Tools;

/// <summary>The catalogue; the toolsets are reached through it alone.</summary>
internal static class ToolsSetup
{
    public static IHostApplicationBuilder AddTools(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Reach>().AddSingleton<Tasks>();
        builder.Services.AddSingleton<ClusterTools>().AddSingleton<GuestTools>().AddSingleton<PowerTools>().AddSingleton<SnapshotTools>().AddSingleton<BulkTools>();
        builder.Services.AddSingleton<Everywhere>().AddSingleton<HardwareTools>().AddSingleton<HostTools>().AddSingleton<HealthTools>();
        builder.Services.AddSingleton<TaskTools>().AddSingleton<StorageTools>().AddSingleton<MetricsTools>().AddSingleton<FindTools>().AddSingleton<EventTools>();
        builder.Services.AddSingleton<BackupTools>().AddSingleton<SettingsTools>().AddSingleton<Moving>().AddSingleton<MoveTools>().AddSingleton<EvacuateTools>().AddSingleton<CreateTools>().AddSingleton<UnlockTools>().AddSingleton<RebootTools>().AddSingleton<NeverTools>();
        builder.Services.AddSingleton(s => ToolCatalogue.Of(
            s.GetRequiredService<ClusterTools>(), s.GetRequiredService<FindTools>(), s.GetRequiredService<GuestTools>(), s.GetRequiredService<HardwareTools>(),
            s.GetRequiredService<HostTools>(), s.GetRequiredService<HealthTools>(), s.GetRequiredService<StorageTools>(), s.GetRequiredService<TaskTools>(),
            s.GetRequiredService<MetricsTools>(), s.GetRequiredService<EventTools>(),
            s.GetRequiredService<PowerTools>(), s.GetRequiredService<SnapshotTools>(), s.GetRequiredService<BulkTools>(), s.GetRequiredService<BackupTools>(),
            s.GetRequiredService<SettingsTools>(), s.GetRequiredService<MoveTools>(), s.GetRequiredService<EvacuateTools>(), s.GetRequiredService<CreateTools>(),
            s.GetRequiredService<UnlockTools>(), s.GetRequiredService<RebootTools>(), s.GetRequiredService<NeverTools>()));
        return builder;
    }
}
