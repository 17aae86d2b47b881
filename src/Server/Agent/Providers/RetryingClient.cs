using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent.Providers;

/// <summary>Tries again what may pass, with growing pauses and no sooner than the provider asks for; never once output was streamed.</summary>
internal sealed class RetryingClient(IChatClient inner, AgentOptions limits, TimeProvider time) : StreamingClient(inner)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var sent = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan pause;
            await using (var updates = base.GetStreamingResponseAsync(sent, options, cancellationToken).GetAsyncEnumerator(cancellationToken))
            {
                for (var streamed = false; ; streamed = true)
                {
                    try
                    {
                        if (!await updates.MoveNextAsync()) yield break;
                    }
                    catch (ProviderException e) when (!streamed && attempt < limits.Attempts && MayRetry(e))
                    {
                        pause = Pause(attempt, e.RetryAfter);
                        break;
                    }

                    yield return updates.Current;
                }
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    // Who waited for a first token in vain has waited long enough; the next in line is asked.
    private bool MayRetry(ProviderException e) =>
        e.MayPass && e.Trouble != Trouble.TimedOut && (e.RetryAfter ?? TimeSpan.Zero) <= TimeSpan.FromSeconds(limits.LongestRetryWaitSeconds);

    private TimeSpan Pause(int attempt, TimeSpan? asked)
    {
        var grown = FirstPause * (1 << (attempt - 1)) * (0.5 + Random.Shared.NextDouble() / 2);
        var longest = TimeSpan.FromSeconds(limits.LongestRetryWaitSeconds);
        if (grown > longest) grown = longest;
        return asked > grown ? asked.Value : grown;
    }
}
