using System.Text.Json;
using System.Text.Json.Serialization;
using Jarvis.Safety;

namespace Jarvis.Server.Agent;

/// <summary>What a run tells while it goes on, in its order.</summary>
[JsonDerivedType(typeof(Begun), "begun")]
[JsonDerivedType(typeof(Routed), "routed")]
[JsonDerivedType(typeof(Token), "token")]
[JsonDerivedType(typeof(ToolStarted), "toolStarted")]
[JsonDerivedType(typeof(ToolProgress), "toolProgress")]
[JsonDerivedType(typeof(ToolFinished), "toolFinished")]
[JsonDerivedType(typeof(ApprovalNeeded), "approvalNeeded")]
[JsonDerivedType(typeof(Proposed), "proposed")]
[JsonDerivedType(typeof(Unproven), "unproven")]
[JsonDerivedType(typeof(Usage), "usage")]
[JsonDerivedType(typeof(Finished), "finished")]
[JsonDerivedType(typeof(Failed), "failed")]
public abstract record TurnEvent
{
    private TurnEvent()
    {
    }

    /// <summary>The conversation that the answer is given in.</summary>
    public sealed record Begun(string SessionId) : TurnEvent;

    /// <summary>Who answers from here on, with which model, and why that one.</summary>
    public sealed record Routed(string Provider, string? Model, IReadOnlyList<string> Reasons) : TurnEvent;

    public sealed record Token(string Text) : TurnEvent;

    public sealed record ToolStarted(string CallId, string Tool, JsonElement Args, Tier? Tier) : TurnEvent;

    /// <summary>How far a call is; the share is between 0 and 1, null when that is not known.</summary>
    public sealed record ToolProgress(string CallId, string Text, double? Share) : TurnEvent;

    public sealed record ToolFinished(string CallId, string Tool, ToolStatus Status, string Verdict, bool IsError, string? Summary, string AuditId, double Milliseconds) : TurnEvent;

    public sealed record ApprovalNeeded(string CallId, string ApprovalId, string Tool, Tier Tier, bool KeywordRequired, string Summary, DateTimeOffset ExpiresAt) : TurnEvent;

    /// <summary>What was not asked for clearly enough to be done: the operator may say yes.</summary>
    public sealed record Proposed(string Tool, JsonElement Args) : TurnEvent;

    /// <summary>The answer says that something was done of which there is no receipt.</summary>
    public sealed record Unproven(string Sentence) : TurnEvent;

    /// <summary>What the answer took so far, in tokens and in millionths of a US dollar, and what may still be spent.</summary>
    public sealed record Usage(long InputTokens, long OutputTokens, long CostMicros, long? LeftMicros) : TurnEvent;

    public sealed record Finished(string Reason) : TurnEvent;

    public sealed record Failed(string Code, string Message) : TurnEvent;
}
