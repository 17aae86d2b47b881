using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jarvis.Simulator.Access;
using Jarvis.Simulator.Hosting;

namespace Jarvis.Simulator.Api;

/// <summary>/version, /cluster/status and what else is told about the cluster as a whole.</summary>
internal static class ClusterApi
{
    public static void Version(Call call, Utf8JsonWriter json)
    {
        var node = call.Cluster.Nodes[call.Node];
        json.WriteStartObject();
        json.WriteString("version"u8, node.PveVersion);
        json.WriteString("release"u8, Release(node.PveVersion));
        json.WriteString("repoid"u8, node.RepoId);
        json.WriteEndObject();
    }

    public static void Status(Call call, Utf8JsonWriter json)
    {
        var cluster = call.Cluster;
        json.WriteStartArray();
        if (cluster.Nodes.Count > 1)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, "cluster");
            json.WriteString("type"u8, "cluster");
            json.WriteString("name"u8, cluster.Name);
            json.WriteNumber("version"u8, cluster.Nodes.Count);
            json.WriteNumber("nodes"u8, cluster.Nodes.Count);
            json.Flag("quorate"u8, cluster.QuorateAt(call.LocalNode));
            json.WriteEndObject();
        }
        foreach (var node in cluster.Nodes.Values)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, "node/" + node.Name);
            json.WriteString("type"u8, "node");
            json.WriteString("name"u8, node.Name);
            json.WriteNumber("nodeid"u8, cluster.Nodes.Count > 1 ? node.NodeId : 0);
            json.WriteString("ip"u8, call.Context.Addresses[node.Name].Address.ToString());
            json.Flag("local"u8, node.Name == call.LocalNode);
            json.Flag("online"u8, cluster.Sees(call.LocalNode, node.Name));
            json.WriteString("level"u8, "");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static string Release(string version) =>
        string.Join('.', version.Split('.').Take(2));

    public static void NextId(Call call, Utf8JsonWriter json)
    {
        if (call.Number("vmid") is not { } wanted)
        {
            json.WriteStringValue(call.Cluster.NextId().ToString(CultureInfo.InvariantCulture));
            return;
        }
        if (call.Cluster.FindGuest(wanted) is { } guest)
        {
            throw PveException.Parameter("vmid", $"{guest.Word} {wanted} already exists");
        }
        json.WriteStringValue(wanted.ToString(CultureInfo.InvariantCulture));
    }

    public static void Log(Call call, Utf8JsonWriter json)
    {
        var all = call.Rights.HasAny("/", Privileges.Of("Sys.Syslog"));
        var rows = call.Cluster.Tasks.Where(t => all || t.Upid.User == call.User)
            .SelectMany(t => t.Ended is { } ended
                ? new[] { (At: t.Started, Task: t, Text: "starting task "), (At: ended, Task: t, Text: "end task ") }
                : [(At: t.Started, Task: t, Text: "starting task ")])
            .OrderByDescending(r => r.At).Take(call.Number("max") ?? 50);
        json.Objects(rows, row =>
        {
            var uid = (uint)Noise.Key(row.Task.Upid.Pid, row.Text + row.Task.Id);
            json.WriteNumber("uid"u8, uid);
            json.WriteString("id"u8, $"{uid}:{row.Task.Upid.Node}");
            json.WriteNumber("time"u8, row.At.ToUnixTimeSeconds());
            json.WriteNumber("pri"u8, 6);
            json.WriteString("tag"u8, "pvedaemon");
            json.WriteNumber("pid"u8, row.Task.Upid.Pid);
            json.WriteString("node"u8, row.Task.Upid.Node);
            json.WriteString("user"u8, row.Task.Upid.User);
            json.WriteString("msg"u8, row.Text + row.Task.Id);
        });
    }

    public static void Options(Call call, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (key, value) in call.Cluster.Options)
        {
            if (value.Contains('=', StringComparison.Ordinal))
            {
                json.WriteStartObject(key);
                foreach (var pair in value.Split(',').Select(p => p.Split('=', 2)).Where(p => p.Length == 2))
                {
                    json.WriteString(pair[0], pair[1]);
                }
                json.WriteEndObject();
            }
            else
            {
                json.WriteString(key, value);
            }
        }
        json.WriteEndObject();
    }

    public static void UpdateOptions(Call call, Utf8JsonWriter json)
    {
        call.Cluster.RequireQuorum(call.LocalNode);
        foreach (var key in call.Items("delete"))
        {
            call.Cluster.Options.Remove(key);
        }
        foreach (var (key, values) in call.Arguments.Where(a => a.Key != "delete"))
        {
            call.Cluster.Options[key] = values[0];
        }
    }

    public static void Join(Call call, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("config_digest"u8,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(call.Cluster.Name)))[..40]);
        json.WriteString("preferred_node"u8, call.Optional("node") ?? call.LocalNode);
        json.WritePropertyName("nodelist"u8);
        json.Objects(call.Cluster.Nodes.Values, node =>
        {
            WriteMember(call, node, json);
            json.WriteString("pve_addr"u8, call.Context.Addresses[node.Name].Address.ToString());
            json.WriteString("pve_fp"u8, NodeCertificates.Fingerprint(call.Context.Certificates.Leaf(node.Name)));
        });
        json.WriteStartObject("totem"u8);
        json.WriteString("cluster_name"u8, call.Cluster.Name);
        json.WriteString("config_version"u8, call.Cluster.Nodes.Count.ToString(CultureInfo.InvariantCulture));
        json.WriteString("version"u8, "2");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void ConfigNodes(Call call, Utf8JsonWriter json) => json.Objects(call.Cluster.Nodes.Values, node =>
    {
        json.WriteString("node"u8, node.Name);
        WriteMember(call, node, json);
    });

    public static void NoDevice(Call call, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteEndObject();
    }

    public static void NoRows(Call call, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        json.WriteEndArray();
    }

    public static void FirewallOptions(Call call, Utf8JsonWriter json)
    {
        if (call.Path.ContainsKey("vmid"))
        {
            _ = call.Guest;
        }
        json.WriteStartObject();
        if (!call.Path.ContainsKey("node"))
        {
            json.WriteNumber("enable"u8, 0);
        }
        json.WriteEndObject();
    }

    private static void WriteMember(Call call, VirtualNode node, Utf8JsonWriter json)
    {
        json.WriteString("name"u8, node.Name);
        json.WriteString("nodeid"u8, node.NodeId.ToString(CultureInfo.InvariantCulture));
        json.WriteString("ring0_addr"u8, call.Context.Addresses[node.Name].Address.ToString());
        json.WriteString("quorum_votes"u8, "1");
    }
}
