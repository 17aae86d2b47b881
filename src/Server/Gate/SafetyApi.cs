using Jarvis.Safety;
using Jarvis.Safety.Ledger;
using Jarvis.Server.Auth;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Jarvis.Server.Gate;

/// <summary>The kill switch and the audit.</summary>
internal static class SafetyApi
{
    private const int MostRows = 1000;

    public static void MapSafetyApi(this IEndpointRouteBuilder app)
    {
        var monitor = app.MapGroup("/api/monitor").WithTags("Safety");
        monitor.MapGet("/killswitch", Kill).RequireAuthorization("viewer").WithSummary("Whether nothing may be changed now.");
        monitor.MapPut("/killswitch", SetKillAsync).RequireAuthorization("operator").ProducesProblem(403).ProducesProblem(409)
            .WithSummary("Stops everything that changes something; an administrator lets it go on.");
        var audit = app.MapGroup("/api/audit").WithTags("Safety").RequireAuthorization("admin").AddEndpointFilter(Verdicts.StoreTroubleAsync);
        audit.MapGet("", Read).WithSummary("What was asked for and what became of it, newest first.");
        audit.MapGet("/verify", Verify).WithSummary("Checks the whole hash chain of the audit.");
        audit.MapGet("/{auditId}", Of).WithSummary("The rows of one call.");
    }

    private static KillSwitchView Kill(SafetyKernel kernel) => ViewOf(kernel.KillSwitch.State);

    private static async Task<Results<Ok<KillSwitchView>, ProblemHttpResult>> SetKillAsync(
        KillSwitchRequest request, SafetyKernel kernel, CurrentUser user, CancellationToken cancellationToken)
    {
        var verdict = await kernel.KillSwitch.SetAsync(request.Active, People.CallerOf(user, kernel), cancellationToken);
        return verdict.Allows ? TypedResults.Ok(ViewOf(kernel.KillSwitch.State)) : Verdicts.Problem(verdict, null);
    }

    private static AuditPage Read(SafetyKernel kernel, long? before, int? limit)
    {
        var most = Math.Clamp(limit ?? 100, 1, MostRows);
        var rows = kernel.Audit.Read(before ?? long.MaxValue, most);
        return new([.. rows.Select(ViewOf)], rows.Count == most ? rows[^1].Seq : null);
    }

    private static AuditPage Of(string auditId, SafetyKernel kernel) => new([.. kernel.Audit.Of(auditId).Select(ViewOf)], null);

    private static AuditVerification Verify(SafetyKernel kernel, CancellationToken cancellationToken) => kernel.Audit.Verify(cancellationToken);

    // The id of an approval is for those who decide, not for whoever is given rows of the audit.
    private static AuditRowView ViewOf(AuditRow r) => new(r.Seq, r.Id, r.Part, r.At, r.Kind, r.Actor, r.Channel, r.Tool, r.Tier, r.Verdict, r.Digest, r.Text);

    private static KillSwitchView ViewOf(KillState state) => new(state.Active, state.By, state.At);
}
