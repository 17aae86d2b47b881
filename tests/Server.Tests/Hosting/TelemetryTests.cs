using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Jarvis.Server.Events;
using Jarvis.Server.Tests.Cluster;
using Jarvis.Server.Tests.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR.Client;
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
    public async Task The_page_for_Prometheus_tells_of_screens_and_of_events()
    {
        await using var rig = await ClusterRig.StartAsync(1);
        var screen = await rig.ConnectAsync();
        await screen.NextAsync(m => m.Kind == "Snapshot");
        await screen.Connection.InvokeAsync("Resync", Stop);
        await screen.NextAsync(m => m.Kind == "Snapshot");
        var id = await rig.Server.Services.GetRequiredService<EventLog>().AppendAsync(LogFixture.Some(), Stop);

        using var answer = await rig.AskAsync(HttpMethod.Get, "/metrics");
        var page = await answer.Content.ReadAsStringAsync(Stop);

        Tells("jarvis_hub_connections", "hub=\"cluster\"", 1);
        Tells("jarvis_hub_connections", "hub=\"events\"", 0);
        Tells("jarvis_hub_resyncs_total", "reason=\"asked\"", 1);
        Tells("jarvis_hub_dropped_total", "hub=\"cluster\"", 0);
        Tells("jarvis_events_stored_total", "", id);
        Tells("jarvis_events_lost_total", "", 0);

        void Tells(string name, string label, long value) => Assert.Contains(page.Split('\n'),
            l => l.StartsWith(name, StringComparison.Ordinal) && l.Contains(label, StringComparison.Ordinal) && l.Split("} ")[^1].Split(' ')[0] == $"{value}");
    }

    [Fact]
    public async Task How_long_it_took_to_store_events_is_measured()
    {
        await using var server = await TestServer.StartAsync();
        var own = server.Services.GetRequiredService<IMeterFactory>();
        var measured = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Name == "jarvis.events.append_time" && ReferenceEquals(instrument.Meter.Scope, own)) all.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => measured.TrySetResult(seconds));
        listener.Start();

        await server.Services.GetRequiredService<EventLog>().AppendAsync(LogFixture.Some(), Stop);

        Assert.InRange(await measured.Task.WaitAsync(TimeSpan.FromSeconds(20), Stop), double.Epsilon, 20);
    }

    [Fact]
    public async Task Nothing_is_sent_or_built_unless_a_collector_is_named()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Null(server.Services.GetService<OpenTelemetry.Trace.TracerProvider>());
        Assert.Null(server.Services.GetService<OpenTelemetry.Metrics.MeterProvider>());
    }
}
