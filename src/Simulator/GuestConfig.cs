using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Jarvis.Simulator;

/// <summary>A guest's configuration as Proxmox stores it: ordered keys, property strings, a digest, pending changes.</summary>
internal sealed class GuestConfig
{
    private readonly OrderedDictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string?> pending = new(StringComparer.Ordinal);
    private string? digest;

    public GuestConfig()
    {
    }

    private GuestConfig(GuestConfig other)
    {
        foreach (var (key, value) in other.values)
        {
            values[key] = value;
        }
    }

    public IReadOnlyDictionary<string, string> Values => values;

    /// <summary>Changes that wait for the next start; null deletes the key.</summary>
    public IReadOnlyDictionary<string, string?> Pending => pending;

    public string Digest =>
        digest ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Render())).AsSpan(0, 20));

    public string? this[string key]
    {
        get => values.GetValueOrDefault(key);
        set
        {
            digest = null;
            if (value is null)
            {
                values.Remove(key);
            }
            else
            {
                values[key] = value;
            }
        }
    }

    public int Number(string key, int otherwise) =>
        double.TryParse(this[key], CultureInfo.InvariantCulture, out var n) ? (int)n : otherwise;

    public bool Flag(string key) => this[key] is "1" or "yes" or "on" or "true";

    public void Delay(string key, string? value)
    {
        digest = null;
        pending[key] = value;
    }

    public void Revert(string key)
    {
        digest = null;
        pending.Remove(key);
    }

    public void ApplyPending()
    {
        foreach (var (key, value) in pending)
        {
            this[key] = value;
        }

        digest = null;
        pending.Clear();
    }

    /// <summary>What is configured once the pending changes have been applied.</summary>
    public IEnumerable<KeyValuePair<string, string>> Effective()
    {
        foreach (var (key, value) in values)
        {
            if (!pending.TryGetValue(key, out var next))
            {
                yield return new(key, value);
            }
            else if (next is not null)
            {
                yield return new(key, next);
            }
        }

        foreach (var (key, value) in pending)
        {
            if (value is not null && !values.ContainsKey(key))
            {
                yield return new(key, value);
            }
        }
    }

    public GuestConfig Copy() => new(this);

    public IEnumerable<GuestDisk> Disks() =>
        values.Select(v => GuestDisk.Parse(v.Key, v.Value)).OfType<GuestDisk>();

    public string Render()
    {
        var text = new StringBuilder();
        foreach (var (key, value) in values)
        {
            text.Append(key).Append(": ").Append(value).Append('\n');
        }

        foreach (var (key, value) in pending)
        {
            text.Append("[PENDING] ").Append(key).Append(": ").Append(value ?? "(delete)").Append('\n');
        }

        return text.ToString();
    }
}

/// <summary>One volume of a guest, parsed from its property string.</summary>
internal sealed record GuestDisk(string Slot, string Volume, long Size, string Rest)
{
    private static readonly string[] Prefixes = ["scsi", "virtio", "sata", "ide", "efidisk", "tpmstate", "rootfs", "mp",
        "unused"];

    public string Storage =>
        Volume.Contains(':', StringComparison.Ordinal) ? Volume[..Volume.IndexOf(':', StringComparison.Ordinal)] : "";
    public bool IsCdrom => Rest.Contains("media=cdrom", StringComparison.Ordinal);

    /// <summary>Made by Proxmox itself for cloud-init.</summary>
    public bool IsCloudInit => Volume.Contains("-cloudinit", StringComparison.Ordinal);
    public bool IsRoot => Slot is "rootfs" || Slot.EndsWith('0');

    public static bool IsSlot(string key) =>
        key == "rootfs"
            || Prefixes.Any(
                p => key.StartsWith(p, StringComparison.Ordinal) && key.Length > p.Length
                && key[p.Length..].All(char.IsAsciiDigit));

    public static GuestDisk? Parse(string key, string value)
    {
        if (!IsSlot(key))
        {
            return null;
        }

        var parts = value.Split(',');
        var size = parts.FirstOrDefault(p => p.StartsWith("size=", StringComparison.Ordinal));
        var rest = parts.Skip(1).Where(p => p != size);
        return new GuestDisk(
            key, parts[0].Replace("file=", "", StringComparison.Ordinal).Replace("volume=", "", StringComparison.Ordinal),
            size is null ? 0 : ParseSize(size[5..]) ?? 0, string.Join(',', rest));
    }

    public string Text => Volume + (Rest.Length > 0 ? "," + Rest : "") + (Size > 0 ? ",size=" + Bytes.Suffixed(Size) : "");

    public static long? ParseSize(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var unit = char.ToUpperInvariant(text[^1]) switch
        {
            'K' => 1L << 10,
            'M' => 1L << 20,
            'G' => 1L << 30,
            'T' => 1L << 40,
            _ => 0,
        };
        var digits = unit == 0 ? text : text[..^1];
        return double.TryParse(digits, CultureInfo.InvariantCulture, out var n) && n >= 0
            && n < 1e9 ? (long)(n * Math.Max(1, unit)) : null;
    }
}

/// <summary>Sizes as Proxmox writes them.</summary>
internal static class Bytes
{
    public const long MiB = 1L << 20;
    public const long GiB = 1L << 30;

    public static string Suffixed(long size) =>
        size % GiB == 0 ? string.Create(CultureInfo.InvariantCulture, $"{size / GiB}G")
        : size % MiB == 0 ? string.Create(CultureInfo.InvariantCulture, $"{size / MiB}M")
        : string.Create(CultureInfo.InvariantCulture, $"{size / 1024}K");

    public static string Readable(double size) => size switch
    {
        >= GiB => string.Create(CultureInfo.InvariantCulture, $"{size / GiB:F1} GiB"),
        >= MiB => string.Create(CultureInfo.InvariantCulture, $"{size / MiB:F1} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{size / 1024:F1} KiB"),
    };
}
