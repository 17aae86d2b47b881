using System.Globalization;
using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>High availability: resources, manager state, requests to move.</summary>
internal static class HaApi
{
    private static readonly TimeSpan Dead = TimeSpan.FromSeconds(30);

    public static void Current(Call call, Utf8JsonWriter json)
    {
        var cluster = call.Cluster;
        var quorate = cluster.QuorateAt(call.LocalNode);
        json.WriteStartArray();
        json.WriteStartObject();
        json.WriteString("id"u8, "quorum");
        json.WriteString("type"u8, "quorum");
        json.WriteString("node"u8, call.LocalNode);
        json.Flag("quorate"u8, quorate);
        json.WriteString("status"u8, quorate ? "OK" : $"No quorum on node '{call.LocalNode}'!");
        json.WriteEndObject();
        if (cluster.HaResources.Count > 0)
        {
            WriteManagers(cluster, json);
        }
        foreach (var resource in cluster.HaResources.Values)
        {
            WriteService(resource, json);
        }
        json.WriteEndArray();
    }

    public static void ManagerStatus(Call call, Utf8JsonWriter json)
    {
        var cluster = call.Cluster;
        json.WriteStartObject();
        json.WriteStartObject("manager_status"u8);
        json.WriteString("master_node"u8, cluster.HaMaster);
        json.WriteNumber("timestamp"u8, cluster.Epoch);
        json.WriteStartObject("node_status"u8);
        foreach (var node in cluster.Nodes.Values)
        {
            json.WriteString(node.Name, node.Maintenance ? "maintenance" : node.Member ? "online" : "unknown");
        }
        json.WriteEndObject();
        json.WriteStartObject("service_status"u8);
        foreach (var resource in cluster.HaResources.Values)
        {
            json.WriteStartObject(resource.Sid);
            json.WriteString("node"u8, resource.Node);
            json.WriteString("state"u8, resource.State);
            json.WriteNumber("running"u8, resource.State == "started" ? 1 : 0);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("quorum"u8);
        json.WriteString("node"u8, call.LocalNode);
        json.WriteString("quorate"u8, cluster.QuorateAt(call.LocalNode) ? "1" : "0");
        json.WriteEndObject();
        json.WriteStartObject("lrm_status"u8);
        foreach (var node in cluster.Nodes.Values)
        {
            json.WriteStartObject(node.Name);
            json.WriteString("mode"u8, node.Maintenance ? "maintenance" : "active");
            json.WriteString("state"u8, Active(cluster, node) ? "active" : "wait_for_agent_lock");
            json.WriteStartObject("results"u8);
            json.WriteEndObject();
            json.WriteNumber("timestamp"u8, (node.LostAt ?? cluster.Now).ToUnixTimeSeconds());
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void List(Call call, Utf8JsonWriter json) => json.Objects(
        call.Cluster.HaResources.Values.Where(r => call.Optional("type") is not { } type
            || r.Sid.StartsWith(type, StringComparison.Ordinal)), r => WriteConfig(r, json));

    public static void Read(Call call, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteConfig(call.Cluster.FindHa(call.Path["sid"]), json);
        json.WriteEndObject();
    }

    public static void Add(Call call, Utf8JsonWriter json) => call.Cluster.AddHa(
        call.Text("sid"), State(call) ?? "started", call.Optional("group"), call.Optional("comment"),
        call.Number("max_restart") ?? 1, call.Number("max_relocate") ?? 1);

    public static void Update(Call call, Utf8JsonWriter json) => call.Cluster.UpdateHa(
        call.Path["sid"], State(call), call.Optional("group"), call.Optional("comment"),
        call.Number("max_restart"), call.Number("max_relocate"));

    public static void Remove(Call call, Utf8JsonWriter json) => call.Cluster.RemoveHa(call.Path["sid"]);

    public static void Migrate(Call call, Utf8JsonWriter json)
    {
        var resource = call.Cluster.FindHa(call.Path["sid"]);
        var guest = call.Cluster.FindGuest(resource.VmId) ?? throw PveException.Failed($"no such resource '{resource.Sid}'");
        var target = call.Text("node");
        call.Cluster.Migrate(guest, target, call.User, new MigrationOptions { Online = true, Restart = true });
        json.WriteStartObject();
        json.WriteString("sid"u8, resource.Sid);
        json.WriteString("requested-node"u8, target);
        json.WriteEndObject();
    }

    public static void Groups(Call call, Utf8JsonWriter json) =>
        throw PveException.Failed("cannot index groups: ha groups have been migrated to rules");

    private static string? State(Call call) => call.Optional("state") is "enabled" ? "started" : call.Optional("state");

    private static bool Active(VirtualCluster cluster, VirtualNode node) =>
        cluster.HaResources.Values.Any(r => r.Node == node.Name);

    private static void WriteManagers(VirtualCluster cluster, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, "master");
        json.WriteString("type"u8, "master");
        json.WriteString("node"u8, cluster.HaMaster);
        json.WriteString("status"u8, $"{cluster.HaMaster} (active, {Stamp(cluster.Now)})");
        json.WriteNumber("timestamp"u8, cluster.Epoch);
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("id"u8, "fencing");
        json.WriteString("type"u8, "fencing");
        json.WriteString("node"u8, cluster.HaMaster);
        json.WriteString("status"u8, "armed");
        json.WriteString("armed-state"u8, "armed");
        json.WriteEndObject();
        foreach (var node in cluster.Nodes.Values)
        {
            var heard = node.LostAt ?? cluster.Now;
            var state = cluster.Now - heard > Dead ? "old timestamp - dead?"
                : node.Maintenance ? "maintenance mode" : Active(cluster, node) ? "active" : "idle";
            json.WriteStartObject();
            json.WriteString("id"u8, "lrm:" + node.Name);
            json.WriteString("type"u8, "lrm");
            json.WriteString("node"u8, node.Name);
            json.WriteString("status"u8, $"{node.Name} ({state}, {Stamp(heard)})");
            json.WriteNumber("timestamp"u8, heard.ToUnixTimeSeconds());
            json.WriteEndObject();
        }
    }

    private static void WriteService(HaResource resource, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, "service:" + resource.Sid);
        json.WriteString("type"u8, "service");
        json.WriteString("sid"u8, resource.Sid);
        json.WriteString("node"u8, resource.Node);
        json.WriteString("state"u8, resource.State);
        json.WriteString("crm_state"u8, resource.State);
        json.WriteString("request_state"u8, resource.Requested);
        json.WriteString("status"u8, $"{resource.Sid} ({resource.Node}, {resource.State})");
        json.WriteNumber("max_restart"u8, resource.MaxRestart);
        json.WriteNumber("max_relocate"u8, resource.MaxRelocate);
        json.Flag("failback"u8, resource.Failback);
        json.WriteEndObject();
    }

    private static void WriteConfig(HaResource resource, Utf8JsonWriter json)
    {
        json.WriteString("sid"u8, resource.Sid);
        json.WriteString("type"u8, resource.Sid[..2]);
        json.WriteString("state"u8, resource.Requested);
        json.OptionalText("group"u8, resource.Group);
        json.OptionalText("comment"u8, resource.Comment);
        json.WriteNumber("max_restart"u8, resource.MaxRestart);
        json.WriteNumber("max_relocate"u8, resource.MaxRelocate);
        json.Flag("failback"u8, resource.Failback);
        json.WriteString("digest"u8,
            Noise.Key(resource.VmId, resource.Requested).ToString("x16", CultureInfo.InvariantCulture));
    }

    private static string Stamp(DateTimeOffset at) =>
        at.UtcDateTime.ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture);
}
