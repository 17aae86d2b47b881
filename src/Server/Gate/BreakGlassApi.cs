using System.ComponentModel.DataAnnotations;
using Jarvis.Safety;
using Jarvis.Server.Auth;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Jarvis.Server.Gate;

/// <summary>For ten minutes an administrator's own RED and ORANGE calls need no more words; everybody sees it.</summary>
internal static class BreakGlassApi
{
    public static void MapBreakGlassApi(this IEndpointRouteBuilder app)
    {
        var glass = app.MapGroup("/api/break-glass").WithTags("Safety").AddEndpointFilter(Verdicts.StoreTroubleAsync);
        glass.MapGet("", ListAsync).RequireAuthorization(Policies.Viewer).WithSummary("Who has broken the glass, why, and until when.");
        glass.MapPost("", BreakAsync).RequireAuthorization(Policies.Admin).ProducesProblem(400).ProducesProblem(403).ProducesProblem(429)
            .WithSummary("Breaks the glass for this session; asks for the password again, and for a reason.");
        glass.MapDelete("", End).RequireAuthorization(Policies.Operator).WithSummary("Ends it, whosever it is.");
    }

    private static async Task<IReadOnlyList<BreakGlassView>> ListAsync(SafetyKernel kernel, Sessions sessions, CurrentUser user, CancellationToken cancellationToken)
    {
        List<BreakGlassView> all = [];
        foreach (var glass in kernel.BreakGlasses)
        {
            // It is worth nothing without its session.
            if (await sessions.FindAsync(Guid.Parse(glass.Session), cancellationToken) is not null) all.Add(ViewOf(glass, user));
        }
        return all;
    }

    private static async Task<Results<Ok<BreakGlassView>, ProblemHttpResult>> BreakAsync(
        BreakGlassRequest request, SafetyKernel kernel, Reauthentication again, CurrentUser user, HttpContext context, CancellationToken cancellationToken)
    {
        if (await again.RefusalAsync(context, user, request.Password, cancellationToken) is { } refusal) return refusal;
        var (verdict, glass) = await kernel.BreakGlassAsync(People.CallerOf(user, kernel), request.Reason, cancellationToken);
        return glass is null ? Verdicts.Problem(verdict, null) : TypedResults.Ok(ViewOf(glass, user));
    }

    private static NoContent End(SafetyKernel kernel, CurrentUser user)
    {
        kernel.EndBreakGlass(People.CallerOf(user, kernel));
        return TypedResults.NoContent();
    }

    private static BreakGlassView ViewOf(BreakGlass glass, CurrentUser user) => new(glass.User, glass.Reason, glass.Until, glass.Session == user.Session.ToString("N"));
}

/// <summary>A broken glass; <c>Yours</c> when it holds for the session that asks.</summary>
public sealed record BreakGlassView(string User, string Reason, DateTimeOffset Until, bool Yours);

public sealed record BreakGlassRequest
{
    /// <summary>The password of whoever asks.</summary>
    [Required, StringLength(LoginRequest.LongestPassword, MinimumLength = 1)]
    public required string Password { get; init; }

    /// <summary>Shown to everybody, and kept: 5 to 500 characters.</summary>
    [Required, StringLength(500, MinimumLength = 5)]
    public required string Reason { get; init; }

    // A record prints its members, and the password must stand in no log.
    public override string ToString() => nameof(BreakGlassRequest);
}
