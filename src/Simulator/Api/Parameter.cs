using System.Globalization;
using System.Text.RegularExpressions;

namespace Jarvis.Simulator.Api;

internal enum ParameterType
{
    Text,
    Integer,
    Number,
    Boolean,
    Array,
}

/// <summary>One parameter as the endpoint table declares it, e.g. <c>limit?:integer(0..)</c> or <c>net[n]?</c>.</summary>
internal sealed record Parameter(string Name, ParameterType Type, bool Optional)
{
    public double Minimum { get; init; } = double.NegativeInfinity;
    public double Maximum { get; init; } = double.PositiveInfinity;
    public string[]? Values { get; init; }
    public string? Format { get; init; }

    /// <summary>Name without the [n] of numbered parameters, which match name0, name1 …</summary>
    public string Stem => Numbered ? Name[..^3] : Name;
    public bool Numbered => Name.EndsWith("[n]", StringComparison.Ordinal);

    public static Parameter Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? text : text[..colon];
        var type = colon < 0 ? "string" : text[(colon + 1)..];
        var open = type.IndexOf('(', StringComparison.Ordinal);
        var detail = open < 0 ? "" : type[(open + 1)..^1];
        var kind = open < 0 ? type : type[..open];
        var parameter = new Parameter(name.TrimEnd('?'), TypeOf(kind), name.EndsWith('?'));
        return kind switch
        {
            "enum" => parameter with { Values = detail.Split('|') },
            "integer" or "number" when detail.Length > 0 => parameter with
            {
                Minimum = Bound(detail.Split("..")[0], double.NegativeInfinity),
                Maximum = Bound(detail.Split("..")[1], double.PositiveInfinity),
            },
            "vmid" => parameter with { Format = kind, Minimum = 100, Maximum = 999_999_999 },
            _ => parameter with
            {
                Format = kind is "string" or "integer" or "number" or "boolean" or "array" ? null
                : kind
            },
        };
    }

    /// <summary>Proxmox's words for what is wrong with the values, or null.</summary>
    public string? Check(string[] values)
    {
        if (Type == ParameterType.Array)
        {
            return null;
        }
        if (values.Length > 1)
        {
            return $"type check ('{Type.ToString().ToLowerInvariant().Replace("text", "string", StringComparison.Ordinal)}') failed - got ARRAY";
        }
        var value = values[0];
        return Type switch
        {
            ParameterType.Boolean when AsBoolean(value) is null => $"type check ('boolean') failed - got '{value}'",
            ParameterType.Integer when Format == "vmid" && !Regex.IsMatch(value, @"^[1-9][0-9]{2,8}$") =>
                "invalid format - value does not look like a valid VM ID",
            ParameterType.Integer when !long.TryParse(value, NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture, out _) =>
                $"type check ('integer') failed - got '{value}'",
            ParameterType.Number when !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture,
                out _) =>
                $"type check ('number') failed - got '{value}'",
            ParameterType.Integer or ParameterType.Number =>
                CheckRange(double.Parse(value, CultureInfo.InvariantCulture)),
            _ when Values is not null && !Values.Contains(value) =>
                $"value '{value}' does not have a value in the enumeration '{string.Join(", ", Values)}'",
            _ => Format is not null ? Formats.Check(Format, value) : null,
        };
    }

    public static bool? AsBoolean(string value) => value.ToLowerInvariant() switch
    {
        "1" or "on" or "yes" or "true" => true,
        "0" or "off" or "no" or "false" => false,
        _ => null,
    };

    private static ParameterType TypeOf(string kind) => kind switch
    {
        "integer" or "vmid" => ParameterType.Integer,
        "number" => ParameterType.Number,
        "boolean" => ParameterType.Boolean,
        "array" => ParameterType.Array,
        _ => ParameterType.Text,
    };

    private static double Bound(string text, double none) =>
        text.Length == 0 ? none : double.Parse(text, CultureInfo.InvariantCulture);

    private string? CheckRange(double value) =>
        value < Minimum ? $"value must have a minimum value of {Minimum}"
        : value > Maximum ? $"value must have a maximum value of {Maximum}"
        : null;
}
