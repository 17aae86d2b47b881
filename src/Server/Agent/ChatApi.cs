using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using Jarvis.Safety;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Jarvis.Server.Agent;

/// <summary>Who chats, as the gate knows people; null for what is no person.</summary>
internal delegate Caller.Model? ChatCaller(HttpContext http);

/// <summary>What a message is; without a session a new conversation begins.</summary>
public sealed record ChatRequest(string Message, string? SessionId = null, string? Provider = null);

/// <summary>The whole answer to a message.</summary>
public sealed record ChatAnswer(
    string SessionId, string RunId, string Provider, IReadOnlyList<string> Reasons, string Text, IReadOnlyList<ChatToolLine> Tools, IReadOnlyList<string> Approvals, IReadOnlyList<ChatProposal> Proposals, string? Error);

/// <summary>What could be done if the operator says yes.</summary>
public sealed record ChatProposal(string Tool, System.Text.Json.JsonElement Args);

/// <summary>Conversations over HTTP.</summary>
internal static class ChatApi
{
    private const int LongestMessage = 8_000;
    private const int LongestBody = 64 * 1024;

    public static void MapChatApi(this IEndpointRouteBuilder app)
    {
        var chat = app.MapGroup("/api/chat").WithTags("Chat").RequireAuthorization("viewer");
        chat.MapPost("", AskAsync).WithMetadata(new RequestSizeLimitAttribute(LongestBody)).Produces<ChatAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409)
            .WithSummary("Asks something, or for something to be done; with Accept: text/event-stream the answer comes piece by piece.");
        chat.MapGet("/sessions", SessionsAsync).WithSummary("One's own conversations, the newest first.");
        chat.MapGet("/sessions/{id}", LinesAsync).ProducesProblem(404).WithSummary("The newest 200 lines of a conversation of one's own.");
        chat.MapDelete("/sessions/{id}", DeleteAsync).ProducesProblem(404).WithSummary("Deletes a conversation of one's own.");
    }

    private static async Task<IResult> AskAsync(ChatRequest request, HttpContext http, ChatCaller who, Chats chats, CancellationToken cancellationToken)
    {
        if (who(http) is not { } caller) return Problem(403, "CHAT_PERSON", "Only a signed-in person can chat.");
        var message = request.Message?.Trim() ?? "";
        if (message.Length is 0 or > LongestMessage) return Problem(400, "CHAT_MESSAGE", $"A message has 1 to {LongestMessage:N0} characters.");
        if (request.Provider is not (null or Providers.BuiltIn.Name)) return Problem(400, "CHAT_PROVIDER", $"There is no provider {PlainText.Shown(request.Provider, 60)}; there is: {Providers.BuiltIn.Name}.");
        ChatRun? run;
        try
        {
            run = await chats.AskAsync(caller, "chat", message, request.SessionId, cancellationToken);
        }
        catch (ChatBusyException busy)
        {
            return Problem(409, "CHAT_BUSY", busy.Message);
        }

        if (run is null) return Problem(404, "CHAT_UNKNOWN", "There is no such conversation of yours.");
        if (http.Request.Headers.Accept.Any(a => a?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) is true)) return TypedResults.ServerSentEvents(Stream(run, cancellationToken));
        return TypedResults.Ok(await WholeAsync(run, cancellationToken));
    }

    private static async IAsyncEnumerable<SseItem<TurnEvent>> Stream(ChatRun run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var happened in run.Events.WithCancellation(cancellationToken)) yield return new(happened, "turn") { EventId = run.SessionId };
    }

    private static async Task<ChatAnswer> WholeAsync(ChatRun run, CancellationToken cancellationToken)
    {
        var (provider, reasons, text, error) = ("", (IReadOnlyList<string>)[], new StringBuilder(), (string?)null);
        var (tools, proposals) = (new Dictionary<string, ChatToolLine>(StringComparer.Ordinal), new List<ChatProposal>());
        await foreach (var happened in run.Events.WithCancellation(cancellationToken))
        {
            if (happened is TurnEvent.Routed routed) (provider, reasons) = (routed.Provider, routed.Reasons);
            else if (happened is TurnEvent.Proposed proposed) proposals.Add(new(proposed.Tool, proposed.Args));
            else if (happened is TurnEvent.Failed failed) error = failed.Code;
            Chats.Note(happened, text, tools);
        }

        return new(run.SessionId, run.RunId, provider, reasons, text.ToString(), [.. tools.Values], [.. tools.Values.Select(t => t.ApprovalId).OfType<string>()], proposals, error);
    }

    private static async Task<Results<Ok<IReadOnlyList<ChatSession>>, ProblemHttpResult>> SessionsAsync(HttpContext http, ChatCaller who, Conversations conversations, CancellationToken cancellationToken) =>
        who(http) is { } caller ? TypedResults.Ok(await conversations.OfAsync(caller.User, cancellationToken)) : TypedResults.Ok<IReadOnlyList<ChatSession>>([]);

    private static async Task<Results<Ok<IReadOnlyList<ChatLine>>, ProblemHttpResult>> LinesAsync(string id, HttpContext http, ChatCaller who, Conversations conversations, CancellationToken cancellationToken) =>
        who(http) is { } caller && await conversations.LinesAsync(caller.User, id, cancellationToken) is { } lines ? TypedResults.Ok(lines) : Unknown();

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string id, HttpContext http, ChatCaller who, Conversations conversations, CancellationToken cancellationToken) =>
        who(http) is { } caller && await conversations.DeleteAsync(caller.User, id, cancellationToken) ? TypedResults.NoContent() : Unknown();

    private static ProblemHttpResult Unknown() => Problem(404, "CHAT_UNKNOWN", "There is no such conversation of yours.");

    private static ProblemHttpResult Problem(int status, string code, string detail) => TypedResults.Problem(detail, statusCode: status, extensions: [new("code", code)]);
}
