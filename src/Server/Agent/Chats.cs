using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Jarvis.Safety;
using Jarvis.Server.Agent.Providers;
using Jarvis.Server.Agent.Understanding;
using Jarvis.Server.Cluster;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent;

/// <summary>A tool that an answer called, as people are shown it.</summary>
public sealed record ChatToolLine(string CallId, string Name, JsonElement Args, ToolStatus? Status, string? Verdict, bool IsError, string? Summary, string? AuditId, string? ApprovalId);

/// <summary>A conversation and the events of the answer that is being given in it.</summary>
internal sealed record ChatRun(string SessionId, string RunId, IAsyncEnumerable<TurnEvent> Events);

/// <summary>Answers people in their conversations: one answer at a time in each.</summary>
internal sealed class Chats(Conversations conversations, AgentLoop loop, LiveClusters clusters, TimeProvider time)
{
    private const int MostContexts = 1_000;

    /// <summary>What has been spoken of in a conversation; forgotten with a restart, as a person forgets what "it" was.</summary>
    private readonly ConcurrentDictionary<string, Context> _contexts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _busy = new(StringComparer.Ordinal);

    /// <summary>Null when the person has no such conversation; <see cref="ChatBusyException"/> while it is being answered.</summary>
    public async Task<ChatRun?> AskAsync(Caller.Model caller, string channel, string message, string? sessionId, CancellationToken cancellationToken)
    {
        var history = sessionId is null ? [] : await conversations.HistoryAsync(caller.User, sessionId, cancellationToken);
        if (history is null) return null;
        var id = sessionId ?? await conversations.BeginAsync(caller.User, message, cancellationToken);
        if (!_busy.TryAdd(id, 0)) throw new ChatBusyException();
        return new(id, Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), AnswerAsync(caller, channel, message, id, history, cancellationToken));
    }

    private async IAsyncEnumerable<TurnEvent> AnswerAsync(Caller.Model caller, string channel, string message, string id, List<ChatMessage> history, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            var context = _contexts.GetValueOrDefault(id, Context.Empty);
            using var client = new BuiltIn(clusters, context, time);
            yield return new TurnEvent.Routed(BuiltIn.Name, ["No language model is set up; the built-in understanding answers."]);
            var meant = Meaning.Of(message, context, [.. clusters.All.Select(c => c.Current.View)], time.GetUtcNow());
            var turn = new Turn(channel, id) { IsQuestion = meant is not Understood.Calls { Deed: not null, Exact: true } };
            foreach (var source in TaintsIn(history)) turn.Mark(source);
            if (meant is Understood.Calls { Deed: not null, Exact: true } wish) Ask(turn, wish);
            var asked = new ChatMessage(ChatRole.User, message);
            var before = history.Count;
            history.Add(asked);
            var (text, tools, ended) = (new StringBuilder(), new Dictionary<string, ChatToolLine>(StringComparer.Ordinal), false);
            await using var events = loop.RunAsync(new() { Caller = caller, Turn = turn, Client = client, Tools = [], History = history }, cancellationToken).GetAsyncEnumerator(cancellationToken);
            try
            {
                while (await events.MoveNextAsync())
                {
                    Note(events.Current, text, tools);
                    yield return events.Current;
                }

                if (client.Proposal is { } proposal)
                {
                    foreach (var wanted in proposal.All) yield return new TurnEvent.Proposed(wanted.Tool, JsonElement.Parse(wanted.Arguments.ToJsonString()));
                }

                ended = true;
            }
            finally
            {
                // What was said and done is kept, also when nobody waited for its end.
                if (_contexts.Count < MostContexts || _contexts.ContainsKey(id)) _contexts[id] = client.Next;
                var said = history.Skip(before + 1).ToList();
                if (!ended && said is [.., { Role: var role } last] && role == ChatRole.Assistant && last.Contents.OfType<FunctionCallContent>().Any()) said.RemoveAt(said.Count - 1);
                await conversations.AddAsync(id, [new("user", message, null, [], [asked]), new("assistant", text.ToString(), BuiltIn.Name, [.. tools.Values], said)], CancellationToken.None);
            }
        }
        finally
        {
            _busy.TryRemove(id, out _);
        }
    }

    /// <summary>What the operator named in this message, code has found; no text that was read could have.</summary>
    private void Ask(Turn turn, Understood.Calls wish)
    {
        foreach (var wanted in wish.All)
        {
            var views = clusters.All.Select(c => c.Current.View).Where(v => wanted.Arguments["cluster"] is not { } key || v.Key == key.ToString()).ToList();
            foreach (var (name, value) in wanted.Arguments)
            {
                if (value is null) continue;
                foreach (var view in views)
                {
                    if (name is "guest" && view.Guests.FirstOrDefault(g => !g.Missing && (g.Name == value.ToString() || value.GetValueKind() is JsonValueKind.Number && g.Vmid == value.GetValue<int>())) is { } guest) turn.Ask(wanted.Tool, new(view.Key, Kind.Guest, guest.Vmid.ToString(CultureInfo.InvariantCulture)));
                    if (name is "node" or "target_node" && view.Nodes.Any(n => n.Name == value.ToString())) turn.Ask(wanted.Tool, new(view.Key, Kind.Node, value.ToString()));
                }
            }

            if (wanted.Tool is "bulk_guests") turn.Ask(wanted.Tool, null);
        }
    }

    // The taint of what was read stays with the conversation, over restarts too.
    private static IEnumerable<string> TaintsIn(List<ChatMessage> history) =>
        history.SelectMany(m => m.Contents).OfType<FunctionResultContent>().Any(r => r.Result?.ToString()?.Contains("<outside ", StringComparison.Ordinal) is true) ? ["the conversation so far"] : [];

    internal static void Note(TurnEvent happened, StringBuilder text, Dictionary<string, ChatToolLine> tools)
    {
        switch (happened)
        {
            case TurnEvent.Token(var piece): text.Append(piece); break;
            case TurnEvent.ToolStarted(var call, var tool, var args, _): tools[call] = new(call, tool, args, null, null, false, null, null, null); break;
            case TurnEvent.ToolFinished done when tools.TryGetValue(done.CallId, out var line):
                tools[done.CallId] = line with { Status = done.Status, Verdict = done.Verdict, IsError = done.IsError, Summary = done.Summary, AuditId = done.AuditId };
                break;
            case TurnEvent.ApprovalNeeded needed when tools.TryGetValue(needed.CallId, out var line): tools[needed.CallId] = line with { ApprovalId = needed.ApprovalId }; break;
            case TurnEvent.Failed failed: text.Append(text.Length > 0 ? "\n\n" : "").Append(failed.Message); break;
        }
    }
}

/// <summary>The conversation is being answered; its next question waits for that.</summary>
internal sealed class ChatBusyException() : Exception("This conversation is being answered; ask again when that is done.");
