using System.Runtime.CompilerServices;
using System.Text;
using Jarvis.Server.Agent.Providers;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent;

/// <summary>A call of a reply; <c>Twice</c> when another of the same reply has its id.</summary>
internal sealed record ReplyCall(FunctionCallContent Call, bool Twice);

/// <summary>What one speaker says once: text as it comes, and at its end the calls it wants. Added to the history when it is whole; of
/// what broke off, the text alone.</summary>
internal sealed class Reply(AgentTurn turn, Speaker speaker, bool last)
{
    private readonly StringBuilder _text = new();

    public bool HasSpoken => _text.Length > 0;

    public IReadOnlyList<ReplyCall> Calls { get; private set; } = [];

    public string Finish { get; private set; } = "stop";

    /// <summary>Why the provider gave no whole reply.</summary>
    public ProviderException? Trouble { get; private set; }

    /// <summary>Why its calls are not run; null when it came to its end.</summary>
    public string? Truncated { get; private set; }

    public TurnEvent.Usage? Usage { get; private set; }

    /// <summary>The pieces of its text.</summary>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // All tools stay declared to the end: what they are is part of the prefix that providers keep.
        var tools = turn.Tools(speaker);
        var options = new ChatOptions { Tools = [.. tools], ToolMode = tools.Count == 0 ? null : last || speaker.Card is { CallsTools: false } ? ChatToolMode.None : ChatToolMode.Auto, AllowMultipleToolCalls = true };
        var updates = new List<ChatResponseUpdate>();
        var whole = false;
        try
        {
            await using var stream = speaker.Client.GetStreamingResponseAsync(turn.Sent(speaker, [.. turn.History]), options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await MoveAsync(stream))
            {
                updates.Add(stream.Current);
                if (stream.Current.Text is not { Length: > 0 } piece) continue;
                _text.Append(piece);
                yield return piece;
            }

            whole = Trouble is null;
        }
        finally
        {
            if (!whole && HasSpoken) turn.History.Add(new(ChatRole.Assistant, _text.ToString()));
        }

        if (whole) Take(updates.ToChatResponse());
    }

    private async ValueTask<bool> MoveAsync(IAsyncEnumerator<ChatResponseUpdate> stream)
    {
        try
        {
            return await stream.MoveNextAsync();
        }
        catch (ProviderException e)
        {
            Trouble = e;
            return false;
        }
    }

    private void Take(ChatResponse response)
    {
        Usage = UsageOf(response.Usage);
        Finish = response.FinishReason?.Value ?? "stop";
        var calls = response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToList();
        if (calls.Count > 0 && (last || response.FinishReason is { } reason && reason != ChatFinishReason.ToolCalls && reason != ChatFinishReason.Stop))
        {
            Truncated = last ? "The model called tools in too many rounds without an answer." : $"The model stopped in the middle of a call ({Finish}); nothing of it was run.";
            if (HasSpoken) turn.History.Add(new(ChatRole.Assistant, _text.ToString()));
            return;
        }

        // An id that was there before would make two calls of one for whoever reads the history.
        var (used, here) = (turn.History.SelectMany(m => m.Contents).OfType<FunctionCallContent>().Select(c => c.CallId).ToHashSet(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var all = new List<ReplyCall>();
        foreach (var message in response.Messages)
        {
            for (var i = 0; i < message.Contents.Count; i++)
            {
                if (message.Contents[i] is not FunctionCallContent call) continue;
                var twice = !here.Add(call.CallId);
                if (!used.Add(call.CallId)) message.Contents[i] = call = Renamed(call);
                all.Add(new(call, twice));
            }

            turn.History.Add(message);
        }

        Calls = all;
    }

    private static FunctionCallContent Renamed(FunctionCallContent call) =>
        new($"call_{Guid.NewGuid():N}"[..24], call.Name, call.Arguments) { AdditionalProperties = call.AdditionalProperties };

    private static TurnEvent.Usage? UsageOf(UsageDetails? usage) =>
        usage is null ? null : new(usage.InputTokenCount ?? 0, usage.OutputTokenCount ?? 0, usage.AdditionalCounts?.GetValueOrDefault(SpendingClient.CostMicros) ?? 0, null);
}
