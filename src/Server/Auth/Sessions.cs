using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Auth;

/// <summary>Every live session, kept in memory and stored behind it; makes and checks the tokens that name one.</summary>
public sealed partial class Sessions(
    AuthStore store, SessionTokens cookies, AccessTokens tokens, IOptions<AuthOptions> options, TimeProvider time, ILogger<Sessions> log) : IDisposable
{
    internal static readonly TimeSpan EmergencyLife = TimeSpan.FromHours(4);
    private readonly ConcurrentDictionary<Guid, LiveSession> _live = new();
    private const int MostEnded = 1000;
    private readonly ConcurrentDictionary<Guid, string> _endedLately = new();
    private readonly HashSet<Guid> _toRemove = [];
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile bool _loaded;

    public TimeSpan AccessLife => TimeSpan.FromMinutes(options.Value.AccessMinutes);

    public TimeSpan SessionLife => TimeSpan.FromDays(options.Value.SessionDays);

    /// <summary>The session if it lives.</summary>
    public async ValueTask<LiveSession?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!_loaded) await LoadAsync(cancellationToken);
        return _live.TryGetValue(id, out var session) && session.ExpiresAt > time.GetUtcNow() ? session : null;
    }

    /// <summary>The session of an access token, if the token is good and the session lives.</summary>
    public async ValueTask<LiveSession?> FindByAccessTokenAsync(string token, CancellationToken cancellationToken) =>
        await tokens.ReadAsync(token) is { } id ? await FindAsync(id, cancellationToken) : null;

    /// <summary>The session of a <c>jarvis_access_…</c> cookie, if it lives.</summary>
    public async ValueTask<LiveSession?> FindByHubTokenAsync(string token, CancellationToken cancellationToken) =>
        SessionTokens.ReadHub(token) is { } claim && await FindAsync(claim.Session, cancellationToken) is { } session && cookies.IsHub(session.Row, claim)
            ? session : null;

    /// <summary>The session of a refresh token, if it lives; the token is not used up by it.</summary>
    public async ValueTask<LiveSession?> FindByRefreshTokenAsync(string? token, CancellationToken cancellationToken) =>
        SessionTokens.ReadRefresh(token ?? "") is { } claim && await FindAsync(claim.Session, cancellationToken) is { } session && cookies.IsRefresh(session.Row, claim)
            ? session : null;

    /// <summary>Every live session.</summary>
    public async ValueTask<IReadOnlyList<LiveSession>> AllAsync(CancellationToken cancellationToken)
    {
        if (!_loaded) await LoadAsync(cancellationToken);
        var now = time.GetUtcNow();
        return [.. _live.Values.Where(s => s.ExpiresAt > now)];
    }

    public string AccessToken(LiveSession session) => tokens.Make(session.Id, AccessLife);

    /// <summary>Good as long as the session; accepted by hubs alone.</summary>
    public string HubToken(LiveSession session) => cookies.Hub(session.Row);

    /// <summary>The refresh token now valid.</summary>
    public string RefreshToken(LiveSession session) => cookies.Refresh(session.Row);

    /// <param name="user">The account.</param>
    /// <param name="role">Its role.</param>
    /// <param name="visitor">Where it signs in from.</param>
    /// <param name="stored">False while there is no database: the session then lives in memory alone.</param>
    /// <param name="cancellationToken">Gives up before anything is stored.</param>
    public Task<LiveSession> StartAsync(string user, Role role, Visitor visitor, bool stored, CancellationToken cancellationToken) =>
        StartAsync(user, role, null, visitor, stored, cancellationToken);

    /// <summary>Starts the session of a display.</summary>
    public Task<LiveSession> StartWallAsync(string name, WallPass wall, Visitor visitor, CancellationToken cancellationToken) =>
        StartAsync($"wall:{name}", Role.Viewer, wall, visitor, stored: true, cancellationToken);

    /// <summary>Replaces a refresh token. The one just replaced is answered with the same successor for the grace
    /// period; any older one was stolen or leaked, and ends the session.</summary>
    public async Task<Renewal> RenewAsync(string token, CancellationToken cancellationToken)
    {
        if (SessionTokens.ReadRefresh(token) is not { } claim) return Renewal.Unknown;
        var session = await FindAsync(claim.Session, cancellationToken);
        if (session is null) return new Renewal.NotKnown(_endedLately.GetValueOrDefault(claim.Session));
        if (!cookies.IsRefresh(session.Row, claim)) return Renewal.Unknown;
        var generation = claim.Generation;

        await _gate.WaitAsync(cancellationToken);
        try
        {
            var row = session.Row;
            var now = time.GetUtcNow();
            if (!_live.ContainsKey(session.Id)) return new Renewal.NotKnown(_endedLately.GetValueOrDefault(session.Id));
            if (generation == row.Generation - 1 && now - row.RotatedAt <= TimeSpan.FromSeconds(options.Value.RefreshGraceSeconds))
                return new Renewal.Renewed(session);
            if (generation < row.Generation)
            {
                LogReuse(session.User, session.Id);
                await EndAsync([session], "a refresh token was used twice");
                return new Renewal.Reused(session.User);
            }

            if (generation > row.Generation) return Renewal.Unknown;
            var next = row with { Generation = generation + 1, RotatedAt = now, ExpiresAt = session.IsEmergency ? row.ExpiresAt : EndOf(row.Wall, now) };
            if (session.Stored) await TryStoreAsync(() => store.UpdateSessionAsync(next, cancellationToken));
            session.Row = next;
            session.Seen(now);
            return new Renewal.Renewed(session);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends a session at once; what hangs on <see cref="LiveSession.Ended"/> is closed. Nothing cancels an end: whoever asked
    /// for it may be gone before it is done.</summary>
    public async Task EndAsync(Guid id, string why)
    {
        if (await FindAsync(id, CancellationToken.None) is not { } session) return;
        await EndLockedAsync(() => [session], why);
    }

    /// <summary>Ends every session of an account: its password or role changed, or it is gone.</summary>
    public Task<int> EndAllOfAsync(string user, string why) => EndWhereAsync(s => s.User == user && !s.IsWall, why);

    /// <summary>Ends the sessions that fit; tells how many did.</summary>
    public async Task<int> EndWhereAsync(Func<LiveSession, bool> which, string why)
    {
        if (!_loaded) await LoadAsync(CancellationToken.None);
        return await EndLockedAsync(() => [.. _live.Values.Where(which)], why);
    }

    /// <summary>Ends the sessions whose time is over or whose account is gone or has another role, and removes from the database
    /// those that it could not before.</summary>
    public async Task EndExpiredAsync(CancellationToken cancellationToken)
    {
        if (!_loaded) await LoadAsync(cancellationToken);
        await EndLockedAsync(() => [.. _live.Values.Where(s => s.ExpiresAt <= time.GetUtcNow())], "it expired");
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await RemoveStoredAsync();
            if (_loaded) await EndAsync(await OrphansAsync(cancellationToken), "its account or wall token is not what it was");
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _gate.Dispose();
        foreach (var session in _live.Values) session.Dispose();
    }

    private async Task<LiveSession> StartAsync(string user, Role role, WallPass? wall, Visitor visitor, bool stored, CancellationToken cancellationToken)
    {
        if (!_loaded) await LoadAsync(cancellationToken);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            var mine = _live.Values.Where(s => s.User == user && s.Row.Wall?.Id == wall?.Id).OrderBy(s => s.Row.RotatedAt).ToList();
            await EndAsync([.. mine.Take(mine.Count - options.Value.SessionsPerAccount + 1)], "one session too many");
            var row = new Session
            {
                Id = Guid.NewGuid(), User = user, Seed = RandomNumberGenerator.GetBytes(16), CreatedAt = now, RotatedAt = now, Wall = wall,
                ExpiresAt = stored ? EndOf(wall, now) : now + EmergencyLife, Address = visitor.Address, Agent = visitor.Agent.Length > 200 ? visitor.Agent[..200] : visitor.Agent,
            };
            var session = new LiveSession(row, role, stored && await TryStoreAsync(() => store.AddSessionAsync(row, cancellationToken))) { IsEmergency = !stored };
            _live[session.Id] = session;
            return session;
        }
        finally
        {
            _gate.Release();
        }
    }

    private DateTimeOffset EndOf(WallPass? wall, DateTimeOffset now) =>
        wall?.ExpiresAt is { } end && end < now + SessionLife ? end : now + SessionLife;

    private async Task<int> EndLockedAsync(Func<LiveSession[]> which, string why)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            var sessions = which();
            await EndAsync(sessions, why);
            return sessions.Length;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task EndAsync(LiveSession[] sessions, string why)
    {
        if (sessions.Length == 0) return;
        foreach (var session in sessions)
        {
            _live.TryRemove(session.Id, out _);
            session.End();
            if (_endedLately.Count >= MostEnded) _endedLately.Clear();
            _endedLately[session.Id] = why;
            LogEnded(session.Id, session.User, why);
        }

        _toRemove.UnionWith(sessions.Where(s => s.Stored).Select(s => s.Id));
        await RemoveStoredAsync();
    }

    private async Task RemoveStoredAsync()
    {
        if (_toRemove.Count > 0 && await TryStoreAsync(() => store.RemoveSessionsAsync([.. _toRemove], CancellationToken.None))) _toRemove.Clear();
    }

    // A row goes with its account or wall token, also where another process removed that.
    private async Task<LiveSession[]> OrphansAsync(CancellationToken cancellationToken)
    {
        if (_live.IsEmpty) return [];
        var rows = (await store.StoredSessionsAsync(cancellationToken)).ToDictionary(s => s.Session.Id, s => s.Role);
        var roles = (await store.AccountsAsync(cancellationToken)).ToDictionary(a => a.Name, a => a.Role, StringComparer.Ordinal);
        return [.. _live.Values.Where(s => s.Stored ? !Has(rows, s.Id, s.Role) : !s.IsWall && !s.IsEmergency && !Has(roles, s.User, s.Role))];
    }

    private static bool Has<T>(Dictionary<T, Role> roles, T key, Role role) where T : notnull => roles.TryGetValue(key, out var found) && found == role;

    // A full disk must not keep people out: what cannot be stored lives in memory until the process ends.
    private async Task<bool> TryStoreAsync(Func<Task> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (DbException e)
        {
            LogNotStored(e.Message);
            return false;
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (store.Trouble is not null) return;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_loaded) return;
            foreach (var (row, role) in await store.SessionsAsync(time.GetUtcNow(), cancellationToken)) _live.TryAdd(row.Id, new(row, role, stored: true));
            _loaded = true;
            await EndAsync([.. _live.Values.Where(s => s.IsEmergency)], "the database can be used again");
        }
        catch (DbException e)
        {
            LogNotLoaded(e.Message);
        }
        finally
        {
            _gate.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A refresh token of {User} was used a second time; session {Session} is ended")]
    private partial void LogReuse(string user, Guid session);

    [LoggerMessage(Level = LogLevel.Information, Message = "Session {Session} of {User} ended: {Why}")]
    private partial void LogEnded(Guid session, string user, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "A session could not be stored, changed or removed in the database: {Why}")]
    private partial void LogNotStored(string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Stored sessions could not be read: {Why}")]
    private partial void LogNotLoaded(string why);
}
