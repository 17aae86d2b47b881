using System.Globalization;
using System.Text.Json;
using Jarvis.Simulator.Access;

namespace Jarvis.Simulator.Api;

/// <summary>What lies on a storage: volumes, images, templates, backups.</summary>
internal static class ContentApi
{
    public static void List(Call call, Utf8JsonWriter json)
    {
        var storage = Online(call);
        var content = call.Optional("content");
        var vmid = call.Number("vmid");
        json.Objects(storage.On(call.Node).Where(v => (content is null || v.Content == content)
            && (vmid is null || v.VmId == vmid) && MayRead(call, storage, v)), volume =>
        {
            json.WriteString("volid"u8, volume.VolId);
            json.WriteString("content"u8, volume.Content);
            Write(volume, json);
        });
    }

    public static void Read(Call call, Utf8JsonWriter json)
    {
        var volume = Find(call);
        if (!MayRead(call, call.Cluster.Storage(call.Path["storage"]), volume))
        {
            throw Rights.Denied("/storage/" + call.Path["storage"], "Datastore.AllocateSpace");
        }
        json.WriteStartObject();
        json.WriteString("path"u8, "/dev/" + volume.VolId.Replace(':', '/'));
        Write(volume, json);
        json.WriteEndObject();
    }

    public static void Update(Call call, Utf8JsonWriter json)
    {
        call.Rights.Require("/storage/" + call.Path["storage"], "Datastore.Allocate");
        call.Cluster.UpdateVolume(call.Node, call.Path["storage"], VolumeId(call), call.Optional("notes"),
            call.Arguments.ContainsKey("protected") ? call.Flag("protected") : null);
    }

    public static void Remove(Call call, Utf8JsonWriter json)
    {
        var storage = call.Path["storage"];
        var id = VolumeId(call);
        var volume = call.Cluster.StorageOn(call.Node, storage).Find(id, call.Node);
        var backup = volume is { Content: "backup", VmId: { } owner }
            && call.Rights.OnGuest(owner, Privileges.Of("VM.Backup"));
        call.Rights.Require("/storage/" + storage, backup ? "Datastore.AllocateSpace" : "Datastore.Allocate");
        json.WriteStringValue(call.Cluster.DeleteVolume(call.Node, storage, id, call.User));
    }

    public static void Upload(Call call, Utf8JsonWriter json)
    {
        var name = FileName(call);
        var size = long.Parse(call.Optional(Api.Upload.Size) ?? "0", CultureInfo.InvariantCulture);
        json.WriteStringValue(call.Cluster.StoreUpload(
            call.Node, call.Path["storage"], call.Text("content"), name, size, call.User));
    }

