using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Jarvis.Server.Events;

namespace Jarvis.Server.Auth;

/// <summary>Keys for programs that act for a person. A key is shown once and kept as a hash; what it may do is another's to read.</summary>
public sealed class ApiKeys(AuthStore store, EventLog events, TimeProvider time)
{
    internal const int Most = 100;

    /// <summary>By which a key is told from any other token, also by whoever finds one where it should not be.</summary>
    internal const string Prefix = "jarvis_";
    private const int Size = 32;
    private static readonly TimeSpan UseNoted = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _used = new();

    public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken) => store.KeysAsync(cancellationToken);

    /// <summary>A new key and its secret; null when the name is taken or there are too many.</summary>
    public async Task<(ApiKey Key, string Secret)?> AddAsync(string name, string owner, string rights, int? days, CancellationToken cancellationToken)
    {
        var secret = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Size));
        var now = time.GetUtcNow();
        var key = new ApiKey(Guid.NewGuid(), name, owner, rights, now, null, days is { } limit ? now.AddDays(limit) : null);
        if (!await store.AddKeyAsync(key, Hash(secret), Most, cancellationToken)) return null;
        Record("key.added", owner, $"{owner} added the API key {name}");
        return (key, secret);
    }

    /// <summary>Revokes a key; null when there is none.</summary>
    public async Task<ApiKey?> RemoveAsync(Guid id, string actor, CancellationToken cancellationToken)
    {
        var key = (await store.KeysAsync(cancellationToken)).FirstOrDefault(k => k.Id == id);
        if (key is null || !await store.RemoveKeyAsync(id, cancellationToken)) return null;
        _used.TryRemove(id, out _);
        Record("key.removed", actor, $"{actor} revoked the API key {key.Name}");
        return key;
    }

    /// <summary>The key that a secret stands for, if it is in force. A wrong one cannot be guessed, and needs no throttle.</summary>
    public async ValueTask<ApiKey?> FindAsync(string secret, CancellationToken cancellationToken)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal) || secret.Length > 128) return null;
        try
        {
            var now = time.GetUtcNow();
            if (await store.FindKeyAsync(Hash(secret), cancellationToken) is not { } key || key.ExpiresAt <= now) return null;
            if (!_used.TryGetValue(key.Id, out var noted) || now - noted >= UseNoted)
            {
                _used[key.Id] = now;
                await store.UsedKeyAsync(key.Id, now, cancellationToken);
            }
            return key;
        }
        catch (DbException)
        {
            // Without the database no key can be told from a wrong one; people have the emergency sign-in.
            return null;
        }
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private void Record(string type, string actor, string summary) =>
        events.TryPost(new() { Type = type, Severity = Severity.Warning, Source = Source.User, Actor = actor, Summary = summary });
}

/// <summary>A key without its secret.</summary>
/// <param name="Id">For the list.</param>
/// <param name="Name">By which budgets and the audit know it.</param>
/// <param name="Owner">The account that it acts for.</param>
/// <param name="Rights">What it may do, as the gate wrote it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UsedAt">When it was last used, to the minute; null for never.</param>
/// <param name="ExpiresAt">Null for never.</param>
public sealed record ApiKey(Guid Id, string Name, string Owner, string Rights, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt, DateTimeOffset? ExpiresAt);
