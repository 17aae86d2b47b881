using System.Text.Json;
using Jarvis.Safety;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Jarvis.Server.Mcp;

/// <summary>Brings a call of the protocol to the one door, and asks for a person where the door does.</summary>
internal sealed class McpDoor(SafetyKernel kernel, KeyTurns turns, WaitingCalls waiting, TimeProvider time)
{
    private const string Question = "approval";
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    /// <summary>How long a repeated call stays open for a person who is still reading: under the minute that clients wait.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public ToolCatalogue Catalogue => kernel.Invoker.Catalogue;

    public async ValueTask<CallToolResult> CallAsync(
        RequestContext<CallToolRequestParams> request, string tool, ReadOnlyMemory<byte> arguments, CancellationToken cancellationToken)
    {
        var call = request.Services!.GetRequiredService<McpCall>();
        call.Answered = true;
        var client = call.Client ?? throw new InvalidOperationException("The request was let in without a client.");
        var progress = new McpProgress(request);
        var turn = turns.Begin(client.Key, new Turn("mcp", client.Key) { Progress = progress.Tell });
        var before = turn.Taints.Count;
        var state = request.Params?.RequestState;
        var earlier = state is null ? waiting.Recall(client, tool, arguments) : waiting.Take(state, client, tool, arguments);
        // Its end may come when the client has gone: it is kept until it was told.
        if (state is not null && earlier is not null) waiting.Remember(earlier, client, tool, arguments);
        var (outcome, anew) = await AnswerAsync(request, earlier, tool, arguments, client, turn, cancellationToken);
        await progress.SentAsync();
        var known = Catalogue.Find(tool);
        turns.End(client.Key, turn, before, known, outcome);
        if (outcome is ToolOutcome.Waiting { Approval: var approval })
        {
            if (CanBeAsked(request)) throw Ask(approval, waiting.Hand(approval.Id, client, tool, arguments), call.Home);
            waiting.Remember(approval.Id, client, tool, arguments);
        }
        else if (earlier is not null)
        {
            if (outcome is ToolOutcome.Running || Waits(earlier) is not null) waiting.Remember(earlier, client, tool, arguments);
            else waiting.Forget(earlier, client, tool, arguments);
        }
        var answer = McpAnswers.Of(outcome, known, turn, call.Home);
        return earlier is not null && state is null && !anew && Find(earlier) is { } asked ? McpAnswers.OfEarlier(answer, asked, outcome) : answer;
    }

    /// <summary>Writes down a call that does not come through <see cref="CallAsync"/>: it could not be read, or the SDK refused it.</summary>
    public void Malformed(McpCall call, string why)
    {
        if (call.Client is { } client) kernel.Invoker.Malformed(call.Tool ?? "", why, client, turns.Begin(client.Key, new Turn("mcp", client.Key)));
    }

    /// <summary>And whether it was done anew, rather than told of again.</summary>
    private async Task<(ToolOutcome Outcome, bool Anew)> AnswerAsync(
        RequestContext<CallToolRequestParams> request, string? earlier, string tool, ReadOnlyMemory<byte> arguments, Caller.McpClient client, Turn turn, CancellationToken cancellationToken)
    {
        if (request.Params?.RequestState is null && earlier is null) return (await kernel.Invoker.InvokeAsync(tool, arguments, client, turn, cancellationToken), true);
        // A handle that stands for nothing goes to the door as an approval that there is not: it refuses, and writes it down.
        if (earlier is null) return (await kernel.Invoker.RedeemAsync("", tool, arguments, client, turn, cancellationToken), true);
        if (request.Params?.RequestState is not null)
        {
            if (Answered(request) is not "accept")
            {
                return (new ToolOutcome.Refused { AuditId = Find(earlier)?.AuditId ?? "", Verdict = new(VerdictCode.DenyReplay, "The client was told not to go on. The request stays open in Jarvis until it is decided or expires.") }, true);
            }
            await DecidedAsync(earlier, cancellationToken);
        }
        return await OutcomeAsync(earlier, tool, arguments, client, turn, cancellationToken);
    }

    /// <summary>What became of the approval: it is used here, unless whoever approved it has had it run at once.</summary>
    private async Task<(ToolOutcome Outcome, bool Anew)> OutcomeAsync(
        string id, string tool, ReadOnlyMemory<byte> arguments, Caller.McpClient client, Turn turn, CancellationToken cancellationToken)
    {
        // A person may have put other arguments in it: it waits all the same.
        if (Waits(id) is { } open) return (new ToolOutcome.Waiting(open) { AuditId = open.AuditId, Verdict = new(open.Verdict, open.Why) }, false);
        // Whoever approves may have it run in the same breath; their run goes first.
        if (Find(id) is { State: ApprovalState.Approved }) await Task.Delay(Glance, time, cancellationToken);
        if (await RunOfAsync(id, cancellationToken) is { } ran) return (ran, false);
        var outcome = await kernel.Invoker.RedeemAsync(id, tool, arguments, client, turn, cancellationToken);
        return outcome is ToolOutcome.Refused refused ? await RunOfAsync(id, cancellationToken) is { } run ? (run, false) : (WithReason(refused, id), true) : (outcome, true);
    }

    private Approval? Waits(string id) => Find(id) is { State: ApprovalState.Requested } open && open.ExpiresAt > time.GetUtcNow() ? open : null;

    private async Task DecidedAsync(string id, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (Find(id) is { State: ApprovalState.Requested } && time.GetElapsedTime(began) < Patience) await Task.Delay(Glance, time, cancellationToken);
    }

    private async Task<ToolOutcome?> RunOfAsync(string id, CancellationToken cancellationToken) =>
        Find(id) is { Run: { } run } ? await kernel.Invoker.EndOfAsync(run, cancellationToken) : null;

    private Approval? Find(string id)
    {
        try
        {
            return kernel.Approvals.Find(id);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private ToolOutcome.Refused WithReason(ToolOutcome.Refused refused, string id) =>
        Find(id) is { State: ApprovalState.Denied, Reason: { } reason } ? refused with { Verdict = refused.Verdict with { Why = $"{refused.Verdict.Why} {reason}" } } : refused;

    private static bool CanBeAsked(RequestContext<CallToolRequestParams> request) =>
        request.Server.IsMrtrSupported && request.Server.ClientCapabilities?.Elicitation?.Url is not null;

    private static string? Answered(RequestContext<CallToolRequestParams> request)
    {
        try
        {
            return request.Params?.InputResponses?.TryGetValue(Question, out var answer) is true ? answer.Deserialize(InputResponse.ElicitResultJsonTypeInfo)?.Action : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static InputRequiredException Ask(Approval approval, string handle, string home) => new(
        new Dictionary<string, InputRequest>
        {
            [Question] = InputRequest.ForElicitation(new ElicitRequestParams
            {
                Mode = "url", ElicitationId = approval.Id, Url = McpAnswers.PageOf(approval.Id, home),
                Message = $"A person has to approve this in Jarvis: {approval.Plan.Summary}",
            }),
        },
        requestState: handle);
}
