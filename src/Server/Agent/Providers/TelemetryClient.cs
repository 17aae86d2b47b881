using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent.Providers;

/// <summary>What asking models takes, by OpenTelemetry's conventions for generative AI.</summary>
internal sealed class ProviderMeters
{
    public ProviderMeters(IMeterFactory meters)
    {
        var meter = meters.Create(TelemetryClient.Source);
        Duration = meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "How long a model's turn took.");
        FirstChunk = meter.CreateHistogram<double>("gen_ai.client.operation.time_to_first_chunk", "s", "How long a model took to begin.");
        Tokens = meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens of a model's turn.");
    }

    public Histogram<double> Duration { get; }

    public Histogram<double> FirstChunk { get; }

    public Histogram<long> Tokens { get; }
}

/// <summary>Measures and traces a turn; nothing of what is talked about.</summary>
internal sealed class TelemetryClient(IChatClient inner, Provider provider, ModelCard card, ProviderMeters meters, TimeProvider time) : StreamingClient(inner)
{
    internal const string Source = "Jarvis.Agent";
    private static readonly ActivitySource Turns = new(Source);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var tags = new TagList { { "gen_ai.operation.name", "chat" }, { "gen_ai.provider.name", provider.Vendor }, { "gen_ai.request.model", card.Id } };
        using var activity = Turns.StartActivity($"chat {card.Id}", ActivityKind.Client, default(ActivityContext), tags);
        var (began, first, failure, ended) = (time.GetTimestamp(), true, (string?)null, false);
        try
        {
            await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await updates.MoveNextAsync()) break;
                }
                catch (Exception e)
                {
                    failure = e is ProviderException p ? p.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? $"{p.Trouble}" : e.GetType().Name;
                    throw;
                }

                if (first) meters.FirstChunk.Record(time.GetElapsedTime(began).TotalSeconds, tags);
                first = false;
                Tell(activity, updates.Current, tags);
                yield return updates.Current;
            }

            ended = true;
        }
        finally
        {
            if (!ended) tags.Add("error.type", failure ?? "abandoned");
            if (!ended) activity?.SetTag("error.type", failure ?? "abandoned").SetStatus(ActivityStatusCode.Error);
            meters.Duration.Record(time.GetElapsedTime(began).TotalSeconds, tags);
        }
    }

    private void Tell(Activity? activity, ChatResponseUpdate update, in TagList tags)
    {
        if (update.FinishReason is { } finish) activity?.SetTag("gen_ai.response.finish_reasons", new[] { finish.Value });
        foreach (var usage in update.Contents.OfType<UsageContent>().Select(u => u.Details))
        {
            Count(usage.InputTokenCount, "input", tags);
            Count(usage.OutputTokenCount, "output", tags);
            activity?.SetTag("gen_ai.usage.input_tokens", usage.InputTokenCount).SetTag("gen_ai.usage.output_tokens", usage.OutputTokenCount);
        }
    }

    private void Count(long? tokens, string type, TagList tags)
    {
        if (tokens is null) return;
        tags.Add("gen_ai.token.type", type);
        meters.Tokens.Record(tokens.Value, tags);
    }
}
