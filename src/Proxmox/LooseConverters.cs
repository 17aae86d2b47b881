using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jarvis.Proxmox;

internal delegate T? ReadScalar<T>(ref Utf8JsonReader reader)
    where T : struct;

/// <summary>Reads a scalar in any of the shapes Proxmox sends it in; what cannot be read is null, which means unknown.</summary>
internal sealed class LooseNullable<T>(ReadScalar<T> read) : JsonConverter<T?>
    where T : struct
{
    public override bool HandleNull => true;

    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => read(ref reader);

    public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options) => throw new NotSupportedException();
}

internal sealed class Loose<T>(ReadScalar<T> read) : JsonConverter<T>
    where T : struct
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        read(ref reader) ?? throw new JsonException($"A {typeof(T).Name} was expected.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => throw new NotSupportedException();
}

internal static class LooseScalars
{
    private const double LongLimit = 9.2233720368547748e18;

    public static bool? ReadBoolean(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            return reader.GetBoolean();
        }

        if (reader.TokenType != JsonTokenType.String || ReadDouble(ref reader) is not null)
        {
            return ReadDouble(ref reader) is { } number ? number != 0 : null;
        }

        return reader.GetString()!.Trim().ToUpperInvariant() switch
        {
            "" or "FALSE" or "NO" or "OFF" => false,
            "TRUE" or "YES" or "ON" => true,
            _ => null,
        };
    }

    public static int? ReadInt32(ref Utf8JsonReader reader) =>
        ReadInt64(ref reader) is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;

    public static long? ReadInt64(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var whole))
        {
            return whole;
        }

        if (reader.TokenType == JsonTokenType.String && !reader.HasValueSequence && !reader.ValueIsEscaped
            && Utf8Parser.TryParse(reader.ValueSpan, out whole, out var used) && used == reader.ValueSpan.Length)
        {
            return whole;
        }

        return ReadDouble(ref reader) is { } number && Math.Abs(number) < LongLimit
            ? (long)Math.Round(number, MidpointRounding.AwayFromZero)
            : null;
    }

    public static double? ReadDouble(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number => Finite(reader.GetDouble()),
        JsonTokenType.String => double.TryParse(
            reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? Finite(number) : null,
        JsonTokenType.True => 1,
        JsonTokenType.False => 0,
        JsonTokenType.Null => null,
        _ => throw new JsonException($"A number was expected, not {reader.TokenType}."),
    };

    private static double? Finite(double number) => double.IsFinite(number) ? number : null;
}

/// <summary>Reads text, also where a number or boolean was sent, and hands out one instance for texts that repeat.</summary>
internal sealed class PooledText : JsonConverter<string>
{
    private const int Slots = 4096;
    private const int LongestPooled = 48;
    private readonly string?[] pool = new string?[Slots];

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.String => ReadText(ref reader),
            JsonTokenType.Number => Encoding.ASCII.GetString(
                reader.HasValueSequence ? System.Buffers.BuffersExtensions.ToArray(reader.ValueSequence) : reader.ValueSpan),
            JsonTokenType.True => "1",
            JsonTokenType.False => "0",
            _ => throw new JsonException($"A text was expected, not {reader.TokenType}."),
        };

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        throw new NotSupportedException();

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ReadText(ref reader);

    private string ReadText(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length > LongestPooled)
        {
            return reader.GetString()!;
        }

        var hash = new HashCode();
        hash.AddBytes(reader.ValueSpan);
        // Two places a hash: with one, two texts that every row has and that share it would push each other out for ever.
        var first = hash.ToHashCode() & (Slots - 2);
        var latest = Volatile.Read(ref pool[first]);
        if (Is(ref reader, latest))
        {
            return latest;
        }

        var former = Volatile.Read(ref pool[first + 1]);
        var text = Is(ref reader, former) ? former : reader.GetString()!;
        Volatile.Write(ref pool[first + 1], latest);
        Volatile.Write(ref pool[first], text);
        return text;
    }

    private static bool Is(ref Utf8JsonReader reader, [NotNullWhen(true)] string? text) =>
        text is not null && Ascii.Equals(reader.ValueSpan, text);
}
