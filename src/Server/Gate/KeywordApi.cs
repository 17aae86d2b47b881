using System.ComponentModel.DataAnnotations;
using Jarvis.Safety;
using Jarvis.Server.Auth;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Jarvis.Server.Gate;

/// <summary>The word that people type for one ORANGE call.</summary>
internal static class KeywordApi
{
    public static void MapKeywordApi(this IEndpointRouteBuilder app)
    {
        var keyword = app.MapGroup("/api/keyword").WithTags("Safety").AddEndpointFilter(Verdicts.StoreTroubleAsync);
        keyword.MapGet("", (KeywordDesk desk) => TypedResults.Ok(desk.State)).RequireAuthorization(Policies.Operator).WithSummary("Whether an approval keyword is set.");
        keyword.MapPut("", SetAsync).RequireAuthorization(Policies.Admin).ProducesProblem(400).ProducesProblem(403).ProducesProblem(429)
            .WithSummary("Sets the approval keyword, or takes it away; asks for the password again.");
    }

    private static async Task<Results<Ok<KeywordView>, ProblemHttpResult>> SetAsync(
        KeywordRequest request, KeywordDesk desk, SafetyKernel kernel, Reauthentication again, CurrentUser user, HttpContext context, CancellationToken cancellationToken)
    {
        if (await again.RefusalAsync(context, user, request.Password, cancellationToken) is { } refusal) return refusal;
        var verdict = await kernel.Keyword.SetAsync(request.Keyword, People.CallerOf(user, kernel), cancellationToken);
        return verdict.Allows ? TypedResults.Ok(desk.State) : Verdicts.Problem(verdict, null);
    }
}

/// <summary>Whether it is set, for whoever need not know more.</summary>
public sealed class KeywordDesk(SafetyKernel kernel)
{
    /// <exception cref="StoreUnavailableException">Nobody knows.</exception>
    public KeywordView State
    {
        get
        {
            var (set, until) = kernel.Keyword.State;
            return new(set, until);
        }
    }

    /// <summary>False also when nobody knows.</summary>
    public bool IsSet
    {
        get
        {
            try
            {
                return State.Set;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        }
    }
}

/// <summary>Whether the approval keyword is set, and until when it is locked after too many wrong ones.</summary>
public sealed record KeywordView(bool Set, DateTimeOffset? LockedUntil);

public sealed record KeywordRequest
{
    /// <summary>The password of whoever asks.</summary>
    [Required, StringLength(LoginRequest.LongestPassword, MinimumLength = 1)]
    public required string Password { get; init; }

    /// <summary>6 to 128 characters; null takes it away.</summary>
    public required string? Keyword { get; init; }

    // A record prints its members, and these must stand in no log.
    public override string ToString() => nameof(KeywordRequest);
}
