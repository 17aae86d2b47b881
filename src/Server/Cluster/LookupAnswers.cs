using System.Text.Json.Serialization;

namespace Jarvis.Server.Cluster;

/// <summary>A guest's settings in Proxmox's spelling, by key; secrets are masked.</summary>
public sealed record GuestConfig(IReadOnlyList<ConfigEntry> Entries);

public sealed record ConfigEntry(string Key, string Value);

/// <summary>A snapshot of a guest; <c>Current</c> is the present state, a child of the snapshot it goes back to.</summary>
public sealed record SnapshotView(string Name, string? Description, DateTimeOffset? At, string? Parent, bool Memory, bool Current);

/// <summary>A backup of a guest.</summary>
public sealed record BackupView(string Volume, string Storage, DateTimeOffset? At, long? Bytes, string? Notes, bool Protected);

/// <summary>The backups that could be read, newest first, and the storages that may hold more.</summary>
public sealed record BackupList(IReadOnlyList<BackupView> Items, IReadOnlyList<UnreadStorage> Unread);

/// <summary>A storage (<c>NAME</c> when shared, else <c>NODE/NAME</c>) that could not be read.</summary>
public sealed record UnreadStorage(string Storage, string Why);

/// <summary>What lies on a storage: images, rootdir, iso, vztmpl, backup, snippets or import.</summary>
public sealed record VolumeView(string Volume, string Kind, string? Format, long? Bytes, DateTimeOffset? At, int? Vmid);

/// <summary>The newest volumes, and whether there are more.</summary>
public sealed record VolumePage(IReadOnlyList<VolumeView> Items, bool More);

/// <summary>A part of a task's log; <c>Next</c> is where to go on, null at the end of a finished task.</summary>
public sealed record TaskLog(string Upid, string? Status, string? Exit, IReadOnlyList<string> Lines, int? Next);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(GuestConfig))]
[JsonSerializable(typeof(IReadOnlyList<SnapshotView>))]
[JsonSerializable(typeof(BackupList))]
[JsonSerializable(typeof(VolumePage))]
[JsonSerializable(typeof(TaskLog))]
internal sealed partial class LookupJson : JsonSerializerContext;
