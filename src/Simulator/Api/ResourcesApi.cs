using System.Globalization;
using System.Text.Json;
using Jarvis.Simulator.Access;

namespace Jarvis.Simulator.Api;

/// <summary>/cluster/resources: everything at once, as the ten-second cycle left it.</summary>
internal static class ResourcesApi
{
    private static readonly Privileges VmAudit = Privileges.Of("VM.Audit");
    private static readonly Privileges SysAudit = Privileges.Of("Sys.Audit");
    private static readonly Privileges PoolAudit = Privileges.Of("Pool.Audit");
    private static readonly Privileges StorageSight = Privileges.Of("Datastore.Audit", "Datastore.AllocateSpace");

    public static void List(Call call, Utf8JsonWriter json)
    {
        var view = call.Cluster.View;
        var type = call.Optional("type");
        json.WriteStartArray();
        if (type is null)
        {
            WritePools(call, json);
        }
        if (type is null or "vm")
        {
            WriteGuests(call, view, json);
        }
        if (type is null or "node")
        {
            WriteNodes(call, view, json);
        }
        if (type is null or "storage")
        {
            WriteStorages(call, view, json);
        }
        if (type is null or "sdn")
        {
            WriteNetworks(call, json);
        }
        json.WriteEndArray();
    }

    private static void WritePools(Call call, Utf8JsonWriter json)
    {
        foreach (var pool in call.Cluster.Pools.Keys)
        {
            if (call.Rights.HasAny("/pool/" + pool, PoolAudit))
            {
                json.WriteStartObject();
                json.WriteString("id"u8, "/pool/" + pool);
                json.WriteString("pool"u8, pool);
                json.WriteString("type"u8, "pool");
                json.WriteEndObject();
            }
        }
    }

    private static void WriteGuests(Call call, CachedView view, Utf8JsonWriter json)
    {
        foreach (var row in view.Guests)
        {
            if (call.Rights.OnGuest(row.Guest.VmId, VmAudit))
            {
                WriteGuest(call.Cluster, row, json);
            }
        }
    }

    private static void WriteGuest(VirtualCluster cluster, in GuestRow row, Utf8JsonWriter json)
    {
        var guest = row.Guest;
        Span<char> id = stackalloc char[24];
        id.TryWrite(CultureInfo.InvariantCulture, $"{guest.TypeName}/{guest.VmId}", out var length);
        json.WriteStartObject();
        json.WriteString("id"u8, id[..length]);
        json.WriteString("type"u8, guest.TypeName);
        json.WriteNumber("vmid"u8, guest.VmId);
        json.WriteString("node"u8, row.Node);
        json.WriteString("status"u8, row.Status);
        json.OptionalText("pool"u8, guest.Pool);
        json.OptionalText("lock"u8, row.Lock);
        if (cluster.HaResources.Count > 0 && cluster.HaResources.TryGetValue(guest.Sid, out var ha))
        {
            json.WriteString("hastate"u8, ha.State);
        }
        if (row.Known)
        {
            json.WriteString("name"u8, guest.Name);
            json.OptionalText("tags"u8, guest.Tags);
            json.Flag("template"u8, guest.Template);
            json.WriteNumber("maxcpu"u8, guest.Cpus);
            json.WriteNumber("maxmem"u8, guest.MaxMemory);
            json.WriteNumber("maxdisk"u8, guest.MaxDisk);
            json.Rounded("cpu"u8, row.Sample.Cpu);
            json.WriteNumber("mem"u8, row.Sample.Memory);
            json.WriteNumber("memhost"u8, row.Sample.MemoryHost);
            json.WriteNumber("disk"u8, row.Sample.Disk);
            json.WriteNumber("uptime"u8, row.Sample.Uptime);
            json.WriteNumber("netin"u8, row.Sample.NetIn);
            json.WriteNumber("netout"u8, row.Sample.NetOut);
            json.WriteNumber("diskread"u8, row.Sample.DiskRead);
            json.WriteNumber("diskwrite"u8, row.Sample.DiskWrite);
        }
        json.WriteEndObject();
    }

    private static void WriteNodes(Call call, CachedView view, Utf8JsonWriter json)
    {
        foreach (var row in view.Nodes)
        {
            json.WriteStartObject();
            NodesApi.WriteRow(call, row, json, call.Rights.Has("/nodes/" + row.Node.Name, SysAudit));
            json.WriteNumber("cgroup-mode"u8, 2);
            json.WriteEndObject();
        }
    }

    private static void WriteStorages(Call call, CachedView view, Utf8JsonWriter json)
    {
        foreach (var row in view.Storages)
        {
            var storage = row.Storage;
            if (!call.Rights.HasAny("/storage/" + storage.Id, StorageSight))
            {
                continue;
            }
            json.WriteStartObject();
            json.WriteString("id"u8, $"storage/{row.Node}/{storage.Id}");
            json.WriteString("type"u8, "storage");
            json.WriteString("storage"u8, storage.Id);
            json.WriteString("node"u8, row.Node);
            json.WriteString("status"u8, row.Available ? "available" : "unknown");
            json.Flag("shared"u8, storage.Shared);
            json.WriteString("plugintype"u8, storage.Type);
            json.WriteString("content"u8, storage.Content);
            if (row.Available)
            {
                json.WriteNumber("disk"u8, row.Used);
                json.WriteNumber("maxdisk"u8, row.Total);
            }
            json.WriteEndObject();
        }
    }

    private static void WriteNetworks(Call call, Utf8JsonWriter json)
    {
        foreach (var node in call.Cluster.Nodes.Values)
        {
            if (!call.Rights.HasAny("/sdn/zones/localnetwork", Privileges.Of("SDN.Audit", "SDN.Use")) || !node.Answers)
            {
                continue;
            }
            json.WriteStartObject();
            json.WriteString("id"u8, $"network/{node.Name}/zone/localnetwork");
            json.WriteString("type"u8, "network");
            json.WriteString("network"u8, "localnetwork");
            json.WriteString("network-type"u8, "zone");
            json.WriteString("zone-type"u8, "simple");
            json.WriteString("node"u8, node.Name);
            json.WriteString("status"u8, "ok");
            json.WriteEndObject();
        }
    }
}
