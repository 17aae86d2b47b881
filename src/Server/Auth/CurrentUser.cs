using System.Security.Claims;

namespace Jarvis.Server.Auth;

/// <summary>Who is asking: the account, its role and the session it came by.</summary>
public sealed record CurrentUser(string Name, Role Role, Guid Session)
{
    internal const string NameClaim = "sub";
    internal const string RoleClaim = "role";
    internal const string SessionClaim = "sid";

    /// <summary>Reads a principal that <see cref="SessionAuthentication"/> made; null for anybody else.</summary>
    public static CurrentUser? From(ClaimsPrincipal? principal) =>
        principal?.FindFirst(NameClaim)?.Value is { } name
        && Enum.TryParse<Role>(principal.FindFirst(RoleClaim)?.Value, ignoreCase: true, out var role)
        && Guid.TryParse(principal.FindFirst(SessionClaim)?.Value, out var session)
            ? new(name, role, session)
            : null;

    internal ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
        [new(NameClaim, Name), new(RoleClaim, Policies.Of(Role)), new(SessionClaim, Session.ToString("N"))],
        SessionAuthentication.Scheme, NameClaim, RoleClaim));
}
