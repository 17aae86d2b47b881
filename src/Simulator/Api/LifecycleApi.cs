using System.Globalization;
using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>Creating, restoring, cloning and destroying guests.</summary>
internal static class LifecycleApi
{
    public static void Create(Call call, Utf8JsonWriter json)
    {
        var vmid = int.Parse(call.Text("vmid"), CultureInfo.InvariantCulture);
        var kind = call.Endpoint.Path.EndsWith("lxc", StringComparison.Ordinal) ? GuestKind.Lxc : GuestKind.Qemu;
        RequireAllocation(call, vmid);
        var archive = kind == GuestKind.Qemu ? call.Optional("archive")
            : call.Flag("restore") ? call.Text("ostemplate") : null;
        foreach (var storage in Storages(call))
        {
            call.Rights.RequireAny("/storage/" + storage, "Datastore.AllocateSpace");
        }
        if (archive is not null)
        {
            json.WriteStringValue(call.Cluster.Restore(call.Node, kind, vmid, archive, call.User,
                call.Optional("storage"), call.Flag("force"), call.Flag("start")));
            return;
        }
        var options = call.Arguments.Where(a => a.Key is not "vmid")
            .ToDictionary(a => a.Key, a => a.Value[0], StringComparer.Ordinal);
        json.WriteStringValue(call.Cluster.Create(call.Node, kind, vmid, options, call.User));
    }

    public static void Clone(Call call, Utf8JsonWriter json)
    {
        var guest = call.Guest;
        var newId = int.Parse(call.Text("newid"), CultureInfo.InvariantCulture);
        if (call.Optional("storage") is { } storage)
        {
            call.Rights.RequireAny("/storage/" + storage, "Datastore.AllocateSpace");
        }
        json.WriteStringValue(call.Cluster.Clone(guest, newId, call.User,
            call.Optional("name") ?? call.Optional("hostname"),
            call.Arguments.ContainsKey("full") ? call.Flag("full") : null, call.Optional("target"),
                call.Optional("storage"),
            call.Optional("snapname"), call.Optional("description"), call.Optional("pool")));
    }

    public static void Destroy(Call call, Utf8JsonWriter json)
    {
        var guest = call.Guest;
        json.WriteStringValue(call.Cluster.Destroy(
            guest, call.User, call.Flag("purge"), call.Flag("force"), PowerApi.SkipLock(call)));
    }

    public static void Template(Call call, Utf8JsonWriter json)
    {
        var upid = call.Cluster.MakeTemplate(call.Guest, call.User);
        if (call.Kind == GuestKind.Qemu)
        {
            json.WriteStringValue(upid);
        }
    }

    private static void RequireAllocation(Call call, int vmid)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/vms/{vmid}");
        var restores = call.Arguments.ContainsKey("archive") || call.Flag("restore");
        if (restores && call.Cluster.FindGuest(vmid) is not null)
        {
            call.Rights.RequireAny(path, "VM.Backup", "VM.Allocate");
        }
        else if (call.Optional("pool") is not { } pool
            || !call.Rights.HasAny("/pool/" + pool, Access.Privileges.Of("VM.Allocate")))
        {
            call.Rights.Require(path, "VM.Allocate");
        }
    }

    private static IEnumerable<string> Storages(Call call) => call.Arguments
        .Where(a => GuestDisk.IsSlot(a.Key) || a.Key == "storage")
        .Select(a => a.Key == "storage" ? a.Value[0] : a.Value[0].Split(':')[0])
        .Where(s => call.Cluster.Storages.ContainsKey(s)).Distinct();
}
