using System.Text.Json;
using Jarvis.Simulator.Access;
using Jarvis.Simulator.Hosting;

namespace Jarvis.Simulator.Api;

/// <summary>/nodes and the live state of one node.</summary>
internal static class NodesApi
{
    private static readonly Privileges SysAudit = Privileges.Of("Sys.Audit");

    public static void List(Call call, Utf8JsonWriter json) => json.Objects(call.Cluster.View.Nodes, row =>
    {
        WriteRow(call, row, json, call.Rights.Has("/nodes/" + row.Node.Name, SysAudit));
        json.WriteString("ssl_fingerprint"u8, NodeCertificates.Fingerprint(call.Context.Certificates.Leaf(row.Node.Name)));
    });

    public static void WriteRow(Call call, NodeRow row, Utf8JsonWriter json, bool numbers)
    {
        var seen = call.Cluster.Sees(call.LocalNode, row.Node.Name);
        json.WriteString("id"u8, "node/" + row.Node.Name);
        json.WriteString("node"u8, row.Node.Name);
        json.WriteString("type"u8, "node");
        json.WriteString("status"u8, seen ? row.Status : "offline");
        if (!numbers || !seen || row.Sample is not { } sample)
        {
            return;
        }
        json.WriteString("level"u8, "");
        json.WriteNumber("maxcpu"u8, row.Node.Cpus);
        json.WriteNumber("maxmem"u8, sample.MemoryTotal);
        json.WriteNumber("maxdisk"u8, sample.RootTotal);
        json.Rounded("cpu"u8, sample.Cpu);
        json.WriteNumber("mem"u8, sample.MemoryUsed);
        json.WriteNumber("disk"u8, sample.RootUsed);
        json.WriteNumber("uptime"u8, sample.Uptime);
    }
}
