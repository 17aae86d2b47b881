namespace Jarvis.Server.Agent.Providers;

/// <summary>Why a provider gave no whole turn.</summary>
internal enum Trouble
{
    /// <summary>It refused the key.</summary>
    Key,

    /// <summary>It would cost more than is left, or the cost cannot be written down.</summary>
    Budget,

    /// <summary>It has too much to do, or had too much from us.</summary>
    Busy,

    /// <summary>It cannot be reached, or failed within itself.</summary>
    Down,

    /// <summary>It kept us waiting.</summary>
    TimedOut,

    /// <summary>Its answer broke off, or was not of its protocol.</summary>
    Cut,

    /// <summary>It would not take what was sent.</summary>
    Refused,
}

/// <summary>A turn that did not come. The message is for people: which provider, what it said, what to check. It holds no key, and
/// there is no inner exception, for that could hold one or what was talked about.</summary>
internal sealed class ProviderException(string provider, Trouble trouble, string message, int? status = null, TimeSpan? retryAfter = null) : Exception(message)
{
    public string Provider => provider;

    public Trouble Trouble => trouble;

    /// <summary>The HTTP status, if it answered.</summary>
    public int? Status => status;

    /// <summary>How long it wants to be left alone.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>Whether the same may go well a little later.</summary>
    public bool MayPass => trouble is Trouble.Busy or Trouble.Down or Trouble.TimedOut or Trouble.Cut;
}
