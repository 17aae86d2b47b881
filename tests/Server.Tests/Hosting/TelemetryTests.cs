using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jarvis.Server.Tests.Hosting;

public sealed class TelemetryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Traces_metrics_and_logs_reach_a_collector_without_secrets()
    {
        var kinds = new ConcurrentDictionary<string, TaskCompletionSource>(
            ((string[])["traces", "metrics", "logs"]).Select(k => KeyValuePair.Create(k, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))));
        var bodies = new ConcurrentQueue<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.MapPost("/v1/{kind}", async (string kind, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, Stop);
            bodies.Enqueue(System.Text.Encoding.Latin1.GetString(body.ToArray()));
            kinds[kind].TrySetResult();
        });
        await collector.StartAsync(Stop);

        await using var server = await TestServer.StartAsync(
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.Single()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"), ("OTEL_BLRP_SCHEDULE_DELAY", "100"), ("OTEL_METRIC_EXPORT_INTERVAL", "100"),
        ]);
        var signed = await server.SignInAsync();
        await Task.WhenAll(kinds.Values.Select(k => k.Task)).WaitAsync(TimeSpan.FromSeconds(30), Stop);
        foreach (var secret in (string[])[TestServer.Password, signed.Access, signed.Refresh, signed.Hub])
            Assert.DoesNotContain(bodies, b => b.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_sent_or_built_unless_a_collector_is_named()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Null(server.Services.GetService<OpenTelemetry.Trace.TracerProvider>());
        Assert.Null(server.Services.GetService<OpenTelemetry.Metrics.MeterProvider>());
    }
}
