using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Jarvis.Server.Auth;

/// <summary>Makes and reads access tokens: JWT, HS256, good for minutes, bound to a session.</summary>
public sealed class AccessTokens
{
    private const string Issuer = "jarvis";
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _signing;
    private readonly TokenValidationParameters _expected;
    private readonly TimeProvider _time;

    public AccessTokens(SigningKey key, TimeProvider time)
    {
        _time = time;
        var secret = new SymmetricSecurityKey(key.ForAccessTokens());
        _signing = new(secret, SecurityAlgorithms.HmacSha256);
        _expected = new()
        {
            ValidIssuer = Issuer,
            ValidAudience = Issuer,
            IssuerSigningKey = secret,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            RequireExpirationTime = true,
            LifetimeValidator = (_, expires, _, _) => expires > _time.GetUtcNow().UtcDateTime,
        };
    }

    public string Make(Guid session, TimeSpan life)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Issuer,
            IssuedAt = now,
            Expires = now + life,
            Claims = new Dictionary<string, object> { [CurrentUser.SessionClaim] = session.ToString("N") },
            SigningCredentials = _signing,
        });
    }

    /// <summary>The session that the token names, or null if it is not ours, was altered or has expired.</summary>
    public async Task<Guid?> ReadAsync(string token)
    {
        if (token.Length > 2048) return null;
        var result = await _handler.ValidateTokenAsync(token, _expected);
        return result.IsValid && result.Claims.TryGetValue(CurrentUser.SessionClaim, out var session) && Guid.TryParse(session as string, out var id) ? id : null;
    }
}
