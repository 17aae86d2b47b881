using System.Text.Json;
using System.Text.Json.Serialization;
using Jarvis.Safety;

namespace Jarvis.Server.Agent;

/// <summary>What a run tells while it goes on, in its order.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Routed), "routed")]
[JsonDerivedType(typeof(Token), "token")]
[JsonDerivedType(typeof(ToolStarted), "toolStarted")]
[JsonDerivedType(typeof(ToolFinished), "toolFinished")]
[JsonDerivedType(typeof(ApprovalNeeded), "approvalNeeded")]
[JsonDerivedType(typeof(Proposed), "proposed")]
[JsonDerivedType(typeof(Finished), "finished")]
[JsonDerivedType(typeof(Failed), "failed")]
public abstract record TurnEvent
{
    private TurnEvent()
    {
    }

    /// <summary>Who answers, and why that one.</summary>
    public sealed record Routed(string Provider, IReadOnlyList<string> Reasons) : TurnEvent;

    public sealed record Token(string Text) : TurnEvent;

    public sealed record ToolStarted(string CallId, string Tool, JsonElement Args, Tier? Tier) : TurnEvent;

    public sealed record ToolFinished(string CallId, string Tool, ToolStatus Status, string Verdict, bool IsError, string? Summary, string AuditId, double Milliseconds) : TurnEvent;

    public sealed record ApprovalNeeded(string CallId, string ApprovalId, string Tool, Tier Tier, bool KeywordRequired, string Summary, DateTimeOffset ExpiresAt) : TurnEvent;

    /// <summary>What was not asked for clearly enough to be done: the operator may say yes.</summary>
    public sealed record Proposed(string Tool, JsonElement Args) : TurnEvent;

    public sealed record Finished(string Reason) : TurnEvent;

    public sealed record Failed(string Code, string Message) : TurnEvent;
}
