using System.Runtime.CompilerServices;
using Jarvis.Server.Agent.Understanding;
using Jarvis.Server.Cluster;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent.Providers;

/// <summary>Answers without a model: what a message means is told from its words and from what there is. One turn's worth; it calls
/// tools like any other provider, and never pretends to be a language model.</summary>
internal sealed class BuiltIn(LiveClusters clusters, Context before, TimeProvider time) : IChatClient
{
    public const string Name = "built-in";
    private Understood _meant = new Understood.Nothing();

    /// <summary>What has been spoken of, after this turn.</summary>
    public Context Next { get; private set; } = before;

    /// <summary>What could be done if the operator says yes; null when nothing was proposed.</summary>
    public Understood.Calls? Proposal { get; private set; }

    /// <summary>Whether it understands a message without any doubt.</summary>
    public static bool Knows(string message, Context context, LiveClusters clusters, DateTimeOffset now) =>
        Meaning.Of(message, context, Views(clusters), now) is Understood.Calls { Exact: true } or Understood.Help or Understood.Greeting;

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in GetStreamingResponseAsync(messages, options, cancellationToken)) updates.Add(update);
        return updates.ToChatResponse();
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        var last = messages.Last();
        if (last.Role == ChatRole.Tool)
        {
            yield return Say(Conclude([.. last.Contents.OfType<FunctionResultContent>().Select(c => (ToolAnswer)c.RawRepresentation!)]));
            yield break;
        }

        _meant = Meaning.Of(last.Text, Next, Views(clusters), time.GetUtcNow());
        if (_meant is Understood.Calls calls && (calls.Deed is null || calls.Exact))
        {
            Next = Spoken(calls);
            yield return new(ChatRole.Assistant, [.. calls.All.Select((c, i) => (AIContent)RawArguments.Call($"{$"call_{Guid.NewGuid():N}"[..16]}{i}", c.Tool, c.Arguments.ToJsonString()))]) { FinishReason = ChatFinishReason.ToolCalls };
            yield break;
        }

        yield return Say(Reply());
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // Nothing is held.
    }

    private static ChatResponseUpdate Say(string text) => new(ChatRole.Assistant, text) { FinishReason = ChatFinishReason.Stop };

    private string Conclude(IReadOnlyList<ToolAnswer> answers)
    {
        if (_meant is not Understood.Calls calls) return "";
        // Only what the gate says was done can be taken back.
        if (calls.Deed is not null && answers is [{ Status: ToolStatus.Completed }] && calls.All is [var done]) Next = Next with { Done = done };
        return new Telling(calls, time.GetUtcNow()).Of(answers);
    }

    private string Reply()
    {
        switch (_meant)
        {
            case Understood.Calls calls:
                Proposal = calls;
                Next = Spoken(calls) with { Proposal = calls };
                return $"{(calls.Guess is { } guess ? guess + " " : "")}Shall I {Told.List(calls.All.Select(Telling.InWords))}? Say yes, and I do it.";
            case Understood.Would would:
                Proposal = would.Deed;
                Next = Spoken(would.Deed) with { Proposal = would.Deed };
                return $"You asked, so I did nothing. I could {Told.List(would.Deed.All.Select(Telling.InWords))}; say yes and I do it, or as a request “{Told.List(would.Deed.All.Select(Telling.InWords))}”. What needs a person's consent shows its plan first.";
            case Understood.Missing missing: return missing.Question;
            case Understood.Greeting: return "At your service. Ask me about any node, guest, storage, backup or task, or tell me what to do.";
            case Understood.Help: return Capabilities;
            default:
                Next = Next with { Proposal = null };
                return $"I did not understand that. I am Jarvis' built-in wits, not a language model. {Capabilities}";
        }
    }

    private Context Spoken(Understood.Calls calls) => Next with
    {
        About = calls.About ?? Next.About,
        Earlier = calls.About is { } about && Next.About is { } last && (about.Guest?.Vmid != last.Guest?.Vmid || about.Node?.Name != last.Node?.Name) ? last : Next.Earlier,
        Topic = calls.Deed is null ? calls.Topic : Next.Topic,
        Proposal = null,
    };

    private static IReadOnlyList<ClusterView> Views(LiveClusters clusters) => [.. clusters.All.Select(c => c.Current.View)];

    private const string Capabilities =
        "I can tell you how the cluster, a node, a guest or a storage is (“how is pve1?”, “why is nas slow?”, “how full is tank?”), list and compare (“which containers are stopped?”, “what uses the most memory?”), "
        + "look up backups, snapshots, tasks, events, updates, disks, services, certificates and history (“which guests have no backup?”, “what happened last night?”), "
        + "and act, with your consent where it is needed: start, shut down, restart, snapshot, roll back, back up, move, clone and change guests, restart or empty a node (“snapshot db before I upgrade it”).";
}
