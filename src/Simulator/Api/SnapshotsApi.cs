using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>Snapshots of a guest, with the pseudo entry "current" at the end.</summary>
internal static class SnapshotsApi
{
    public static void List(Call call, Utf8JsonWriter json)
    {
        var guest = call.Guest;
        json.WriteStartArray();
        foreach (var snapshot in guest.Snapshots)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, snapshot.Name);
            json.WriteString("description"u8, snapshot.Description);
            json.WriteNumber("snaptime"u8, snapshot.Taken.ToUnixTimeSeconds());
            json.OptionalText("parent"u8, snapshot.Parent);
            json.OptionalText("snapstate"u8, snapshot.State);
            if (guest.Kind == GuestKind.Qemu)
            {
                json.Flag("vmstate"u8, snapshot.WithMemory);
            }
            json.WriteEndObject();
        }
        json.WriteStartObject();
        json.WriteString("name"u8, "current");
        json.WriteString("description"u8, "You are here!");
        json.WriteString("digest"u8, guest.Config.Digest);
        json.Flag("running"u8, guest.Running);
        json.OptionalText("parent"u8, guest.SnapshotParent);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public static void Create(Call call, Utf8JsonWriter json) => json.WriteStringValue(call.Cluster.CreateSnapshot(
        call.Guest, call.Text("snapname"), call.User, call.Optional("description") ?? "", call.Flag("vmstate")));

    public static void Rollback(Call call, Utf8JsonWriter json) =>
        json.WriteStringValue(call.Cluster.Rollback(call.Guest, call.Path["snapname"], call.User, call.Flag("start")));

    public static void Remove(Call call, Utf8JsonWriter json) =>
        json.WriteStringValue(call.Cluster.DeleteSnapshot(call.Guest, call.Path["snapname"], call.User,
            call.Flag("force")));

    public static void Read(Call call, Utf8JsonWriter json)
    {
        var guest = call.Guest;
        WriteConfig(Find(guest, call.Path["snapname"]), guest.Kind, json);
    }

    public static GuestSnapshot Find(VirtualGuest guest, string name) =>
        guest.Snapshots.Find(s => s.Name == name) ?? throw PveException.Failed($"snapshot '{name}' does not exist");

    public static void WriteConfig(GuestSnapshot snapshot, GuestKind kind, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (key, value) in snapshot.Config.Values)
        {
            ConfigApi.WriteValue(json, kind, key, value);
        }
        json.WriteNumber("snaptime"u8, snapshot.Taken.ToUnixTimeSeconds());
        json.OptionalText("parent"u8, snapshot.Parent);
        json.WriteString("digest"u8, snapshot.Config.Digest);
        json.WriteEndObject();
    }
}
