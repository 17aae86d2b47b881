using System.Text;
using Jarvis.Safety;
using Jarvis.Server.Auth;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Jarvis.Server.Gate;

/// <summary>The calls that wait for a person, and what people decide about them.</summary>
internal static class ApprovalsApi
{
    public static void MapApprovalsApi(this IEndpointRouteBuilder app)
    {
        var approvals = app.MapGroup("/api/approvals").WithTags("Approvals").RequireAuthorization("operator").AddEndpointFilter(Verdicts.StoreTroubleAsync);
        approvals.MapGet("", List).WithSummary("The calls that wait for a person; with all=true those that were decided, too.");
        approvals.MapGet("/{id}", Show).ProducesProblem(404).WithSummary("One call that waits, or waited.");
        approvals.MapPost("/{id}/decide", DecideAsync).ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).WithSummary("Approves, denies or edits a call that waits.");
        approvals.MapPost("/{id}/extend", ExtendAsync).ProducesProblem(403).ProducesProblem(409).WithSummary("The time to decide begins anew.");
        approvals.MapPost("/{id}/undo-denial", UndoAsync).ProducesProblem(403).ProducesProblem(409).WithSummary("The same call may be asked for again.");
    }

    private static IReadOnlyList<ApprovalView> List(SafetyKernel kernel, bool all = false, int limit = 100) =>
        [.. kernel.Approvals.List(!all, limit).Select(ApprovalView.Of)];

    private static Results<Ok<ApprovalView>, ProblemHttpResult> Show(string id, SafetyKernel kernel) =>
        kernel.Approvals.Find(id) is { } approval ? TypedResults.Ok(ApprovalView.Of(approval))
        : TypedResults.Problem("There is no such approval.", statusCode: StatusCodes.Status404NotFound, extensions: [new("code", "APPROVAL_UNKNOWN")]);

    private static async Task<Results<Ok<CallAnswer>, Accepted<CallAnswer>, ProblemHttpResult, NoContent>> DecideAsync(
        string id, DecisionRequest request, HttpRequest http, SafetyKernel kernel, CurrentUser user, CancellationToken cancellationToken)
    {
        Decision? decision = request switch
        {
            { Decision: "approve", Args: { } args, Keyword: null } => new Decision.Edit(Encoding.UTF8.GetBytes(args.GetRawText())),
            { Decision: "approve", Args: null } => new Decision.Approve(request.Seen, request.Keyword, AnswerAtOnce: ToolsApi.AtOnce(http)),
            { Decision: "deny", Args: null, Keyword: null } => new Decision.Deny(request.Reason),
            _ => null,
        };
        if (decision is null) return Verdicts.Problem(new(VerdictCode.DenyArgs, "decision is approve (with keyword, seen; or with other args, which then wait to be approved) or deny (with reason)."), null);
        var outcome = await kernel.Approvals.DecideAsync(id, decision, People.CallerOf(user, kernel), cancellationToken);
        return outcome switch
        {
            ToolOutcome.Refused { Denied: true } => TypedResults.NoContent(),
            ToolOutcome.Refused => Verdicts.Problem(outcome.Verdict, outcome.AuditId),
            ToolOutcome.Waiting => TypedResults.Accepted((string?)null, CallAnswer.Of(outcome)),
            _ => TypedResults.Ok(CallAnswer.Of(outcome)),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ExtendAsync(string id, SafetyKernel kernel, CurrentUser user, CancellationToken cancellationToken) =>
        Said(await kernel.Approvals.ExtendAsync(id, People.CallerOf(user, kernel), cancellationToken));

    private static async Task<Results<NoContent, ProblemHttpResult>> UndoAsync(string id, SafetyKernel kernel, CurrentUser user, CancellationToken cancellationToken) =>
        Said(await kernel.Approvals.UndoDenialAsync(id, People.CallerOf(user, kernel), cancellationToken));

    internal static Results<NoContent, ProblemHttpResult> Said(Verdict verdict) =>
        verdict.Allows ? TypedResults.NoContent() : Verdicts.Problem(verdict, null);
}
