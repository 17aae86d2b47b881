using System.Globalization;
using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>A guest's configuration: reading, changing, growing and moving disks.</summary>
internal static class ConfigApi
{
    private static readonly string[] NotSettings =
        ["digest", "delete", "revert", "skiplock", "force", "background_delay", "import-working-storage"];

    public static void Read(Call call, Utf8JsonWriter json)
    {
        var guest = call.Guest;
        if (call.Optional("snapshot") is { } name)
        {
            SnapshotsApi.WriteConfig(SnapshotsApi.Find(guest, name), guest.Kind, json);
            return;
        }
        json.WriteStartObject();
        foreach (var (key, value) in call.Flag("current") ? guest.Config.Values : guest.Config.Effective())
        {
            WriteValue(json, guest.Kind, key, value);
        }
        if (guest.Lock is not null && guest.Config["lock"] is null)
        {
            json.WriteString("lock"u8, guest.Lock);
        }
        if (guest.SnapshotParent is not null && guest.Config["parent"] is null)
        {
            json.WriteString("parent"u8, guest.SnapshotParent);
        }
        json.WriteString("digest"u8, guest.Config.Digest);
        json.WriteEndObject();
    }

    public static void Update(Call call, Utf8JsonWriter json)
    {
        var guest = call.Guest;
        call.Cluster.UpdateConfig(guest, Settings(call), call.Items("delete"), call.Optional("digest"),
            PowerApi.SkipLock(call), call.Items("revert"));
    }

    public static void UpdateInTask(Call call, Utf8JsonWriter json)
    {
        var guest = call.Guest;
        json.WriteStringValue(call.Cluster.UpdateConfigInTask(guest, Settings(call), call.User, call.Items("delete"),
            call.Optional("digest"), PowerApi.SkipLock(call), call.Items("revert")));
    }

    public static void Pending(Call call, Utf8JsonWriter json)
    {
        var config = call.Guest.Config;
        json.Objects(config.Values.Keys.Union(config.Pending.Keys), key =>
        {
            json.WriteString("key"u8, key);
            json.OptionalText("value"u8, config[key]);
            if (!config.Pending.TryGetValue(key, out var next))
            {
                return;
            }
            if (next is null)
            {
                json.WriteNumber("delete"u8, 1);
            }
            else
            {
                json.WriteString("pending"u8, next);
            }
        });
    }

    public static void Resize(Call call, Utf8JsonWriter json) => json.WriteStringValue(call.Cluster.Resize(
        call.Guest, call.Text("disk"), call.Text("size"), call.User, call.Optional("digest"), PowerApi.SkipLock(call)));

    public static void MoveDisk(Call call, Utf8JsonWriter json)
    {
        var guest = call.Guest;
        var slot = call.Optional("disk") ?? call.Text("volume");
        if (call.Arguments.ContainsKey("target-vmid"))
        {
            throw PveException.Failed("moving a disk to another guest is not simulated");
        }
        var storage = call.Text("storage");
        call.Rights.Require("/storage/" + storage, "Datastore.AllocateSpace");
        json.WriteStringValue(call.Cluster.MoveDisk(guest, slot, storage, call.User, call.Flag("delete")));
    }

    /// <summary>Numbers where the schema says so; memory of a VM has been a property string since 8.0.</summary>
    public static void WriteValue(Utf8JsonWriter json, GuestKind kind, string key, string value)
    {
        var parameter = EndpointTable.ConfigParameter(kind, key);
        if (parameter?.Type == ParameterType.Boolean && Parameter.AsBoolean(value) is { } flag)
        {
            json.WriteNumber(key, flag ? 1 : 0);
        }
        else if (parameter?.Type is ParameterType.Integer or ParameterType.Number
            && decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
        {
            json.WriteNumber(key, number);
        }
        else
        {
            json.WriteString(key, value);
        }
    }

    private static Dictionary<string, string> Settings(Call call)
    {
        foreach (var name in call.Arguments.Keys.Concat(call.Items("delete")))
        {
            RequireGroup(call, name);
        }
        return call.Arguments.Where(a => !NotSettings.Contains(a.Key))
            .ToDictionary(a => a.Key, a => a.Value[0], StringComparer.Ordinal);
    }

    private static void RequireGroup(Call call, string name)
    {
        var stem = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        var privilege = stem switch
        {
            "cores" or "sockets" or "cpu" or "cpulimit" or "cpuunits" or "numa" or "vcpus" or "smp" or "affinity" =>
                "VM.Config.CPU",
            "memory" or "balloon" or "shares" or "swap" or "hugepages" => "VM.Config.Memory",
            "net" => "VM.Config.Network",
            "nameserver" or "searchdomain" or "hostname" when call.Kind == GuestKind.Lxc => "VM.Config.Network",
            "scsi" or "virtio" or "sata" or "ide" or "efidisk" or "rootfs" or "mp" or "unused" => "VM.Config.Disk",
            "usb" or "hostpci" or "serial" or "scsihw" or "vga" or "machine" or "rng" or "tpmstate" =>
                "VM.Config.HWType",
            "ipconfig" or "ciuser" or "cipassword" or "sshkeys" or "citype" or "nameserver" or "searchdomain" =>
                "VM.Config.Cloudinit",
            _ => "VM.Config.Options",
        };
        if (!NotSettings.Contains(name) || name == "revert")
        {
            call.Rights.Require($"/vms/{call.Path["vmid"]}", privilege);
        }
    }
}
