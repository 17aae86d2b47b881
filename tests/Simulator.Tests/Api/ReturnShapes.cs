using System.Globalization;
using System.Text.Json;

namespace Jarvis.Simulator.Tests.Api;

/// <summary>What each endpoint returns by the schema: field, type, required.</summary>
internal sealed class ReturnShapes
{
    // Real clusters send null for these two although the schema says otherwise.
    private static readonly string[] Nullable = ["osdid-list", "pg_num_min"];
    private readonly ILookup<string, Field> fields;

    private sealed record Field(string Path, string Type, bool Required);

    public ReturnShapes()
    {
        using var stream = typeof(ReturnShapes).Assembly.GetManifestResourceStream("returns.tsv")!;
        using var reader = new StreamReader(stream);
        fields = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l =>
            l.Split('\t'))
            .ToLookup(c => $"{c[0]} {c[1]}", c => new Field(c[2], c[3], c[4] == "yes"));
    }

    public bool Knows(string endpoint) => fields.Contains(endpoint);

    public IEnumerable<string> Problems(string endpoint, JsonElement data)
    {
        var all = fields[endpoint].ToArray();
        var root = all.First(f => f.Path == "-");
        if (!Fits(data, root.Type))
        {
            yield return $"data is {data.ValueKind}, not {root.Type}";
            yield break;
        }
        foreach (var field in all.Where(f => f.Path != "-" && !f.Path.Contains("[n]", StringComparison.Ordinal)))
        {
            foreach (var problem in Follow(data, field.Path.Split('.'), 0, field))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> Follow(JsonElement at, string[] path, int step, Field field)
    {
        var name = path[step];
        var list = name.EndsWith("[]", StringComparison.Ordinal);
        name = list ? name[..^2] : name;
        var here = at;
        if (name.Length > 0)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out here))
            {
                return field.Required && step == path.Length - 1 && at.ValueKind == JsonValueKind.Object
                    ? [$"{field.Path} is missing"] : [];
            }
        }
        if (list)
        {
            return here.ValueKind == JsonValueKind.Array
                ? here.EnumerateArray().SelectMany(item => Follow(item, path, step + 1, field)) : [];
        }
        if (step < path.Length - 1)
        {
            return Follow(here, path, step + 1, field);
        }
        return Fits(here, field.Type) || (here.ValueKind == JsonValueKind.Null && Nullable.Contains(name))
            ? [] : [$"{field.Path} is {here.GetRawText()[..Math.Min(60, here.GetRawText().Length)]}, not {field.Type}"];
    }

    private static bool Fits(JsonElement value, string type) => type switch
    {
        "any" => true,
        "null" => value.ValueKind == JsonValueKind.Null,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False || value.ToString() is "0" or "1",
        "integer" => long.TryParse(value.ToString(), CultureInfo.InvariantCulture, out _),
        "number" => double.TryParse(value.ToString(), CultureInfo.InvariantCulture, out _),
        "text" => value.ValueKind == JsonValueKind.String,
        _ => value.ValueKind == JsonValueKind.String && type[5..].Split('|').Contains(value.GetString()),
    };
}
