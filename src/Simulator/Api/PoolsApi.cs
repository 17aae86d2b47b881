using System.Globalization;
using System.Text.Json;
using Jarvis.Simulator.Access;

namespace Jarvis.Simulator.Api;

/// <summary>Resource pools.</summary>
internal static class PoolsApi
{
    private static readonly Privileges Audit = Privileges.Of("Pool.Audit");
    private static readonly Privileges VmAudit = Privileges.Of("VM.Audit");

    public static void List(Call call, Utf8JsonWriter json)
    {
        var wanted = call.Optional("poolid");
        if (wanted is not null)
        {
            call.Rights.RequireAny("/pool/" + call.Cluster.Pool(wanted).Id, "Pool.Audit");
        }
        json.Objects(call.Cluster.Pools.Values.Where(p => (wanted is null || p.Id == wanted)
            && call.Rights.HasAny("/pool/" + p.Id, Audit)), pool =>
        {
            json.WriteString("poolid"u8, pool.Id);
            json.OptionalText("comment"u8, pool.Comment);
            if (wanted is not null)
            {
                WriteMembers(call, pool, json);
            }
        });
    }

    public static void Read(Call call, Utf8JsonWriter json)
    {
        var pool = call.Cluster.Pool(call.Path["poolid"]);
        json.WriteStartObject();
        json.OptionalText("comment"u8, pool.Comment);
        WriteMembers(call, pool, json);
        json.WriteEndObject();
    }

    public static void Add(Call call, Utf8JsonWriter json)
    {
        call.Cluster.RequireQuorum(call.LocalNode);
        call.Cluster.CreatePool(call.Text("poolid"), call.Optional("comment") ?? "");
    }

    public static void Remove(Call call, Utf8JsonWriter json)
    {
        call.Cluster.RequireQuorum(call.LocalNode);
        call.Cluster.DeletePool(call.Path["poolid"]);
    }

    public static void Update(Call call, Utf8JsonWriter json)
    {
        call.Cluster.RequireQuorum(call.LocalNode);
        var pool = call.Cluster.Pool(call.Path["poolid"]);
        pool.Comment = call.Optional("comment") ?? pool.Comment;
        var remove = call.Flag("delete");
        foreach (var text in call.Items("vms"))
        {
            var guest = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var vmid)
                ? call.Cluster.FindGuest(vmid) : null;
            Move(call, pool, guest ?? throw PveException.Failed($"VM {text} does not exist"), remove);
        }
        foreach (var storage in call.Items("storage").Select(s => call.Cluster.Storage(s).Id))
        {
            _ = remove ? pool.Storages.Remove(storage) : pool.Storages.Add(storage);
        }
    }

    private static void Move(Call call, VirtualPool pool, VirtualGuest guest, bool remove)
    {
        if (remove)
        {
            guest.Pool = guest.Pool == pool.Id ? null
                : throw PveException.Failed($"VM {guest.VmId} is not a pool member");
            return;
        }
        if (guest.Pool is { } other && other != pool.Id && !call.Flag("allow-move"))
        {
            throw PveException.Failed($"VM {guest.VmId} belongs already to pool '{other}' and 'allow-move' is not set");
        }
        guest.Pool = pool.Id;
    }

    private static void WriteMembers(Call call, VirtualPool pool, Utf8JsonWriter json)
    {
        var type = call.Optional("type");
        json.WriteStartArray("members"u8);
        foreach (var guest in call.Cluster.Guests.Values.Where(g => g.Pool == pool.Id
            && (type is null || type == g.TypeName) && call.Rights.OnGuest(g.VmId, VmAudit)))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, $"{guest.TypeName}/{guest.VmId}");
            json.WriteString("type"u8, guest.TypeName);
            json.WriteNumber("vmid"u8, guest.VmId);
            json.WriteString("node"u8, guest.Node);
            json.WriteString("name"u8, guest.Name);
            json.WriteString("status"u8, guest.Status);
            json.WriteEndObject();
        }
        foreach (var storage in pool.Storages.Where(_ => type is null or "storage"))
        {
            foreach (var node in call.Cluster.Nodes.Keys.Where(call.Cluster.Storage(storage).OnNode))
            {
                json.WriteStartObject();
                json.WriteString("id"u8, $"storage/{node}/{storage}");
                json.WriteString("type"u8, "storage");
                json.WriteString("storage"u8, storage);
                json.WriteString("node"u8, node);
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();
    }
}
