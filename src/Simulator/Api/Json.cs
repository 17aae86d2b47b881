using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>Short forms of what the answers repeat: 0/1 flags and keys that are left out when empty.</summary>
internal static class Json
{
    public static void Flag(this Utf8JsonWriter json, ReadOnlySpan<byte> name, bool value) =>
        json.WriteNumber(name, value ? 1 : 0);

    public static void OptionalText(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }

    public static void Rounded(this Utf8JsonWriter json, ReadOnlySpan<byte> name, double value) =>
        json.WriteNumber(name, Math.Round(value, 9));

    public static void Objects<T>(this Utf8JsonWriter json, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static void Texts(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }
        json.WriteEndArray();
    }
}
