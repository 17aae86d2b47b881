using System.Globalization;
using System.Text.Json;

namespace Jarvis.Proxmox;

/// <summary>A guest's settings: each key in Proxmox's spelling, and the common ones by name.</summary>
public sealed class GuestConfig
{
    private static readonly string[] DiskKeys = ["scsi", "virtio", "sata", "ide", "efidisk", "tpmstate", "rootfs", "mp", "unused"];

    internal GuestConfig(IReadOnlyDictionary<string, JsonElement> settings) =>
        Settings = settings.ToDictionary(setting => setting.Key, setting => TextOf(setting.Value));

    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The name of a VM or the host name of a container.</summary>
    public string? Name => this["name"] ?? this["hostname"];

    public int? Cores => Number("cores");

    public int? Sockets => Number("sockets");

    /// <summary>MiB, as all memory here.</summary>
    public int? MemoryMib => Number("memory", "current");

    public int? BalloonMib => Number("balloon");

    public int? SwapMib => Number("swap");

    public string? Description => this["description"];

    public string? Boot => this["boot"];

    public string? OsType => this["ostype"];

    public string? Lock => this["lock"];

    /// <summary>Send it back with a change, so that nobody else's is overwritten.</summary>
    public string? Digest => this["digest"];

    public bool OnBoot => this["onboot"] == "1";

    public bool Template => this["template"] == "1";

    public bool Protection => this["protection"] == "1";

    /// <summary>Whether the guest agent is switched on.</summary>
    public bool HasAgent => this["agent"] is { } agent && PropertyString.Parse(agent, "enabled")["enabled"] == "1";

    public IReadOnlyList<string> Tags => this["tags"]?.Split([';', ',', ' '], StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Drives and mount points by key, as <c>scsi0</c>; the volume is under <c>file</c> or <c>volume</c>.</summary>
    public IReadOnlyDictionary<string, PropertyString> Disks => Numbered(DiskKeys, "volume");

    public IReadOnlyDictionary<string, PropertyString> Networks => Numbered(["net"], "model");

    public string? this[string key] => Settings.GetValueOrDefault(key);

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "1",
        JsonValueKind.False => "0",
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private int? Number(string key, string part = "value") =>
        this[key] is { } text && int.TryParse(
            PropertyString.Parse(text, part)[part], NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private Dictionary<string, PropertyString> Numbered(string[] prefixes, string defaultKey) => Settings
        .Where(setting => Array.Exists(prefixes, prefix =>
            setting.Key.StartsWith(prefix, StringComparison.Ordinal)
            && (setting.Key.Length == prefix.Length || int.TryParse(setting.Key.AsSpan(prefix.Length), out _)))
            && setting.Key != "scsihw")
        .ToDictionary(setting => setting.Key, setting => PropertyString.Parse(setting.Value, defaultKey));
}
