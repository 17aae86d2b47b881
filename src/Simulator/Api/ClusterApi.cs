using System.Text.Json;

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
}
