using System.Globalization;
using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>Disks, SMART, ZFS and LVM of a node.</summary>
internal static class DisksApi
{
    public static void List(Call call, Utf8JsonWriter json)
    {
        var unused = call.Optional("type") is not null;
        json.Objects(call.LiveNode.Disks.Where(d => !d.Gone && (!unused || d.Used is null)), disk =>
        {
            json.WriteString("devpath"u8, disk.Device);
            json.WriteString("by_id_link"u8,
                $"/dev/disk/by-id/{(disk.Type == "nvme" ? "nvme" : "ata")}-{disk.Model.Replace(' ', '_')}_{disk.Serial}");
            json.WriteString("model"u8, disk.Model);
            json.WriteString("serial"u8, disk.Serial);
            json.WriteString("vendor"u8, disk.Vendor);
            json.OptionalText("wwn"u8, disk.Wwn);
            json.WriteString("type"u8, disk.Type);
            json.WriteNumber("rpm"u8, disk.Rpm);
            json.WriteNumber("size"u8, disk.Size);
            json.WriteNumber("gpt"u8, disk.Used is null ? 0 : 1);
            json.WriteNumber("mounted"u8, 0);
            json.WriteNumber("osdid"u8, -1);
            json.WriteNull("osdid-list"u8);
            json.OptionalText("used"u8, disk.Used);
            json.WriteString("health"u8, call.Flag("skipsmart") ? "UNKNOWN" : disk.Health);
            WriteWear(json, disk);
        });
    }

    public static void Smart(Call call, Utf8JsonWriter json)
    {
        var path = call.Text("disk");
        var disk = call.LiveNode.Disks.Find(d => d.Device == path && !d.Gone)
            ?? throw PveException.Failed($"unable to find disk '{path}'");
        json.WriteStartObject();
        json.WriteString("health"u8, disk.Health);
        if (call.Flag("healthonly"))
        {
            json.WriteEndObject();
            return;
        }
        WriteWear(json, disk);
        if (disk.Type == "nvme")
        {
            json.WriteString("type"u8, "text");
            json.WriteString("text"u8, Report(disk));
        }
        else
        {
            json.WriteString("type"u8, "ata");
            json.WritePropertyName("attributes"u8);
            json.Objects<(int Id, string Name, int Value, int Threshold, string Raw)>(
            [
                (5, "Reallocated_Sector_Ct", disk.ReallocatedSectors > 0 ? 62 : 100, 10,
                    Number(disk.ReallocatedSectors)),
                (9, "Power_On_Hours", 98, 0, Number(disk.PowerOnHours)),
                (194, "Temperature_Celsius", 100 - disk.Temperature, 0, Number(disk.Temperature)),
                (197, "Current_Pending_Sector", disk.PendingSectors > 0 ? 71 : 100, 0, Number(disk.PendingSectors)),
                (199, "UDMA_CRC_Error_Count", 100, 0, "0"),
            ], row =>
            {
                json.WriteString("id"u8, row.Id.ToString(CultureInfo.InvariantCulture).PadLeft(3));
                json.WriteString("name"u8, row.Name);
                json.WriteNumber("value"u8, row.Value);
                json.WriteNumber("normalized"u8, row.Value);
                json.WriteNumber("worst"u8, row.Value);
                json.WriteNumber("threshold"u8, row.Threshold);
                json.WriteString("fail"u8, row.Value < row.Threshold ? "NOW" : "-");
                json.WriteString("flags"u8, "-O--CK");
                json.WriteString("raw"u8, row.Raw);
            });
        }
        json.WriteEndObject();
    }

    public static void Pools(Call call, Utf8JsonWriter json) => json.Objects(call.LiveNode.Zpools, pool =>
    {
        json.WriteString("name"u8, pool.Name);
        json.WriteNumber("size"u8, pool.Size);
        json.WriteNumber("alloc"u8, pool.Allocated);
        json.WriteNumber("free"u8, pool.Free);
        json.WriteNumber("frag"u8, pool.Fragmentation);
        json.WriteNumber("dedup"u8, 1.00m);
        json.WriteString("health"u8, pool.Health);
    });

