namespace Jarvis.Server.Auth;

/// <summary>What a check of name and password found.</summary>
public abstract record PasswordCheck
{
    private PasswordCheck()
    {
    }

    public static PasswordCheck Busy { get; } = new TooBusy();

    internal static PasswordCheck Wrong(bool known) => new Refused(known);

    internal static PasswordCheck NoAccount(string cure) => new NobodyYet(cure);

    public static PasswordCheck CodeNeeded { get; } = new EmergencyOnly();

    /// <param name="User">The account.</param>
    /// <param name="Role">Its role.</param>
    /// <param name="Emergency">Let in by the password file or a one-time code because the database cannot be used.</param>
    /// <param name="PasswordAt">When the password was set; null in an emergency.</param>
    public sealed record Right(string User, Role Role, bool Emergency, DateTimeOffset? PasswordAt = null) : PasswordCheck;

    /// <param name="Known">Whether such an account exists; for the log alone.</param>
    public sealed record Refused(bool Known) : PasswordCheck;

    public sealed record NobodyYet(string Cure) : PasswordCheck;

    /// <summary>No password can be checked; a code on the console lets in.</summary>
    public sealed record EmergencyOnly : PasswordCheck;

    public sealed record TooBusy : PasswordCheck;
}
