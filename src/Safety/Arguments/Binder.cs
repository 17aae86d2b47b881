using System.Text.Json;

namespace Jarvis.Safety.Arguments;

/// <summary>Turns the bytes that arrived into typed values, or says what is wrong with them. Nothing is guessed or mended.</summary>
internal static class Binder
{
    public const int MostBytes = 2 * 1024 * 1024;
    public const int MostDepth = 32;

    /// <exception cref="MalformedException">They are not what the tool takes.</exception>
    public static object?[] Bind(Fields fields, ReadOnlySpan<byte> json)
    {
        if (json.Length > MostBytes) throw new MalformedException($"The arguments are {json.Length} bytes long; {MostBytes} are the most.");
        if (json.IsEmpty) throw new MalformedException("The arguments are missing; without any they are {}.");
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MostDepth });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw new MalformedException("The arguments must be a JSON object.");
            var values = (object?[])fields.Read(ref reader, "");
            while (reader.Read())
            {
            }
            return values;
        }
        catch (JsonException)
        {
            throw new MalformedException($"The arguments are not whole, plain JSON (at byte {reader.BytesConsumed}; at most {MostDepth} levels deep).");
        }
        catch (InvalidOperationException)
        {
            throw new MalformedException("The arguments hold text that is not valid Unicode.");
        }
    }
}
