using System.Collections.Concurrent;
using System.Security.Cryptography;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Jarvis.McpHost;

/// <summary>Fixtures that ask for input in rounds.</summary>
internal static class SuiteRounds
{
    private static readonly ConcurrentBag<string> Handed = [];

    public static Fixture[] Tools =>
    [
        Once("test_input_required_result_elicitation", "user_name", () => Form("What is your name?", "name")),
        Once("test_incomplete_result_elicitation", "user_name", () => Form("What is your name?", "name")),
        Once("test_input_required_result_sampling", "capital_question", () => InputRequest.ForSampling(Sampling("What is the capital of France?"))),
        Once("test_input_required_result_list_roots", "client_roots", () => InputRequest.ForRootsList(new ListRootsRequestParams())),
        new("test_input_required_result_request_state", request => request.Params!.RequestState switch
        {
            null => throw new InputRequiredException(new Dictionary<string, InputRequest> { ["confirm"] = Form("Go on?", "ok") }, requestState: "round-one"),
            "round-one" => SuiteFixtures.Say("state-ok"),
            _ => SuiteFixtures.Say("another state"),
        }),
        new("test_input_required_result_multiple_inputs", request => request.Params!.InputResponses is { Count: 3 } ? SuiteFixtures.Say("all three came") : throw new InputRequiredException(
            new Dictionary<string, InputRequest>
            {
                ["user_name"] = Form("What is your name?", "name"),
                ["greeting"] = InputRequest.ForSampling(Sampling("Greet.")),
                ["client_roots"] = InputRequest.ForRootsList(new ListRootsRequestParams()),
            }, requestState: "three")),
        new("test_input_required_result_multi_round", request => request.Params!.RequestState switch
        {
            null => throw new InputRequiredException(new Dictionary<string, InputRequest> { ["step1"] = Form("What is your name?", "name") }, requestState: "first"),
            "first" => throw new InputRequiredException(new Dictionary<string, InputRequest> { ["step2"] = Form("Which colour?", "color") }, requestState: "second"),
            _ => SuiteFixtures.Say("both came"),
        }),
        new("test_input_required_result_tampered_state", request =>
        {
            if (request.Params!.RequestState is { } state) return Handed.Contains(state) ? SuiteFixtures.Say("as handed out") : throw new McpProtocolException("That state was not handed out.", McpErrorCode.InvalidParams);
            Handed.Add(RandomNumberGenerator.GetHexString(32));
            throw new InputRequiredException(new Dictionary<string, InputRequest> { ["confirm"] = Form("Go on?", "ok") }, requestState: Handed.First());
        }),
        new("test_input_required_result_capabilities", request =>
        {
            if (request.Params!.InputResponses is { Count: > 0 }) return SuiteFixtures.Say("it came");
            var can = request.JsonRpcRequest.Context?.ClientCapabilities;
            var asked = new Dictionary<string, InputRequest>();
            if (can?.Sampling is not null) asked["capital_question"] = InputRequest.ForSampling(Sampling("What is the capital of France?"));
            if (can?.Elicitation is not null) asked["user_name"] = Form("What is your name?", "name");
            if (can?.Roots is not null) asked["client_roots"] = InputRequest.ForRootsList(new ListRootsRequestParams());
            return asked.Count == 0 ? SuiteFixtures.Say("nothing to ask") : throw new InputRequiredException(asked);
        }),
    ];

    internal static InputRequest Form(string message, string field) => InputRequest.ForElicitation(new ElicitRequestParams
    {
        Message = message,
        RequestedSchema = new() { Properties = new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition> { [field] = new ElicitRequestParams.StringSchema() }, Required = [field] },
    });

    internal static CreateMessageRequestParams Sampling(string prompt) => new()
    {
        Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = prompt }] }], MaxTokens = 100,
    };

    private static Fixture Once(string name, string question, Func<InputRequest> ask) => new(name, request =>
        request.Params!.InputResponses?.TryGetValue(question, out var answer) is true ? SuiteFixtures.Say($"answered: {answer.RawValue}")
            : throw new InputRequiredException(new Dictionary<string, InputRequest> { [question] = ask() }));
}
