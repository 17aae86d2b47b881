using System.Text.Json;

namespace Jarvis.Server.Gate;

/// <summary>A call as it was sent. The arguments stay the bytes they were, so that nothing in them is lost before the kernel
/// has seen it.</summary>
internal sealed record ExecuteRequest(string Tool, ReadOnlyMemory<byte> Arguments, bool Confirmed, bool DryRun, string? Seen = null)
{
    private const int Deepest = 1_000;

    /// <summary>What is wrong with it, or null; it holds the tool's name as far as that was read.</summary>
    public static string? Read(ReadOnlyMemory<byte> body, out ExecuteRequest request)
    {
        request = new("", "{}"u8.ToArray(), false, false);
        HashSet<string> seen = new(StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(body.Span, new() { MaxDepth = Deepest });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return "The body must be an object.";
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                if (!seen.Add(name)) return "A member stands twice in the body.";
                reader.Read();
                switch (name)
                {
                    case "tool" when reader.TokenType == JsonTokenType.String:
                        request = request with { Tool = reader.GetString()! };
                        break;
                    case "args" when reader.TokenType == JsonTokenType.StartObject:
                        var begin = (int)reader.TokenStartIndex;
                        reader.Skip();
                        request = request with { Arguments = body[begin..(int)reader.BytesConsumed] };
                        break;
                    case "confirmed" when reader.TokenType is JsonTokenType.True or JsonTokenType.False:
                        request = request with { Confirmed = reader.GetBoolean() };
                        break;
                    case "dryRun" when reader.TokenType is JsonTokenType.True or JsonTokenType.False:
                        request = request with { DryRun = reader.GetBoolean() };
                        break;
                    case "seen" when reader.TokenType is JsonTokenType.String:
                        request = request with { Seen = reader.GetString() };
                        break;
                    default:
                        return "The body takes tool (text), args (object), confirmed and dryRun (true or false), seen (text, as the dry run gave it), and nothing else.";
                }
            }

            if (reader.TokenType != JsonTokenType.EndObject || reader.Read()) return "The body must be one object.";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "The body is not JSON.";
        }

        return seen.Contains("tool") ? null : "tool is missing.";
    }
}
