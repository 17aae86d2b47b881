using System.Runtime.InteropServices;
using System.Text.Json;
using Jarvis.Safety;

namespace Jarvis.Server.Mcp;

/// <summary>Who sent this request, and the arguments in it as they came: what the SDK has read keeps the last of two equal names.</summary>
internal sealed class McpCall
{
    private static readonly JsonDocumentOptions Plain = new() { MaxDepth = 64 };

    public Caller.McpClient? Client { get; set; }

    /// <summary>The bytes of <c>params.arguments</c>; those of an empty object when there are none.</summary>
    public ReadOnlyMemory<byte> Arguments { get; private set; } = "{}"u8.ToArray();

    /// <summary>Where people reach this server.</summary>
    public string Home { get; private set; } = "";

    /// <summary>Reads the body ahead of the SDK; says what is wrong with it, or null. Text that is no JSON is left to the SDK.</summary>
    public string? Read(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        Home = $"{request.Scheme}://{request.Host}";
        try
        {
            using var message = JsonDocument.Parse(body, Plain);
            if (Doubled(message.RootElement) is { } name) return $"The name {PlainText.Shown(name, 60)} stands twice in one object.";
            if (ArgumentsOf(message.RootElement) is { } arguments) Arguments = JsonMarshal.GetRawUtf8Value(arguments).ToArray();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The arguments themselves are the door's to read, which writes down what it refuses.
    private static string? Doubled(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array) return element.EnumerateArray().Select(Doubled).FirstOrDefault(d => d is not null);
        if (element.ValueKind != JsonValueKind.Object) return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (!names.Add(property.Name)) return property.Name;
            if (property.Name != "arguments" && Doubled(property.Value) is { } inside) return inside;
        }
        return null;
    }

    private static JsonElement? ArgumentsOf(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty("params", out var sent) && sent.ValueKind == JsonValueKind.Object
            && sent.TryGetProperty("arguments", out var arguments) ? arguments : null;
}
