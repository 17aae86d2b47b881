namespace Jarvis.Server.Auth;

/// <summary>One sign-in, from login to logout; holds no token, only what tokens are computed from beside the signing key.</summary>
public sealed record Session
{
    public required Guid Id { get; init; }
    public required string User { get; init; }

    /// <summary>Random; without it the signing key alone makes no refresh token, and the other way round.</summary>
    public required byte[] Seed { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string Address { get; init; }
    public required string Agent { get; init; }

    /// <summary>How often the refresh token was replaced.</summary>
    public int Generation { get; set; }
    public DateTimeOffset RotatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}
