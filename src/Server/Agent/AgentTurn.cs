using Jarvis.Safety;
using Jarvis.Server.Agent.Providers;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent;

/// <summary>One who can answer: a model behind its provider, or what understands without one.</summary>
internal sealed record Speaker(string Name, IChatClient Client, ModelCard? Card);

/// <summary>One question of an operator's and all that its answer takes.</summary>
internal sealed record AgentTurn
{
    public required Caller Caller { get; init; }

    /// <summary>What the gate knows of it: the conversation, what was read, what was asked for.</summary>
    public required Turn Turn { get; init; }

    /// <summary>Who is asked, the most wanted first; whoever fails before it said anything is followed by the next.</summary>
    public required IReadOnlyList<Speaker> Speakers { get; init; }

    /// <summary>Why the first of them is asked.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>The tools that a speaker is told of.</summary>
    public Func<Speaker, IReadOnlyList<AITool>> Tools { get; init; } = static _ => [];

    /// <summary>The call of the catalogue that a call stands for.</summary>
    public Func<FunctionCallContent, FunctionCallContent> Meant { get; init; } = static call => call;

    /// <summary>What is sent to a speaker of what was said so far.</summary>
    public Func<Speaker, IReadOnlyList<ChatMessage>, IReadOnlyList<ChatMessage>> Sent { get; init; } = static (_, said) => said;

    /// <summary>The conversation so far; what comes is added to it and is valid for every provider at each moment.</summary>
    public required IList<ChatMessage> History { get; init; }

    /// <summary>Told which call writes from now on, so that what its run says of its progress is known to be of it.</summary>
    public Action<string>? Writes { get; init; }
}
