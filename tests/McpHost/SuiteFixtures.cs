using System.ComponentModel;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Jarvis.McpHost;

/// <summary>What the conformance suite calls by name. These are raw tools, past the door, and stand in no product.</summary>
internal static class SuiteFixtures
{
    internal const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
    private const string Silence = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

    public static void Add(IServiceCollection services, HttpServerSessionMode mode)
    {
        services.AddDistributedMemoryCache();
        var server = services.AddMcpServer()
            .WithDistributedCacheEventStreamStore()
            .WithTools([.. Plain, .. Asking, .. SuiteRounds.Tools])
            .WithPrompts<SuitePrompts>()
            .WithResources<SuiteResources>()
            .WithCompleteHandler((_, _) => ValueTask.FromResult(new CompleteResult { Completion = new Completion { Values = [], Total = 0, HasMore = false } }))
            .WithSetLoggingLevelHandler((_, _) => ValueTask.FromResult(new EmptyResult()))
            .WithRequestFilters(filters => filters.AddCallToolFilter(next => async (request, cancellationToken) =>
            {
                var result = await next(request, cancellationToken);
                if (request.Params?.Name == "test_reconnection") await request.EnablePollingAsync(TimeSpan.FromMilliseconds(500), cancellationToken);
                return result;
            }));
        if (mode == HttpServerSessionMode.Stateless) return;
        server.WithSubscribeToResourcesHandler((_, _) => ValueTask.FromResult(new EmptyResult()))
            .WithUnsubscribeFromResourcesHandler((_, _) => ValueTask.FromResult(new EmptyResult()));
    }

    internal static byte[] Bytes(string base64) => Encoding.UTF8.GetBytes(base64);

    internal static CallToolResult Say(params ContentBlock[] content) => new() { Content = [.. content] };

    internal static CallToolResult Say(string text) => Say(new TextContentBlock { Text = text });

    internal static EmbeddedResourceBlock Embedded(string uri, string type, string text) =>
        new() { Resource = new TextResourceContents { Uri = uri, MimeType = type, Text = text } };

    private static Fixture[] Plain =>
    [
        new("test_simple_text", _ => Say("This is a simple text response for testing.")),
        new("test_image_content", _ => Say(new ImageContentBlock { Data = Bytes(Pixel), MimeType = "image/png" })),
        new("test_audio_content", _ => Say(new AudioContentBlock { Data = Bytes(Silence), MimeType = "audio/wav" })),
        new("test_embedded_resource", _ => Say(Embedded("test://embedded-resource", "text/plain", "This is an embedded resource content."))),
        new("test_multiple_content_types", _ => Say(
            new TextContentBlock { Text = "Multiple content types test:" },
            new ImageContentBlock { Data = Bytes(Pixel), MimeType = "image/png" },
            Embedded("test://mixed-content-resource", "application/json", """{"test":"data","value":123}"""))),
        new("test_error_handling", _ => throw new McpException("This tool intentionally returns an error for testing")),
        new("test_tool_with_logging", request => Logged(request, "Tool execution started", "Tool processing data", "Tool execution completed")),
        new("test_logging_tool", request => Logged(request, "written for whoever wants it")),
        new("test_reconnection", _ => Say("The stream was closed, and this came on the next.")),
        new("test_streaming_elicitation", _ => Say("Nothing but this result was streamed.")),
        new("test_missing_capability", request => request.Server.ClientCapabilities?.Sampling is not null ? Say("The client can sample.")
            : throw new MissingRequiredClientCapabilityException(new ClientCapabilities { Sampling = new() }, "this needs sampling")),
        new("test_tool_with_progress", async (request, cancellationToken) =>
        {
            if (request.Params!.ProgressToken is not { } token) return Say("no token");
            foreach (var part in (float[])[0, 50, 100])
                await request.Server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = part, Total = 100 }, cancellationToken: cancellationToken);
            return Say(token.ToString() ?? "");
        }),
        new("json_schema_2020_12_tool", _ => Say("fine"), """
            {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
             "$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}},
             "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},"contactMethod":{"type":"string","enum":["phone","email"]},"phone":{"type":"string"},"email":{"type":"string"}},
             "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],
             "if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},"then":{"required":["phone"]},"else":{"required":["email"]},
             "additionalProperties":false}
            """),
    ];

    private static Fixture[] Asking =>
    [
        new("test_sampling", async (request, cancellationToken) =>
        {
            var said = await request.Server.SampleAsync(SuiteRounds.Sampling(Given(request, "prompt")), cancellationToken);
            return Say($"LLM response: {said.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text}");
        }),
        new("test_elicitation", (request, cancellationToken) => Elicit(request, Given(request, "message"), new() { ["response"] = new ElicitRequestParams.StringSchema() }, cancellationToken)),
        new("test_elicitation_sep1034_defaults", (request, cancellationToken) => Elicit(request, "Take what stands there.", new()
        {
            ["name"] = new ElicitRequestParams.StringSchema { Default = "John Doe" },
            ["age"] = new ElicitRequestParams.NumberSchema { Type = "integer", Default = 30 },
            ["score"] = new ElicitRequestParams.NumberSchema { Default = 95.5 },
            ["status"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema { Enum = ["active", "inactive", "pending"], Default = "active" },
            ["verified"] = new ElicitRequestParams.BooleanSchema { Default = true },
        }, cancellationToken)),
        new("test_elicitation_sep1330_enums", (request, cancellationToken) => Elicit(request, "Choose.", new()
        {
            ["untitledSingle"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema { Enum = ["option1", "option2", "option3"] },
            ["titledSingle"] = new ElicitRequestParams.TitledSingleSelectEnumSchema { OneOf = Titled },
            ["legacyEnum"] = new ElicitRequestParams.LegacyTitledEnumSchema { Enum = ["opt1", "opt2", "opt3"], EnumNames = ["One", "Two", "Three"] },
            ["untitledMulti"] = new ElicitRequestParams.UntitledMultiSelectEnumSchema { Items = new() { Enum = ["option1", "option2", "option3"] } },
            ["titledMulti"] = new ElicitRequestParams.TitledMultiSelectEnumSchema { Items = new() { AnyOf = Titled } },
        }, cancellationToken)),
    ];

    private static IList<ElicitRequestParams.EnumSchemaOption> Titled =>
        [new() { Const = "value1", Title = "First" }, new() { Const = "value2", Title = "Second" }, new() { Const = "value3", Title = "Third" }];

    private static string Given(RequestContext<CallToolRequestParams> request, string name) =>
        request.Params?.Arguments?.TryGetValue(name, out var value) is true ? value.ToString() : "";

    private static CallToolResult Logged(RequestContext<CallToolRequestParams> request, params string[] lines)
    {
        var logger = request.Server.AsClientLoggerProvider().CreateLogger("suite");
        foreach (var line in lines) logger.Log(LogLevel.Information, default, line, null, static (text, _) => text);
        return Say("logged");
    }

    private static async ValueTask<CallToolResult> Elicit(
        RequestContext<CallToolRequestParams> request, string message, Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition> fields, CancellationToken cancellationToken)
    {
        var answer = await request.Server.ElicitAsync(new ElicitRequestParams { Message = message, RequestedSchema = new() { Properties = fields } }, cancellationToken);
        return Say($"The user said {answer.Action}: {JsonSerializer.Serialize(answer.Content)}");
    }
}

/// <summary>A tool that is its body.</summary>
internal sealed class Fixture(string name, Func<RequestContext<CallToolRequestParams>, CancellationToken, ValueTask<CallToolResult>> body, string schema = """{"type":"object"}""") : McpServerTool
{
    public Fixture(string name, Func<RequestContext<CallToolRequestParams>, CallToolResult> body, string schema = """{"type":"object"}""")
        : this(name, (request, _) => ValueTask.FromResult(body(request)), schema)
    {
    }

    public override Tool ProtocolTool { get; } = new() { Name = name, Description = $"{name} of the conformance suite", InputSchema = JsonElement.Parse(schema) };

    public override IReadOnlyList<object> Metadata { get; } = [];

    public override ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default) => body(request, cancellationToken);
}

