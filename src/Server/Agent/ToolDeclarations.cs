using System.Text.Json;
using Jarvis.Safety;
using Jarvis.Server.Agent.Providers;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent;

/// <summary>The catalogue as models are told of it: what tools are called, what they are for and what they take. None can be run from here.</summary>
internal sealed class ToolDeclarations(SafetyKernel kernel, SmallProfile small)
{
    private const double MostOfContext = 0.35;

    /// <summary>Reads on in a result that was cut; it is no tool of the catalogue, for it reaches nothing but what was already given.</summary>
    public const string ReadMore = "read_more";

    internal static AITool More { get; } = AIFunctionFactory.CreateDeclaration(
        ReadMore, "[GREEN] Reads on in a result that was cut.",
        JsonElement.Parse("""{"type":"object","properties":{"handle":{"type":"string"},"offset":{"type":"integer","minimum":0,"description":"Characters to skip."}},"required":["handle"],"additionalProperties":false}"""));

    private readonly Lazy<IReadOnlyList<AITool>> _all = new(() =>
    [
        .. kernel.Invoker.Catalogue.Tools.Where(t => t.Tier < Tier.Black).Select(t => AIFunctionFactory.CreateDeclaration(t.Name, $"[{t.Tier.ToString().ToUpperInvariant()}] {t.Description}", t.Schema))
            .Append(More)
            .OrderBy(t => t.Name, StringComparer.Ordinal),
    ]);

    /// <summary>By name, so that the prefix which providers keep stays the same.</summary>
    public IReadOnlyList<AITool> All => _all.Value;

    /// <summary>All of them, or the few that stand for all where a model could read little else.</summary>
    public IReadOnlyList<AITool> For(ModelCard? card) =>
        card is not { CallsTools: true } ? [] : ContextBudget.TokensOf(All) > card.ContextTokens * MostOfContext ? small.All : All;
}
