using System.Text.Json;
using Jarvis.Simulator.Access;

namespace Jarvis.Simulator.Api;

/// <summary>Storages as configured and as a node sees them.</summary>
internal static class StorageApi
{
    private static readonly Privileges Sight = Privileges.Of("Datastore.Audit", "Datastore.AllocateSpace");

    private static readonly TimeSpan DeadMount = TimeSpan.FromSeconds(2);

    public static void Configured(Call call, Utf8JsonWriter json) => json.Objects(
        call.Cluster.Storages.Values.Where(s => call.Rights.HasAny("/storage/" + s.Id, Sight)
            && (call.Optional("type") is not { } type || s.Type == type)), storage =>
                WriteConfiguration(storage, json));

    public static void Configuration(Call call, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteConfiguration(call.Cluster.Storage(call.Path["storage"]), json);
        json.WriteEndObject();
    }

    public static void List(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode.Name;
        var contents = call.Items("content");
        call.Pause = call.Cluster.Storages.Values.Any(s => s.Type is "nfs" or "cifs" && s.Enabled && s.OnNode(node)
            && !s.Active(node))
            ? DeadMount : TimeSpan.Zero;
        json.Objects(call.Cluster.Storages.Values.Where(s => s.OnNode(node)
            && call.Rights.HasAny("/storage/" + s.Id, Sight)
            && (!call.Flag("enabled") || s.Enabled)
            && (call.Optional("storage") is not { } id || s.Id == id)
            && (call.Optional("target") is not { } target || (s.Shared && s.OnNode(target)))
            && (contents.Length == 0 || Array.Exists(contents, s.Holds))), storage =>
        {
            json.WriteString("storage"u8, storage.Id);
            WriteStatus(call, storage, node, json);
            if (storage.Active(node) && storage.TotalOn(node) > 0)
            {
                json.Rounded("used_fraction"u8, (double)storage.UsedOn(node, call.Cluster.Now) / storage.TotalOn(node));
            }
            if (call.Flag("format"))
            {
                json.WriteStartObject("formats"u8);
                json.WriteString("default"u8, storage.IsFile ? "qcow2" : "raw");
                json.Texts("supported"u8, storage.IsFile ? ["qcow2", "raw", "vmdk"] : ["raw"]);
                json.WriteEndObject();
            }
        });
    }

    public static void Status(Call call, Utf8JsonWriter json)
    {
        var storage = call.Cluster.StorageOn(call.Node, call.Path["storage"]);
        json.WriteStartObject();
        WriteStatus(call, storage, call.Node, json);
        json.WriteEndObject();
    }

    private static void WriteStatus(Call call, VirtualStorage storage, string node, Utf8JsonWriter json)
    {
        var active = storage.Active(node);
        var (total, used) = active ? (storage.TotalOn(node), storage.UsedOn(node, call.Cluster.Now)) : (0, 0);
        json.WriteString("type"u8, storage.Type);
        json.WriteString("content"u8, storage.Content);
        json.Flag("active"u8, active);
        json.Flag("enabled"u8, storage.Enabled);
        json.Flag("shared"u8, storage.Shared);
        json.WriteNumber("total"u8, total);
        json.WriteNumber("used"u8, used);
        json.WriteNumber("avail"u8, total - used);
    }

    private static void WriteConfiguration(VirtualStorage storage, Utf8JsonWriter json)
    {
        json.WriteString("storage"u8, storage.Id);
        json.WriteString("type"u8, storage.Type);
        json.WriteString("content"u8, storage.Content);
        json.WriteString("digest"u8, storage.Digest);
        if (storage.Shared)
        {
            json.WriteNumber("shared"u8, 1);
        }
        if (!storage.Enabled)
        {
            json.WriteNumber("disable"u8, 1);
        }
        if (storage.Nodes.Count > 0)
        {
            json.WriteString("nodes"u8, string.Join(',', storage.Nodes));
        }
        foreach (var (key, value) in storage.Settings)
        {
            json.WriteString(key, value);
        }
    }
}
