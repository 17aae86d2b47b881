using System.ComponentModel.DataAnnotations;

namespace Jarvis.Server.Auth;

/// <summary>Accounts, sessions and sign-in.</summary>
public sealed class AuthOptions
{
    /// <summary>File whose first line is the password of the administrator account. <c>JARVIS_ADMIN_PASSWORD_FILE</c>, when set, wins.</summary>
    public string? AdminPasswordFile { get; set; }

    /// <summary>Name of the account that the password file makes.</summary>
    [RegularExpression(Account.NamePattern, ErrorMessage = Account.LegalName)]
    public string AdminUser { get; set; } = "admin";

    /// <summary>Minutes that an access token is good for.</summary>
    [Range(1, 60)]
    public int AccessMinutes { get; set; } = 15;

    /// <summary>Days that a session lives without being refreshed.</summary>
    [Range(1, 365)]
    public int SessionDays { get; set; } = 30;

    /// <summary>Seconds during which the refresh token just replaced is still taken: two tabs at once, or a lost reply.</summary>
    [Range(0, 300)]
    public int RefreshGraceSeconds { get; set; } = 30;

    /// <summary>Live sessions of one account; the oldest ends when one more begins.</summary>
    [Range(1, 1000)]
    public int SessionsPerAccount { get; set; } = 50;

    /// <summary>Failed sign-ins to one account, from one address or one known browser, before the next must wait.</summary>
    [Range(1, 100)]
    public int FailuresPerAccount { get; set; } = 5;

    /// <summary>Failed sign-ins from one address before the next must wait.</summary>
    [Range(1, 1000)]
    public int FailuresPerAddress { get; set; } = 20;

    /// <summary>Failed sign-ins to one account, from wherever, before the next must wait; a browser that signed in before is exempt.</summary>
    [Range(1, 10_000)]
    public int FailuresAnywhere { get; set; } = 50;

    /// <summary>Longest wait in seconds that failed sign-ins from elsewhere can cost.</summary>
    [Range(1, 300)]
    public int LongestWaitAnywhereSeconds { get; set; } = 30;

    /// <summary>Longest wait in seconds that failed sign-ins can cost.</summary>
    [Range(1, 86400)]
    public int LongestWaitSeconds { get; set; } = 900;
}
