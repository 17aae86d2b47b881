using Jarvis.Safety;

namespace Jarvis.Server.Tools;

/// <summary>The catalogue; the toolsets are reached through it alone.</summary>
internal static class ToolsSetup
{
    public static IHostApplicationBuilder AddTools(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Reach>().AddSingleton<Tasks>();
        builder.Services.AddSingleton<ClusterTools>().AddSingleton<GuestTools>().AddSingleton<PowerTools>().AddSingleton<SnapshotTools>().AddSingleton<BulkTools>();
        builder.Services.AddSingleton<BackupTools>().AddSingleton<SettingsTools>().AddSingleton<Moving>().AddSingleton<MoveTools>().AddSingleton<EvacuateTools>().AddSingleton<CreateTools>().AddSingleton<NeverTools>();
        builder.Services.AddSingleton(s => ToolCatalogue.Of(
            s.GetRequiredService<ClusterTools>(), s.GetRequiredService<GuestTools>(), s.GetRequiredService<PowerTools>(), s.GetRequiredService<SnapshotTools>(),
            s.GetRequiredService<BulkTools>(), s.GetRequiredService<BackupTools>(), s.GetRequiredService<SettingsTools>(),
            s.GetRequiredService<MoveTools>(), s.GetRequiredService<EvacuateTools>(), s.GetRequiredService<CreateTools>(), s.GetRequiredService<NeverTools>()));
        return builder;
    }
}
