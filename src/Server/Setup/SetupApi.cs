using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Jarvis.Server.Auth;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Jarvis.Server.Setup;

/// <summary><c>/api/setup</c>: from the one-time link to something on the screen.</summary>
internal static class SetupApi
{
    public static void MapSetupApi(this IEndpointRouteBuilder app)
    {
        var setup = app.MapGroup("/api/setup").WithTags("setup").AddEndpointFilter(DatabaseTrouble.Answer).WithMetadata(new RequestSizeLimitAttribute(8 * 1024));
        setup.MapGet("/", async (FirstStart start, HttpContext context, CancellationToken stop) =>
            TypedResults.Ok(await start.StateAsync(CurrentUser.From(context.User), stop))).AllowAnonymous();
        setup.MapPost("/admin", AddAdminAsync).AllowAnonymous().ProducesProblem(403).ProducesProblem(409).ProducesProblem(429);
        setup.MapPost("/finish", FinishAsync).RequireAuthorization(Policies.Admin);
    }

    private static async Task<Results<Ok<SignedIn>, ProblemHttpResult>> AddAdminAsync(
        FirstAdmin request, SetupLink link, Users users, Sessions sessions, LoginThrottle throttle, Devices devices, Cookies cookies, HttpContext context, CancellationToken cancellationToken)
    {
        var visitor = AuthApi.VisitorOf(context);
        if (!await link.IsNeededAsync(cancellationToken)) return link.Trouble is null ? Done() : DatabaseTrouble.Problem();

        // Only wrong tokens are throttled: a right one cannot be guessed.
        if (!link.Fits(request.Token))
        {
            return throttle.Attempt("the set-up link", visitor) is { } wait
                ? AuthApi.Wait(context, wait)
                : AuthApi.Refuse(403, "SETUP_TOKEN", "The link is not good any more", "Open the link that the server printed when it started last; each start prints a new one.");
        }

        if (!await users.AddFirstAsync(request.User, request.Password, visitor.Address, cancellationToken)) return Done();
        link.Forget();
        var session = await sessions.StartAsync(request.User, Role.Admin, visitor, stored: true, cancellationToken);
        cookies.SetDevice(context, devices.Cookie(session.User, null));
        return AuthApi.Welcome(context, cookies, sessions, session);
    }

    private static async Task<NoContent> FinishAsync(FirstStart start, CurrentUser user, CancellationToken cancellationToken)
    {
        await start.FinishAsync(user, cancellationToken);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult Done() =>
        AuthApi.Refuse(409, "SETUP_DONE", "The first account is there already", "Sign in with it (a password file that is named makes it); administrators add others.");
}

public sealed record FirstAdmin
{
    [Required, StringLength(128, MinimumLength = 1)]
    public required string Token { get; init; }

    [Required, RegularExpression(Account.NamePattern, ErrorMessage = Account.LegalName)]
    public required string User { get; init; }

    [Required, StringLength(LoginRequest.LongestPassword, MinimumLength = AdminPassword.Shortest, ErrorMessage = AdminPassword.Legal)]
    public required string Password { get; init; }
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SetupState))]
[JsonSerializable(typeof(FirstAdmin))]
internal sealed partial class SetupJson : JsonSerializerContext;
