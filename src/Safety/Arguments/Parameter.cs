using System.Text.Json.Nodes;

namespace Jarvis.Safety.Arguments;

/// <summary>One thing that a tool, or an object within its arguments, takes.</summary>
internal sealed record Parameter
{
    /// <summary>As it stands in the JSON, snake_case.</summary>
    public required string Name { get; init; }
    public required string Member { get; init; }
    public required Type Type { get; init; }
    public required Shape Shape { get; init; }
    public required bool Required { get; init; }
    public required object? Default { get; init; }
    public required bool NullIsLegal { get; init; }
    public required TargetAttribute? Target { get; init; }
    public required string? Description { get; init; }

    public JsonObject Schema()
    {
        var schema = Shape.Schema();
        if (Description is not null) schema["description"] = schema["description"] is { } legal ? $"{Description} ({legal})" : Description;
        if (Default is { } usual) schema["default"] = JsonNode.Parse(CanonicalJson.Of(Shape, usual));
        return schema;
    }
}
