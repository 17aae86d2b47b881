namespace Jarvis.Server.Auth;

/// <summary>One sign-in, from login to logout; holds no token, only what tokens are computed from beside the signing key.</summary>
public sealed record Session
{
    public required Guid Id { get; init; }

    /// <summary>The account, or <c>wall:NAME</c>, which no account can be called.</summary>
    public required string User { get; init; }

    /// <summary>Random; without it the signing key alone makes no refresh token, and the other way round.</summary>
    public required byte[] Seed { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string Address { get; init; }
    public required string Agent { get; init; }

    /// <summary>The wall token it came by; null for a person's.</summary>
    public WallPass? Wall { get; init; }

    /// <summary>How often the refresh token was replaced.</summary>
    public int Generation { get; set; }
    public DateTimeOffset RotatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>A wall token as its sessions know it.</summary>
/// <param name="Id">The token's.</param>
/// <param name="ExpiresAt">When the token ends, and with it every session; null for never.</param>
public sealed record WallPass(Guid Id, DateTimeOffset? ExpiresAt);

/// <summary>Where a sign-in comes from.</summary>
/// <param name="Address">The other side's address.</param>
/// <param name="Agent">What it says it is; cut to 200 characters.</param>
/// <param name="Device">The browser, by its device cookie, if somebody signed in there before; null for a stranger.</param>
public sealed record Visitor(string Address, string Agent, string? Device = null);
