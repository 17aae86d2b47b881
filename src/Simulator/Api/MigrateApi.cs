using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>Moving guests between nodes.</summary>
internal static class MigrateApi
{
    public static void Preview(Call call, Utf8JsonWriter json)
    {
        var guest = call.Guest;
        var check = call.Cluster.CheckMigration(guest);
        json.WriteStartObject();
        json.Flag("running"u8, guest.Running);
        json.Flag("has-dbus-vmstate"u8, false);
        json.Texts("allowed_nodes"u8, check.AllowedNodes);
        json.WriteStartObject("not_allowed_nodes"u8);
        foreach (var (node, storages) in check.MissingStorages)
        {
            json.WriteStartObject(node);
            json.Texts("unavailable_storages"u8, storages);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WritePropertyName("local_disks"u8);
        json.Objects(check.LocalDisks, disk =>
        {
            json.WriteString("volid"u8, disk.Volume);
            json.WriteNumber("size"u8, disk.Size);
            json.Flag("cdrom"u8, disk.IsCdrom);
            json.Flag("is_unused"u8, disk.Slot.StartsWith("unused", StringComparison.Ordinal));
        });
        json.Texts("local_resources"u8, []);
        json.Texts("mapped-resources"u8, []);
        json.WriteStartObject("mapped-resource-info"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void Start(Call call, Utf8JsonWriter json)
    {
        var guest = call.Guest;
        json.WriteStringValue(call.Cluster.Migrate(guest, call.Text("target"), call.User, new MigrationOptions
        {
            Online = call.Flag("online"),
            Restart = call.Flag("restart"),
            WithLocalDisks = call.Flag("with-local-disks"),
            TargetStorage = call.Optional("targetstorage") ?? call.Optional("target-storage"),
            BandwidthLimit = call.Number("bwlimit") ?? 0,
        }));
    }
}
