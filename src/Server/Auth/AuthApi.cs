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
        auth.MapPost("/wall", WallAsync).AllowAnonymous().AddEndpointFilter(DatabaseTrouble.Answer).ProducesProblem(401).ProducesProblem(429);
        auth.MapPost("/password", PasswordAsync).RequireAuthorization(Policies.Viewer).AddEndpointFilter(DatabaseTrouble.Answer)
            .ProducesProblem(403).ProducesProblem(429);
        auth.MapGet("/me", Me).RequireAuthorization(Policies.Viewer);
    }

    private static async Task<Results<Ok<SignedIn>, ProblemHttpResult>> LoginAsync(
        LoginRequest request, SignIn signIn, Sessions sessions, Devices devices, Cookies cookies, HttpContext context, CancellationToken cancellationToken)
    {
        var visitor = VisitorOf(context, devices, cookies, Account.Normalise(request.User));
        var result = await signIn.TryAsync(request.User, request.Password, visitor, cancellationToken);
        if (result is not SignInResult.Welcome(var session)) return Refuse(context, result, "LOGIN_REFUSED", "Wrong name or password", "No account has this name and this password.");
        cookies.SetDevice(context, devices.Cookie(session.User, visitor.Device));
        await EndBeforeAsync(context, cookies, sessions, session);
        return Welcome(context, cookies, sessions, session);
    }

    private static async Task<Results<Ok<SignedIn>, ProblemHttpResult>> WallAsync(
        WallSignIn request, WallTokens tokens, Sessions sessions, Cookies cookies, HttpContext context, CancellationToken cancellationToken)
    {
        var result = await tokens.SignInAsync(request.Token, VisitorOf(context), cancellationToken);
        if (result is SignInResult.Welcome(var session))
        {
            await EndBeforeAsync(context, cookies, sessions, session);
            return Welcome(context, cookies, sessions, session);
        }

        return Refuse(context, result, "WALL_TOKEN", "The link is not good any more", "This wall token was removed, has expired or never was. An administrator makes a new one.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> PasswordAsync(
        PasswordRequest request, CurrentUser user, SignIn signIn, Devices devices, Cookies cookies, HttpContext context, CancellationToken cancellationToken)
    {
        var result = await signIn.ChangePasswordAsync(user, request.Current, request.Next, VisitorOf(context, devices, cookies, user.Name), cancellationToken);
        return result switch
        {
            null => TypedResults.NoContent(),
            SignInResult.Refused => Refuse(403, "PASSWORD_WRONG", "Wrong password", "This is not the current password."),
            _ => Refuse(context, result, "PASSWORD_WRONG", "Wrong password", "This is not the current password."),
        };
    }

    // Its cookie is about to be replaced, and nobody could use or end it any more.
    private static async Task EndBeforeAsync(HttpContext context, Cookies cookies, Sessions sessions, LiveSession began)
    {
        if (await sessions.FindByRefreshTokenAsync(context.Request.Cookies[cookies.Refresh], CancellationToken.None) is { } before && before.Id != began.Id)
            await sessions.EndAsync(before.Id, $"{began.User} signed in in the same browser");
    }

    /// <summary>Sets the cookies of a session that began.</summary>
    internal static Ok<SignedIn> Welcome(HttpContext context, Cookies cookies, Sessions sessions, LiveSession session)
    {
        cookies.Set(context, sessions, session);
        return TypedResults.Ok(SignedIn.For(session, sessions));
    }

    /// <summary>Says why nobody was signed in; the last three are for a refusal.</summary>
    internal static ProblemHttpResult Refuse(HttpContext context, SignInResult result, string code, string title, string detail)
    {
        switch (result)
        {
            case SignInResult.Wait(var wait):
                return Wait(context, wait);
            case SignInResult.Busy:
                context.Response.Headers.RetryAfter = "2";
                return Refuse(429, "LOGIN_BUSY", "Too many sign-ins at once", "Try again in 2 s.");
            case SignInResult.NobodyYet(var cure):
                return Refuse(409, "NO_ACCOUNT", "There is no account to sign in with", cure);
            case SignInResult.CodeNeeded:
                return Refuse(401, "EMERGENCY_CODE", "Only the emergency sign-in works",
                    "The database cannot be used. The server printed a name and a one-time code on its console: sign in with them; ask again here for a new code.");
            case SignInResult.OutOfReach:
                return DatabaseTrouble.Problem();
            default:
                return Refuse(401, code, title, detail);
        }
    }

    internal static ProblemHttpResult Wait(HttpContext context, TimeSpan wait)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Refuse(429, "LOGIN_THROTTLED", "Too many failed attempts", $"Try again in {seconds} s.");
    }

    internal static Visitor VisitorOf(HttpContext context) => new(AddressOf(context), context.Request.Headers.UserAgent.ToString());

    private static async Task<Results<Ok<SignedIn>, NoContent, ProblemHttpResult>> RefreshAsync(
        SignIn signIn, Sessions sessions, Cookies cookies, HttpContext context, CancellationToken cancellationToken)
    {
        if (context.Request.Cookies[cookies.Refresh] is not { } token) return TypedResults.NoContent();
        switch (await signIn.RenewAsync(token, AddressOf(context), cancellationToken))
        {
            case Renewal.Renewed(var session):
                return Welcome(context, cookies, sessions, session);
            case Renewal.Reused:
                cookies.Clear(context);
                return Refuse(401, "REFRESH_REUSED", "Signed out for safety", "A refresh token was used a second time, as a thief would; the session is ended. Sign in again.");
            case Renewal.NotKnown { Why: { } why }:
                cookies.Clear(context);
                return Refuse(401, "SESSION_ENDED", "The session is over", $"{char.ToUpperInvariant(why[0])}{why[1..]}. Sign in again.");
            default:
                cookies.Clear(context);
                return Refuse(401, "SESSION_ENDED", "The session is over", "Sign in again.");
        }
    }

    private static async Task<NoContent> LogoutAsync(SignIn signIn, Sessions sessions, Cookies cookies, HttpContext context, CancellationToken cancellationToken)
    {
        var (user, token) = (CurrentUser.From(context.User), context.Request.Cookies[cookies.Refresh]);
        // Somebody else may have signed in in another tab, and this one not know it yet: then the cookie is theirs.
        var theirs = user is not null && await sessions.FindByRefreshTokenAsync(token, cancellationToken) is { } named && named.Id != user.Session;
        await signIn.OutAsync(user, token, AddressOf(context), cancellationToken);
        if (!theirs) cookies.Clear(context);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<WhoAmI>, UnauthorizedHttpResult>> Me(CurrentUser user, Sessions sessions, CancellationToken cancellationToken) =>
        await sessions.FindAsync(user.Session, cancellationToken) is { } session
            ? TypedResults.Ok(new WhoAmI(user.Name, user.Role, session.Id, session.ExpiresAt, !session.Stored, session.IsWall))
            : TypedResults.Unauthorized();

    private static Visitor VisitorOf(HttpContext context, Devices devices, Cookies cookies, string account) =>
        VisitorOf(context) with { Device = devices.Read(context.Request.Cookies[cookies.Device], account) };

    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    internal static ProblemHttpResult Refuse(int status, string code, string title, string detail) =>
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

public sealed record WallSignIn
{
    [Required, StringLength(128, MinimumLength = 1)]
    public required string Token { get; init; }
}

public sealed record PasswordRequest
{
    [Required, StringLength(LoginRequest.LongestPassword, MinimumLength = 1)]
    public required string Current { get; init; }

    [Required, StringLength(LoginRequest.LongestPassword, MinimumLength = AdminPassword.Shortest, ErrorMessage = AdminPassword.Legal)]
    public required string Next { get; init; }
}

/// <summary>A session that began or was renewed; the refresh token travels as a cookie.</summary>
/// <param name="AccessToken">For <c>Authorization: Bearer</c>; keep it in memory alone.</param>
/// <param name="ExpiresIn">Seconds until it expires.</param>
/// <param name="Role">What the account may do.</param>
/// <param name="User">The account.</param>
/// <param name="Emergency">True when the database cannot be used and the emergency sign-in let you in: the session ends with the process.</param>
/// <param name="Wall">True for a display that came by a wall token: it may read and nothing else.</param>
public sealed record SignedIn(string AccessToken, int ExpiresIn, Role Role, string User, bool Emergency, bool Wall)
{
    internal static SignedIn For(LiveSession session, Sessions sessions) =>
        new(sessions.AccessToken(session), (int)sessions.AccessLife.TotalSeconds, session.Role, session.User, !session.Stored, session.IsWall);
}

/// <summary>The account behind a request, and its session.</summary>
public sealed record WhoAmI(string User, Role Role, Guid Session, DateTimeOffset ExpiresAt, bool Emergency, bool Wall);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(SignedIn))]
[JsonSerializable(typeof(WhoAmI))]
[JsonSerializable(typeof(WallSignIn))]
[JsonSerializable(typeof(PasswordRequest))]
[JsonSerializable(typeof(IReadOnlyList<SessionView>))]
[JsonSerializable(typeof(IReadOnlyList<UserView>))]
[JsonSerializable(typeof(NewUser))]
[JsonSerializable(typeof(UserPatch))]
[JsonSerializable(typeof(IReadOnlyList<WallTokenView>))]
[JsonSerializable(typeof(WallRequest))]
[JsonSerializable(typeof(NewWallToken))]
internal sealed partial class AuthJson : JsonSerializerContext;
