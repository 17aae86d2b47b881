using System.Text;
using System.Text.Json;
using Jarvis.Safety;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent;

/// <summary>What a model is told of its calls: never an approval's id, which is for people.</summary>
internal static class ToolAnswers
{
    public static FunctionResultContent ForModel(SafetyKernel kernel, Turn turn, FunctionCallContent call, ToolAnswer answer)
    {
        var outside = kernel.Invoker.Catalogue.Find(answer.Tool) is { Outside: true } && answer.Status is ToolStatus.Completed or ToolStatus.Failed;
        var body = answer.Result is { } result ? result.GetRawText() : answer.Text ?? "";
        return new(call.CallId, ForModel(answer, outside ? turn.Wrap(answer.Tool, body) : body)) { RawRepresentation = answer };
    }

    private static string ForModel(ToolAnswer answer, string body)
    {
        var text = new StringBuilder();
        switch (answer.Status)
        {
            case ToolStatus.Completed:
                text.Append(body.Length > 0 ? body : "Done.");
                if (answer.Rest is { } rest) text.Append("\n(cut; read_more with handle ").Append(rest).Append(" gives the rest)");
                return text.ToString();
            case ToolStatus.AwaitingApproval:
                return JsonSerializer.Serialize(new AwaitingApproval("awaiting_approval", answer.Tier?.ToString().ToUpperInvariant() ?? "", answer.Approval!.ExpiresAt, answer.Approval.Plan.Summary, "A person decides outside of this conversation. Do not call again."), AgentJson.Default.AwaitingApproval);
            case ToolStatus.Running: text.Append("It runs and is not finished; its end is told to the operator. Do not call again. "); break;
            case ToolStatus.Unknown: text.Append("Whether it had its effect is not known; it is not sent again. "); break;
            case ToolStatus.Refused: text.Append(answer.Verdict).Append(": "); break;
            default: text.Append("It failed: "); break;
        }

        return text.Append(body).ToString();
    }
}

internal sealed record AwaitingApproval(string Status, string Tier, DateTimeOffset ExpiresAt, string Plan, string Note);
