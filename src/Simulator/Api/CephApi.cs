using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>Ceph: absent unless a storage uses it or a fault speaks of it.</summary>
internal static class CephApi
{
    public static void Status(Call call, Utf8JsonWriter json)
    {
        RequireInstalled(call);
        var (health, check) = call.Cluster.Faults.Ceph;
        var nodes = call.Cluster.Nodes.Values.Where(n => n.Answers).Select(n => n.Name).ToArray();
        json.WriteStartObject();
        json.WriteString("fsid"u8, "5d1f8e0a-7e0b-4f3e-9a53-1f0c9ad0c001");
        json.WriteStartObject("health"u8);
        json.WriteString("status"u8, health);
        json.WriteStartObject("checks"u8);
        if (check is not null)
        {
            json.WriteStartObject(check);
            json.WriteString("severity"u8, health);
            json.WriteStartObject("summary"u8);
            json.WriteString("message"u8, check == "OSD_NEARFULL" ? "1 nearfull osd(s)" : check);
            json.WriteNumber("count"u8, 1);
            json.WriteEndObject();
            json.WriteBoolean("muted"u8, false);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
        json.Texts("quorum_names"u8, nodes);
        json.WriteStartObject("monmap"u8);
        json.WriteNumber("num_mons"u8, call.Cluster.Nodes.Count);
        json.WriteEndObject();
        json.WriteStartObject("osdmap"u8);
        json.WriteNumber("num_osds"u8, call.Cluster.Nodes.Count);
        json.WriteNumber("num_up_osds"u8, nodes.Length);
        json.WriteNumber("num_in_osds"u8, nodes.Length);
        json.WriteEndObject();
        json.WriteStartObject("pgmap"u8);
        json.WriteNumber("num_pgs"u8, 128);
        json.WriteNumber("bytes_used"u8, 400 * Bytes.GiB);
        json.WriteNumber("bytes_avail"u8, 1200 * Bytes.GiB);
        json.WriteNumber("bytes_total"u8, 1600 * Bytes.GiB);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void Osds(Call call, Utf8JsonWriter json)
    {
        RequireInstalled(call);
        json.WriteStartObject();
        json.WriteString("flags"u8, "sortbitwise,recovery_deletes");
        json.WriteStartObject("root"u8);
        json.WriteNumber("leaf"u8, 0);
        json.WritePropertyName("children"u8);
        json.Objects(call.Cluster.Nodes.Values, node =>
        {
            json.WriteString("id"u8, (-node.NodeId - 1).ToString(null, null));
            json.WriteString("name"u8, node.Name);
            json.WriteString("type"u8, "host");
            json.WritePropertyName("children"u8);
            json.Objects([node], host =>
            {
                json.WriteString("id"u8, (host.NodeId - 1).ToString(null, null));
                json.WriteString("name"u8, $"osd.{host.NodeId - 1}");
                json.WriteString("type"u8, "osd");
                json.WriteString("status"u8, host.Answers ? "up" : "down");
                json.Flag("in"u8, host.Answers);
                json.WriteNumber("percent_used"u8, 25.4);
            });
        });
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void Pools(Call call, Utf8JsonWriter json)
    {
        RequireInstalled(call);
        json.Objects(["vm-pool"], name =>
        {
            json.WriteNumber("pool"u8, 1);
            json.WriteString("pool_name"u8, name);
            json.WriteString("type"u8, "replicated");
            json.WriteNumber("size"u8, 3);
            json.WriteNumber("min_size"u8, 2);
            json.WriteNumber("pg_num"u8, 128);
            json.WriteNull("pg_num_min"u8);
            json.WriteNumber("crush_rule"u8, 0);
            json.WriteString("crush_rule_name"u8, "replicated_rule");
            json.WriteNumber("bytes_used"u8, 400 * Bytes.GiB);
            json.WriteNumber("percent_used"u8, .25);
        });
    }

    public static void Monitors(Call call, Utf8JsonWriter json)
    {
        RequireInstalled(call);
        json.Objects(call.Cluster.Nodes.Values, node =>
        {
            json.WriteString("name"u8, node.Name);
            json.WriteString("host"u8, node.Name);
            json.WriteString("addr"u8, node.Ip + ":6789/0");
            json.WriteNumber("rank"u8, node.NodeId - 1);
            json.Flag("quorum"u8, node.Answers);
            json.WriteString("state"u8, node.Answers ? "running" : "unknown");
        });
    }

    private static void RequireInstalled(Call call)
    {
        if (!call.Cluster.Faults.Any("ceph-warn")
            && !call.Cluster.Storages.Values.Any(s => s.Type is "rbd" or "cephfs"))
        {
            throw PveException.Failed("binary not installed: /usr/bin/ceph-mon");
        }
    }
}
