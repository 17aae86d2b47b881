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

        // The page holds what all servers of this process tell; the values are those of this one.
        using var answer = await rig.AskAsync(HttpMethod.Get, "/metrics");
        var page = await answer.Content.ReadAsStringAsync(Stop);
        foreach (var name in (string[])["jarvis_hub_connections", "jarvis_hub_resyncs_total", "jarvis_hub_dropped_total", "jarvis_events_queued", "jarvis_events_stored_total", "jarvis_events_lost_total"])
            Assert.Contains($"\n{name}{{", page, StringComparison.Ordinal);
        var told = new ConcurrentDictionary<string, long>();
        using var listener = Listen<long>(rig.Server, "jarvis.", (name, value, tags) => told[$"{name} {(tags.Length > 0 ? tags[0].Value : "")}"] = value);
        listener.RecordObservableInstruments();
        Assert.Equal((1, 0), (told["jarvis.hub.connections cluster"], told["jarvis.hub.connections events"]));
        Assert.Equal((1, 0), (told["jarvis.hub.resyncs asked"], told["jarvis.hub.dropped cluster"]));
        Assert.InRange(told["jarvis.events.stored "], id, long.MaxValue);
        Assert.Equal(0, told["jarvis.events.lost "]);
    }

    [Fact]
    public async Task How_long_it_took_to_store_events_is_measured()
    {
        await using var server = await TestServer.StartAsync();
        var measured = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = Listen<double>(server, "jarvis.events.append_time", (_, seconds, _) => measured.TrySetResult(seconds));

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

    /// <summary>Listens to the instruments of one server alone.</summary>
    private static MeterListener Listen<T>(TestServer server, string names, Action<string, T, KeyValuePair<string, object?>[]> told)
        where T : struct
    {
        var own = server.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Name.StartsWith(names, StringComparison.Ordinal) && ReferenceEquals(instrument.Meter.Scope, own)) all.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<T>((instrument, value, tags, _) => told(instrument.Name, value, tags.ToArray()));
        listener.Start();
        return listener;
    }
}
