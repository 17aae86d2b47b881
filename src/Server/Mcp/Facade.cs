using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jarvis.Safety;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Tool = ModelContextProtocol.Protocol.Tool;

namespace Jarvis.Server.Mcp;

/// <summary>Three tools that stand for all of them, for clients whose context is dear: <c>/mcp?profile=facade</c>.</summary>
internal static class Facade
{
    private const int MostFound = 20;

    public static IReadOnlyList<McpServerTool> Of(McpDoor door) =>
    [
        new Part("search_tools", "Finds tools of this Proxmox VE command centre by words of their names and descriptions. An empty query lists the first.",
            """{"type":"object","properties":{"query":{"type":"string"}},"additionalProperties":false}""", readOnly: true,
            (request, sent, _) => ValueTask.FromResult(Search(door, ClientOf(request), Text(sent, "query") ?? ""))),
        new Part("describe_tool", "The description, tier and argument schema of one tool.",
            """{"type":"object","properties":{"tool":{"type":"string"}},"required":["tool"],"additionalProperties":false}""", readOnly: true,
            (request, sent, _) => ValueTask.FromResult(Describe(door, ClientOf(request), Text(sent, "tool") ?? ""))),
        new Part("call_tool", "Calls a tool with its arguments. Tiers: GREEN reads; YELLOW takes nothing away; RED and ORANGE wait for a person, who is asked at the URL in the answer.",
            """{"type":"object","properties":{"tool":{"type":"string"},"arguments":{"type":"object"}},"required":["tool"],"additionalProperties":false}""", readOnly: false,
            (request, sent, cancellationToken) => door.CallAsync(request, Text(sent, "tool") ?? "", Inner(sent), cancellationToken)),
    ];

    /// <summary>The tools that a client is told of: those within its scope, and none that can never run.</summary>
    public static bool IsShown(Safety.Tool tool, Caller.McpClient client) => tool.Tier != Tier.Black && (client.Scope is null || client.Scope.Contains(tool.Name));

    private static CallToolResult Search(McpDoor door, Caller.McpClient client, string query)
    {
        var words = query.Split([' ', '_', ',', '-'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = from tool in door.Catalogue.Tools
                    where IsShown(tool, client)
                    let score = words.Sum(w => Has(tool.Name, w) ? 2 : Has(tool.Description, w) ? 1 : 0)
                    where score > 0 || words.Length == 0
                    orderby score descending, tool.Name
                    select tool;
        return Answer(new JsonObject
        {
            ["tools"] = new JsonArray([.. found.Take(MostFound).Select(t => new JsonObject { ["name"] = t.Name, ["tier"] = TierOf(t), ["description"] = t.Description })]),
        });

        static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
    }

    private static CallToolResult Describe(McpDoor door, Caller.McpClient client, string name) =>
        door.Catalogue.Find(name) is { } tool && IsShown(tool, client)
            ? Answer(new JsonObject { ["name"] = tool.Name, ["tier"] = TierOf(tool), ["description"] = tool.Description, ["arguments"] = JsonNode.Parse(tool.Schema.GetRawText()) })
            : Wrong($"There is no tool called {PlainText.Shown(name, 60)}; search_tools finds them.");

    private static string TierOf(Safety.Tool tool) => tool.Tier.ToString().ToUpperInvariant();

    private static Caller.McpClient ClientOf(RequestContext<CallToolRequestParams> request) => request.Services!.GetRequiredService<McpCall>().Client!;

    private static string? Text(JsonElement sent, string name) => sent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ReadOnlyMemory<byte> Inner(JsonElement sent) => sent.TryGetProperty("arguments", out var inner) ? JsonMarshal.GetRawUtf8Value(inner).ToArray() : "{}"u8.ToArray();

    private static CallToolResult Answer(JsonObject answer) => new() { Content = [new TextContentBlock { Text = answer.ToJsonString() }], StructuredContent = JsonSerializer.SerializeToElement<JsonNode>(answer) };

    private static CallToolResult Wrong(string why) => new() { Content = [new TextContentBlock { Text = why }], IsError = true };

    private sealed class Part(
        string name, string description, string schema, bool readOnly, Func<RequestContext<CallToolRequestParams>, JsonElement, CancellationToken, ValueTask<CallToolResult>> answer) : McpServerTool
    {
        public override Tool ProtocolTool { get; } = new()
        {
            Name = name, Description = description, InputSchema = JsonElement.Parse(schema),
            Annotations = new() { ReadOnlyHint = readOnly, DestructiveHint = !readOnly, IdempotentHint = readOnly, OpenWorldHint = false },
        };

        public override IReadOnlyList<object> Metadata { get; } = [];

        public override async ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
        {
            var call = request.Services!.GetRequiredService<McpCall>();
            call.Answered = true;
            using var sent = JsonDocument.Parse(call.Arguments);
            var root = sent.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return Wrong("The arguments must be an object.");
            var (names, known) = (root.EnumerateObject().Select(p => p.Name).ToList(), ProtocolTool.InputSchema.GetProperty("properties"));
            if (names.Distinct().Count() != names.Count || names.Exists(n => !known.TryGetProperty(n, out _))) return Wrong($"{name} takes each of its arguments once, and no others: {known}.");
            return await answer(request, root, cancellationToken);
        }
    }
}
