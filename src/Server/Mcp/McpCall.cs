using System.Runtime.InteropServices;
using System.Text.Json;
using Jarvis.Safety;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Jarvis.Server.Mcp;

/// <summary>Who sent this request, and the arguments in it as they came: what the SDK has read keeps the last of two equal names.</summary>
internal sealed class McpCall
{
    private static readonly JsonDocumentOptions Plain = new() { MaxDepth = 64 };

    public Caller.McpClient? Client { get; set; }

    /// <summary>The bytes of <c>params.arguments</c>; those of an empty object when there are none.</summary>
    public ReadOnlyMemory<byte> Arguments { get; private set; } = "{}"u8.ToArray();

    /// <summary>The tool that is called, empty where that cannot be read; null for what calls none.</summary>
    public string? Tool { get; private set; }

    /// <summary>Something answered the call; else the SDK refused it, and nobody has written it down.</summary>
    public bool Answered { get; set; }

    /// <summary>Where people reach this server.</summary>
    public string Home { get; private set; } = "";

    /// <summary>Reads the body ahead of the SDK; says what is wrong with it, or null.</summary>
    public (McpErrorCode Code, string Why)? Read(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        Home = $"{request.Scheme}://{request.Host}";
        Tool = "";
        try
        {
            using var message = JsonDocument.Parse(body, Plain);
            if (Doubled(message.RootElement) is { } name) return (McpErrorCode.InvalidRequest, $"The name {PlainText.Shown(name, 60)} stands twice in one object.");
            Tool = ToolIn(message.RootElement);
            if (ArgumentsOf(message.RootElement) is { } arguments) Arguments = JsonMarshal.GetRawUtf8Value(arguments).ToArray();
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (McpErrorCode.ParseError, $"The message is not whole, plain JSON in valid Unicode, at most {Plain.MaxDepth} levels deep.");
        }
    }

    private static string? ToolIn(JsonElement message) =>
        Text(message, "method") != RequestMethods.ToolsCall ? null
        : message.TryGetProperty("params", out var sent) && sent.ValueKind == JsonValueKind.Object ? Text(sent, "name") ?? "" : "";

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

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
