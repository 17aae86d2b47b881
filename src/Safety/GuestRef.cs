using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Jarvis.Safety;

/// <summary>A guest by its number or its exact name. When a tool runs it is always the number: names are resolved before.</summary>
[JsonConverter(typeof(GuestRefConverter))]
public readonly partial record struct GuestRef
{
    private readonly VmId? _id;

    private GuestRef(VmId? id, string? name) => (_id, Name) = (id, name);

    public static string Legal => $"a guest's number ({VmId.Legal}) or its exact name (letters, digits, dots and dashes, not digits alone)";

    public string? Name { get; }

    public bool Resolved => _id is not null;

    /// <exception cref="InvalidOperationException">It is still a name.</exception>
    public VmId Id => _id ?? throw new InvalidOperationException($"The guest {Name} was not resolved.");

    public static GuestRef Of(VmId id) => new(id, null);

    public static bool TryParse(string name, out GuestRef value)
    {
        var legal = Form().IsMatch(name) && !name.All(char.IsAsciiDigit);
        value = legal ? new(null, name) : default;
        return legal;
    }

    public override string ToString() => Name ?? _id?.ToString() ?? "";

    [GeneratedRegex(@"\A[a-zA-Z0-9](?:[a-zA-Z0-9.\-]{0,251}[a-zA-Z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}

internal sealed class GuestRefConverter : JsonConverter<GuestRef>
{
    public override GuestRef Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt64(out var number) && VmId.TryCreate(number, out var id) => GuestRef.Of(id),
        JsonTokenType.String when GuestRef.TryParse(reader.GetString()!, out var value) => value,
        _ => throw new JsonException($"Legal is {GuestRef.Legal}."),
    };

    public override void Write(Utf8JsonWriter writer, GuestRef value, JsonSerializerOptions options)
    {
        if (value.Resolved) writer.WriteNumberValue(value.Id.Value);
        else writer.WriteStringValue(value.Name);
    }
}
