using Jarvis.Server.Cluster.History;
using Jarvis.Server.Hosting;
using Jarvis.Server.Persistence;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Cluster;

/// <summary>The clusters as configured.</summary>
internal sealed class ConfiguredClusters
{
    public List<ClusterOptions> Clusters { get; } = [];
}

internal static class ClusterSetup
{
    public static IHostApplicationBuilder AddCluster(this IHostApplicationBuilder builder)
    {
        builder.AddMetricHistory();
        builder.Services.AddOptions<ConfiguredClusters>()
            .Configure<IConfiguration>((o, c) => c.GetSection("Clusters").Bind(o.Clusters))
            .Validate(o => o.Clusters.DistinctBy(c => c.Key, StringComparer.Ordinal).Count() == o.Clusters.Count, "Clusters: two have the same Key; each cluster needs its own.")
            .ValidateOnStart();
        builder.Services.AddSingleton<IReadOnlyList<ClusterOptions>>(s => s.GetRequiredService<IOptions<ConfiguredClusters>>().Value.Clusters);
        builder.Services.AddOptions<DemoOptions>().BindConfiguration("Demo");
        builder.AddSchema(ClusterStore.Owner, ClusterStore.Tables);
        builder.Services.AddSingleton<LiveClusters>().AddSingleton<ClusterStore>().AddSingleton<TokenFiles>().AddSingleton<FirstContact>();
        builder.Services.AddSingleton<ClusterMeters>().AddSingleton<ClusterClients>().AddSingleton<ChangeRecorder>().AddSingleton<ClusterWatch>();
        builder.Services.AddSingleton<ClusterPages>().AddSingleton<Lookups>().AddSingleton<Backups>().AddSingleton<Metrics>().AddSingleton<GuestFacts>().AddSingleton(_ => OwnMachine.Read()).AddSingleton<OwnPlaces>().AddSingleton<BackupFacts>().AddSingleton<HaFacts>().AddSingleton<SafetySnapshots>();
        builder.Services.AddSingleton<ClusterRoster>().AddHostedService(s => s.GetRequiredService<ClusterRoster>());
        builder.Services.AddHealthChecks().AddCheck<ClusterHealth>("clusters");
        builder.Services.ConfigureHttpJsonOptions(o =>
        {
            foreach (var shapes in (System.Text.Json.Serialization.JsonSerializerContext[])[ClusterJson.Default, RosterJson.Default, LookupJson.Default])
            {
                o.SerializerOptions.TypeInfoResolverChain.Insert(0, shapes);
            }
        });
        return builder;
    }

    public static void MapCluster(this WebApplication app)
    {
        app.MapClusterApi();
        app.MapRosterApi();
        app.MapLookupApi();
    }
}
