namespace Jarvis.Server.Auth;

/// <summary>What became of a refresh token.</summary>
public abstract record Renewal
{
    private Renewal()
    {
    }

    public static Renewal Unknown { get; } = new NotKnown(null);

    public sealed record Renewed(LiveSession Session) : Renewal;

    /// <summary>It had been replaced before; its session is ended.</summary>
    public sealed record Reused(string User) : Renewal;

    /// <summary>It is not ours, or its session is over; why, where that is still known.</summary>
    public sealed record NotKnown(string? Why) : Renewal;
}
