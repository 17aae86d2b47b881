namespace Jarvis.Server.Setup;

/// <summary>The way through the first start.</summary>
public sealed class SetupOptions
{
    /// <summary>Whether administrators are offered the set-up until it was finished or skipped.</summary>
    public bool Offer { get; set; } = true;
}
