namespace Jarvis.Server.Cluster.History;

public static class HistorySetup
{
    public static IHostApplicationBuilder AddMetricHistory(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<MetricHistory>();
        return builder;
    }
}
