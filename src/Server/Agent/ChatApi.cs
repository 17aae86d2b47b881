using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using Jarvis.Server.Agent.Providers;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Jarvis.Server.Agent;

/// <summary>What a message is; without a session a new conversation begins. <c>From</c> puts it in the place of that line and of all after it.</summary>
public sealed record ChatRequest(string Message, string? SessionId = null, string? Provider = null, int? From = null);

/// <summary>The whole answer to a message.</summary>
public sealed record ChatAnswer(
    string SessionId, string RunId, string Provider, IReadOnlyList<string> Reasons, string Text, IReadOnlyList<ChatToolLine> Tools, IReadOnlyList<string> Approvals, IReadOnlyList<ChatProposal> Proposals, TurnEvent.Usage? Usage,
    string? Unproven, string? Error);

/// <summary>A conversation: its newest lines, and the answer that is being given in it.</summary>
public sealed record ChatConversation(string Id, IReadOnlyList<ChatLine> Lines, string? RunId);

public sealed record ChatRename(string Title);

/// <summary>One who may be asked, and why not now.</summary>
public sealed record ChatProvider(string Name, string? Model, string? Unready);

/// <summary>Conversations over HTTP.</summary>
internal static class ChatApi
{
    internal const int LongestMessage = 8_000;
    private const int LongestBody = 64 * 1024;
    private const int LongestWords = 200;

