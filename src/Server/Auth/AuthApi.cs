using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Jarvis.Server.Auth;

/// <summary><c>/api/auth</c>: sign in, stay signed in, sign out.</summary>
internal static class AuthApi
{
    private const int LongestBody = 8 * 1024;

    public static void MapAuthApi(this IEndpointRouteBuilder app)
    {
        var auth = app.MapGroup("/api/auth").WithTags("auth").WithMetadata(new RequestSizeLimitAttribute(LongestBody));
        auth.MapPost("/login", LoginAsync).AllowAnonymous().ProducesProblem(401).ProducesProblem(409).ProducesProblem(429);
        auth.MapPost("/refresh", RefreshAsync).AllowAnonymous().ProducesProblem(401);
        auth.MapPost("/logout", LogoutAsync).AllowAnonymous();
        auth.MapGet("/me", Me).RequireAuthorization(Policies.Viewer);
    }

    private static async Task<Results<Ok<SignedIn>, ProblemHttpResult>> LoginAsync(
        LoginRequest request, SignIn signIn, Sessions sessions, HttpContext context, CancellationToken cancellationToken)
    {
        var result = await signIn.TryAsync(request.User, request.Password, AddressOf(context), context.Request.Headers.UserAgent.ToString(), cancellationToken);
        switch (result)
        {
            case SignInResult.Welcome(var session):
                Cookies.Set(context, sessions, session);
                return TypedResults.Ok(SignedIn.For(session, sessions));
            case SignInResult.Wait(var wait):
                var seconds = (int)Math.Ceiling(wait.TotalSeconds);
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                return Refuse(429, "LOGIN_THROTTLED", "Too many failed sign-ins", $"Try again in {seconds} s.");
            case SignInResult.Busy:
                context.Response.Headers.RetryAfter = "2";
                return Refuse(429, "LOGIN_BUSY", "Too many sign-ins at once", "Try again in 2 s.");
            case SignInResult.NobodyYet(var cure):
                return Refuse(409, "NO_ACCOUNT", "There is no account to sign in with", cure);
            default:
                return Refuse(401, "LOGIN_REFUSED", "Wrong name or password", "No account has this name and this password.");
        }
    }

    private static async Task<Results<Ok<SignedIn>, NoContent, ProblemHttpResult>> RefreshAsync(
        SignIn signIn, Sessions sessions, HttpContext context, CancellationToken cancellationToken)
    {
        if (context.Request.Cookies[Cookies.Refresh] is not { } token) return TypedResults.NoContent();
        switch (await signIn.RenewAsync(token, AddressOf(context), cancellationToken))
        {
            case Renewal.Renewed(var session):
                Cookies.Set(context, sessions, session);
                return TypedResults.Ok(SignedIn.For(session, sessions));
            case Renewal.Reused:
                Cookies.Clear(context);
                return Refuse(401, "REFRESH_REUSED", "Signed out for safety", "A refresh token was used a second time, as a thief would; the session is ended. Sign in again.");
            default:
                Cookies.Clear(context);
                return Refuse(401, "SESSION_ENDED", "The session is over", "Sign in again.");
        }
    }

    private static async Task<NoContent> LogoutAsync(SignIn signIn, HttpContext context, CancellationToken cancellationToken)
    {
        await signIn.OutAsync(CurrentUser.From(context.User), context.Request.Cookies[Cookies.Refresh], AddressOf(context), cancellationToken);
        Cookies.Clear(context);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<WhoAmI>, UnauthorizedHttpResult>> Me(CurrentUser user, Sessions sessions, CancellationToken cancellationToken) =>
        await sessions.FindAsync(user.Session, cancellationToken) is { } session
            ? TypedResults.Ok(new WhoAmI(user.Name, user.Role, session.Id, session.ExpiresAt, !session.Stored))
            : TypedResults.Unauthorized();

    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    private static ProblemHttpResult Refuse(int status, string code, string title, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: title, extensions: new Dictionary<string, object?> { ["code"] = code });
}

public sealed record LoginRequest
{
    internal const int LongestPassword = 1024;

    [Required, StringLength(64, MinimumLength = 1)]
    public required string User { get; init; }

    [Required, StringLength(LongestPassword, MinimumLength = 1)]
    public required string Password { get; init; }
}

/// <summary>A session that began or was renewed; the refresh token travels as a cookie.</summary>
/// <param name="AccessToken">For <c>Authorization: Bearer</c>; keep it in memory alone.</param>
/// <param name="ExpiresIn">Seconds until it expires.</param>
/// <param name="Role">What the account may do.</param>
/// <param name="User">The account.</param>
/// <param name="Emergency">True when the database cannot be used and the password file let you in: the session ends with the process.</param>
public sealed record SignedIn(string AccessToken, int ExpiresIn, Role Role, string User, bool Emergency)
{
    internal static SignedIn For(LiveSession session, Sessions sessions) =>
        new(sessions.AccessToken(session), (int)sessions.AccessLife.TotalSeconds, session.Role, session.User, !session.Stored);
}

/// <summary>The account behind a request, and its session.</summary>
public sealed record WhoAmI(string User, Role Role, Guid Session, DateTimeOffset ExpiresAt, bool Emergency);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(SignedIn))]
[JsonSerializable(typeof(WhoAmI))]
internal sealed partial class AuthJson : JsonSerializerContext;
