using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent.Providers;

/// <summary>Gives up on a provider that keeps us waiting, for its first token or for the next; connecting has a limit of its own in
/// <see cref="ProviderHttp"/>. How long the reader takes does not count.</summary>
internal sealed class TimeoutClient(IChatClient inner, string provider, AgentOptions limits, TimeProvider time) : StreamingClient(inner)
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (first, between) = (TimeSpan.FromSeconds(limits.FirstTokenSeconds), TimeSpan.FromSeconds(limits.BetweenTokensSeconds));
        using var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        await using var updates = base.GetStreamingResponseAsync(messages, options, either.Token).GetAsyncEnumerator(either.Token);
        for (var (seen, flows) = (0, false); ; seen++)
        {
            // The head of an answer comes before the model has read the prompt: it is no token yet.
            limit.CancelAfter(flows ? between : first);
            try
            {
                if (!await updates.MoveNextAsync()) yield break;
            }
            catch (Exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new ProviderException(
                    provider, Trouble.TimedOut,
                    flows ? $"{provider} stopped in the middle: nothing came for {between.TotalSeconds:0} s (Agent:BetweenTokensSeconds)."
                        : $"{provider} did not begin to answer within {first.TotalSeconds:0} s (Agent:FirstTokenSeconds).");
            }

            limit.CancelAfter(Timeout.InfiniteTimeSpan);
            flows |= seen > 0 || updates.Current.Contents.Count > 0;
            yield return updates.Current;
        }
    }
}
