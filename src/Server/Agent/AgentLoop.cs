using System.Runtime.CompilerServices;
using System.Text.Json;
using Jarvis.Safety;
using Jarvis.Server.Agent.Providers;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent;

/// <summary>Asks a model, runs what it calls through the one door, and goes on until it has answered. An action that needs a person is
/// paused, not the conversation.</summary>
internal sealed class AgentLoop(SafetyKernel kernel, TimeProvider time)
{
    private const int MostRounds = 10;
    private const int MostCalls = 32;
    private const int LongestSummary = 300;
    private const int LongestPiece = 8_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async IAsyncEnumerable<TurnEvent> RunAsync(AgentTurn turn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (calls, at, acted) = (0, 0, false);
        yield return new TurnEvent.Routed(turn.Speakers[0].Name, turn.Speakers[0].Card?.Id, turn.Reasons);
        for (var round = 1; round <= MostRounds; round++)
        {
            var speaker = turn.Speakers[at];
            var reply = new Reply(turn, speaker, last: round == MostRounds);
            await foreach (var piece in reply.ReadAsync(cancellationToken)) yield return new TurnEvent.Token(piece);
            if (reply.Usage is { } usage) yield return usage;
            if (reply.Trouble is { } trouble)
            {
                // What understands without a model would begin anew, and do again what was done.
                var next = reply.HasSpoken ? -1 : Next(turn, at, acted);
                if (next < 0)
                {
                    yield return new TurnEvent.Failed($"PROVIDER_{trouble.Trouble.ToString().ToUpperInvariant()}", trouble.Message);
                    yield break;
                }

                at = next;
                round--;
                yield return new TurnEvent.Routed(turn.Speakers[at].Name, turn.Speakers[at].Card?.Id, [trouble.Message]);
                continue;
            }

            // A turn that was cut off may have lost its end: nothing of it is done.
            if (reply.Truncated is { } cut)
            {
                yield return new TurnEvent.Failed("TRUNCATED", cut);
                yield break;
            }

            if (reply.Calls.Count == 0)
            {
                yield return new TurnEvent.Finished(reply.Finish);
                yield break;
            }

            var judged = reply.Calls.Select(c => new Asked(turn.Meant(c.Call), c.Twice, ++calls > MostCalls)).ToList();
            var answers = new ToolAnswer[judged.Count];
            foreach (var asked in judged) yield return Started(asked);
            // Told as they end; none waits for another.
            var reads = judged.Select((asked, i) => (asked, i)).Where(a => IsRead(a.asked)).Select(async a => (a.asked, a.i, Began: time.GetTimestamp(), Answer: await RunAsync(turn, a.asked, cancellationToken))).ToList();
            await foreach (var read in Task.WhenEach(reads))
            {
                var (asked, i, began, answer) = await read;
                answers[i] = answer;
                yield return Finished(asked, answer, time.GetElapsedTime(began));
            }

            for (var i = 0; i < judged.Count; i++)
            {
                if (IsRead(judged[i])) continue;
                var began = time.GetTimestamp();
                var answer = answers[i] = await RunAsync(turn, judged[i], cancellationToken);
                acted |= answer.Status is not ToolStatus.Refused;
                yield return Finished(judged[i], answer, time.GetElapsedTime(began));
                if (answer.Approval is { } approval) yield return new TurnEvent.ApprovalNeeded(judged[i].Call.CallId, approval.Id, approval.Tool, approval.Tier, approval.KeywordRequired, approval.Plan.Summary, approval.ExpiresAt);
            }

            turn.History.Add(new(ChatRole.Tool, [.. judged.Select((asked, i) => ToolAnswers.ForModel(kernel, turn.Turn, asked.Call, answers[i]))])
            {
                AdditionalProperties = Receipts.Of(judged.Where((asked, i) => !IsRead(asked) && answers[i].Status is ToolStatus.Completed).Select(a => a.Call.CallId)),
            });
        }

        yield return new TurnEvent.Failed("TOO_MANY_ROUNDS", $"The model called tools in {MostRounds} rounds without an answer.");
    }

