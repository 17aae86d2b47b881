using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent.Providers;

/// <summary>Stands before a vendor's client. Text flows on as it comes; calls are held until the vendor has said how the turn
/// ended, and come with the bytes that were sent. What breaks off before that throws.</summary>
internal abstract class WholeTurn(string provider, IChatClient inner) : StreamingClient(inner)
{
    internal const string CacheWrites = "cache_write_tokens";

    /// <summary>The request as this vendor takes it.</summary>
    protected abstract (IEnumerable<ChatMessage> Messages, ChatOptions Options) Prepare(IReadOnlyList<ChatMessage> messages, ChatOptions options);

    /// <summary>Takes from the vendor's own object what belongs to the turn.</summary>
    protected abstract void Read(object raw, TurnParts parts);

    /// <summary>What one of the vendor's exceptions means; what the vendor wrote is not repeated, for it may quote what was sent.</summary>
    protected virtual ProviderException Meaning(Exception e) =>
        new(provider, Trouble.Cut, $"{provider}'s answer broke off or was not of its protocol ({e.GetType().Name}).");

    public sealed override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var declared = (options?.Tools ?? []).Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        var (sent, with) = Prepare([.. messages.Select(Plain)], Sorted(options));
        var parts = new TurnParts();
        ChatResponseUpdate? last = null;
        await using var updates = base.GetStreamingResponseAsync(sent, with, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await updates.MoveNextAsync()) break;
                last = updates.Current;
                if (last.RawRepresentation is { } raw) Read(raw, parts);
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                throw Ours(e) ?? Meaning(e);
            }

            var flowing = last.Contents.Where(c => c is TextContent { Text.Length: > 0 } or TextReasoningContent).ToList();
            if (flowing.Count > 0) yield return Update(last, flowing);
        }

        if (last is null || parts.Finish is null) throw new ProviderException(provider, Trouble.Cut, $"{provider}'s answer broke off before its end.");
        List<AIContent> rest = [.. parts.Calls(declared)];
        if (parts.Tokens is { } tokens) rest.Add(new UsageContent(Details(tokens)));
        var end = Update(last, rest);
        end.FinishReason = parts.Finish;
        yield return end;
    }

    /// <summary>Ours, however deep a vendor's client has wrapped it.</summary>
    private static Exception? Ours(Exception? e)
    {
        for (; e is not null; e = e.InnerException) if (e is ProviderException) return e;
        return null;
    }

    private static ChatResponseUpdate Update(ChatResponseUpdate of, IList<AIContent> contents) =>
        new(ChatRole.Assistant, contents) { MessageId = of.MessageId, ResponseId = of.ResponseId, ModelId = of.ModelId };

    private static UsageDetails Details(Tokens tokens) => new()
    {
        InputTokenCount = tokens.Input, CachedInputTokenCount = tokens.CacheRead, OutputTokenCount = tokens.Output, TotalTokenCount = tokens.Input + tokens.Output,
        AdditionalCounts = new() { [CacheWrites] = tokens.CacheWrite },
    };

    // The order of tools is part of the prefix that providers keep in their caches.
    private static ChatOptions Sorted(ChatOptions? options)
    {
        var sorted = options?.Clone() ?? new();
        sorted.ConversationId = null;
        sorted.Tools = sorted.Tools is { Count: > 0 } tools ? [.. tools.OrderBy(t => t.Name, StringComparer.Ordinal)] : null;
        return sorted;
    }

    // A result that was stored and read again is a JSON element, which would be quoted once more.
    private static ChatMessage Plain(ChatMessage message) =>
        !message.Contents.Any(c => c is FunctionResultContent { Result: JsonElement { ValueKind: JsonValueKind.String } }) ? message
        : new(message.Role, [.. message.Contents.Select(c => c is FunctionResultContent { Result: JsonElement { ValueKind: JsonValueKind.String } text } result
            ? new FunctionResultContent(result.CallId, text.GetString()) : c)]);
}
