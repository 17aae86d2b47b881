using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Jarvis.Safety;
using Jarvis.Server.Agent.Providers;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent;

/// <summary>One question of an operator's and all that its answer takes.</summary>
internal sealed record AgentTurn
{
    public required Caller Caller { get; init; }

    /// <summary>What the gate knows of it: the conversation, what was read, what was asked for.</summary>
    public required Turn Turn { get; init; }
    public required IChatClient Client { get; init; }
    public required IReadOnlyList<AITool> Tools { get; init; }

    /// <summary>The conversation so far; what comes is added to it and is valid for every provider at each moment.</summary>
    public required IList<ChatMessage> History { get; init; }
}

/// <summary>Asks a model, runs what it calls through the one door, and goes on until it has answered. An action that needs a person is
/// paused, not the conversation.</summary>
internal sealed class AgentLoop(SafetyKernel kernel, TimeProvider time)
{
    private const int MostRounds = 10;
    private const int MostCalls = 32;
    private const int LongestSummary = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async IAsyncEnumerable<TurnEvent> RunAsync(AgentTurn turn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var calls = 0;
        for (var round = 1; round <= MostRounds; round++)
        {
            var options = new ChatOptions { Tools = round < MostRounds ? [.. turn.Tools] : null, AllowMultipleToolCalls = true };
            var updates = new List<ChatResponseUpdate>();
            await foreach (var update in turn.Client.GetStreamingResponseAsync(turn.History, options, cancellationToken))
            {
                updates.Add(update);
                if (update.Text.Length > 0) yield return new TurnEvent.Token(update.Text);
            }

            var response = updates.ToChatResponse();
            var wanted = response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToList();
            // A turn that was cut off may have lost its end: nothing of it is done.
            if (wanted.Count > 0 && response.FinishReason is { } reason && reason != ChatFinishReason.ToolCalls && reason != ChatFinishReason.Stop)
            {
                yield return new TurnEvent.Failed("TRUNCATED", $"The model stopped in the middle of a call ({reason.Value}); nothing of it was run.");
                yield break;
            }

            foreach (var message in response.Messages) turn.History.Add(message);
            if (wanted.Count == 0)
            {
                yield return new TurnEvent.Finished(response.FinishReason?.Value ?? "stop");
                yield break;
            }

            var answers = new Dictionary<string, ToolAnswer>(StringComparer.Ordinal);
            var judged = wanted.Select((call, i) => new Asked(call, Twice(wanted, i), ++calls > MostCalls)).ToList();
            var reads = judged.Where(a => IsRead(a)).ToList();
            foreach (var asked in judged) yield return Started(asked);
            var began = time.GetTimestamp();
            foreach (var (asked, answer) in await Task.WhenAll(reads.Select(async a => (a, await RunAsync(turn, a, cancellationToken)))))
            {
                answers[Key(judged, asked)] = answer;
                yield return Finished(asked, answer, time.GetElapsedTime(began));
            }

            foreach (var asked in judged.Except(reads))
            {
                began = time.GetTimestamp();
                var answer = await RunAsync(turn, asked, cancellationToken);
                answers[Key(judged, asked)] = answer;
                yield return Finished(asked, answer, time.GetElapsedTime(began));
                if (answer.Approval is { } approval) yield return new TurnEvent.ApprovalNeeded(asked.Call.CallId, approval.Id, approval.Tool, approval.Tier, approval.KeywordRequired, approval.Plan.Summary, approval.ExpiresAt);
            }

            turn.History.Add(new(ChatRole.Tool, [.. judged.Select(a => Result(turn, a, answers[Key(judged, a)]))]));
        }

        yield return new TurnEvent.Failed("TOO_MANY_ROUNDS", $"The model called tools in {MostRounds} rounds without an answer.");
    }

    private sealed record Asked(FunctionCallContent Call, bool Twice, bool TooMany);

    private static string Key(List<Asked> all, Asked one) => $"{all.IndexOf(one)}";

    private static bool Twice(List<FunctionCallContent> all, int at) => all.Take(at).Any(c => c.CallId == all[at].CallId);

