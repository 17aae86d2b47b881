using System.Globalization;
using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>Past numbers as rows of time and values.</summary>
internal static class MetricsApi
{
    public static void Node(Call call, Utf8JsonWriter json) =>
        Write(call.Cluster.Rrd(call.Cluster.Node(call.Node), call.Text("timeframe"), Maximum(call)), json);

    public static void Guest(Call call, Utf8JsonWriter json)
    {
        var guest = call.Cluster.FindGuest(call.VmId);
        if (guest is null || guest.Node != call.Node || guest.Kind != call.Kind)
        {
            _ = call.Guest;
        }
        Write(call.Cluster.Rrd(guest!, call.Text("timeframe"), Maximum(call)), json);
    }

    public static void Storage(Call call, Utf8JsonWriter json) =>
        Write(call.Cluster.Rrd(call.Cluster.Storage(call.Path["storage"]), call.Node, call.Text("timeframe")), json);

    public static void Export(Call call, Utf8JsonWriter json)
    {
        var view = call.Cluster.View;
        var at = view.At.ToUnixTimeSeconds();
        json.WriteStartObject();
        json.WriteStartArray("data"u8);
        foreach (var row in view.Nodes)
        {
            if (row.Sample is { } sample && (!call.Flag("local-only") || row.Node.Name == call.LocalNode))
            {
                var id = "node/" + row.Node.Name;
                Metric(json, id, at, "cpu_current", "gauge", sample.Cpu);
                Metric(json, id, at, "mem_used", "gauge", sample.MemoryUsed);
                Metric(json, id, at, "mem_total", "gauge", sample.MemoryTotal);
                Metric(json, id, at, "net_in", "derive", sample.NetIn);
                Metric(json, id, at, "net_out", "derive", sample.NetOut);
                Metric(json, id, at, "uptime", "gauge", sample.Uptime);
            }
        }
        foreach (var row in view.Guests)
        {
            if (row.Known && (!call.Flag("local-only") || row.Node == call.LocalNode))
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"{row.Guest.TypeName}/{row.Guest.VmId}");
                Metric(json, id, at, "cpu_current", "gauge", row.Sample.Cpu);
                Metric(json, id, at, "mem_used", "gauge", row.Sample.Memory);
                Metric(json, id, at, "net_in", "derive", row.Sample.NetIn);
                Metric(json, id, at, "net_out", "derive", row.Sample.NetOut);
            }
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static bool Maximum(Call call) => call.Optional("cf") == "MAX";

    private static void Write(IReadOnlyList<RrdRow> rows, Utf8JsonWriter json) => json.Objects(rows, row =>
    {
        json.WriteNumber("time"u8, row.Time);
        foreach (var (name, value) in row.Values)
        {
            json.WriteNumber(name, value);
        }
    });

    private static void Metric(Utf8JsonWriter json, string id, long at, string metric, string type, double value)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("metric"u8, metric);
        json.WriteString("type"u8, type);
        json.WriteNumber("timestamp"u8, at);
        json.WriteNumber("value"u8, value);
        json.WriteEndObject();
    }
}