    public static void Pool(Call call, Utf8JsonWriter json)
    {
        var name = call.Path["name"];
        var pool = call.LiveNode.Zpools.Find(p => p.Name == name)
            ?? throw PveException.Failed($"command '/sbin/zpool status -P {name}' failed: exit code 1");
        json.WriteStartObject();
        json.WriteString("name"u8, pool.Name);
        json.WriteString("state"u8, pool.Health);
        json.WriteString("scan"u8, pool.Scan);
        json.WriteString("errors"u8, pool.Errors);
        if (pool.Health != "ONLINE")
        {
            json.WriteString("status"u8,
                "One or more devices could not be used because the label is missing or invalid.");
            json.WriteString("action"u8, "Replace the device using 'zpool replace'.");
        }
        json.WriteStartArray("children"u8);
        WriteDevice(json, pool.Name, pool.Health, false, () =>
        {
            if (pool.Layout.Length == 0)
            {
                WriteLeaves(json, pool);
                return;
            }
            WriteDevice(json, pool.Layout, pool.Health, false, () => WriteLeaves(json, pool));
        });
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Lvm(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode;
        json.WriteStartObject();
        json.Flag("leaf"u8, false);
        json.WritePropertyName("children"u8);
        json.Objects(Groups(node), disk =>
        {
            json.WriteString("name"u8, "pve");
            json.Flag("leaf"u8, false);
            json.WriteNumber("size"u8, disk.Size);
            json.WriteNumber("free"u8, disk.Size / 16);
            json.WriteNumber("lvcount"u8, 3);
            json.WritePropertyName("children"u8);
            json.Objects([disk], volume =>
            {
                json.WriteString("name"u8, volume.Device + "3");
                json.Flag("leaf"u8, true);
                json.WriteNumber("size"u8, volume.Size);
                json.WriteNumber("free"u8, volume.Size / 16);
            });
        });
        json.WriteEndObject();
    }

    public static void LvmThin(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode;
        json.Objects(call.Cluster.Storages.Values.Where(s => s.Type == "lvmthin" && s.Active(node.Name)), storage =>
        {
            json.WriteString("lv"u8, storage.Settings.GetValueOrDefault("thinpool", "data"));
            json.WriteString("vg"u8, storage.Settings.GetValueOrDefault("vgname", "pve"));
            json.WriteNumber("lv_size"u8, storage.TotalOn(node.Name));
            json.WriteNumber("used"u8, storage.UsedOn(node.Name, call.Cluster.Now));
            json.WriteNumber("metadata_size"u8, storage.TotalOn(node.Name) / 100);
            json.WriteNumber("metadata_used"u8, storage.UsedOn(node.Name, call.Cluster.Now) / 2000);
        });
    }

    private static IEnumerable<VirtualDisk> Groups(VirtualNode node) =>
        node.Disks.Where(d => d is { Used: "LVM", Gone: false });

    private static void WriteWear(Utf8JsonWriter json, VirtualDisk disk)
    {
        if (disk.Wearout is { } left)
        {
            json.WriteNumber("wearout"u8, left);
        }
        else
        {
            json.WriteString("wearout"u8, "N/A");
        }
    }

    private static void WriteLeaves(Utf8JsonWriter json, VirtualZpool pool)
    {
        foreach (var device in pool.Devices)
        {
            WriteDevice(json, device, device == pool.FaultedDevice ? "FAULTED" : "ONLINE", true, null);
        }
    }

    private static void WriteDevice(Utf8JsonWriter json, string name, string state, bool leaf, Action? children)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("state"u8, state);
        json.WriteString("msg"u8, state == "FAULTED" ? "too many errors" : "");
        json.WriteNumber("read"u8, 0);
        json.WriteNumber("write"u8, state == "FAULTED" ? 12 : 0);
        json.WriteNumber("cksum"u8, 0);
        json.Flag("leaf"u8, leaf);
        if (children is not null)
        {
            json.WriteStartArray("children"u8);
            children();
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static string Report(VirtualDisk disk) => string.Create(CultureInfo.InvariantCulture,
        $"\nSMART/Health Information (NVMe Log 0x02)\nCritical Warning:    {(disk.Health == "PASSED" ? "0x00" : "0x04")}\n"
        + $"Temperature:    {disk.Temperature} Celsius\nPercentage Used:    {100 - (disk.Wearout ?? 100)}%\n"
        + $"Power On Hours:    {disk.PowerOnHours}\nMedia and Data Integrity Errors:    {disk.ReallocatedSectors}\n");

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
