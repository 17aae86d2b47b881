using System.Security.Claims;

namespace Jarvis.Server.Auth;

/// <summary>Who is asking: the account, its role and the session it came by.</summary>
/// <param name="Name">The account, or <c>wall:NAME</c>.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Session">The session.</param>
/// <param name="Wall">A display, which may read and nothing else.</param>
public sealed record CurrentUser(string Name, Role Role, Guid Session, bool Wall)
{
    internal const string NameClaim = "sub";
    internal const string RoleClaim = "role";
    internal const string SessionClaim = "sid";
    internal const string WallClaim = "wall";

    /// <summary>Reads a principal that <see cref="SessionAuthentication"/> made; null for anybody else.</summary>
    public static CurrentUser? From(ClaimsPrincipal? principal) =>
        principal?.FindFirst(NameClaim)?.Value is { } name
        && Enum.TryParse<Role>(principal.FindFirst(RoleClaim)?.Value, ignoreCase: true, out var role)
        && Guid.TryParse(principal.FindFirst(SessionClaim)?.Value, out var session)
            ? new(name, role, session, principal.HasClaim(c => c.Type == WallClaim))
            : null;

    internal ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
        [
            new(NameClaim, Name), new(RoleClaim, Policies.Of(Role)), new(SessionClaim, Session.ToString("N")),
            .. Wall ? (Claim[])[new(WallClaim, "true")] : [],
        ],
        SessionAuthentication.Scheme, NameClaim, RoleClaim));
}
