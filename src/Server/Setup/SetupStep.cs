namespace Jarvis.Server.Setup;

/// <summary>One step of the set-up. A public class in <c>Steps/</c> is found by itself; the screen draws it by its id.</summary>
public abstract class SetupStep
{
    /// <summary>Lower case; the screen's name for it.</summary>
    public abstract string Id { get; }

    public abstract string Title { get; }

    /// <summary>Whether nothing works without it.</summary>
    public abstract bool Required { get; }

    /// <summary>Steps come in this order; leave room between two.</summary>
    public abstract int Order { get; }

    /// <summary>Whether there is nothing left to do.</summary>
    public abstract ValueTask<bool> IsDoneAsync(CancellationToken cancellationToken);
}
