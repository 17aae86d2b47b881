using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Jarvis.Server.Hosting;

/// <summary>Traces, metrics and logs to an OpenTelemetry collector; nothing is sent unless an endpoint is given.</summary>
public sealed class TelemetryOptions
{
    /// <summary>Collector to send to (OTLP), as <c>http://localhost:4317</c>; <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> does the same.</summary>
    public Uri? OtlpEndpoint { get; set; }
}

/// <summary>The Prometheus page <c>/metrics</c>.</summary>
public sealed class MetricsOptions
{
    /// <summary>Whether a scraper on this machine may read <c>/metrics</c> without signing in.</summary>
    public bool AllowLoopback { get; set; } = true;

    /// <summary>Most series of one instrument; more are counted together.</summary>
    [Range(10, 100_000)]
    public int MaxSeries { get; set; } = 2_000;
}

internal static class Telemetry
{
    internal const string ScrapePolicy = "metrics";

    // Features name their meters and activity sources after themselves: Jarvis.Cluster, Jarvis.Events.
    private const string Ours = "Jarvis.*";
    private static readonly string[] Meters =
        [Ours, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections"];

    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<MetricsPage>();
        builder.Services.AddOptions<MetricsOptions>().BindConfiguration("Metrics");
        var loopback = (builder.Configuration.GetSection("Metrics").Get<MetricsOptions>() ?? new()).AllowLoopback;
        builder.Services.AddAuthorizationBuilder().AddPolicy(ScrapePolicy, p => p.RequireAssertion(c =>
            c.User.Identity?.IsAuthenticated == true || (loopback && c.Resource is HttpContext http && IsThisMachine(http))));

        var endpoint = builder.Configuration.GetSection("Telemetry").Get<TelemetryOptions>()?.OtlpEndpoint;
        if (endpoint is not null || !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) Export(builder, endpoint);
        return builder;
    }

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/metrics", (HttpContext context, MetricsPage page) => page.WriteAsync(context)).RequireAuthorization(ScrapePolicy).ExcludeFromDescription();

    // Apart, and nothing of OpenTelemetry in a field below, so that its assemblies are loaded only when they are used.
    private static void Export(WebApplicationBuilder builder, Uri? endpoint)
    {
        var otel = builder.Services.AddOpenTelemetry()
            .ConfigureResource(Describe)
            .WithTracing(t => t.AddSource(Ours).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation())
            .WithMetrics(m => m.AddMeter(Meters))
            .WithLogging();
        if (endpoint is null) otel.UseOtlpExporter();
        else otel.UseOtlpExporter(OpenTelemetry.Exporter.OtlpExportProtocol.Grpc, endpoint);
    }

    private static void Describe(ResourceBuilder resource) =>
        resource.AddService("jarvis", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3), autoGenerateServiceInstanceId: false);

    // A proxy on this machine makes everybody look local, and says so by a header.
    private static bool IsThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !Listening.IsForwarded(context.Request);

    /// <summary>Builds the exporter when somebody first scrapes; observable instruments are right from then on, plain
    /// counters count from then on.</summary>
    internal sealed class MetricsPage : IDisposable
    {
        private readonly Lazy<(IDisposable Provider, RequestDelegate Page)> _built;

        public MetricsPage(IServiceProvider services, IOptions<MetricsOptions> options) => _built = new(() =>
        {
            var provider = Sdk.CreateMeterProviderBuilder().ConfigureResource(Describe).AddMeter(Meters)
                .AddView("*", new MetricStreamConfiguration { CardinalityLimit = options.Value.MaxSeries }).AddPrometheusExporter().Build();
            var page = new ApplicationBuilder(services).UseOpenTelemetryPrometheusScrapingEndpoint(provider, _ => true, null, null, null);
            return (provider, page.Build());
        });

        public Task WriteAsync(HttpContext context) => _built.Value.Page(context);

        public void Dispose()
        {
            if (_built.IsValueCreated) _built.Value.Provider.Dispose();
        }
    }
}
