using System.Text.Json.Nodes;
using Jarvis.Safety;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Tool = ModelContextProtocol.Protocol.Tool;

namespace Jarvis.Server.Mcp;

/// <summary>A tool of the catalogue as the protocol lists it. A call goes through the door like any other.</summary>
internal sealed class GatedMcpTool(Safety.Tool tool, McpDoor door) : McpServerTool, IMcpServerPrimitive
{
    private readonly Lazy<Tool> _listed = new(() => new Tool
    {
        Name = tool.Name,
        Title = TitleOf(tool.Name),
        Description = tool.Description,
        InputSchema = tool.Schema,
        OutputSchema = McpAnswers.Schema(tool.ResultSchema),
        Annotations = AnnotationsOf(tool),
        Meta = new JsonObject { ["dev.jarvis/tier"] = tool.Tier.ToString().ToUpperInvariant() },
    });

    // Under its name it is found without being described: the schemas of all results take memory that nobody may ever ask for.
    string IMcpServerPrimitive.Id => tool.Name;

    public override Tool ProtocolTool => _listed.Value;

    public override IReadOnlyList<object> Metadata { get; } = [];

    public override ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default) =>
        door.CallAsync(request, tool.Name, request.Services!.GetRequiredService<McpCall>().Arguments, cancellationToken);

    /// <summary>What may be raised by its arguments is told by the tier that it has without.</summary>
    internal static ToolAnnotations AnnotationsOf(Safety.Tool tool) => new()
    {
        Title = TitleOf(tool.Name),
        ReadOnlyHint = tool.Tier == Tier.Green,
        DestructiveHint = tool.Tier is not (Tier.Green or Tier.Yellow) || tool.CanBeRaised,
        IdempotentHint = tool.Tier == Tier.Green,
        OpenWorldHint = tool.Sends,
    };

    private static string TitleOf(string name) => string.Concat(char.ToUpperInvariant(name[0]).ToString(), name.AsSpan(1).ToString().Replace('_', ' '));
}
