using Jarvis.Safety;
using Jarvis.Server.Auth;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Jarvis.Server.Gate;

/// <summary>Protected targets, the two-person rule and budgets, changed while the server runs.</summary>
internal static class PolicyApi
{
    private const int LongestBody = 256 * 1024;

    public static void MapPolicyApi(this IEndpointRouteBuilder app)
    {
        var policy = app.MapGroup("/api/policy").WithTags("Safety").AddEndpointFilter(Verdicts.StoreTroubleAsync);
        policy.MapGet("", (SafetyKernel kernel) => ViewOf(kernel)).RequireAuthorization(Policies.Operator).WithSummary("The rules in force.");
        policy.MapPut("", SetAsync).RequireAuthorization(Policies.Admin).WithMetadata(new RequestSizeLimitAttribute(LongestBody)).ProducesProblem(400).ProducesProblem(403)
            .WithSummary("Sets the rules: at once, also for what waits.");
    }

    private static async Task<Results<Ok<PolicyView>, ProblemHttpResult>> SetAsync(Policy request, SafetyKernel kernel, CurrentUser user, CancellationToken cancellationToken)
    {
        var verdict = await kernel.Policy.SetAsync(request, People.CallerOf(user, kernel), cancellationToken);
        return verdict.Allows ? TypedResults.Ok(ViewOf(kernel)) : Verdicts.Problem(verdict, null);
    }

    private static PolicyView ViewOf(SafetyKernel kernel) => new(
        kernel.Policy.Current, kernel.Options.Protected, kernel.Options.TwoPersons, kernel.Own, kernel.Policy.Version, kernel.Policy.State?.By, kernel.Policy.State?.At);
}

/// <summary>The rules in force.</summary>
/// <param name="Policy">What administrators set; this is what PUT takes.</param>
/// <param name="ConfiguredProtected">Protected by the configuration, which only its file changes.</param>
/// <param name="ConfiguredTwoPersons">The two-person rule of the configuration.</param>
/// <param name="Own">Where this server itself runs, as far as it found out; protected, too.</param>
/// <param name="Version">Changes with any rule or tool; what waits under another one runs no more.</param>
/// <param name="By">Who set it; null while only the configuration holds.</param>
/// <param name="At">When.</param>
public sealed record PolicyView(
    Policy Policy, IReadOnlyList<TargetRule> ConfiguredProtected, IReadOnlyList<TargetRule> ConfiguredTwoPersons, IReadOnlyList<TargetRule> Own, string Version, string? By, DateTimeOffset? At);
