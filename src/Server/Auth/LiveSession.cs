namespace Jarvis.Server.Auth;

/// <summary>A session that has neither ended nor expired.</summary>
public sealed class LiveSession : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private long _seenAt;

    internal LiveSession(Session row, Role role, bool stored)
    {
        Row = row;
        Role = role;
        Stored = stored;
        Ended = _ended.Token;
        _seenAt = row.RotatedAt.UtcTicks;
    }

    public Guid Id => Row.Id;
    public string User => Row.User;
    public Role Role { get; }
    public DateTimeOffset ExpiresAt => Row.ExpiresAt;

    /// <summary>The last request or refresh.</summary>
    public DateTimeOffset SeenAt => new(Interlocked.Read(ref _seenAt), TimeSpan.Zero);

    /// <summary>A display's, which only looks.</summary>
    public bool IsWall => Row.Wall is not null;

    /// <summary>False for a session that is gone with the process.</summary>
    public bool Stored { get; }

    /// <summary>Begun while the database could not be used; ends as soon as it can.</summary>
    public bool IsEmergency { get; init; }

    /// <summary>Fires when the session is revoked or expires: close what was opened under it.</summary>
    public CancellationToken Ended { get; }

    internal Session Row { get; set; }

    internal CurrentUser AsUser() => new(User, Role, Id, IsWall);

    internal void Seen(DateTimeOffset at) => Interlocked.Exchange(ref _seenAt, at.UtcTicks);

    public void Dispose() => _ended.Dispose();

    internal void End() => _ended.Cancel();
}
