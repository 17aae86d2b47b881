using System.Text.RegularExpressions;

namespace Jarvis.Simulator.Api;

/// <summary>The named formats of text parameters, with Proxmox's wording when a value does not fit.</summary>
internal static partial class Formats
{
    public static string? Check(string format, string value) => format switch
    {
        "node" when !Node().IsMatch(value) => $"invalid format - value does not look like a valid node name",
        "id" when !Identifier().IsMatch(value) => $"invalid format - invalid configuration ID '{value}'",
        "snapname" when !Identifier().IsMatch(value) => $"invalid format - invalid configuration ID '{value}'",
        "snapname" when value.Length > 40 => "value may only be 40 characters long",
        "dns" when !Dns().IsMatch(value) => "invalid format - value does not look like a valid DNS name",
        "storage" when !Storage().IsMatch(value) =>
            $"invalid format - storage ID '{value}' contains illegal characters",
        "userid" when !UserId().IsMatch(value) =>
            $"invalid format - value '{value}' does not look like a valid user name",
        "tokenid" when !TokenId().IsMatch(value) => "value does not match the regex pattern",
        "size" when !Size().IsMatch(value) => "value does not match the regex pattern",
        "digest" when value.Length > 64 => "value may only be 64 characters long",
        "list" => null,
        _ => null,
    };

    [GeneratedRegex(@"^[a-zA-Z0-9]([a-zA-Z0-9\-]*[a-zA-Z0-9])?$")]
    private static partial Regex Node();

    [GeneratedRegex(@"^[a-zA-Z][a-zA-Z0-9_\-]+$")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9.\-_]+$")]
    private static partial Regex TokenId();

    [GeneratedRegex(@"^([a-zA-Z0-9]([a-zA-Z0-9\-]*[a-zA-Z0-9])?)(\.[a-zA-Z0-9]([a-zA-Z0-9\-]*[a-zA-Z0-9])?)*$")]
    private static partial Regex Dns();

    [GeneratedRegex(@"^[a-zA-Z][a-zA-Z0-9\-_.]*[a-zA-Z0-9]$")]
    private static partial Regex Storage();

    [GeneratedRegex(@"^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+$")]
    private static partial Regex UserId();

    [GeneratedRegex(@"^\+?\d+(\.\d+)?[KMGT]?$")]
    private static partial Regex Size();
}
