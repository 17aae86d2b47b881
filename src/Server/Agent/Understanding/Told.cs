using System.Globalization;
using System.Text.Json;

namespace Jarvis.Server.Agent.Understanding;

/// <summary>Reads what tools give, and puts numbers and times into words.</summary>
internal static class Told
{
    public static string? Text(this JsonElement of, string name) => of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out var value) ? value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null } : null;

    public static double? Number(this JsonElement of, string name) => of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number ? value.GetDouble() : null;

    public static bool? Flag(this JsonElement of, string name) => of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out var value) ? value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null } : null;

    public static DateTimeOffset? Time(this JsonElement of, string name) => of.Text(name) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public static JsonElement? Part(this JsonElement of, string name) => of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    /// <summary>The rows of a list, or of the list that a page holds under a name.</summary>
    public static IReadOnlyList<JsonElement> Rows(this JsonElement of, string name = "items") =>
        of.ValueKind is JsonValueKind.Array ? [.. of.EnumerateArray()] : of.Part(name) is { ValueKind: JsonValueKind.Array } rows ? [.. rows.EnumerateArray()] : [];

    public static string Percent(double? part) => part is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known * 100:0} %") : "an unknown share";

    public static string Size(double? bytes) => bytes switch
    {
        null => "an unknown size",
        >= 1L << 40 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1L << 40):0.##} TiB"),
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1L << 30):0.#} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1L << 20):0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024:0} KiB"),
    };

    public static string Share(double? used, double? total) => used is { } u && total is > 0 and var t ? $"{Size(u)} of {Size(t)} ({Percent(u / t)})" : Size(used);

    public static string For(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} days"),
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} hours"),
        { TotalMinutes: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} minutes"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)span.TotalSeconds)} seconds"),
    };

    public static string Ago(DateTimeOffset? time, DateTimeOffset now) => time is { } known ? $"{For(now - known)} ago" : "at an unknown time";

    /// <summary>a, b and c; the rest counted.</summary>
    public static string List(IEnumerable<string> names, int most = 12)
    {
        var all = names.ToList();
        if (all.Count == 0) return "none";
        if (all.Count == 1) return all[0];
        return all.Count <= most ? $"{string.Join(", ", all.SkipLast(1))} and {all[^1]}" : $"{string.Join(", ", all.Take(most))} and {all.Count - most} more";
    }

    public static string Many(int count, string one, string? more = null) => count == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{(count == 0 ? "no" : count.ToString("N0", CultureInfo.InvariantCulture))} {more ?? one + "s"}");

    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
