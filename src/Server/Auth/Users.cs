using Jarvis.Server.Events;
using Microsoft.AspNetCore.Identity;

namespace Jarvis.Server.Auth;

/// <summary>Adds, changes and removes accounts. Whoever is changed is signed out; one administrator always stays.</summary>
public sealed class Users(AuthStore store, Sessions sessions, IPasswordHasher<Account> hasher, EventLog events, TimeProvider time)
{
    public async Task<IReadOnlyList<UserView>> ListAsync(CurrentUser you, CancellationToken cancellationToken)
    {
        var accounts = await store.AccountsAsync(cancellationToken);
        var live = (await sessions.AllAsync(cancellationToken)).Where(s => !s.IsWall).ToLookup(s => s.User, StringComparer.Ordinal);
        return [.. accounts.Select(a => View(a, [.. live[a.Name]], you))];
    }

    public async Task<UserView?> FindAsync(string name, CurrentUser you, CancellationToken cancellationToken) =>
        (await ListAsync(you, cancellationToken)).FirstOrDefault(u => u.Name == name);

    public async Task<UserChange> AddAsync(string name, Role role, string password, string actor, CancellationToken cancellationToken)
    {
        if (await store.FindAccountAsync(name, cancellationToken) is not null) return UserChange.Taken;
        if (!await store.AddAsync(New(name, role, password), first: false, cancellationToken)) return UserChange.Taken;
        Record("user.added", Severity.Warning, actor, $"{actor} added the account {name} ({Policies.Of(role)})");
        return UserChange.Done;
    }

    /// <summary>Makes the first account, an administrator; false when somebody was quicker.</summary>
    public async Task<bool> AddFirstAsync(string name, string password, string address, CancellationToken cancellationToken)
    {
        if (await store.HasAccountsAsync(cancellationToken) || !await store.AddAsync(New(name, Role.Admin, password), first: true, cancellationToken)) return false;
        Record("user.added", Severity.Warning, name, $"{name} was set up as the first administrator, from {address}");
        return true;
    }

    /// <summary>Changes role, password or both, and ends the account's sessions.</summary>
    public async Task<UserChange> ChangeAsync(string name, Role? role, string? password, string actor, CancellationToken cancellationToken)
    {
        if (await store.FindAccountAsync(name, cancellationToken) is not { } before) return UserChange.Unknown;
        if (role == before.Role) role = null;
        if (role is null && password is null) return UserChange.Done;
        (string, DateTimeOffset)? secret = password is null ? null : (hasher.HashPassword(before, password), time.GetUtcNow());
        if (!await store.ChangeAsync(name, role, secret, cancellationToken)) return await WhyNotAsync(name, cancellationToken);
        Record("user.changed", Severity.Warning, actor, (role, secret) switch
        {
            ({ } now, null) => $"{actor} made {name} {Policies.Of(now)}",
            ({ } now, _) => $"{actor} made {name} {Policies.Of(now)} and set the password",
            _ => $"{actor} set the password of {name}",
        });
        await sessions.EndAllOfAsync(name, "its role or password was changed");
        return UserChange.Done;
    }

    public async Task<UserChange> RemoveAsync(string name, string actor, CancellationToken cancellationToken)
    {
        if (!await store.RemoveAsync(name, cancellationToken)) return await WhyNotAsync(name, cancellationToken);
        Record("user.removed", Severity.Warning, actor, $"{actor} removed the account {name}");
        await sessions.EndAllOfAsync(name, "its account was removed");
        return UserChange.Done;
    }

    /// <summary>Sets somebody's own password and ends the account's other sessions; unknown when the password is no more the one
    /// that was checked.</summary>
    public async Task<UserChange> SetOwnPasswordAsync(CurrentUser you, string checkedHash, string password, CancellationToken cancellationToken)
    {
        if (await store.FindAccountAsync(you.Name, cancellationToken) is not { } account) return UserChange.Unknown;
        if (!await store.ReplacePasswordAsync(you.Name, checkedHash, hasher.HashPassword(account, password), time.GetUtcNow(), cancellationToken)) return UserChange.Unknown;
        Record("password.changed", Severity.Info, you.Name, $"{you.Name} changed the own password");
        await sessions.EndWhereAsync(s => s.User == you.Name && !s.IsWall && s.Id != you.Session, "the password was changed");
        return UserChange.Done;
    }

    private async Task<UserChange> WhyNotAsync(string name, CancellationToken cancellationToken) =>
        await store.FindAccountAsync(name, cancellationToken) is null ? UserChange.Unknown : UserChange.LastAdmin;

    private Account New(string name, Role role, string password)
    {
        var now = time.GetUtcNow();
        var account = new Account { Name = name, Role = role, PasswordHash = "", CreatedAt = now, PasswordAt = now };
        account.PasswordHash = hasher.HashPassword(account, password);
        return account;
    }

    private static UserView View(Account account, LiveSession[] live, CurrentUser you)
    {
        DateTimeOffset? seen = live.Length == 0 ? null : live.Max(s => s.SeenAt);
        return new(account.Name, account.Role, account.CreatedAt, account.PasswordAt, live.Length,
            seen > account.SeenAt || account.SeenAt is null ? seen : account.SeenAt, account.Name == you.Name && !you.Wall);
    }

    private void Record(string type, Severity severity, string actor, string summary) =>
        events.TryPost(new() { Type = type, Severity = severity, Source = Source.User, Actor = actor, Summary = summary });
}

public enum UserChange { Done, Unknown, Taken, LastAdmin }

/// <summary>An account as administrators see it.</summary>
/// <param name="Name">Lower case.</param>
/// <param name="Role">What it may do.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="PasswordAt">When its password was set.</param>
/// <param name="Sessions">How many of its sessions live.</param>
/// <param name="SeenAt">When it was last active; null for never.</param>
/// <param name="You">Whether it is the account that asks.</param>
public sealed record UserView(
    string Name, Role Role, DateTimeOffset CreatedAt, DateTimeOffset PasswordAt, int Sessions, DateTimeOffset? SeenAt, bool You);
