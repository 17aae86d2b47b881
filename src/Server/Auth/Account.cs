namespace Jarvis.Server.Auth;

/// <summary>What an account may do; each role includes those before it.</summary>
public enum Role { Viewer, Operator, Admin }

/// <summary>Names of the authorisation policies: one a role, met by it and every role above.</summary>
public static class Policies
{
    public const string Viewer = "viewer";
    public const string Operator = "operator";
    public const string Admin = "admin";

    internal static string Of(Role role) => role switch
    {
        Role.Viewer => Viewer,
        Role.Operator => Operator,
        Role.Admin => Admin,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };
}

/// <summary>Somebody who can sign in.</summary>
public sealed record Account
{
    internal const string NamePattern = "[a-z0-9][a-z0-9._-]{0,63}";
    internal const string LegalName = "1 to 64 of a-z 0-9 . _ -, beginning with a letter or digit";

    /// <summary>Lower case; the key.</summary>
    public required string Name { get; init; }
    public required Role Role { get; set; }

    /// <summary>As ASP.NET Core Identity writes it (version 3).</summary>
    public required string PasswordHash { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset PasswordAt { get; set; }

    /// <summary>When a session of it began or was renewed last; null for never.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>The form in which names are stored and compared.</summary>
    public static string Normalise(string name) => name.Trim().ToLowerInvariant();
}
