using System.Globalization;
using System.Text.RegularExpressions;

namespace Jarvis.Server.Agent.Understanding;

/// <summary>Times and amounts that a message names.</summary>
internal static partial class Spans
{
    public static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>From when on something is asked for: "today", "last night", "in the last 3 hours", "since yesterday".</summary>
    public static DateTimeOffset? FromIn(Said said, DateTimeOffset now)
    {
        var midnight = new DateTimeOffset(now.Date, now.Offset);
        if (Ago(said) is { } span) return now - span;
        if (said.HasPhrase("last night", "tonight", "overnight") || said.Has("overnight")) return now.Hour < 18 ? midnight.AddHours(-6) : midnight.AddHours(18);
        if (said.Has("yesterday")) return midnight.AddDays(-1);
        if (said.Has("today") || said.HasPhrase("this morning")) return midnight;
        if (said.HasPhrase("this week", "last week", "past week")) return now.AddDays(-7);
        if (said.HasPhrase("this month", "last month", "past month")) return now.AddDays(-30);
        return said.HasPhrase("last hour", "past hour", "this hour") ? now.AddHours(-1) : said.HasPhrase("last day", "past day") ? now.AddDays(-1) : null;
    }

    /// <summary>A time of day, today or yesterday, whichever was last: "at 03:12", "at 3 am".</summary>
    public static DateTimeOffset? MomentIn(Said said, DateTimeOffset now)
    {
        if (Ago(said) is { } span && said.Has("ago")) return now - span;
        var clock = Clock().Match(said.Text.ToLowerInvariant());
        if (!clock.Success) return null;
        var (hour, minute) = (int.Parse(clock.Groups[1].Value, CultureInfo.InvariantCulture), clock.Groups[2].Success ? int.Parse(clock.Groups[2].Value, CultureInfo.InvariantCulture) : 0);
        if (clock.Groups[3].Value == "pm" && hour < 12) hour += 12;
        if (clock.Groups[3].Value == "am" && hour == 12) hour = 0;
        if (hour > 23 || minute > 59) return null;
        var moment = new DateTimeOffset(now.Date, now.Offset).AddHours(hour).AddMinutes(minute);
        return said.Has("yesterday") ? moment.AddDays(-1) : moment > now ? moment.AddDays(-1) : moment;
    }

    /// <summary>A range of the metrics' history, as its argument spells it.</summary>
    public static string? RangeIn(Said said) =>
        said.HasPhrase("last hour", "past hour", "an hour") ? "hour" : said.Has("today", "yesterday") || said.HasPhrase("last day", "past day", "last night", "24 hours", "a day") ? "day" : said.Has("week") || said.HasPhrase("7 days") ? "week"
        : said.Has("month") || said.HasPhrase("30 days") ? "month" : said.Has("year") ? "year" : said.Has("hours") ? "day" : said.Has("days") ? "week" : null;

    /// <summary>"older than 3 days", "in the last week".</summary>
    public static int? DaysIn(Said said) =>
        Ago(said) is { } span ? Math.Max(1, (int)Math.Ceiling(span.TotalDays)) : said.HasPhrase("this week", "last week", "past week", "a week") ? 7 : said.HasPhrase("last month", "this month", "past month", "a month") ? 30
        : said.Has("today") || said.HasPhrase("last night", "last day", "past day") ? 1 : said.Has("yesterday") ? 2 : null;

    public static int? LinesIn(Said said) => NumberBefore(said, "lines", "line", "entries") is { } lines and <= 500 ? lines : null;

    public static int? NumberBefore(Said said, params ReadOnlySpan<string> units)
    {
        for (var i = 1; i < said.Words.Count; i++)
        {
            foreach (var unit in units)
            {
                if (said.Words[i] != unit) continue;
                for (var back = 1; back <= 2 && i - back >= 0; back++)
                {
                    if (int.TryParse(said.Words[i - back], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 500) return number;
                }
            }
        }

        return null;
    }

    private static TimeSpan? Ago(Said said)
    {
        for (var i = 0; i + 1 < said.Words.Count; i++)
        {
            var many = said.Words[i] switch { "two" or "couple" => 2, "three" or "few" => 3, "four" => 4, "five" => 5, "six" => 6, "seven" => 7, "ten" => 10, _ => int.TryParse(said.Words[i], NumberStyles.None, CultureInfo.InvariantCulture, out var digits) ? digits : 0 };
            if (many is <= 0 or > 3_650) continue;
            var unit = said.Words[i + 1] is "of" && i + 2 < said.Words.Count ? said.Words[i + 2] : said.Words[i + 1];
            if (unit is "minutes" or "minute" or "min" or "mins") return TimeSpan.FromMinutes(many);
            if (unit is "hours" or "hour") return TimeSpan.FromHours(many);
            if (unit is "days" or "day") return TimeSpan.FromDays(many);
            if (unit is "weeks" or "week") return TimeSpan.FromDays(7 * many);
            if (unit is "months" or "month") return TimeSpan.FromDays(30 * many);
        }

        return said.HasPhrase("an hour ago") ? TimeSpan.FromHours(1) : said.HasPhrase("half an hour") ? TimeSpan.FromMinutes(30) : null;
    }

    [GeneratedRegex(@"\bat\s+(\d{1,2})(?::(\d{2}))?\s*(am|pm)?\b")]
    private static partial Regex Clock();
}
