using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jarvis.Safety.Arguments;

internal sealed class WholeNumber(long least, long most, bool wide) : Shape
{
    public override string Legal => $"a whole number from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)}";

    public override JsonObject Schema() => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };

    public override object Read(ref Utf8JsonReader reader, string path) =>
        TryWhole(reader, out var number) && number >= least && number <= most ? wide ? number : (object)(int)number : throw Wrong(path, Found(reader));

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
}

internal sealed class RealNumber(double least, double most) : Shape
{
    public override string Legal => string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}");

    public override JsonObject Schema() => new() { ["type"] = "number", ["minimum"] = least, ["maximum"] = most };

    public override object Read(ref Utf8JsonReader reader, string path) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) && number >= least && number <= most && (number != 0 || !double.IsNegative(number))
            ? number : throw Wrong(path, Found(reader));

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteNumberValue((double)value);
}

internal sealed class Truth : Shape
{
    public override string Legal => "true or false";

    public override JsonObject Schema() => new() { ["type"] = "boolean" };

    public override object Read(ref Utf8JsonReader reader, string path) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Wrong(path, Found(reader)),
    };

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteBooleanValue((bool)value);
}

internal sealed class FreeText(int least, int most) : Shape
{
    public override string Legal => least == 0 ? $"text of at most {most} characters" : $"text of {least} to {most} characters";

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "string", ["maxLength"] = most };
        if (least > 0) schema["minLength"] = least;
        return schema;
    }

    public override object Read(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType != JsonTokenType.String) throw Wrong(path, Found(reader));
        // An escape takes at most six bytes a character: what is longer is not worth unescaping.
        if (reader.ValueSpan.Length > 6L * most) throw Wrong(path, "longer");
        var text = Text(ref reader, path);
        return text.Length >= least && text.Length <= most ? text : throw Wrong(path, $"{text.Length} long");
    }

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteStringValue((string)value);
}

internal sealed class Choice(Type type) : Shape
{
    private readonly (string Name, object Value)[] _choices =
        [.. Enum.GetNames(type).Select(name => (JsonNamingPolicy.SnakeCaseLower.ConvertName(name), Enum.Parse(type, name)))];

    public override string Legal => $"one of {string.Join(", ", _choices.Select(c => c.Name))}";

    public override JsonObject Schema() => new() { ["type"] = "string", ["enum"] = new JsonArray([.. _choices.Select(c => (JsonNode)c.Name)]) };

    public override object Read(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType != JsonTokenType.String) throw Wrong(path, Found(reader));
        foreach (var (name, value) in _choices)
        {
            if (reader.ValueTextEquals(name)) return value;
        }
        throw Wrong(path);
    }

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteStringValue(_choices.First(c => c.Value.Equals(value)).Name);
}

internal sealed class Named<T> : Shape where T : struct, ITextValue<T>
{
    private const int MostBytes = 4096;

    public override string Legal => T.Legal;

    public override JsonObject Schema() => new() { ["type"] = "string", ["description"] = T.Legal };

    public override object Read(ref Utf8JsonReader reader, string path) =>
        reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= MostBytes
            ? T.TryParse(Text(ref reader, path), out var value) ? value : throw Wrong(path)
            : throw Wrong(path, Found(reader));

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteStringValue(((T)value).Value);
}

internal sealed class GuestNumber : Shape
{
    public override string Legal => VmId.Legal;

    public override JsonObject Schema() => new() { ["type"] = "integer", ["minimum"] = VmId.Least, ["maximum"] = VmId.Most };

    public override object Read(ref Utf8JsonReader reader, string path) =>
        TryWhole(reader, out var number) && VmId.TryCreate(number, out var id) ? id : throw Wrong(path, Found(reader));

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteNumberValue(((VmId)value).Value);
}

internal sealed class GuestName : Shape
{
    private const int MostBytes = 4096;

    public override string Legal => GuestRef.Legal;

    public override JsonObject Schema() => new()
    {
        ["description"] = "a guest's number, or its exact name",
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "integer", ["minimum"] = VmId.Least, ["maximum"] = VmId.Most },
            new JsonObject { ["type"] = "string", ["maxLength"] = 253 }),
    };

    public override object Read(ref Utf8JsonReader reader, string path)
    {
        if (TryWhole(reader, out var number) && VmId.TryCreate(number, out var id)) return GuestRef.Of(id);
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > MostBytes) throw Wrong(path, Found(reader));
        return GuestRef.TryParse(Text(ref reader, path), out var guest) ? guest : throw Wrong(path);
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        var guest = (GuestRef)value;
        if (guest.Resolved) writer.WriteNumberValue(guest.Id.Value);
        else writer.WriteStringValue(guest.Name);
    }
}