    private sealed record Asked(FunctionCallContent Call, bool Twice, bool TooMany);

    private static int Next(AgentTurn turn, int at, bool acted)
    {
        for (var i = at + 1; i < turn.Speakers.Count; i++) if (turn.Speakers[i].Card is not null || !acted) return i;
        return -1;
    }

    private bool IsRead(Asked asked) => kernel.Invoker.Catalogue.Find(asked.Call.Name) is { Tier: Tier.Green } || asked.Call.Name == ToolDeclarations.ReadMore;

    private TurnEvent.ToolStarted Started(Asked asked) =>
        new(asked.Call.CallId, asked.Call.Name, Shown(asked.Call), kernel.Invoker.Catalogue.Find(asked.Call.Name)?.Tier);

    private static TurnEvent.ToolFinished Finished(Asked asked, ToolAnswer answer, TimeSpan took) =>
        new(asked.Call.CallId, asked.Call.Name, answer.Status, answer.Verdict, answer.IsError, answer.Text is { } text ? PlainText.Shown(text, LongestSummary) : null, answer.AuditId, Math.Round(took.TotalMilliseconds, 1));

    /// <summary>For people to look at; what cannot be read is an empty object.</summary>
    internal static JsonElement Shown(FunctionCallContent call) => RawArguments.Of(call) is { } bytes ? JsonElement.Parse(bytes.Span) : JsonElement.Parse("{}");

    /// <summary>Every call gets exactly one answer; nothing throws out of here but the end of the turn.</summary>
    private async Task<ToolAnswer> RunAsync(AgentTurn turn, Asked asked, CancellationToken cancellationToken)
    {
        var (name, tier) = (asked.Call.Name, kernel.Invoker.Catalogue.Find(asked.Call.Name)?.Tier);
        var wrong = asked.TooMany ? $"At most {MostCalls} tools are called in one turn." : asked.Twice ? "Another call of this answer has the same id." : null;
        if (wrong is not null || RawArguments.Of(asked.Call) is not { } bytes)
        {
            return ToolAnswer.Of(kernel.Invoker.Malformed(name, wrong ?? RawArguments.FlawOf(asked.Call) ?? "Its arguments are not whole JSON.", turn.Caller, turn.Turn), name, tier);
        }

        if (name == ToolDeclarations.ReadMore) return More(turn, bytes);
        if (tier is not Tier.Green) turn.Writes?.Invoke(asked.Call.CallId);
        var outcome = await kernel.Invoker.InvokeAsync(name, bytes, turn.Caller, turn.Turn, cancellationToken);
        // What runs in Proxmox goes on when patience ends, and is told of when it does.
        var began = time.GetTimestamp();
        while (outcome is ToolOutcome.Running && time.GetElapsedTime(began) < Patience) outcome = await kernel.Invoker.EndOfAsync(outcome.AuditId, cancellationToken) ?? outcome;
        return ToolAnswer.Of(outcome, name, tier);
    }

    /// <summary>Whether it holds text from outside is not known any more, so it counts as such.</summary>
    private ToolAnswer More(AgentTurn turn, ReadOnlyMemory<byte> arguments)
    {
        var begun = new ToolAnswer { Tool = ToolDeclarations.ReadMore, Status = ToolStatus.Failed, Verdict = "ALLOW", AuditId = "", Tier = Tier.Green };
        using var given = JsonDocument.Parse(arguments);
        if (!given.RootElement.TryGetProperty("handle", out var handle) || handle.ValueKind != JsonValueKind.String) return begun with { Text = "It takes the handle that a cut result was given with, and an offset." };
        var offset = given.RootElement.TryGetProperty("offset", out var at) && at.TryGetInt32(out var skip) && skip > 0 ? skip : 0;
        return kernel.Invoker.More(handle.GetString()!, turn.Caller, offset, LongestPiece) is { } piece
            ? begun with { Status = ToolStatus.Completed, Text = turn.Turn.Wrap(ToolDeclarations.ReadMore, piece) } : begun with { Text = "It is kept no longer; call the tool again." };
    }
}
