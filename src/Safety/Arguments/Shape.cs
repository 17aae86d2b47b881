using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jarvis.Safety.Arguments;

/// <summary>What a parameter may be: reads it strictly, writes it canonically, describes it as a schema.</summary>
internal abstract class Shape
{
    /// <summary>What is legal, in words.</summary>
    public abstract string Legal { get; }

    public abstract JsonObject Schema();

    /// <summary>Reads the value that the reader stands on.</summary>
    public abstract object Read(ref Utf8JsonReader reader, string path);

    public abstract void Write(Utf8JsonWriter writer, object value);

    protected MalformedException Wrong(string path) => new($"{path} must be {Legal}.");

    protected MalformedException Wrong(string path, string found) => new($"{path} must be {Legal}; it is {found}.");

    protected static string Found(in Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "another number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.Null => "null",
        _ => "something else",
    };

    /// <summary>Text without what no text has: NUL and control characters but tab and line ends, half surrogates.</summary>
    protected static string Text(ref Utf8JsonReader reader, string path)
    {
        string text;
        try
        {
            text = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new MalformedException($"{path} is not valid Unicode.");
        }

        foreach (var letter in text)
        {
            if (char.IsControl(letter) && letter is not ('\n' or '\r' or '\t'))
            {
                throw new MalformedException($"{path} holds the control character U+{(int)letter:X4}, which no argument may.");
            }
        }
        return text;
    }

    /// <summary>A number written as plain digits: the reader takes no fraction and no exponent for one, and this no minus zero.</summary>
    protected static bool TryWhole(in Utf8JsonReader reader, out long number)
    {
        number = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out number) && (number != 0 || reader.ValueSpan[0] != (byte)'-');
    }
}
