namespace Jarvis.Server.Cluster.History;

public static class HistorySetup
{
    /// <summary>The metric history; its file is opened in the background.</summary>
    public static IHostApplicationBuilder AddMetricHistory(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<MetricHistory>();
        builder.Services.AddHostedService(services => services.GetRequiredService<MetricHistory>());
        return builder;
    }
}
