using System.Collections.Concurrent;
using Jarvis.Safety;
using Jarvis.Server.Events;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent;

/// <summary>Says in a conversation what became of a call after its answer was given: what a person decided, and how a run ended that had
/// gone on. No model is in the path; one may say something of it afterwards.</summary>
internal sealed partial class ChatOutcomes(SafetyKernel kernel, EventLog events, Conversations conversations, ChatRuns runs, Chats chats, ChatPeople people, TimeProvider time, ILogger<ChatOutcomes> log) : BackgroundService
{
    private const int MostAwaited = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);
    private static readonly TimeSpan ToBegin = TimeSpan.FromMinutes(2);

    /// <summary>Of the calls whose end is told: the audit ids, or the ids of approvals.</summary>
    private readonly ConcurrentDictionary<string, byte> _awaited = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        chats.GoesOn += Await;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var row in events.FollowAsync(stoppingToken))
                {
                    if (row.What is { Type: "approval.decided", Correlation: { } id }) Decided(id);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFollowing(e);
            }

            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A run goes on after its answer; its end is told in the conversation.</summary>
    private void Await(ChatToolLine call, string session, string person, string channel) =>
        Begin(call.AuditId!, stop => EndAsync(call.AuditId!, call.CallId, call.Name, session, person, channel, null, stop));

    private void Decided(string id)
    {
        if (kernel.Approvals.Find(id) is { Channel: "chat" or "voice", State: not ApprovalState.Requested } approval) Begin(id, stop => ToldAsync(approval, stop));
    }

    private void Begin(string id, Func<CancellationToken, Task> tell)
    {
        if (_awaited.Count >= MostAwaited || !_awaited.TryAdd(id, 0)) return;
        _ = Task.Run(async () =>
        {
            try
            {
                using var longest = new CancellationTokenSource(Longest, time);
                await tell(longest.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or StoreUnavailableException or SqliteException)
            {
                LogNotTold(id, e);
            }
            finally
            {
                _awaited.TryRemove(id, out _);
            }
        });
    }

    private async Task ToldAsync(Approval approval, CancellationToken cancellationToken)
    {
        if (await conversations.PersonOfAsync(approval.Conversation, cancellationToken) is not { } person) return;
        var what = approval.Plan.Summary.TrimEnd('.');
        if (approval.State is ApprovalState.Denied)
        {
            await SayAsync(approval.Conversation, person, approval.Channel, $"{approval.DecidedBy ?? "Nobody"} denied it: {what}.{(approval.Reason is { Length: > 0 } why ? $" The reason: {why}" : "")}", null, null);
            return;
        }

        // What was approved is run at once, or refused because the world has changed.
        var began = time.GetTimestamp();
        while (approval.Run is null && time.GetElapsedTime(began) < ToBegin)
        {
            await Task.Delay(Pause / 8, time, cancellationToken);
            approval = kernel.Approvals.Find(approval.Id) ?? approval;
            if (approval.State is ApprovalState.Denied or ApprovalState.Expired) break;
        }

        if (approval.Run is { } run) await EndAsync(run, approval.Id, approval.Tool, approval.Conversation, person, approval.Channel, approval, cancellationToken);
        else await SayAsync(approval.Conversation, person, approval.Channel, $"{approval.DecidedBy} approved it, and it was not run: {what}. What it touches has changed meanwhile, or something forbids it now; the audit says which.", null, null);
    }

    private async Task EndAsync(string auditId, string callId, string tool, string session, string person, string channel, Approval? approval, CancellationToken cancellationToken)
    {
        var outcome = await kernel.Invoker.EndOfAsync(auditId, cancellationToken);
        while (outcome is ToolOutcome.Running) outcome = await kernel.Invoker.EndOfAsync(auditId, cancellationToken);
        if (outcome is null) return;
        var answer = ToolAnswer.Of(outcome, tool, approval?.Tier ?? kernel.Invoker.Catalogue.Find(tool)?.Tier);
        var what = approval?.Plan.Summary.TrimEnd('.') ?? tool;
        var how = answer.Status switch
        {
            ToolStatus.Completed => "Done",
            ToolStatus.Failed => "It failed",
            ToolStatus.Unknown => "Whether it had its effect is not known",
            _ => "It was refused",
        };
        var text = $"{(approval is null ? "" : $"{approval.DecidedBy} approved it. ")}{how}: {what}.{(answer.Status is ToolStatus.Completed || answer.Text is null ? "" : $" {PlainText.Shown(answer.Text, 500)}")}";
        await SayAsync(session, person, channel, text, callId, answer);
    }

    private async Task SayAsync(string session, string person, string channel, string text, string? callId, ToolAnswer? answer)
    {
        // One at a time says something there; what is being said now ends first.
        while (runs.In(session) is { } busy) await busy.Done.WaitAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var outside = answer is { Status: ToolStatus.Failed } && kernel.Invoker.Catalogue.Find(answer.Tool) is { Outside: true };
        var turn = new Turn(channel, session);
        var told = new ChatMessage(ChatRole.User, $"[Told by the server, not by the operator] {(outside ? turn.Wrap("the outcome of a call", text) : text)}")
        {
            AdditionalProperties = callId is not null && answer is { Status: ToolStatus.Completed, Tier: > Tier.Green } ? Receipts.Of([callId]) : null,
        };
        if (outside) await conversations.TaintAsync(session, CancellationToken.None);
        IReadOnlyList<ChatToolLine> tools = answer is null ? []
            : [new(callId ?? "", answer.Tool, Nothing, answer.Tier, answer.Status, answer.Verdict, answer.IsError, null, answer.AuditId, null, null)];
        var before = await conversations.KeptAsync(person, session, CancellationToken.None);
        await conversations.AddAsync(session, [new("outcome", text, null, tools, [told])], CancellationToken.None);
        runs.Tell(person, new(ChatChangeKind.Added, session, null));
        if (before is { Provider: { } provider and not Providers.BuiltIn.Name } && await people.NowAsync(person, CancellationToken.None) is { } caller) chats.Comment(caller, channel, session, provider);
    }

    private static System.Text.Json.JsonElement Nothing { get; } = System.Text.Json.JsonElement.Parse("{}");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Decisions are not followed for conversations at the moment; it is tried again.")]
    private partial void LogFollowing(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What became of {Call} is not told in its conversation.")]
    private partial void LogNotTold(string call, Exception e);
}