[McpServerPromptType]
internal sealed class SuitePrompts
{
    [McpServerPrompt(Name = "test_simple_prompt"), Description("Without arguments")]
    public static string Simple() => "This is a simple prompt for testing.";

    [McpServerPrompt(Name = "test_prompt_with_arguments"), Description("With two arguments")]
    public static string WithArguments([Description("The first")] string arg1, [Description("The second")] string arg2) => $"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'";

    [McpServerPrompt(Name = "test_prompt_with_embedded_resource"), Description("With a resource in it")]
    public static IEnumerable<PromptMessage> WithResource([Description("Its URI")] string resourceUri) =>
        [Message(SuiteFixtures.Embedded(resourceUri, "text/plain", "Embedded resource content for testing.")), Message(new TextContentBlock { Text = "Read what is above." })];

    [McpServerPrompt(Name = "test_prompt_with_image"), Description("With an image in it")]
    public static IEnumerable<PromptMessage> WithImage() =>
        [Message(new ImageContentBlock { Data = SuiteFixtures.Bytes(SuiteFixtures.Pixel), MimeType = "image/png" }), Message(new TextContentBlock { Text = "Look at what is above." })];

    [McpServerPrompt(Name = "test_input_required_result_prompt"), Description("Asks before it answers")]
    public static GetPromptResult AsksFirst(RequestContext<GetPromptRequestParams> request) =>
        request.Params?.InputResponses?.ContainsKey("user_context") is true
            ? new() { Messages = [Message(new TextContentBlock { Text = "Go on with what was said." })] }
            : throw new InputRequiredException(new Dictionary<string, InputRequest> { ["user_context"] = SuiteRounds.Form("In what context?", "context") });

    private static PromptMessage Message(ContentBlock content) => new() { Role = Role.User, Content = content };
}

[McpServerResourceType]
internal sealed class SuiteResources
{
    [McpServerResource(UriTemplate = "test://static-text", Name = "text", MimeType = "text/plain"), Description("A text")]
    public static string Text() => "This is the content of the static text resource.";

    [McpServerResource(UriTemplate = "test://static-binary", Name = "binary", MimeType = "image/png"), Description("An image")]
    public static BlobResourceContents Binary() => new() { Uri = "test://static-binary", MimeType = "image/png", Blob = SuiteFixtures.Bytes(SuiteFixtures.Pixel) };

    [McpServerResource(UriTemplate = "test://template/{id}/data", Name = "template", MimeType = "application/json"), Description("A template")]
    public static TextResourceContents Template(string id) =>
        new() { Uri = $"test://template/{id}/data", MimeType = "application/json", Text = JsonSerializer.Serialize(new { id, templateTest = true, data = $"Data for ID: {id}" }) };

    [McpServerResource(UriTemplate = "test://watched-resource", Name = "watched", MimeType = "text/plain"), Description("One that can be watched")]
    public static string Watched() => "watched";
}
