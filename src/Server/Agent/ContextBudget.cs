using System.Runtime.InteropServices;
using System.Text.Json;
using Jarvis.Server.Agent.Providers;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent;

/// <summary>Fits a conversation into what a model can read: the newest first, results of tools shrink before anything is left out, and
/// a question is never sent without what was called for it.</summary>
internal static class ContextBudget
{
    private const double CharactersPerToken = 3.2;
    private const double LongestResult = 0.15;
    private const int ShortResult = 400;

    /// <summary>Tokens, rather too many than too few.</summary>
    public static int TokensOf(string text) => (int)Math.Ceiling(text.Length / CharactersPerToken);

    public static int TokensOf(ChatMessage message) => 4 + message.Contents.Sum(c => c switch
    {
        TextContent text => TokensOf(text.Text),
        TextReasoningContent thought => TokensOf(thought.Text) + TokensOf(thought.ProtectedData ?? ""),
        FunctionCallContent call => 12 + TokensOf(call.Name) + TokensOf(JsonSerializer.Serialize(call.Arguments, AIJsonUtilities.DefaultOptions)),
        FunctionResultContent result => 8 + TokensOf(result.Result?.ToString() ?? ""),
        _ => 100,
    });

    public static int TokensOf(IEnumerable<AITool> tools) => tools.OfType<AIFunctionDeclaration>().Sum(t => 12 + TokensOf(t.Name) + TokensOf(t.Description) + (int)Math.Ceiling(JsonMarshal.GetRawUtf8Value(t.JsonSchema).Length / CharactersPerToken));

    /// <summary>What is left for the conversation when the prompt, the tools and the answer have theirs.</summary>
    public static int For(ModelCard card, ChatMessage system, IReadOnlyList<AITool> tools) =>
        Math.Max(card.ContextTokens / 4, card.ContextTokens - TokensOf(system) - (card.CallsTools ? TokensOf(tools) : 0) - Math.Min(card.MaxOutputTokens, card.ContextTokens / 4) - card.ContextTokens / 20);

    /// <summary>The messages to send, and how many of the oldest are left out.</summary>
    public static (IReadOnlyList<ChatMessage> Sent, int LeftOut) Fit(IReadOnlyList<ChatMessage> history, ModelCard card, int budget)
    {
        var now = history.Count - 1;
        while (now > 0 && history[now].Role != ChatRole.User) now--;
        var most = (int)(card.ContextTokens * LongestResult * CharactersPerToken);
        var shrunk = history.Select((m, i) => Shrunk(m, i >= now ? most : ShortResult)).ToList();
        var (from, sum) = (shrunk.Count, 0);
        for (var at = shrunk.Count - 1; at >= 0; at--)
        {
            sum += TokensOf(shrunk[at]);
            // The turn that is being answered is sent whatever it takes.
            if (sum > budget && at < now) break;
            // Only at a question may a conversation begin: a result without its call is valid nowhere.
            if (shrunk[at].Role == ChatRole.User) from = at;
        }

        return (shrunk[from..], from);
    }

    private static ChatMessage Shrunk(ChatMessage message, int most) =>
        !message.Contents.Any(c => c is FunctionResultContent r && Text(r).Length > most) ? message
        : new(message.Role, [.. message.Contents.Select(c => c is FunctionResultContent r && Text(r).Length > most ? new FunctionResultContent(r.CallId, Short(Text(r), most)) : c)]);

    private static string Text(FunctionResultContent result) => result.Result?.ToString() ?? "";

    // The closing mark of outside text stays, or what follows would seem to be outside text as well.
    private static string Short(string text, int most)
    {
        var close = text.StartsWith("<outside ", StringComparison.Ordinal) ? text.LastIndexOf("\n</outside ", StringComparison.Ordinal) : -1;
        var end = close < 0 ? "" : text[close..];
        return $"{text[..Math.Min(most, close < 0 ? text.Length : close)]}\n[cut: {text.Length:N0} characters in all; call the tool again for the rest]{end}";
    }
}
