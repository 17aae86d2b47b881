using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Jarvis.Proxmox;

/// <summary>The identity of a Proxmox task: <c>UPID:node:pid:pstart:starttime:type:id:user:</c>, numbers in hex.</summary>
public sealed partial record Upid : IParsable<Upid>
{
    public required string Node { get; init; }

    public required uint Pid { get; init; }

    /// <summary>The worker's start in clock ticks since boot; up to nine hex digits.</summary>
    public required long PidStart { get; init; }

    public required DateTimeOffset StartTime { get; init; }

    /// <summary>The worker type, as <c>qmstart</c> or <c>vzdump</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What the task works on, often a vmid; may be empty.</summary>
    public required string Id { get; init; }

    /// <summary><c>user@realm</c> or <c>user@realm!token</c>.</summary>
    public required string User { get; init; }

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Upid result) =>
        TryParse(s, out result);

    public static bool TryParse([NotNullWhen(true)] string? text, [MaybeNullWhen(false)] out Upid upid)
    {
        upid = null;
        if (text is null || text.Length > 1024 || Form().Match(text) is not { Success: true } match)
        {
            return false;
        }

        upid = new Upid
        {
            Node = match.Groups["node"].Value,
            Pid = uint.Parse(match.Groups["pid"].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            PidStart = long.Parse(match.Groups["pstart"].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            StartTime = DateTimeOffset.FromUnixTimeSeconds(
                uint.Parse(match.Groups["start"].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)),
            Type = match.Groups["type"].Value,
            Id = match.Groups["id"].Value,
            User = match.Groups["user"].Value,
        };
        return true;
    }

    public static Upid Parse(string s, IFormatProvider? provider) => Parse(s);

    public static Upid Parse(string text) =>
        TryParse(text, out var upid)
            ? upid
            : throw new FormatException("A task id must look like UPID:node:pid:pstart:starttime:type:id:user: .");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"UPID:{Node}:{Pid:X8}:{PidStart:X8}:{StartTime.ToUnixTimeSeconds():X8}:{Type}:{Id}:{User}:");

    [GeneratedRegex(
        @"\AUPID:(?<node>[a-zA-Z0-9](?:[a-zA-Z0-9\-]*[a-zA-Z0-9])?):(?<pid>[0-9A-Fa-f]{8}):(?<pstart>[0-9A-Fa-f]{8,9}):"
        + @"(?<start>[0-9A-Fa-f]{8}):(?<type>[^:\s/]+):(?<id>[^:\s/]*):(?<user>[^:\s/]+):\z",
        RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
