using Jarvis.Server.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Jarvis.Server.Auth;

/// <summary><c>/api/auth/sessions</c>: where one is signed in, and signing out there.</summary>
internal static class SessionsApi
{
    public static void MapSessionsApi(this IEndpointRouteBuilder app)
    {
        var sessions = app.MapGroup("/api/auth/sessions").WithTags("auth").RequireAuthorization(Policies.Viewer);
        sessions.MapGet("/", ListAsync).ProducesProblem(403);
        sessions.MapDelete("/{id:guid}", EndAsync).ProducesProblem(404);
        sessions.MapDelete("/", EndOthersAsync);
    }

    private static async Task<Results<Ok<IReadOnlyList<SessionView>>, ForbidHttpResult>> ListAsync(
        bool? all, CurrentUser user, Sessions sessions, CancellationToken cancellationToken)
    {
        if (all == true && user.Role < Role.Admin) return TypedResults.Forbid();
        var live = await sessions.AllAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<SessionView>>(
            [.. live.Where(s => all == true || IsOwn(s, user)).OrderByDescending(s => s.SeenAt).Select(s => SessionView.Of(s, user))]);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndAsync(
        Guid id, CurrentUser user, Sessions sessions, EventLog events, Cookies cookies, HttpContext context, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(id, cancellationToken) is not { } session || !IsOwn(session, user) && user.Role < Role.Admin)
            return AuthApi.Refuse(404, "SESSION_UNKNOWN", "There is no such session", "It has ended already, or it is somebody else's.");
        await sessions.EndAsync(id, $"revoked by {user.Name}");
        Record(events, user, $"{user.Name} ended a session of {session.User} from {session.Row.Address}");
        if (id == user.Session) cookies.Clear(context);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> EndOthersAsync(CurrentUser user, Sessions sessions, EventLog events)
    {
        var ended = await sessions.EndWhereAsync(s => IsOwn(s, user) && s.Id != user.Session, $"revoked by {user.Name}");
        if (ended > 0) Record(events, user, $"{user.Name} ended all other own sessions ({ended})");
        return TypedResults.NoContent();
    }

    private static bool IsOwn(LiveSession session, CurrentUser user) => session.Id == user.Session || session.User == user.Name && !session.IsWall && !user.Wall;

    private static void Record(EventLog events, CurrentUser user, string summary) =>
        events.TryPost(new() { Type = "session.revoked", Severity = Severity.Warning, Source = Source.User, Actor = user.Name, Summary = summary });
}

/// <summary>A place where somebody is signed in.</summary>
/// <param name="Id">To end it by.</param>
/// <param name="User">The account, or <c>wall:NAME</c>.</param>
/// <param name="StartedAt">The sign-in.</param>
/// <param name="SeenAt">The last request.</param>
/// <param name="ExpiresAt">When it ends if it is not renewed.</param>
/// <param name="Address">Where it began.</param>
/// <param name="Agent">What the browser says it is.</param>
/// <param name="Current">Whether it is the one that asks.</param>
/// <param name="Wall">Whether it is a display.</param>
public sealed record SessionView(
    Guid Id, string User, DateTimeOffset StartedAt, DateTimeOffset SeenAt, DateTimeOffset ExpiresAt, string Address, string Agent, bool Current, bool Wall)
{
    internal static SessionView Of(LiveSession session, CurrentUser user) => new(
        session.Id, session.User, session.Row.CreatedAt, session.SeenAt, session.ExpiresAt, session.Row.Address, session.Row.Agent,
        session.Id == user.Session, session.IsWall);
}
