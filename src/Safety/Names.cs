using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Jarvis.Safety;

/// <summary>The number of a guest, unique in its cluster.</summary>
[JsonConverter(typeof(VmIdConverter))]
public readonly record struct VmId
{
    public const int Least = 100;
    public const int Most = 999_999_999;

    private VmId(int value) => Value = value;

    public int Value { get; }

    public static string Legal => $"a whole number from {Least} to {Most}";

    public static bool TryCreate(long number, out VmId id)
    {
        var legal = number is >= Least and <= Most;
        id = legal ? new((int)number) : default;
        return legal;
    }

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The key a cluster has here.</summary>
[JsonConverter(typeof(TextValueConverter<ClusterKey>))]
public readonly partial record struct ClusterKey : ITextValue<ClusterKey>
{
    private ClusterKey(string value) => Value = value;

    public string Value { get; }

    public static string Legal => "a cluster's key: lower-case letters, digits and dashes, at most 32 characters";

    public static bool TryParse(string text, out ClusterKey value)
    {
        var legal = Form().IsMatch(text);
        value = legal ? new(text) : default;
        return legal;
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9\-]{0,30}[a-z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}

/// <summary>A node's name as Proxmox takes it.</summary>
[JsonConverter(typeof(TextValueConverter<NodeName>))]
public readonly partial record struct NodeName : ITextValue<NodeName>
{
    private NodeName(string value) => Value = value;

    public string Value { get; }

    public static string Legal => "a node's name: letters, digits and dashes, at most 63 characters";

    public static bool TryParse(string text, out NodeName value)
    {
        var legal = Form().IsMatch(text);
        value = legal ? new(text) : default;
        return legal;
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[a-zA-Z0-9](?:[a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}

/// <summary>A storage's name as Proxmox takes it.</summary>
[JsonConverter(typeof(TextValueConverter<StorageId>))]
public readonly partial record struct StorageId : ITextValue<StorageId>
{
    private StorageId(string value) => Value = value;

    public string Value { get; }

    public static string Legal => "a storage's name: a letter, then letters, digits, dots, dashes and underscores, 2 to 100 characters";

    public static bool TryParse(string text, out StorageId value)
    {
        var legal = Form().IsMatch(text);
        value = legal ? new(text) : default;
        return legal;
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[a-zA-Z][a-zA-Z0-9_.\-]{0,98}[a-zA-Z0-9]\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
