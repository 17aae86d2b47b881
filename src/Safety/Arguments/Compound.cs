using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jarvis.Safety.Arguments;

/// <summary>A list with a cap; its value is an array of the element's type.</summary>
internal sealed class Several(Type element, Shape shape, int least, int most) : Shape
{
    public Shape Element => shape;

    public override string Legal => least == 0 ? $"a list of at most {most}, each {shape.Legal}" : $"a list of {least} to {most}, each {shape.Legal}";

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = shape.Schema(), ["maxItems"] = most };
        if (least > 0) schema["minItems"] = least;
        return schema;
    }

    public override object Read(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Wrong(path, Found(reader));
        var items = new List<object>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (items.Count == most) throw Wrong(path, "longer");
            items.Add(shape.Read(ref reader, $"{path}[{items.Count}]"));
        }
        return items.Count >= least ? Array(items) : throw Wrong(path, "shorter");
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        writer.WriteStartArray();
        foreach (var item in (Array)value) shape.Write(writer, item!);
        writer.WriteEndArray();
    }

    public Array Array(List<object> items)
    {
        var array = System.Array.CreateInstance(element, items.Count);
        for (var i = 0; i < items.Count; i++) array.SetValue(items[i], i);
        return array;
    }
}

/// <summary>An object that becomes a record by its primary constructor.</summary>
internal sealed class Entity(ConstructorInfo constructor, Fields fields) : Shape
{
    private readonly PropertyInfo[] _properties = [.. fields.Members.Select(m => constructor.DeclaringType!.GetProperty(m.Member)!)];

    public Fields Fields => fields;

    public override string Legal => fields.Legal;

    public override JsonObject Schema() => fields.Schema();

    public override object Read(ref Utf8JsonReader reader, string path) => Made((object?[])fields.Read(ref reader, path));

    public override void Write(Utf8JsonWriter writer, object value) => fields.Write(writer, Values(value));

    public object Made(object?[] values) => constructor.Invoke(values);

    public object?[] Values(object value) => [.. _properties.Select(p => p.GetValue(value))];
}
