using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Auth;

/// <summary>Marks an endpoint that programs with a key may use; all others refuse them.</summary>
internal sealed class TakesKeys;

/// <summary>Lets in whoever bears a key that is in force, to where keys are taken.</summary>
public sealed class ApiKeyAuthentication(ApiKeys keys, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "ApiKey";
    private const string Bearer = "Bearer ";

    internal static bool IsKey(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
        && header.AsSpan(Bearer.Length).TrimStart().StartsWith(ApiKeys.Prefix, StringComparison.Ordinal);

    /// <summary>The key that a request came with; null for a person's.</summary>
    internal static ApiKey? KeyOf(ClaimsPrincipal principal) => principal.Identities.OfType<KeyIdentity>().FirstOrDefault()?.Key;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsKey(Request)) return AuthenticateResult.NoResult();
        var secret = Request.Headers.Authorization.ToString()[Bearer.Length..].Trim();
        return await keys.FindAsync(secret, Context.RequestAborted) is { } key
            ? AuthenticateResult.Success(new(new(new KeyIdentity(key)), Scheme)) : AuthenticateResult.Fail("The key was revoked, has expired or never was.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }

    // A claim could be read as one of a person's; the key itself cannot.
    private sealed class KeyIdentity(ApiKey key) : ClaimsIdentity([new(ClaimTypes.Name, $"key:{key.Name}")], Scheme)
    {
        public ApiKey Key => key;
    }
}

internal static class KeyEndpoints
{
    public static RouteHandlerBuilder TakesKeys(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new TakesKeys());
}
