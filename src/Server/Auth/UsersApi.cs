using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Jarvis.Server.Auth;

/// <summary><c>/api/users</c>: the accounts, for administrators.</summary>
internal static class UsersApi
{
    public static void MapUsersApi(this IEndpointRouteBuilder app)
    {
        var users = app.MapGroup("/api/users").WithTags("users").RequireAuthorization(Policies.Admin)
            .AddEndpointFilter(DatabaseTrouble.Answer).WithMetadata(new RequestSizeLimitAttribute(8 * 1024));
        users.MapGet("/", async (CurrentUser you, Users all, CancellationToken stop) => TypedResults.Ok(await all.ListAsync(you, stop)));
        users.MapPost("/", AddAsync).ProducesProblem(409);
        users.MapPatch("/{name}", ChangeAsync).ProducesProblem(404).ProducesProblem(409);
        users.MapDelete("/{name}", RemoveAsync).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<Results<Created<UserView>, ProblemHttpResult>> AddAsync(
        NewUser request, CurrentUser you, Users users, CancellationToken cancellationToken)
    {
        if (await users.AddAsync(request.Name, RoleOf(request.Role), request.Password, you.Name, cancellationToken) is not UserChange.Done and var why)
            return Refuse(why, request.Name);
        return TypedResults.Created($"/api/users/{request.Name}", await users.FindAsync(request.Name, you, cancellationToken));
    }

    private static async Task<Results<Ok<UserView>, ProblemHttpResult>> ChangeAsync(
        string name, UserPatch request, CurrentUser you, Users users, CancellationToken cancellationToken)
    {
        Role? role = request.Role is { } text ? RoleOf(text) : null;
        if (await users.ChangeAsync(name, role, request.Password, you.Name, cancellationToken) is not UserChange.Done and var why) return Refuse(why, name);
        return await users.FindAsync(name, you, cancellationToken) is { } user ? TypedResults.Ok(user) : Refuse(UserChange.Unknown, name);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string name, CurrentUser you, Users users, CancellationToken cancellationToken) =>
        await users.RemoveAsync(name, you.Name, cancellationToken) is not UserChange.Done and var why ? Refuse(why, name) : TypedResults.NoContent();

    private static Role RoleOf(string text) => Enum.Parse<Role>(text, ignoreCase: true);

    private static ProblemHttpResult Refuse(UserChange why, string name) => why switch
    {
        UserChange.Taken => AuthApi.Refuse(409, "USER_EXISTS", "The name is taken", $"There is an account {name} already."),
        UserChange.LastAdmin => AuthApi.Refuse(409, "LAST_ADMIN", "One administrator must stay", $"{name} is the only administrator; make another one first."),
        _ => AuthApi.Refuse(404, "USER_UNKNOWN", "There is no such account", "No account has that name; GET /api/users lists them."),
    };
}

public sealed record NewUser
{
    internal const string Roles = "viewer|operator|admin";
    internal const string LegalRole = "A role is viewer, operator or admin.";

    [Required, RegularExpression(Account.NamePattern, ErrorMessage = Account.LegalName)]
    public required string Name { get; init; }

    [Required, RegularExpression(Roles, ErrorMessage = LegalRole)]
    public required string Role { get; init; }

    [Required, StringLength(LoginRequest.LongestPassword, MinimumLength = AdminPassword.Shortest, ErrorMessage = AdminPassword.Legal)]
    public required string Password { get; init; }
}

public sealed record UserPatch
{
    [RegularExpression(NewUser.Roles, ErrorMessage = NewUser.LegalRole)]
    public string? Role { get; init; }

    [StringLength(LoginRequest.LongestPassword, MinimumLength = AdminPassword.Shortest, ErrorMessage = AdminPassword.Legal)]
    public string? Password { get; init; }
}
