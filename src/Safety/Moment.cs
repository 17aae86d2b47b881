using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Jarvis.Safety;

/// <summary>A moment, with the zone it is told in.</summary>
[JsonConverter(typeof(TextValueConverter<Moment>))]
public readonly partial record struct Moment : ITextValue<Moment>
{
    private Moment(DateTimeOffset at) => At = at;

    public DateTimeOffset At { get; }

    public string Value => At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Legal => "a time as 2026-06-01T12:00:00Z or 2026-06-01T14:00:00+02:00";

    public static bool TryParse(string text, out Moment value)
    {
        var legal = Form().IsMatch(text) & DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var at);
        value = legal ? new(at) : default;
        return legal;
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+\-][0-9]{2}:[0-9]{2})\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}

/// <summary>A task of Proxmox, by its UPID.</summary>
[JsonConverter(typeof(TextValueConverter<TaskId>))]
public readonly partial record struct TaskId : ITextValue<TaskId>
{
    private TaskId(string value) => Value = value;

    public string Value { get; }

    public static string Legal => "a task's UPID as UPID:NODE:PID:PSTART:STARTTIME:TYPE:ID:USER:, at most 512 characters";

    public static bool TryParse(string text, out TaskId value)
    {
        var legal = text.Length <= 512 && Form().IsMatch(text);
        value = legal ? new(text) : default;
        return legal;
    }

    public override string ToString() => Value;

    [GeneratedRegex(
        @"\AUPID:[a-zA-Z0-9](?:[a-zA-Z0-9\-]*[a-zA-Z0-9])?:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:[0-9A-Fa-f]{8}:[a-zA-Z0-9_\-]+:[^:\s/\p{C}]*:[^:\s/\p{C}]+:\z",
        RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
