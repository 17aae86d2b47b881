using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Jarvis.Server.Auth;

/// <summary><c>/api/wall</c>: tokens for displays, for administrators.</summary>
internal static class WallApi
{
    public static void MapWallApi(this IEndpointRouteBuilder app)
    {
        var wall = app.MapGroup("/api/wall").WithTags("wall").RequireAuthorization(Policies.Admin)
            .AddEndpointFilter(DatabaseTrouble.Answer).WithMetadata(new RequestSizeLimitAttribute(8 * 1024));
        wall.MapGet("/", async (WallTokens tokens, CancellationToken stop) => TypedResults.Ok(await tokens.ListAsync(stop)));
        wall.MapPost("/", AddAsync).ProducesProblem(409);
        wall.MapDelete("/{id:guid}", RemoveAsync).ProducesProblem(404);
    }

    private static async Task<Results<Created<NewWallToken>, ProblemHttpResult>> AddAsync(
        WallRequest request, CurrentUser user, WallTokens tokens, CancellationToken cancellationToken) =>
        await tokens.AddAsync(request.Name.Trim(), request.Days, user.Name, cancellationToken) is { } token
            ? TypedResults.Created($"/api/wall/{token.Id}", token)
            : AuthApi.Refuse(409, "WALL_FULL", "Too many wall tokens", $"There are {WallTokens.Most}, which is the most; remove one first.");

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Guid id, CurrentUser user, WallTokens tokens, CancellationToken cancellationToken) =>
        await tokens.RemoveAsync(id, user.Name, cancellationToken)
            ? TypedResults.NoContent()
            : AuthApi.Refuse(404, "WALL_UNKNOWN", "There is no such wall token", "It was removed already; GET /api/wall lists them.");
}

public sealed record WallRequest
{
    [Required, RegularExpression(@"(?=.*\S)\P{C}{1,64}", ErrorMessage = "A name has 1 to 64 characters, one of them visible.")]
    public required string Name { get; init; }

    /// <summary>How long it is good for; for ever when null.</summary>
    [Range(1, 3650)]
    public int? Days { get; init; }
}
