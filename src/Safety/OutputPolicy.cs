using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Jarvis.Safety;

/// <summary>What a tool gave, fit for a model, a log and a screen; with a handle to the rest when it was cut.</summary>
public sealed record ToolOutput(string Text, bool IsJson, int TotalBytes, string? Handle);

/// <summary>Cleans, redacts and cuts what tools give.</summary>
internal sealed class OutputPolicy(int mostBytes, SecretRedactor redactor, OutputShelf shelf)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>What <see cref="Of"/> makes of a type, as a schema; null for text and for nothing.</summary>
    public static JsonElement? SchemaOf(Type given)
    {
        if (given == typeof(string) || given == typeof(void) || given == typeof(Task) || given == typeof(ValueTask)) return null;
        var schema = Options.GetJsonSchemaAsNode(given, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        return JsonSerializer.SerializeToElement(schema, SafetyJson.Default.JsonNode);
    }

    public ToolOutput Of(object? result, string actor)
    {
        var isJson = result is not string;
        var text = result is string words ? Clean(words) : redactor.Redact(JsonSerializer.SerializeToNode(result, Options), PlainText.Stripped)?.ToJsonString() ?? "null";
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes <= mostBytes) return new(text, isJson, bytes, null);
        return new(Cut(text, mostBytes), IsJson: false, bytes, shelf.Keep(text, actor));
    }

    public string Redact(string text) => redactor.Redact(text);

    public string Clean(string text) => redactor.Redact(PlainText.Stripped(text));

    /// <summary>A canonical text of arguments as the audit and screens may have it.</summary>
    public string Arguments(string canonical) => redactor.Redact(JsonNode.Parse(canonical), static text => text)?.ToJsonString() ?? "{}";

    internal static string Cut(string text, int mostBytes)
    {
        var (bytes, length) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > mostBytes) break;
            bytes += rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }
        return text[..length];
    }
}
