using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Jarvis.Safety;
using Jarvis.Server.Agent.Providers;
using Jarvis.Server.Agent.Understanding;
using Jarvis.Server.Cluster;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent;

/// <summary>A message and what it is for. <c>From</c> takes the place of that line and of all after it.</summary>
internal sealed record ChatQuestion(Caller.Model Caller, string Channel, string Message, string? SessionId, string? Provider, int? From);

/// <summary>Answers people in their conversations: one answer at a time in each.</summary>
internal sealed class Chats(Conversations conversations, ChatRuns runs, Speakers speakers, AgentLoop loop, SystemPrompt prompt, ToolDeclarations declarations, SmallProfile small, LiveClusters clusters, Spend spend, TimeProvider time)
{
    private const int MostContexts = 1_000;
    private const string Unanswered = "The server stopped before this was answered. What was done is in the audit.";

    /// <summary>What has been spoken of in a conversation; forgotten with a restart, as a person forgets what "it" was.</summary>
    private readonly ConcurrentDictionary<string, Context> _contexts = new(StringComparer.Ordinal);

    /// <summary>A call went on after its answer was given: the call, the conversation, its person and channel. Must not block.</summary>
    public event Action<ChatToolLine, string, string, string>? GoesOn;

    /// <summary>Begins to answer; null when the person has no such conversation.</summary>
    /// <exception cref="ChatBusyException">It is being answered.</exception>
    public async Task<ChatRun?> AskAsync(ChatQuestion asked, CancellationToken cancellationToken)
    {
        if (asked.SessionId is { } known && await conversations.PersonOfAsync(known, cancellationToken) != asked.Caller.User) return null;
        var id = asked.SessionId ?? await conversations.BeginAsync(asked.Caller.User, asked.Message, cancellationToken);
        try
        {
            return runs.Start(id, asked.Caller.User, run => AnswerAsync(asked, id, run));
        }
        catch (ChatBusyException) when (asked.SessionId is null)
        {
            await conversations.DeleteAsync(asked.Caller.User, id, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Lets whoever answered last say something of what became of a call, if it was a model.</summary>
    public void Comment(Caller.Model caller, string channel, string id, string provider)
    {
        try
        {
            runs.Start(id, caller.User, run => CommentAsync(caller, channel, id, provider, run));
        }
        catch (ChatBusyException)
        {
            // The next answer has it before its eyes.
        }
    }

    private async IAsyncEnumerable<TurnEvent> AnswerAsync(ChatQuestion asked, string id, ChatRun run)
    {
        var (caller, stop) = (asked.Caller, run.Stopped);
        if (asked.From is { } line) await conversations.CutAsync(caller.User, id, line, stop);
        if (await conversations.KeptAsync(caller.User, id, stop) is not { } kept) yield break;
        if (kept.Unanswered) await conversations.AddAsync(id, [new("assistant", Unanswered, null, [], [new(ChatRole.Assistant, Unanswered)])], stop);
        var question = new ChatMessage(ChatRole.User, asked.Message);
        await conversations.AddAsync(id, [new("user", asked.Message, null, [], [question])], stop);
        runs.Tell(caller.User, new(ChatChangeKind.Added, id, run.Id));

        var context = _contexts.GetValueOrDefault(id, Context.Empty);
        var views = clusters.All.Select(c => c.Current.View).ToList();
        var meant = Meaning.Of(asked.Message, context, views, time.GetUtcNow());
        var exact = meant is Understood.Calls { Deed: not null, Exact: true };
        using var builtIn = new BuiltIn(clusters, context, time);
        var answer = new Answer(run, time);
        var turn = new Turn(asked.Channel, id) { IsQuestion = !exact && Meaning.WishOf(asked.Message, views) is not Wish.Request, Progress = answer.Progress };
        if (kept.Tainted) turn.Mark("the conversation so far");
        if (meant is Understood.Calls { Deed: not null, Exact: true, Untrusted: false } wish) Ask(turn, wish);
        var who = await speakers.ForAsync(asked, meant, id, kept, builtIn, stop);
        var history = kept.History;
        if (kept.Unanswered) history.Add(new(ChatRole.Assistant, Unanswered));
        history.Add(question);
        await foreach (var happened in GiveAsync(caller, turn, who, history, id, kept, answer, () => builtIn.Proposal?.All ?? answer.Refused, run)) yield return happened;

        var next = builtIn.Next;
        if (builtIn.Proposal is null && answer.Refused is [_, ..] refused) next = next with { Proposal = new(refused, Topic.Deed, true) { Deed = Deed.Change, Untrusted = turn.Tainted } };
        else if (answer.Provider != BuiltIn.Name) next = next with { Proposal = null, About = (meant as Understood.Calls)?.About ?? next.About };
        if (_contexts.Count < MostContexts || _contexts.ContainsKey(id)) _contexts[id] = next;
    }

    private async IAsyncEnumerable<TurnEvent> CommentAsync(Caller.Model caller, string channel, string id, string provider, ChatRun run)
    {
        if (await conversations.KeptAsync(caller.User, id, run.Stopped) is not { Lines: [.., { Role: "outcome" }] } kept) yield break;
        var answer = new Answer(run, time);
        var turn = new Turn(channel, id) { IsQuestion = true, Progress = answer.Progress };
        if (kept.Tainted) turn.Mark("the conversation so far");
        if (await speakers.OnlyAsync(provider, id, run.Stopped) is not { } speaker) yield break;
        await foreach (var happened in GiveAsync(caller, turn, (new([speaker], ["It says what became of the call."]), null), kept.History, id, kept, answer, () => [], run)) yield return happened;
    }

    /// <summary>Runs the loop, and keeps what was said and done also when it is stopped.</summary>
    private async IAsyncEnumerable<TurnEvent> GiveAsync(
        Caller.Model caller, Turn turn, (Spoken Spoken, IChatClient? Summariser) who, List<ChatMessage> history, string id, Kept kept, Answer answer, Func<IReadOnlyList<Wanted>> offered, ChatRun run)
    {
        var before = history.Count;
        var ended = false;
        try
        {
            var summary = await SummaryAsync(who, kept, history, id, run.Stopped);
            var asked = new AgentTurn
            {
                Caller = caller, Turn = turn, Speakers = who.Spoken.Speakers, Reasons = who.Spoken.Reasons, Tools = s => declarations.For(s.Card), Meant = small.Meant, History = history, Writes = answer.Writes,
                Sent = (speaker, said) => Sent(speaker, said, summary is null ? null : turn.Tainted ? turn.Wrap("the summary of this conversation", summary.Text) : summary.Text, summary?.Messages ?? 0),
            };
            await foreach (var happened in loop.RunAsync(asked, run.Stopped))
            {
                // Before the end, so that they are kept with the answer.
                if (happened is TurnEvent.Finished) foreach (var wanted in offered()) yield return answer.Noted(new TurnEvent.Proposed(wanted.Tool, JsonElement.Parse(wanted.Arguments.ToJsonString())));
                if (happened is TurnEvent.Finished && answer.Provider != BuiltIn.Name && Receipts.Unproven(answer, history, clusters) is { } claim) yield return answer.Noted(new TurnEvent.Unproven(claim));
                if (happened is TurnEvent.Finished or TurnEvent.Failed && answer.Usage is not null && await spend.NowAsync(run.Stopped) is var state) yield return answer.Noted(answer.Usage with { LeftMicros = state.Left });
                if (answer.Noted(happened) is not TurnEvent.Usage) yield return happened;
            }

            ended = true;
        }
        finally
        {
            await KeepAsync(id, history.Skip(before).ToList(), turn, answer, ended);
            foreach (var call in answer.Tools.Where(t => t is { Status: ToolStatus.Running, AuditId.Length: > 0 })) GoesOn?.Invoke(call, id, caller.User, turn.Channel);
        }
    }

    private async Task KeepAsync(string id, List<ChatMessage> said, Turn turn, Answer answer, bool ended)
    {
        // A call without its answer is valid nowhere.
        if (!ended && said is [.., { } last] && last.Contents.OfType<FunctionCallContent>().Any()) said.RemoveAt(said.Count - 1);
        if (said is not [.., { Role: var role }] || role != ChatRole.Assistant) said.Add(new(ChatRole.Assistant, ended ? "(no answer)" : "(stopped by the operator)"));
        if (turn.Tainted) await conversations.TaintAsync(id, CancellationToken.None);
        await conversations.AddAsync(id, [new("assistant", answer.Text, answer.Provider, answer.Tools, said, answer.Details(stopped: !ended))], CancellationToken.None);
    }

    private async Task<Summary?> SummaryAsync((Spoken Spoken, IChatClient? Summariser) who, Kept kept, List<ChatMessage> history, string id, CancellationToken cancellationToken)
    {
        var before = kept.Summary is { } text ? new Summary(0, text) : null;
        if (who.Spoken.Speakers.Select(s => s.Card).FirstOrDefault(c => c is not null) is not { } card) return before;
        var budget = ContextBudget.For(card, prompt.Of(null, before?.Text), declarations.For(card));
        var summary = await Summaries.OfAsync(who.Summariser, before, history, budget, cancellationToken);
        if (summary is null || summary.Messages == 0) return summary;
        // Up to the last line of which all is in it.
        var (line, count) = (0, 0);
        foreach (var one in kept.Lines)
        {
            if ((count += one.Messages.Count) > summary.Messages) break;
            line = one.Number;
        }

        if (line > 0) await conversations.SummariseAsync(id, line, summary.Text, cancellationToken);
        return summary;
    }

    private IReadOnlyList<ChatMessage> Sent(Speaker speaker, IReadOnlyList<ChatMessage> said, string? summary, int summarised)
    {
        if (speaker.Card is not { } card) return said;
        var system = prompt.Of(null, summary);
        var (sent, _) = ContextBudget.Fit([.. said.Skip(summarised)], card, ContextBudget.For(card, system, declarations.For(card)));
        return [system, .. sent];
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
}
