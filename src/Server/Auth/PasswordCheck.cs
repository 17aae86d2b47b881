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

    public static PasswordCheck Unchecked { get; } = new OutOfReach();

    /// <param name="User">The account.</param>
    /// <param name="Role">Its role.</param>
    /// <param name="Emergency">Let in by the password file or a one-time code because the database cannot be used.</param>
    /// <param name="PasswordAt">When the password was set; null in an emergency.</param>
    public sealed record Right(string User, Role Role, bool Emergency, DateTimeOffset? PasswordAt = null) : PasswordCheck
    {
        /// <summary>What the password was checked against; internal, so that no text of this record shows it.</summary>
        internal string? Hash { get; init; }
    }

    /// <param name="Known">Whether such an account exists; for the log alone.</param>
    public sealed record Refused(bool Known) : PasswordCheck;

    public sealed record NobodyYet(string Cure) : PasswordCheck;

    /// <summary>No password can be checked; a code on the console lets in.</summary>
    public sealed record EmergencyOnly : PasswordCheck;

    /// <summary>The account could not be read this once.</summary>
    public sealed record OutOfReach : PasswordCheck;

    public sealed record TooBusy : PasswordCheck;
}