    public static void MapChatApi(this IEndpointRouteBuilder app)
    {
        var chat = app.MapGroup("/api/chat").WithTags("Chat").RequireAuthorization("viewer");
        chat.MapPost("", AskAsync).WithMetadata(new RequestSizeLimitAttribute(LongestBody)).Produces<ChatAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409)
            .WithSummary("Asks something, or for something to be done; with Accept: text/event-stream the answer comes piece by piece.");
        chat.MapGet("/providers", ProvidersAsync).WithSummary("Who may be asked, in their order.");
        chat.MapGet("/runs/{id}", Attach).ProducesProblem(404).WithSummary("An answer that is being given, or was just given, as events after a cursor.");
        chat.MapPost("/runs/{id}/cancel", Cancel).ProducesProblem(404).WithSummary("Stops an answer; what was begun in Proxmox goes on.");
        chat.MapGet("/sessions", SessionsAsync).ProducesProblem(400).WithSummary("One's own conversations, the newest first; with search those in which the words stand.");
        chat.MapGet("/sessions/{id}", LinesAsync).ProducesProblem(404).WithSummary("The newest 200 lines of a conversation of one's own.");
        chat.MapGet("/sessions/{id}/export", ExportAsync).ProducesProblem(400).ProducesProblem(404).WithSummary("A conversation of one's own as a file: Markdown, or JSON.");
        chat.MapPatch("/sessions/{id}", RenameAsync).ProducesProblem(400).ProducesProblem(404).WithSummary("Gives a conversation another title.");
        chat.MapDelete("/sessions/{id}", DeleteAsync).ProducesProblem(404).WithSummary("Deletes a conversation of one's own, and stops the answer in it.");
    }

    private static async Task<IResult> AskAsync(ChatRequest request, HttpContext http, ChatDesk desk, CancellationToken cancellationToken)
    {
        var (run, refused) = await desk.AskAsync(http.User, request, cancellationToken);
        if (run is null) return Problem(refused!.Status, refused.Code, refused.Message);
        if (http.Request.Headers.Accept.Any(a => a?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) is true)) return TypedResults.ServerSentEvents(Stream(run, 0, cancellationToken));
        return TypedResults.Ok(await WholeAsync(run, cancellationToken));
    }

    private static async Task<IReadOnlyList<ChatProvider>> ProvidersAsync(Speakers speakers, CancellationToken cancellationToken) => await speakers.AllAsync(cancellationToken);

    private static Results<ServerSentEventsResult<RunEvent>, ProblemHttpResult> Attach(string id, HttpContext http, ChatPeople who, ChatRuns runs, long? cursor, CancellationToken cancellationToken) =>
        who.Of(http.User) is { } caller && runs.Find(id, caller.User) is { } run ? TypedResults.ServerSentEvents(Stream(run, Math.Max(0, cursor ?? 0), cancellationToken)) : NoRun();

    private static Results<NoContent, ProblemHttpResult> Cancel(string id, HttpContext http, ChatPeople who, ChatRuns runs)
    {
        if (who.Of(http.User) is not { } caller || runs.Find(id, caller.User) is not { } run) return NoRun();
        run.Cancel();
        return TypedResults.NoContent();
    }

    private static async IAsyncEnumerable<SseItem<RunEvent>> Stream(ChatRun run, long cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new(new(run.Id, cursor, new TurnEvent.Begun(run.Session)), "turn");
        await foreach (var happened in run.ReadAsync(cursor, cancellationToken)) yield return new(happened, "turn") { EventId = happened.Cursor.ToString(CultureInfo.InvariantCulture) };
    }

    private static async Task<ChatAnswer> WholeAsync(ChatRun run, CancellationToken cancellationToken)
    {
        var answer = new Answer(null, TimeProvider.System);
        await foreach (var happened in run.ReadAsync(0, cancellationToken)) answer.Noted(happened.Happened);
        // Kept before it is told: whoever reads the conversation next finds it.
        await run.Done.WaitAsync(cancellationToken);
        return new(
            run.Session, run.Id, answer.Provider ?? BuiltIn.Name, answer.Reasons, answer.Text, answer.Tools, [.. answer.Tools.Select(t => t.ApprovalId).OfType<string>()], answer.Proposals, answer.Usage,
            answer.Details(stopped: false).Unproven, answer.Error);
    }

    private static async Task<Results<Ok<IReadOnlyList<ChatSession>>, ProblemHttpResult>> SessionsAsync(HttpContext http, ChatPeople who, Conversations conversations, string? search, CancellationToken cancellationToken) =>
        search?.Length > LongestWords ? Problem(400, "CHAT_SEARCH", $"At most {LongestWords} characters are looked for.")
        : TypedResults.Ok(who.Of(http.User) is { } caller ? await conversations.OfAsync(caller.User, search?.Trim(), cancellationToken) : []);

    private static async Task<Results<Ok<ChatConversation>, ProblemHttpResult>> LinesAsync(string id, HttpContext http, ChatPeople who, Conversations conversations, ChatRuns runs, CancellationToken cancellationToken)
    {
        // Before the lines: an answer that ends meanwhile is then among them, and not lost between the two.
        var run = runs.In(id);
        return who.Of(http.User) is { } caller && await conversations.LinesAsync(caller.User, id, all: false, cancellationToken) is { } lines ? TypedResults.Ok(new ChatConversation(id, lines, run?.Person == caller.User ? run.Id : null)) : Unknown();
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ExportAsync(string id, HttpContext http, ChatPeople who, Conversations conversations, string? format, CancellationToken cancellationToken)
    {
        if (format is not (null or "markdown" or "json")) return Problem(400, "CHAT_FORMAT", "format is markdown or json.");
        if (who.Of(http.User) is not { } caller || await conversations.LinesAsync(caller.User, id, all: true, cancellationToken) is not { } lines) return Unknown();
        return format is "json"
            ? TypedResults.File(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(lines, AgentJson.Default.IReadOnlyListChatLine), "application/json", $"conversation-{id}.json")
            : TypedResults.File(Encoding.UTF8.GetBytes(Transcript.Of(lines)), "text/markdown; charset=utf-8", $"conversation-{id}.md");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RenameAsync(string id, ChatRename to, HttpContext http, ChatPeople who, Conversations conversations, ChatRuns runs, CancellationToken cancellationToken)
    {
        if (to.Title?.Trim() is not { Length: > 0 and <= LongestWords } title) return Problem(400, "CHAT_TITLE", $"A title has 1 to {LongestWords} characters.");
        if (who.Of(http.User) is not { } caller || !await conversations.RenameAsync(caller.User, id, title, cancellationToken)) return Unknown();
        runs.Tell(caller.User, new(ChatChangeKind.Renamed, id, null));
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string id, HttpContext http, ChatPeople who, Conversations conversations, ChatRuns runs, CancellationToken cancellationToken)
    {
        if (who.Of(http.User) is not { } caller || !await conversations.DeleteAsync(caller.User, id, cancellationToken)) return Unknown();
        runs.In(id)?.Cancel();
        runs.Tell(caller.User, new(ChatChangeKind.Deleted, id, null));
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult NoRun() => Problem(404, "CHAT_RUN", "There is no such answer of yours, or it was given long ago.");

    private static ProblemHttpResult Unknown() => Problem(404, "CHAT_UNKNOWN", "There is no such conversation of yours.");

    private static ProblemHttpResult Problem(int status, string code, string detail) => TypedResults.Problem(detail, statusCode: status, extensions: [new("code", code)]);
}
