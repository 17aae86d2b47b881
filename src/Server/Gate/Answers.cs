using System.Text.Json;
using System.Text.Json.Serialization;
using Jarvis.Safety;

namespace Jarvis.Server.Gate;

/// <summary>A tool as callers see it: its schema, its tier and what may raise it.</summary>
public sealed record ToolView(
    string Name, string Description, Tier Tier, bool CanBeRaised, bool ReadsOutsideText, bool SnapshotFirst, bool HasPlan, double TimeoutSeconds, JsonElement Schema)
{
    internal static ToolView Of(Tool tool) => new(
        tool.Name, tool.Description, tool.Tier, tool.CanBeRaised, tool.Outside, tool.SnapshotFirst, tool.HasPlan, tool.Timeout.TotalSeconds, tool.Schema);
}

/// <summary>How a call stands.</summary>
public enum CallOutcome { Completed, Failed, Running, Unknown, Waiting, Planned }

/// <summary>What became of a call. The result is what the tool gave, a text when it was cut, with a handle to the rest.</summary>
public sealed record CallAnswer
{
    public required CallOutcome Outcome { get; init; }

    /// <summary>As in <c>ALLOW_LOGGED</c>.</summary>
    public required string Verdict { get; init; }
    public required string? AuditId { get; init; }
    public JsonElement? Result { get; init; }
    public string? Handle { get; init; }
    public string? Upid { get; init; }

    /// <summary>The name of the snapshot made before, also when what came after it failed.</summary>
    public string? Snapshot { get; init; }

    /// <summary>Why it failed, waits, or is not known.</summary>
    public string? Why { get; init; }
    public ApprovalView? Approval { get; init; }

    /// <summary>How far it is, while it runs and as far as it says.</summary>
    public RunProgress? Progress { get; init; }

    /// <summary>What it would do, when it was asked for as a dry run.</summary>
    public ShownPlan? Plan { get; init; }

    /// <summary>Given back as <c>seen</c>, it binds the call to what the dry run showed: it is refused when what it touches has changed.</summary>
    public string? Seen { get; init; }

    internal static CallAnswer Of(ToolOutcome outcome) => outcome switch
    {
        ToolOutcome.Completed(var output, var upid, var snapshot) => Begun(outcome, CallOutcome.Completed) with
        {
            Result = output.IsJson ? JsonElement.Parse(output.Text) : JsonSerializer.SerializeToElement(output.Text, GateJson.Default.String),
            Handle = output.Handle,
            Upid = upid,
            Snapshot = snapshot,
        },
        ToolOutcome.Failed(var why, var upid, var snapshot) => Begun(outcome, CallOutcome.Failed) with { Why = why, Upid = upid, Snapshot = snapshot },
        ToolOutcome.Unknown(var why, var upid, var snapshot) => Begun(outcome, CallOutcome.Unknown) with { Why = why, Upid = upid, Snapshot = snapshot },
        ToolOutcome.Waiting(var approval) => Begun(outcome, CallOutcome.Waiting) with { Why = outcome.Verdict.Why, Approval = ApprovalView.Of(approval) },
        ToolOutcome.Running(var progress) => Begun(outcome, CallOutcome.Running) with { Progress = progress },
        _ => Begun(outcome, CallOutcome.Running),
    };

    private static CallAnswer Begun(ToolOutcome outcome, CallOutcome how) => new() { Outcome = how, Verdict = outcome.Verdict.Name, AuditId = outcome.AuditId };
}

/// <summary>A call that runs: its targets in words, and whether it is the asker's own.</summary>
public sealed record RunView(string AuditId, string Tool, string Targets, Tier Tier, string Actor, bool Mine, DateTimeOffset At, RunProgress? Progress);

/// <summary>A call that waits for a person, or waited.</summary>
public sealed record ApprovalView(
    string Id, ApprovalState State, string Tool, Tier Tier, string Why, bool KeywordRequired, bool TwoPersons, string Actor, string? Person, string Channel,
    ShownPlan Plan, string Seen, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt, DateTimeOffset? DecidedAt, string? DecidedBy, string? Reason, string AuditId, string? Run)
{
    internal static ApprovalView Of(Approval a) => new(
        a.Id, a.State, a.Tool, a.Tier, a.Why, a.KeywordRequired, a.TwoPersons, a.Actor, a.Person, a.Channel,
        a.Plan, a.Seen, a.AskedAt, a.ExpiresAt, a.DecidedAt, a.DecidedBy, a.Reason, a.AuditId, a.Run);
}

/// <summary>What a person decides; <c>args</c> put other arguments in the place of those that were asked for.</summary>
public sealed record DecisionRequest
{
    /// <summary><c>approve</c> or <c>deny</c>.</summary>
    public required string Decision { get; init; }
    public string? Keyword { get; init; }
    public string? Reason { get; init; }

    /// <summary>The digest of the plan that was read.</summary>
    public string? Seen { get; init; }
    public JsonElement? Args { get; init; }

    // A record prints its members, and the keyword must stand in no log.
    public override string ToString() => nameof(DecisionRequest);
}

/// <summary>Whether nothing may be changed now, and who said so.</summary>
public sealed record KillSwitchView(bool Active, string? By, DateTimeOffset? At);

public sealed record KillSwitchRequest
{
    public required bool Active { get; init; }
}

/// <summary>A row of the audit; <c>Text</c> is JSON, null when it was deleted.</summary>
public sealed record AuditRowView(
    long Seq, string Id, AuditPart Part, DateTimeOffset At, string Kind, string Actor, string Channel, string Tool, Tier Tier, string Verdict, string Digest, string? Text);

/// <summary>Rows of the audit, newest first; <c>Next</c> goes into <c>before</c>.</summary>
public sealed record AuditPage(IReadOnlyList<AuditRowView> Items, long? Next);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<ToolView>))]
[JsonSerializable(typeof(CallAnswer))]
[JsonSerializable(typeof(IReadOnlyList<RunView>))]
[JsonSerializable(typeof(IReadOnlyList<ApprovalView>))]
[JsonSerializable(typeof(ApprovalView))]
[JsonSerializable(typeof(DecisionRequest))]
[JsonSerializable(typeof(KillSwitchView))]
[JsonSerializable(typeof(KillSwitchRequest))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AuditRowView))]
[JsonSerializable(typeof(AuditExportEnd))]
[JsonSerializable(typeof(KeywordView))]
[JsonSerializable(typeof(KeywordRequest))]
[JsonSerializable(typeof(IReadOnlyList<BreakGlassView>))]
[JsonSerializable(typeof(BreakGlassRequest))]
[JsonSerializable(typeof(IReadOnlyList<ApiKeyView>))]
[JsonSerializable(typeof(NewApiKey))]
[JsonSerializable(typeof(ApiKeyRequest))]
[JsonSerializable(typeof(KeyRights))]
[JsonSerializable(typeof(PolicyView))]
[JsonSerializable(typeof(Policy))]
[JsonSerializable(typeof(AuditVerification))]
[JsonSerializable(typeof(string))]
internal sealed partial class GateJson : JsonSerializerContext;
