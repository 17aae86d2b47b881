using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Jarvis.Server.Events;

namespace Jarvis.Server.Auth;

/// <summary>Tokens for displays that look and touch nothing. A token is shown once and kept as a hash; removing it ends its sessions.</summary>
public sealed class WallTokens(AuthStore store, Sessions sessions, LoginThrottle throttle, EventLog events, TimeProvider time)
{
    internal const int Most = 100;
    private const int Size = 32;

    public Task<IReadOnlyList<WallTokenView>> ListAsync(CancellationToken cancellationToken) => store.WallTokensAsync(cancellationToken);

    /// <summary>A new token; null when there are too many.</summary>
    public async Task<NewWallToken?> AddAsync(string name, int? days, string actor, CancellationToken cancellationToken)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Size));
        var now = time.GetUtcNow();
        var row = new WallTokenView(Guid.NewGuid(), name, now, null, days is { } limit ? now.AddDays(limit) : null);
        if (!await store.AddWallTokenAsync(row, Hash(token), Most, cancellationToken)) return null;
        Record("wall.added", Severity.Warning, actor, $"{actor} added the wall token {name}");
        return new(row.Id, name, token);
    }

    /// <summary>Removes a token and ends what came by it; false when there is none.</summary>
    public async Task<bool> RemoveAsync(Guid id, string actor, CancellationToken cancellationToken)
    {
        var name = (await store.WallTokensAsync(cancellationToken)).FirstOrDefault(t => t.Id == id)?.Name;
        if (name is null || !await store.RemoveWallTokenAsync(id, cancellationToken)) return false;
        Record("wall.removed", Severity.Warning, actor, $"{actor} removed the wall token {name}");
        await sessions.EndWhereAsync(s => s.Row.Wall?.Id == id, "its wall token was removed");
        return true;
    }

    /// <summary>Starts the session of a display. Only wrong tokens are throttled: a right one cannot be guessed.</summary>
    public async Task<SignInResult> SignInAsync(string token, Visitor visitor, CancellationToken cancellationToken)
    {
        if (await FindAsync(token, cancellationToken) is not { } wall)
        {
            if (throttle.Attempt("a wall token", visitor) is { } wait) return new SignInResult.Wait(wait);
            Record("session.refused", Severity.Warning, null, $"A wall token from {visitor.Address} was refused");
            return new SignInResult.Refused();
        }

        var session = await sessions.StartWallAsync(wall.Name, new(wall.Id, wall.ExpiresAt), visitor, cancellationToken);
        if (await FindAsync(token, CancellationToken.None) is null)
        {
            await sessions.EndAsync(session.Id, "its wall token was removed");
            return new SignInResult.Refused();
        }

        Record("session.started", Severity.Info, session.User, $"The display {wall.Name} signed in from {visitor.Address}");
        return new SignInResult.Welcome(session);
    }

    private async Task<WallTokenView?> FindAsync(string token, CancellationToken cancellationToken) =>
        await store.FindWallTokenAsync(Hash(token), cancellationToken) is { } found && !(found.ExpiresAt <= time.GetUtcNow()) ? found : null;

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private void Record(string type, Severity severity, string? actor, string summary) =>
        events.TryPost(new() { Type = type, Severity = severity, Source = Source.User, Actor = actor, Summary = summary });
}

/// <summary>A wall token without its secret.</summary>
public sealed record WallTokenView(Guid Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt, DateTimeOffset? ExpiresAt);

/// <summary>A wall token as it is shown once.</summary>
public sealed record NewWallToken(Guid Id, string Name, string Token);
