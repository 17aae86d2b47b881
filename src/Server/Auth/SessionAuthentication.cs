using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Auth;

/// <summary>Signs a request in by its <c>Authorization: Bearer</c> token, or under <c>/hubs</c> by the cookie
/// <c>jarvis_access_…</c>; either stands for a live session.</summary>
public sealed class SessionAuthentication(
    Sessions sessions, Cookies cookies, TimeProvider time, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "Session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var cancellationToken = Context.RequestAborted;
        var header = Request.Headers.Authorization.ToString();
        LiveSession? session;
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            session = await sessions.FindByAccessTokenAsync(header["Bearer ".Length..].Trim(), cancellationToken);
        }
        else if (Request.Path.StartsWithSegments(Cookies.HubPath) && Request.Cookies[cookies.Hub] is { } cookie)
        {
            session = await sessions.FindByHubTokenAsync(cookie, cancellationToken);
        }
        else
        {
            return AuthenticateResult.NoResult();
        }

        if (session is null) return AuthenticateResult.Fail("The token is not ours, has expired, or its session is over.");
        session.Seen(time.GetUtcNow());
        return AuthenticateResult.Success(new(session.AsUser().ToPrincipal(), Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }
}