    private bool IsRead(Asked asked) => kernel.Invoker.Catalogue.Find(asked.Call.Name) is { Tier: Tier.Green };

    private TurnEvent.ToolStarted Started(Asked asked) =>
        new(asked.Call.CallId, asked.Call.Name, Shown(asked.Call), kernel.Invoker.Catalogue.Find(asked.Call.Name)?.Tier);

    private static TurnEvent.ToolFinished Finished(Asked asked, ToolAnswer answer, TimeSpan took) =>
        new(asked.Call.CallId, asked.Call.Name, answer.Status, answer.Verdict, answer.IsError, answer.Text is { } text ? PlainText.Shown(text, LongestSummary) : null, answer.AuditId, took.TotalMilliseconds);

    /// <summary>For people to look at; what cannot be read is an empty object.</summary>
    private static JsonElement Shown(FunctionCallContent call) => RawArguments.Of(call) is { } bytes ? JsonElement.Parse(bytes.Span) : JsonElement.Parse("{}");

    /// <summary>Every call gets exactly one answer; nothing throws out of here but the end of the turn.</summary>
    private async Task<ToolAnswer> RunAsync(AgentTurn turn, Asked asked, CancellationToken cancellationToken)
    {
        var (name, tier) = (asked.Call.Name, kernel.Invoker.Catalogue.Find(asked.Call.Name)?.Tier);
        var wrong = asked.TooMany ? $"At most {MostCalls} tools are called in one turn." : asked.Twice ? "Another call of this answer has the same id." : null;
        if (wrong is not null || RawArguments.Of(asked.Call) is not { } bytes)
        {
            return ToolAnswer.Of(kernel.Invoker.Malformed(name, wrong ?? RawArguments.FlawOf(asked.Call) ?? "Its arguments are not whole JSON.", turn.Caller, turn.Turn), name, tier);
        }

        var outcome = await kernel.Invoker.InvokeAsync(name, bytes, turn.Caller, turn.Turn, cancellationToken);
        // What runs in Proxmox goes on when patience ends, and is told of when it does.
        var began = time.GetTimestamp();
        while (outcome is ToolOutcome.Running && time.GetElapsedTime(began) < Patience) outcome = await kernel.Invoker.EndOfAsync(outcome.AuditId, cancellationToken) ?? outcome;
        return ToolAnswer.Of(outcome, name, tier);
    }

    private FunctionResultContent Result(AgentTurn turn, Asked asked, ToolAnswer answer)
    {
        var outside = kernel.Invoker.Catalogue.Find(answer.Tool) is { Outside: true } && answer.Status is ToolStatus.Completed or ToolStatus.Failed;
        var body = answer.Result is { } result ? result.GetRawText() : answer.Text ?? "";
        return new(asked.Call.CallId, ForModel(answer, outside ? turn.Turn.Wrap(answer.Tool, body) : body)) { RawRepresentation = answer };
    }

    /// <summary>What the model is told: never an approval's id, which is for people.</summary>
    private static string ForModel(ToolAnswer answer, string body)
    {
        var text = new StringBuilder();
        switch (answer.Status)
        {
            case ToolStatus.Completed: return body.Length > 0 ? body : "Done.";
            case ToolStatus.AwaitingApproval:
                return JsonSerializer.Serialize(new AwaitingApproval("awaiting_approval", answer.Tier?.ToString().ToUpperInvariant() ?? "", answer.Approval!.ExpiresAt, answer.Approval.Plan.Summary, "A person decides outside of this conversation. Do not call again."), AgentJson.Default.AwaitingApproval);
            case ToolStatus.Running: text.Append("It runs and is not finished; its end is told to the operator. Do not call again. "); break;
            case ToolStatus.Unknown: text.Append("Whether it had its effect is not known; it is not sent again. "); break;
            case ToolStatus.Refused: text.Append(answer.Verdict).Append(": "); break;
            default: text.Append("It failed: "); break;
        }

        return text.Append(body).ToString();
    }
}

internal sealed record AwaitingApproval(string Status, string Tier, DateTimeOffset ExpiresAt, string Plan, string Note);