    public static void Download(Call call, Utf8JsonWriter json)
    {
        if (!Uri.TryCreate(call.Text("url"), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw PveException.Parameter("url", "value does not match the regex pattern");
        }
        json.WriteStringValue(call.Cluster.Download(
            call.Node, call.Path["storage"], call.Text("content"), FileName(call), url, call.User));
    }

    public static void PrunePlan(Call call, Utf8JsonWriter json) => json.Objects(Plan(call), entry =>
    {
        json.WriteString("volid"u8, entry.Volume.VolId);
        json.WriteString("mark"u8, entry.Mark);
        json.WriteString("type"u8, entry.Volume.Subtype);
        json.WriteNumber("ctime"u8, entry.Volume.Created.ToUnixTimeSeconds());
        if (entry.Volume.VmId is { } vmid)
        {
            json.WriteNumber("vmid"u8, vmid);
        }
    });

    public static void Prune(Call call, Utf8JsonWriter json)
    {
        call.Rights.Require("/storage/" + call.Path["storage"], "Datastore.AllocateSpace");
        call.Cluster.RequireQuorum(call.Node);
        var doomed = Plan(call).Where(p => p.Mark == "remove").Select(p => p.Volume).ToArray();
        var storage = call.Cluster.Storage(call.Path["storage"]);
        json.WriteStringValue(call.Cluster.Launch(call.LiveNode, "prunebackups", storage.Id, call.User, run =>
        {
            foreach (var volume in doomed)
            {
                storage.Remove(volume);
                run.Log($"removed backup '{volume.VolId}'");
            }
            run.Done();
        }));
    }

    private static IReadOnlyList<(StorageVolume Volume, string Mark)> Plan(Call call) => call.Cluster.PrunePreview(
        call.Node, call.Path["storage"], call.Optional("prune-backups") ?? "keep-all=1", call.Number("vmid"),
            call.Optional("type"));

    private static VirtualStorage Online(Call call)
    {
        var storage = call.Cluster.StorageOn(call.Node, call.Path["storage"]);
        return storage.Active(call.Node) ? storage : throw PveException.Failed($"storage '{storage.Id}' is not online");
    }

    private static string VolumeId(Call call)
    {
        var volume = call.Path["volume"];
        return volume.Contains(':', StringComparison.Ordinal) ? volume : $"{call.Path["storage"]}:{volume}";
    }

    private static StorageVolume Find(Call call) => Online(call).Find(VolumeId(call), call.Node)
        ?? throw PveException.Failed($"volume '{VolumeId(call)}' does not exist");

    private static string FileName(Call call)
    {
        var name = call.Text("filename");
        var fits = call.Text("content") switch
        {
            "iso" => name.EndsWith(".iso", StringComparison.OrdinalIgnoreCase)
                || name.EndsWith(".img", StringComparison.OrdinalIgnoreCase),
            "vztmpl" => name.Contains(".tar.", StringComparison.Ordinal),
            _ => true,
        };
        return fits && !name.Contains('/', StringComparison.Ordinal) && name.Length is > 0 and <= 255
            ? name : throw PveException.Parameter("filename", "wrong file extension");
    }

    private static bool MayRead(Call call, VirtualStorage storage, StorageVolume volume)
    {
        var path = "/storage/" + storage.Id;
        return call.Rights.Has(path, Privileges.Of("Datastore.Allocate")) || (volume.Content, volume.VmId) switch
        {
            ("iso" or "vztmpl" or "import", _) => call.Rights.HasAny(path, Privileges.Of("Datastore.Audit", "Datastore.AllocateSpace")),
            ("backup", { } vmid) => call.Rights.Has(path, Privileges.Of("Datastore.AllocateSpace")) && call.Rights.OnGuest(vmid, Privileges.Of("VM.Backup")),
            ("images" or "rootdir", { } vmid) => call.Rights.Has(path, Privileges.Of("Datastore.Audit")) && call.Rights.OnGuest(vmid, Privileges.Of("VM.Config.Disk")),
            _ => false,
        };
    }

    private static void Write(StorageVolume volume, Utf8JsonWriter json)
    {
        json.WriteString("format"u8, volume.Format);
        json.WriteNumber("size"u8, volume.Size);
        json.WriteNumber("used"u8, volume.Used);
        json.WriteNumber("ctime"u8, volume.Created.ToUnixTimeSeconds());
        if (volume.VmId is { } vmid)
        {
            json.WriteNumber("vmid"u8, vmid);
        }
        json.OptionalText("parent"u8, volume.Parent);
        json.OptionalText("notes"u8, volume.Notes);
        if (volume.Content != "backup")
        {
            return;
        }
        json.OptionalText("subtype"u8, volume.Subtype);
        json.Flag("protected"u8, volume.Protected);
        if (volume.Verification is { } state)
        {
            json.WriteStartObject("verification"u8);
            json.WriteString("state"u8, state);
            json.WriteString("upid"u8, "UPID:pbs:00000A2C:00D3B1F0:00000001:66B0E6A0:verificationjob:main:root@pam:");
            json.WriteEndObject();
        }
    }
}
