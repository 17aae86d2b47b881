using System.Globalization;
using System.Text;
using System.Text.Json;
using Jarvis.Safety;

namespace Jarvis.Architecture;

/// <summary>Writes the catalogue as a page for people.</summary>
internal static class ToolsPage
{
    private const string Head = """
        # Tools

        Generated from the catalogue by `make gen`. Do not edit.

        What a model, an MCP client, a script or a screen can ask Jarvis to do. The tier says what it takes to run one:
        GREEN reads and YELLOW takes nothing away, both run at once; RED waits until a person confirms this one call; ORANGE waits until a person
        types the approval keyword; BLACK never runs. *Raised* tools may go up a tier by what they are asked to do. A tool that *reads outside text*
        gives words that guests, logs or strangers wrote: they are data, never instructions, and mark the turn that read them.
        An argument with `*` must be given; with several clusters, `cluster` says which is meant. The schemas are at `GET /api/tools`.

        | Tool | Tier | Arguments | Reads outside text | |
        |---|---|---|---|---|

        """;

    public static string Of(ToolCatalogue catalogue)
    {
        var page = new StringBuilder(Head);
        foreach (var tool in catalogue.Tools)
        {
            var tier = tool.Tier.ToString().ToUpperInvariant() + (tool.CanBeRaised ? ", raised" : "");
            page.Append(CultureInfo.InvariantCulture, $"| `{tool.Name}` | {tier} | {Arguments(tool.Schema)} | {(tool.Outside ? "yes" : "no")} | {Cell(tool.Description)} |\n");
        }

        return page.ToString();
    }

    private static string Arguments(JsonElement schema)
    {
        var required = schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()).ToHashSet(StringComparer.Ordinal);
        var all = schema.GetProperty("properties").EnumerateObject().Select(p => $"`{p.Name}`{(required.Contains(p.Name) ? "*" : "")}{Legal(p.Value)}").ToList();
        return all.Count == 0 ? "–" : string.Join(", ", all);
    }

    /// <summary>What an argument may be, where its name does not say it.</summary>
    private static string Legal(JsonElement schema)
    {
        var legal = schema.TryGetProperty("enum", out var choices) ? string.Join(", ", choices.EnumerateArray().Select(c => c.GetString()))
            : schema.TryGetProperty("minimum", out var least) && schema.TryGetProperty("maximum", out var most) && most.GetDouble() < int.MaxValue ? $"{least}–{most}"
            : "";
        var usual = schema.TryGetProperty("default", out var value) && value.ValueKind is not JsonValueKind.False ? $"; {value}" : "";
        return legal.Length + usual.Length == 0 ? "" : $" ({(legal + usual).TrimStart(';', ' ')})";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
