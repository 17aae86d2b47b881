using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Jarvis.Safety;

/// <summary>A unit of systemd under its whole name: <c>corosync</c> and <c>corosync.service</c> are one.</summary>
[JsonConverter(typeof(TextValueConverter<ServiceUnit>))]
public readonly partial record struct ServiceUnit : ITextValue<ServiceUnit>
{
    private ServiceUnit(string value) => Value = value;

    public string Value { get; }

    public static string Legal => "a unit of systemd: letters, digits and : _ . @ -, at most 200 characters";

    public static bool TryParse(string text, out ServiceUnit value)
    {
        var legal = Form().IsMatch(text);
        value = legal ? new(Full(text)) : default;
        return legal;
    }

    public override string ToString() => Value;

    private static string Full(string name) =>
        Kinds.Any(kind => name.EndsWith(kind, StringComparison.Ordinal)) ? name : name + ".service";

    private static readonly string[] Kinds =
        [".service", ".socket", ".timer", ".target", ".mount", ".automount", ".path", ".slice", ".scope", ".device", ".swap"];

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9:_.@\-]{0,199}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}

/// <summary>A Debian package.</summary>
[JsonConverter(typeof(TextValueConverter<PackageName>))]
public readonly partial record struct PackageName : ITextValue<PackageName>
{
    private PackageName(string value) => Value = value;

    public string Value { get; }

    public static string Legal => "a Debian package: lower-case letters, digits and + - ., 2 to 128 characters";

    public static bool TryParse(string text, out PackageName value)
    {
        var legal = Form().IsMatch(text);
        value = legal ? new(text) : default;
        return legal;
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9+.\-]{1,127}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}

/// <summary>A volume of a storage: <c>local:backup/vzdump-qemu-101-….vma.zst</c>.</summary>
[JsonConverter(typeof(TextValueConverter<VolumeId>))]
public readonly partial record struct VolumeId : ITextValue<VolumeId>
{
    private VolumeId(string value) => Value = value;

    public string Value { get; }

    public static string Legal => "STORAGE:VOLUME, at most 512 characters, without spaces or ..";

    public static bool TryParse(string text, out VolumeId value)
    {
        var legal = Form().IsMatch(text) && !text.Contains("..", StringComparison.Ordinal) && !text.Contains("//", StringComparison.Ordinal);
        value = legal ? new(text) : default;
        return legal;
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[a-zA-Z][a-zA-Z0-9_.\-]{0,98}[a-zA-Z0-9]:[a-zA-Z0-9_+=@][a-zA-Z0-9_.:+=@/\-]{0,400}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}

/// <summary>A snapshot of a guest.</summary>
[JsonConverter(typeof(TextValueConverter<SnapshotName>))]
public readonly partial record struct SnapshotName : ITextValue<SnapshotName>
{
    private SnapshotName(string value) => Value = value;

    public string Value { get; }

    public static string Legal => "a snapshot's name: a letter, then letters, digits, dashes and underscores, 2 to 40 characters, not current";

    public static bool TryParse(string text, out SnapshotName value)
    {
        var legal = Form().IsMatch(text) && text != "current";
        value = legal ? new(text) : default;
        return legal;
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[a-zA-Z][a-zA-Z0-9_\-]{1,39}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
