using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent.Providers;

/// <summary>Keeps a call within the caps: the most it can cost is reserved before it, what it did cost is settled after it and told with
/// the usage. A turn that broke off costs what its parts look like, for its provider charges them.</summary>
internal sealed partial class SpendingClient(IChatClient inner, Charge charge, ModelCard card, Spend spend, ILogger log) : StreamingClient(inner)
{
    /// <summary>The name in a usage's additional counts of what the call cost, in millionths of a US dollar.</summary>
    public const string CostMicros = "cost_micros";

    private const int BytesPerToken = 3;
    private const int TokensPerPicture = 1_600;

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var sent = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var input = Estimate(sent, options);
        var entry = await ReserveAsync(card.Price.Most(input, options?.MaxOutputTokens ?? card.MaxOutputTokens), cancellationToken);
        Tokens? used = null;
        var (streamed, turnedAway) = (0L, false);
        try
        {
            await using var updates = base.GetStreamingResponseAsync(sent, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await updates.MoveNextAsync()) break;
                }
                catch (ProviderException e) when (streamed == 0 && e.Trouble is not (Trouble.Cut or Trouble.TimedOut))
                {
                    turnedAway = true;
                    throw;
                }

                streamed += updates.Current.Contents.Sum(Size);
                foreach (var usage in updates.Current.Contents.OfType<UsageContent>())
                {
                    used = Of(usage.Details);
                    (usage.Details.AdditionalCounts ??= [])[CostMicros] = card.Price.Of(used);
                }

                yield return updates.Current;
            }
        }
        finally
        {
            await SettleAsync(entry, turnedAway ? null : used ?? new Tokens(input, 0, 0, streamed / BytesPerToken));
        }
    }

    internal static long Estimate(IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        (messages.SelectMany(m => m.Contents).Sum(Size)
            + (options?.Tools ?? []).OfType<AIFunctionDeclaration>().Sum(t => Bytes(t.Name) + Bytes(t.Description) + JsonMarshal.GetRawUtf8Value(t.JsonSchema).Length)
            + Bytes(options?.Instructions)) / BytesPerToken;

    private static long Size(AIContent content) => content switch
    {
        TextContent text => Bytes(text.Text),
        TextReasoningContent thought => Bytes(thought.Text) + Bytes(thought.ProtectedData),
        FunctionCallContent call => Bytes(call.Name) + Bytes(call.CallId) + (call.Arguments ?? new Dictionary<string, object?>()).Sum(a => Bytes(a.Key) + Bytes(a.Value?.ToString())),
        FunctionResultContent result => Bytes(result.CallId) + Bytes(result.Result?.ToString()),
        DataContent => TokensPerPicture * BytesPerToken,
        _ => 0,
    };

    private static long Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    private static Tokens Of(UsageDetails usage) => new(
        usage.InputTokenCount ?? 0, usage.CachedInputTokenCount ?? 0, usage.AdditionalCounts?.GetValueOrDefault(WholeTurn.CacheWrites) ?? 0, usage.OutputTokenCount ?? 0);

    // What costs nothing is only counted, and must not fail for want of a ledger.
    private async Task<long?> ReserveAsync(long most, CancellationToken cancellationToken)
    {
        try
        {
            return await spend.ReserveAsync(charge, most, cancellationToken);
        }
        catch (ProviderException) when (card.Price.IsFree)
        {
            return null;
        }
    }

    private async Task SettleAsync(long? entry, Tokens? tokens)
    {
        if (entry is not { } id) return;
        try
        {
            if (tokens is null) await spend.ReleaseAsync(id);
            else await spend.SettleAsync(id, tokens, card.Price.Of(tokens));
        }
        catch (SqliteException e)
        {
            LogUnsettled(charge.Provider, charge.Model, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What {Provider} {Model} cost cannot be written down ({Why}); what was reserved stays spent")]
    private partial void LogUnsettled(string provider, string model, string why);
}
