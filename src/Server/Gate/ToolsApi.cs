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

    public static void MapToolsApi(this IEndpointRouteBuilder app)
    {
        var tools = app.MapGroup("/api/tools").WithTags("Tools").RequireAuthorization("viewer");
        tools.MapGet("", List).WithSummary("Every tool: what it takes, and how dangerous it is.");
        tools.MapPost("/execute", ExecuteAsync).WithMetadata(new RequestSizeLimitAttribute(LongestBody)).Accepts<ExecuteBody>("application/json")
            .ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).ProducesProblem(429).WithSummary("Judges a call, and runs it if it may be.");
        tools.MapGet("/runs/{auditId}", Run).ProducesProblem(404).WithSummary("How a run stands, or ended.");
        tools.MapPost("/runs/{auditId}/cancel", Cancel).ProducesProblem(404).WithSummary("Asks a run to stop.");
    }

    private static IReadOnlyList<ToolView> List(ToolCatalogue catalogue) => [.. catalogue.Tools.Select(ToolView.Of)];

    private static async Task<Results<Ok<CallAnswer>, Accepted<CallAnswer>, ProblemHttpResult>> ExecuteAsync(
        HttpContext http, SafetyKernel kernel, CurrentUser user, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, cancellationToken);
        var wrong = ExecuteRequest.Read(body.ToArray(), out var request);
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > LongestKey) wrong ??= $"Idempotency-Key must have at most {LongestKey} characters.";
        var caller = People.CallerOf(user, kernel, request.Confirmed);
        if (wrong is not null) return Verdicts.Answer(kernel.Invoker.Malformed(request.Tool, wrong, caller, new Turn("rest", caller.Session)));
        var turn = new Turn("rest", caller.Session) { IdempotencyKey = key.Length > 0 ? key : null };
        if (request.DryRun)
        {
            var preview = await kernel.Invoker.PreviewAsync(request.Tool, request.Arguments, caller, turn, cancellationToken);
            return preview.Plan is null ? Verdicts.Problem(preview.Verdict, null)
                : TypedResults.Ok(new CallAnswer { Outcome = CallOutcome.Planned, Verdict = preview.Verdict.Name, AuditId = null, Why = preview.Verdict.Why, Plan = preview.Plan });
        }

        return Verdicts.Answer(await kernel.Invoker.InvokeAsync(request.Tool, request.Arguments, caller, turn, cancellationToken));
    }

    private static Results<Ok<CallAnswer>, ProblemHttpResult> Run(string auditId, SafetyKernel kernel) =>
        kernel.Invoker.Find(auditId) is { } outcome ? TypedResults.Ok(CallAnswer.Of(outcome)) : Unknown();

    private static Results<Accepted, ProblemHttpResult> Cancel(string auditId, SafetyKernel kernel, CurrentUser user) =>
        kernel.Invoker.Cancel(auditId, People.CallerOf(user, kernel)) ? TypedResults.Accepted((string?)null) : Unknown();

    private static ProblemHttpResult Unknown() => TypedResults.Problem(
        "No run of this id is known, or it is not yours to stop.", statusCode: StatusCodes.Status404NotFound, extensions: [new("code", "RUN_UNKNOWN")]);
}

/// <summary>What <c>POST /api/tools/execute</c> takes; read by hand, so that nothing is lost.</summary>
public sealed record ExecuteBody(string Tool, System.Text.Json.JsonElement? Args, bool? Confirmed, bool? DryRun);
