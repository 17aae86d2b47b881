using Jarvis.Safety;
using Jarvis.Safety.Ledger;
using Jarvis.Server.Auth;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Jarvis.Server.Gate;

/// <summary>The kill switch.</summary>
internal static class SafetyApi
{
    public static void MapSafetyApi(this IEndpointRouteBuilder app)
    {
        var monitor = app.MapGroup("/api/monitor").WithTags("Safety");
        monitor.MapGet("/killswitch", Kill).RequireAuthorization("viewer").WithSummary("Whether nothing may be changed now.");
        monitor.MapPut("/killswitch", SetKillAsync).RequireAuthorization("operator").ProducesProblem(403).ProducesProblem(409)
            .WithSummary("Stops everything that changes something; an administrator lets it go on.");
    }

    private static KillSwitchView Kill(SafetyKernel kernel) => ViewOf(kernel.KillSwitch.State);

    private static async Task<Results<Ok<KillSwitchView>, ProblemHttpResult>> SetKillAsync(
        KillSwitchRequest request, SafetyKernel kernel, CurrentUser user, CancellationToken cancellationToken)
    {
        var verdict = await kernel.KillSwitch.SetAsync(request.Active, People.CallerOf(user, kernel), cancellationToken);
        return verdict.Allows ? TypedResults.Ok(ViewOf(kernel.KillSwitch.State)) : Verdicts.Problem(verdict, null);
    }

    private static KillSwitchView ViewOf(KillState state) => new(state.Active, state.By, state.At);
}
