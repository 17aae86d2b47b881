using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jarvis.Safety.Arguments;

/// <summary>An object with known members and no others; its value is an array in the order of the members.</summary>
internal sealed class Fields : Shape
{
    private readonly Parameter[] _members;
    private readonly int[] _written;

    public Fields(IReadOnlyList<Parameter> members)
    {
        _members = [.. members];
        _written = [.. Enumerable.Range(0, _members.Length).OrderBy(i => _members[i].Name, StringComparer.Ordinal)];
    }

    public IReadOnlyList<Parameter> Members => _members;

    public override string Legal =>
        _members.Length == 0 ? "an empty object" : $"an object with {string.Join(", ", _members.Select(m => m.Required ? m.Name : m.Name + " (optional)"))}";

    public override JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(_members.Select(m => KeyValuePair.Create(m.Name, (JsonNode?)m.Schema()))),
        ["required"] = new JsonArray([.. _members.Where(m => m.Required).Select(m => (JsonNode)m.Name)]),
        ["additionalProperties"] = false,
    };

    public override object Read(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw Wrong(path, Found(reader));
        var values = new object?[_members.Length];
        var seen = new bool[_members.Length];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var index = IndexOf(ref reader, path);
            if (seen[index]) throw new MalformedException($"{Within(path, index)} is given twice.");
            seen[index] = true;
            reader.Read();
            var member = _members[index];
            values[index] = reader.TokenType != JsonTokenType.Null ? member.Shape.Read(ref reader, Within(path, index))
                : member.NullIsLegal ? null
                : throw new MalformedException($"{Within(path, index)} must be {member.Shape.Legal}; it is null.");
        }

        for (var i = 0; i < _members.Length; i++)
        {
            if (seen[i]) continue;
            if (_members[i].Required) throw new MalformedException($"{Within(path, i)} is missing; it must be {_members[i].Shape.Legal}.");
            values[i] = _members[i].Default;
        }
        return values;
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        var values = (object?[])value;
        writer.WriteStartObject();
        foreach (var i in _written)
        {
            if (values[i] is not { } member) continue;
            writer.WritePropertyName(_members[i].Name);
            _members[i].Shape.Write(writer, member);
        }
        writer.WriteEndObject();
    }

    private int IndexOf(ref Utf8JsonReader reader, string path)
    {
        for (var i = 0; i < _members.Length; i++)
        {
            if (reader.ValueTextEquals(_members[i].Name)) return i;
        }
        var name = PlainText.Shown(reader.ValueSpan.Length > 400 ? "a very long name" : Text(ref reader, "A name of the arguments"), 60);
        var whole = path.Length == 0 ? "This tool" : path;
        throw new MalformedException($"{whole} takes nothing called {name}; legal is {Legal}. Names are written exactly so.");
    }

    private string Within(string path, int index) => path.Length == 0 ? _members[index].Name : $"{path}.{_members[index].Name}";
}
