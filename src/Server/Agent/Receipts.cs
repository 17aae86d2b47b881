using System.Globalization;
using System.Text.Json;
using Jarvis.Safety;
using Jarvis.Server.Agent.Understanding;
using Jarvis.Server.Cluster;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent;

/// <summary>What was done is shown by the gate's receipts, never by a model's words.</summary>
internal static class Receipts
{
    /// <summary>The sentence of an answer that claims an action of which this conversation has no receipt; null when there is none.</summary>
    public static string? Unproven(Answer answer, IReadOnlyList<ChatMessage> history, LiveClusters clusters)
    {
        if (Claims.In(answer.Text) is not { } claim) return null;
        var done = answer.Tools.Where(t => t is { Status: ToolStatus.Completed, Tier: > Tier.Green }).Select(t => t.Args).ToList();
        var named = Mentions.In(Said.Of(claim), [.. clusters.All.Select(c => c.Current.View)]).Select(m => m.Guest is { } g ? (g.Name, g.Vmid.ToString(CultureInfo.InvariantCulture)) : (m.Node?.Name ?? m.Storage?.Name ?? "", "")).Where(n => n.Item1.Length > 0).ToList();
        if (named.Count == 0) return done.Count > 0 || Earlier(history).Any() ? null : claim;
        var args = done.Select(Values).Concat(Earlier(history)).ToList();
        return named.All(n => args.Any(a => a.Contains(n.Item1) || n.Item2.Length > 0 && a.Contains(n.Item2))) ? null : claim;
    }

    /// <summary>What calls of earlier answers were made with that are known to have completed.</summary>
    private static IEnumerable<HashSet<string>> Earlier(IReadOnlyList<ChatMessage> history)
    {
        var completed = history.Select(m => m.AdditionalProperties?.GetValueOrDefault(Mark)?.ToString()).OfType<string>().SelectMany(ids => ids.Split(' ')).ToHashSet(StringComparer.Ordinal);
        return history.SelectMany(m => m.Contents).OfType<FunctionCallContent>().Where(c => completed.Contains(c.CallId)).Select(c => Values(AgentLoop.Shown(c)));
    }

    /// <summary>Under this name a message of results, or of an outcome, tells the ids of calls that changed something and completed, with spaces between.</summary>
    public const string Mark = "completed_writes";

    public static AdditionalPropertiesDictionary? Of(IEnumerable<string> callIds) => string.Join(' ', callIds) is { Length: > 0 } ids ? new() { [Mark] = ids } : null;

    private static HashSet<string> Values(JsonElement args)
    {
        var all = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Add(args);
        return all;

        void Add(JsonElement of)
        {
            switch (of.ValueKind)
            {
                case JsonValueKind.Object: foreach (var property in of.EnumerateObject()) Add(property.Value); break;
                case JsonValueKind.Array: foreach (var item in of.EnumerateArray()) Add(item); break;
                case JsonValueKind.String: all.Add(of.GetString()!); break;
                case JsonValueKind.Number: all.Add(of.GetRawText()); break;
            }
        }
    }
}
