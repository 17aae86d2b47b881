using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent.Providers;

/// <summary>Who failed a moment ago and is left alone for a while, so that each question does not wait for it anew.</summary>
internal sealed class ProviderHealth(TimeProvider time)
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, string Why)> _resting = new();

    /// <summary>What went wrong with it lately; null when it may be asked.</summary>
    public string? WhyNot(string provider) => _resting.TryGetValue(provider, out var rest) && time.GetUtcNow() < rest.Until ? rest.Why : null;

    public void Worked(string provider) => _resting.TryRemove(provider, out _);

    public void Failed(ProviderException e)
    {
        if (!e.MayPass && e.Trouble != Trouble.Key) return;
        var rest = e.RetryAfter > Rest ? e.RetryAfter.Value : Rest;
        _resting[e.Provider] = (time.GetUtcNow() + (rest < LongestRest ? rest : LongestRest), e.Message);
    }
}

/// <summary>Notes whether a provider works.</summary>
internal sealed class HealthClient(IChatClient inner, string provider, ProviderHealth health) : StreamingClient(inner)
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await updates.MoveNextAsync()) break;
            }
            catch (ProviderException e)
            {
                health.Failed(e);
                throw;
            }

            yield return updates.Current;
        }

        health.Worked(provider);
    }
}
