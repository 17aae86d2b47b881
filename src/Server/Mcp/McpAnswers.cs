using System.Text.Json;
using System.Text.Json.Nodes;
using Jarvis.Safety;
using ModelContextProtocol.Protocol;
using Tool = Jarvis.Safety.Tool;

namespace Jarvis.Server.Mcp;

/// <summary>What became of a call, in the protocol's words: always the same object, so that a result that was cut, waits or
/// goes on fits the schema too.</summary>
internal static class McpAnswers
{
    private static readonly string[] Outcomes = ["completed", "failed", "refused", "waiting", "running", "unknown"];

    /// <summary>The schema of <see cref="Of"/> for a tool.</summary>
    public static JsonElement Schema(JsonElement? result)
    {
        var properties = new JsonObject
        {
            ["outcome"] = new JsonObject { ["enum"] = new JsonArray([.. Outcomes.Select(o => JsonValue.Create(o))]) },
            ["auditId"] = Text(), ["text"] = Text(), ["upid"] = Text(), ["snapshot"] = Text(), ["rest"] = Text(),
            ["untrusted"] = new JsonObject { ["const"] = true },
        };
        if (result is { } schema) properties["result"] = JsonNode.Parse(schema.GetRawText());
        return JsonSerializer.SerializeToElement<JsonNode>(new JsonObject
        {
            ["type"] = "object", ["properties"] = properties, ["required"] = new JsonArray("outcome", "auditId"),
        });

        static JsonObject Text() => new() { ["type"] = "string" };
    }

    public static CallToolResult Of(ToolOutcome outcome, Tool? tool, Turn turn, string home)
    {
        var (name, words) = outcome switch
        {
            ToolOutcome.Completed done => ("completed", done.Output.Text),
            ToolOutcome.Failed failed => ("failed", failed.Why),
            ToolOutcome.Waiting waiting => ("waiting", Asked(waiting.Approval, home)),
            ToolOutcome.Running => ("running", $"It goes on under the audit id {outcome.AuditId}; its end is shown in Jarvis."),
            ToolOutcome.Unknown unknown => ("unknown", $"Whether it had its effect is not known, and it is not sent again: {unknown.Why}"),
            _ => ("refused", $"{outcome.Verdict.Name}: {outcome.Verdict.Why}"),
        };
        var fields = new JsonObject { ["outcome"] = name, ["auditId"] = outcome.AuditId };
        if (outcome is ToolOutcome.Completed { Output: var output } completed)
        {
            if (output.IsJson) fields["result"] = JsonNode.Parse(output.Text);
            else fields["text"] = output.Text;
            if (output.Handle is not null) fields["rest"] = McpResources.RestUri(output.Handle, output.Text.Length);
            if (completed.Upid is not null) fields["upid"] = completed.Upid;
            if (completed.Snapshot is not null) fields["snapshot"] = completed.Snapshot;
        }
        else fields["text"] = words;
        var outside = tool is { Outside: true } && outcome is ToolOutcome.Completed or ToolOutcome.Failed;
        if (outside) fields["untrusted"] = true;
        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = outside ? turn.Wrap(tool!.Name, words) : words }],
            StructuredContent = JsonSerializer.SerializeToElement<JsonNode>(fields),
            IsError = outcome is ToolOutcome.Failed or ToolOutcome.Refused or ToolOutcome.Unknown,
        };
    }

    /// <summary>As above, for a call that was asked for before and is told its end now: the same words may have meant a new one.</summary>
    public static CallToolResult OfEarlier(CallToolResult answer, Approval asked, ToolOutcome outcome)
    {
        var note = outcome switch
        {
            ToolOutcome.Running => "It has not ended; repeat the same call to learn its end, which does nothing anew.",
            ToolOutcome.Completed or ToolOutcome.Failed => "Nothing was done anew. Call again to have it done once more.",
            _ => null,
        };
        if (note is not null) answer.Content = [.. answer.Content, new TextContentBlock { Text = $"This is what became of the call that was asked for at {asked.AskedAt:u}. {note}" }];
        return answer;
    }

    public static string PageOf(string approval, string home) => $"{home}/approvals/{approval}";

    private static string Asked(Approval approval, string home) =>
        $"APPROVAL_REQUIRED id={approval.Id} url={PageOf(approval.Id, home)}\nA signed-in person decides there, until {approval.ExpiresAt:u}. "
        + "After that repeat the same call to learn what became of it; repeating it does not ask twice.";
}
