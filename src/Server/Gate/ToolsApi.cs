using System.ComponentModel.DataAnnotations;
using Jarvis.Safety;
using Jarvis.Server.Auth;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Jarvis.Server.Gate;

/// <summary>Tools over HTTP, through the one door.</summary>
internal static class ToolsApi
{
    private const int LongestBody = 4 * 1024 * 1024;
    private const int LongestKey = 100;
    private const int LongestPiece = 64 * 1024;

    public static void MapToolsApi(this IEndpointRouteBuilder app)
    {
        var tools = app.MapGroup("/api/tools").WithTags("Tools").RequireAuthorization("viewer");
        tools.MapGet("", List).TakesKeys().WithSummary("Every tool: what it takes, and how dangerous it is.");
        tools.MapPost("/execute", ExecuteAsync).TakesKeys().WithMetadata(new RequestSizeLimitAttribute(LongestBody)).Accepts<ExecuteBody>("application/json")
            .ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).ProducesProblem(429).WithSummary("Judges a call, and runs it if it may be.");
        tools.MapGet("/runs", RunningAsync).TakesKeys().AddEndpointFilter(Verdicts.StoreTroubleAsync).ProducesProblem(503).WithSummary("What runs now: one's own calls, and for operators those of all.");
        tools.MapGet("/runs/{auditId}", RunAsync).TakesKeys().ProducesProblem(404).WithSummary("How a run stands, or ended.");
        tools.MapGet("/output/{handle}", OutputAsync).TakesKeys().ProducesProblem(404).WithSummary("A further piece of a result that was cut; kept for a quarter of an hour.");
        tools.MapPost("/runs/{auditId}/cancel", CancelAsync).TakesKeys().ProducesProblem(404).WithSummary("Asks a run to stop.");
    }

    private static IReadOnlyList<ToolView> List(ToolCatalogue catalogue) => [.. catalogue.Tools.Select(ToolView.Of)];

    private static async Task<Results<Ok<CallAnswer>, Accepted<CallAnswer>, ProblemHttpResult>> ExecuteAsync(
        HttpContext http, SafetyKernel kernel, Keys keys, KeyTurns turns, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, cancellationToken);
        var wrong = ExecuteRequest.Read(body.ToArray(), out var request);
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > LongestKey) wrong ??= $"Idempotency-Key must have at most {LongestKey} characters.";
        if (await CallerOfAsync(http, kernel, keys, request.Confirmed, cancellationToken) is not { } caller) return Gone();
        var turn = new Turn("rest", caller is Caller.Operator person ? person.Session : caller.Actor) { IdempotencyKey = key.Length > 0 ? key : null, AnswerAtOnce = AtOnce(http.Request), Seen = request.Seen };
        var program = (caller as Caller.ApiKey)?.Key;
        if (program is not null) turns.Begin(program, turn);
        if (wrong is not null) return Verdicts.Answer(kernel.Invoker.Malformed(request.Tool, wrong, caller, turn));
        if (request.DryRun)
        {
            var preview = await kernel.Invoker.PreviewAsync(request.Tool, request.Arguments, caller, turn, cancellationToken);
            return preview.Plan is null ? Verdicts.Problem(preview.Verdict, null)
                : TypedResults.Ok(new CallAnswer { Outcome = CallOutcome.Planned, Verdict = preview.Verdict.Name, AuditId = null, Why = preview.Verdict.Why, Plan = preview.Plan, Seen = preview.Seen });
        }

        var before = turn.Taints.Count;
        var outcome = await kernel.Invoker.InvokeAsync(request.Tool, request.Arguments, caller, turn, cancellationToken);
        if (program is not null) turns.End(program, turn, before, kernel.Invoker.Catalogue.Find(request.Tool), outcome);
        return Verdicts.Answer(outcome);
    }

    private static async Task<IReadOnlyList<RunView>> RunningAsync(HttpContext http, SafetyKernel kernel, Keys keys, KeyTurns turns, CancellationToken cancellationToken)
    {
        if (await CallerOfAsync(http, kernel, keys, false, cancellationToken) is not { } by) return [];
        var running = kernel.Invoker.Running(by);
        if (running.Any(r => r.Progress is not null && kernel.Invoker.MayHoldOutsideText(r.AuditId))) Read(by, turns);
        return [.. running.Select(r => new RunView(r.AuditId, r.Tool, r.Targets, r.Tier, r.Actor, r.Actor == by.Actor, r.At, r.Progress))];
    }

    private static async Task<Results<Ok<CallAnswer>, ProblemHttpResult>> RunAsync(string auditId, HttpContext http, SafetyKernel kernel, Keys keys, KeyTurns turns, CancellationToken cancellationToken)
    {
        if (await CallerOfAsync(http, kernel, keys, false, cancellationToken) is not { } by || kernel.Invoker.Find(auditId, by) is not { } outcome) return Unknown();
        if (outcome is ToolOutcome.Completed or ToolOutcome.Failed or ToolOutcome.Running { Progress: not null } && kernel.Invoker.MayHoldOutsideText(auditId)) Read(by, turns);
        return TypedResults.Ok(CallAnswer.Of(outcome));
    }

    // What a program learns of a run later counts to it as if it had waited.
    private static void Read(Caller by, KeyTurns turns)
    {
        if (by is not Caller.ApiKey { Key: var key }) return;
        var turn = turns.Begin(key, new Turn("rest", by.Actor));
        turn.Mark("the end of a run");
        turns.End(key, turn, fresh: true);
    }

    private static async Task<Results<Accepted, ProblemHttpResult>> CancelAsync(string auditId, HttpContext http, SafetyKernel kernel, Keys keys, CancellationToken cancellationToken) =>
        await CallerOfAsync(http, kernel, keys, false, cancellationToken) is { } by && kernel.Invoker.Cancel(auditId, by) ? TypedResults.Accepted((string?)null) : Unknown();

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> OutputAsync(
        string handle, HttpContext http, SafetyKernel kernel, Keys keys, [Range(0, int.MaxValue)] int? offset, CancellationToken cancellationToken) =>
        await CallerOfAsync(http, kernel, keys, false, cancellationToken) is { } by && kernel.Invoker.More(handle, by, offset ?? 0, LongestPiece) is { } piece ? TypedResults.Text(piece)
            : TypedResults.Problem("No result of this handle is kept, or it is not yours.", statusCode: StatusCodes.Status404NotFound, extensions: [new("code", "OUTPUT_UNKNOWN")]);

    /// <summary>The person, or the program whose key came with the request; null when the key's owner is gone.</summary>
    private static async ValueTask<Caller?> CallerOfAsync(HttpContext http, SafetyKernel kernel, Keys keys, bool confirmed, CancellationToken cancellationToken) =>
        ApiKeyAuthentication.KeyOf(http.User) is { } key ? await keys.CallerOfAsync(key, cancellationToken) : People.CallerOf(CurrentUser.From(http.User)!, kernel, confirmed);

    /// <summary>Whether the caller follows the run itself (<c>Prefer: respond-async</c>, RFC 7240), rather than be kept waiting.</summary>
    internal static bool AtOnce(HttpRequest request) =>
        request.Headers["Prefer"].Any(line => line?.Split(',', StringSplitOptions.TrimEntries).Contains("respond-async", StringComparer.OrdinalIgnoreCase) is true);

    private static ProblemHttpResult Gone() => Verdicts.Problem(new(VerdictCode.DenyRole, "The account that this key belongs to is gone."), null);

    private static ProblemHttpResult Unknown() => TypedResults.Problem(
        "No run of this id is known, or it is not yours.", statusCode: StatusCodes.Status404NotFound, extensions: [new("code", "RUN_UNKNOWN")]);
}

/// <summary>What <c>POST /api/tools/execute</c> takes; read by hand, so that nothing is lost.</summary>
public sealed record ExecuteBody(string Tool, System.Text.Json.JsonElement? Args, bool? Confirmed, bool? DryRun, string? Seen);
