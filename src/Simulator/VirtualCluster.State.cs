using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jarvis.Simulator;

/// <summary>The cluster's state without anything that merely flows, as canonical JSON, and its SHA-256.</summary>
internal sealed record ClusterState(string Json, string Hash);

internal sealed partial class VirtualCluster
{
    public ClusterState CanonicalState()
    {
        using var scope = Enter();
        var root = new JsonObject
        {
            ["cluster"] = Name,
            ["quorate"] = Quorate,
            ["nodes"] = Map(nodes.Values, n => n.Name, n => new JsonObject
            {
                ["disks"] = Map(n.Disks, d => d.Device, d => d.Gone ? "gone" : d.Health),
                ["member"] = n.Member,
                ["power"] = n.Power.ToString(),
                ["services"] = Map(n.Services, s => s.Name, s => s.State),
                ["updates"] = n.Updates.Count,
                ["zpools"] = Map(n.Zpools, z => z.Name, z => z.Health),
            }),
            ["guests"] = Map(guests.Values, g => Text(g.VmId), Describe),
            ["storages"] = Map(storages.Values, s => s.Id, Describe),
            ["pools"] = Map(pools.Values, p => p.Id, p => p.Comment),
            ["ha"] = Map(haResources.Values, h => h.Sid, h => $"{h.Requested}/{h.State}@{h.Node}"),
            ["backupJobs"] = Map(
                backupJobs.Values, b => b.Id,
                b => $"{b.Schedule} {b.Storage} {(b.Enabled ? "on" : "off")} {string.Join(',', b.Guests)}"),
            ["replication"] = Map(replicationJobs.Values, r => r.Id, r => $"{r.Target} fails {r.FailCount}"),
            ["faults"] = new JsonArray([.. Faults.Active.Select(f => (JsonNode)$"{f.Kind} {f.Target}")]),
            ["tasks"] = new JsonArray(
                [.. tasks.Where(t => t.Started >= Origin)
                    .Select(t => (JsonNode)$"{t.Upid.Node} {t.Upid.Type} {t.Upid.Id} {t.Upid.User} {t.ExitStatus ?? "running"}")]),
        };
        var json = Sorted(root).ToJsonString(new JsonSerializerOptions { WriteIndented = false });
        return new ClusterState(json, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json))));
    }

    private static JsonObject Describe(VirtualGuest guest) => new()
    {
        ["config"] = Map(guest.Config.Values.Where(v => v.Key != "meta"), v => v.Key, v => v.Value),
        ["lock"] = guest.Lock,
        ["node"] = guest.Node,
        ["pending"] = Map(guest.Config.Pending, v => v.Key, v => v.Value ?? ""),
        ["pool"] = guest.Pool,
        ["snapshots"] = new JsonArray(
            [.. guest.Snapshots.Select(s => (JsonNode)$"{s.Parent}>{s.Name}{(s.WithMemory ? "+ram" : "")}")]),
        ["status"] = guest.QmpStatus,
        ["type"] = guest.TypeName,
    };

    // Names of backups carry the time; their number and order do not.
    private static JsonObject Describe(VirtualStorage storage) => new()
    {
        ["offline"] = string.Join(',', storage.OfflineOn.Order(StringComparer.Ordinal)),
        ["type"] = storage.Type,
        ["volumes"] = new JsonArray([.. storage.Volumes
            .Select(v => v.Content == "backup"
                ? $"backup {v.Node} {v.Subtype}/{v.VmId} {v.Notes} {(v.Protected ? "protected" : "")}"
                : $"{v.Node} {v.VolId} {v.Size}")
            .Order(StringComparer.Ordinal).Select(t => (JsonNode)t)]),
    };

    private static JsonObject Map<T>(IEnumerable<T> items, Func<T, string> key, Func<T, JsonNode?> value) =>
        new(items.Select(i => new KeyValuePair<string, JsonNode?>(key(i), value(i))));

    private static JsonObject Sorted(JsonObject node) => new(node.OrderBy(p => p.Key, StringComparer.Ordinal)
        .Select(p => new KeyValuePair<string,
            JsonNode?>(p.Key, p.Value is JsonObject inner ? Sorted(inner) : p.Value?.DeepClone())));
}
