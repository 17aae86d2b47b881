using System.Text.Json;
using Jarvis.Safety;

namespace Jarvis.Server.Agent;

/// <summary>How a call stands when its turn goes on.</summary>
public enum ToolStatus { Completed, Failed, Refused, AwaitingApproval, Running, Unknown }

/// <summary>What became of a call of the assistant's: the receipt that people are shown, and what the model is told.</summary>
public sealed record ToolAnswer
{
    public required string Tool { get; init; }
    public required ToolStatus Status { get; init; }

    /// <summary>As in <c>ALLOW_LOGGED</c>.</summary>
    public required string Verdict { get; init; }
    public required string AuditId { get; init; }
    public Tier? Tier { get; init; }

    /// <summary>What the tool gave; null when it gave text, or nothing.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>What it gave as text; else why it failed, waits, or was refused.</summary>
    public string? Text { get; init; }

    /// <summary>A handle to the rest of a result that was cut.</summary>
    public string? Rest { get; init; }
    public Approval? Approval { get; init; }

    public bool IsError => Status is ToolStatus.Failed or ToolStatus.Refused or ToolStatus.Unknown;

    public static ToolAnswer Of(ToolOutcome outcome, string tool, Tier? tier)
    {
        var begun = new ToolAnswer { Tool = tool, Status = ToolStatus.Refused, Verdict = outcome.Verdict.Name, AuditId = outcome.AuditId, Tier = tier };
        return outcome switch
        {
            ToolOutcome.Completed { Output: var output } => begun with { Status = ToolStatus.Completed, Result = output.IsJson ? JsonElement.Parse(output.Text) : null, Text = output.IsJson ? null : output.Text, Rest = output.Handle },
            ToolOutcome.Failed failed => begun with { Status = ToolStatus.Failed, Text = failed.Why },
            ToolOutcome.Waiting waiting => begun with { Status = ToolStatus.AwaitingApproval, Text = outcome.Verdict.Why, Approval = waiting.Approval, Tier = waiting.Approval.Tier },
            ToolOutcome.Running running => begun with { Status = ToolStatus.Running, Text = running.Progress?.Text },
            ToolOutcome.Unknown unknown => begun with { Status = ToolStatus.Unknown, Text = unknown.Why },
            _ => begun with { Text = outcome.Verdict.Why },
        };
    }
}
