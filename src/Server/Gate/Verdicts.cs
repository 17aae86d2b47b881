using Jarvis.Safety;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Jarvis.Server.Gate;

/// <summary>Verdicts as HTTP says them.</summary>
internal static class Verdicts
{
    public static Results<Ok<CallAnswer>, Accepted<CallAnswer>, ProblemHttpResult> Answer(ToolOutcome outcome) => outcome switch
    {
        ToolOutcome.Refused => Problem(outcome.Verdict, outcome.AuditId),
        ToolOutcome.Waiting => TypedResults.Accepted((string?)null, CallAnswer.Of(outcome)),
        _ => TypedResults.Ok(CallAnswer.Of(outcome)),
    };

    public static ProblemHttpResult Problem(Verdict verdict, string? auditId)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = verdict.Name };
        if (auditId is not null) extensions["auditId"] = auditId;
        return TypedResults.Problem(verdict.Why, statusCode: StatusOf(verdict.Code), extensions: extensions);
    }

    /// <summary>What cannot be read or written now is told as such.</summary>
    public static async ValueTask<object?> StoreTroubleAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (StoreUnavailableException e)
        {
            return TypedResults.Problem(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable, extensions: [new("code", "SAFETY_UNAVAILABLE")]);
        }
    }

    public static int StatusOf(VerdictCode code) => code switch
    {
        VerdictCode.DenyArgs or VerdictCode.DenyPath or VerdictCode.DenySsrf => StatusCodes.Status400BadRequest,
        VerdictCode.DenyBudget => StatusCodes.Status429TooManyRequests,
        VerdictCode.DenyState or VerdictCode.DenyExpired or VerdictCode.DenyReplay => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status403Forbidden,
    };
}
