using System.Globalization;

namespace Jarvis.Simulator;

internal sealed record BackupOptions
{
    public required string Storage { get; init; }

    /// <summary>snapshot, suspend or stop.</summary>
    public string Mode { get; init; } = "snapshot";

    /// <summary>zstd, gzip, lzo or 0.</summary>
    public string Compress { get; init; } = "zstd";
    public string? Notes { get; init; }
    public bool Protected { get; init; }
    public string? Prune { get; init; }
    public string? JobId { get; init; }
}

/// <summary>Retention as keep-last=3,keep-daily=7 …</summary>
internal static class Retention
{
    private static readonly (string Key, Func<DateTimeOffset, string> Slot)[] Rules =
    [
        ("keep-last", t => t.UtcTicks.ToString(CultureInfo.InvariantCulture)),
        ("keep-hourly", t => t.ToString("yyyy-MM-dd-HH", CultureInfo.InvariantCulture)),
        ("keep-daily", t => t.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("keep-weekly", t => ISOWeek.GetYear(t.UtcDateTime) + "-" + ISOWeek.GetWeekOfYear(t.UtcDateTime)),
        ("keep-monthly", t => t.ToString("yyyy-MM", CultureInfo.InvariantCulture)),
        ("keep-yearly", t => t.ToString("yyyy", CultureInfo.InvariantCulture)),
    ];

    /// <summary>keep, remove or protected for every backup of one guest.</summary>
    public static Dictionary<StorageVolume, string> Mark(IEnumerable<StorageVolume> backups, string spec)
    {
        var wanted = Parse(spec);
        var marks = new Dictionary<StorageVolume, string>();
        var entries = backups.OrderByDescending(b => b.Created).ToList();
        foreach (var kept in entries.Where(b => b.Protected))
        {
            marks[kept] = "protected";
        }

        entries.RemoveAll(b => b.Protected);
        if (wanted.Count == 0 || wanted.ContainsKey("keep-all"))
        {
            entries.ForEach(e => marks[e] = "keep");
            return marks;
        }

        foreach (var (key, slot) in Rules)
        {
            var already = entries.Where(e => marks.GetValueOrDefault(e) == "keep").Select(e => slot(e.Created)).ToHashSet();
            var fresh = new HashSet<string>();
            foreach (var entry in entries.Where(e => wanted.GetValueOrDefault(key) > 0 && !marks.ContainsKey(e)))
            {
                var id = slot(entry.Created);
                if (!already.Contains(id) && fresh.Count < wanted[key] && fresh.Add(id))
                {
                    marks[entry] = "keep";
                }
            }
        }

        entries.ForEach(e => marks.TryAdd(e, "remove"));
        return marks;
    }

    public static Dictionary<string, int> Parse(string spec)
    {
        var wanted = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var part in spec.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=');
            if (pair.Length == 2 && int.TryParse(pair[1], out var n)
                && (pair[0] == "keep-all" || Rules.Any(r => r.Key == pair[0])))
            {
                wanted[pair[0]] = n;
            }
        }

        return wanted;
    }
}
