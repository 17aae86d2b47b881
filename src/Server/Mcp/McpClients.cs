using System.Security.Claims;
using System.Text.Encodings.Web;
using Jarvis.Safety;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Mcp;

/// <summary>Whoever keeps personal access tokens registers it; until then <c>/mcp</c> is not there.</summary>
/// <param name="ClientOf">The program that a token was given to; null when the token is not in force.</param>
public sealed record McpTokens(Func<string, CancellationToken, ValueTask<Caller.McpClient?>> ClientOf);

/// <summary>Lets in whoever bears a token that is in force.</summary>
internal sealed class McpAuthentication(
    McpTokens tokens, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "McpToken";
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        if (await tokens.ClientOf(header[Bearer.Length..].Trim(), Context.RequestAborted) is not { } client) return AuthenticateResult.Fail("The token is not in force.");
        Context.RequestServices.GetRequiredService<McpCall>().Client = client;
        return AuthenticateResult.Success(new(new(new ClaimsIdentity([new(ClaimTypes.Name, client.Actor), new(ClaimTypes.NameIdentifier, client.Actor)], Scheme)), Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = $"Bearer realm=\"jarvis\", resource_metadata=\"{Request.Scheme}://{Request.Host}{McpSetup.Metadata}\"";
        return Task.CompletedTask;
    }
}
