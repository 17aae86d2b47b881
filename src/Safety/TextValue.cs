using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jarvis.Safety;

/// <summary>A name with a narrow grammar and one parser.</summary>
public interface ITextValue<TSelf> where TSelf : struct, ITextValue<TSelf>
{
    /// <summary>What is legal, in words.</summary>
    static abstract string Legal { get; }

    static abstract bool TryParse(string text, out TSelf value);

    string Value { get; }
}

internal sealed class TextValueConverter<T> : JsonConverter<T> where T : struct, ITextValue<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && T.TryParse(reader.GetString()!, out var value) ? value : throw new JsonException($"Legal is {T.Legal}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

internal sealed class VmIdConverter : JsonConverter<VmId>
{
    public override VmId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var id) && VmId.TryCreate(id, out var value)
            ? value : throw new JsonException($"Legal is {VmId.Legal}.");

    public override void Write(Utf8JsonWriter writer, VmId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}
