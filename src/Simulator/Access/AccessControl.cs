using System.Collections.Immutable;

namespace Jarvis.Simulator.Access;

/// <summary>Users, groups, roles, tokens and ACLs of the cluster (user.cfg); guarded by its own lock.</summary>
internal sealed class AccessControl
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, Account> accounts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> groups = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Role> roles = new(StringComparer.Ordinal);
    private ImmutableArray<Acl> acls = [];

    public AccessControl()
    {
        foreach (var role in Role.BuiltIn())
        {
            roles[role.Id] = role;
        }
        accounts[Principal.Root] = new Account(Principal.Root);
    }

    public ImmutableArray<Acl> Acls => acls;

    public IReadOnlyList<Account> Accounts => Read(() => accounts.Values.ToArray());
    public IReadOnlyList<Role> Roles => Read(() => roles.Values.ToArray());
    public IReadOnlyList<KeyValuePair<string, string>> Groups => Read(() => groups.ToArray());

    public T Read<T>(Func<T> read)
    {
        lock (gate)
        {
            return read();
        }
    }

    public void Change(Action change)
    {
        lock (gate)
        {
            change();
        }
    }

    public Account? Find(string user) => Read(() => accounts.GetValueOrDefault(user));

    public Account Require(string user) => Find(user) ?? throw PveException.Failed($"no such user ('{user}')");

    public Role RequireRole(string id) =>
        Read(() => roles.GetValueOrDefault(id)) ?? throw PveException.Failed($"role '{id}' does not exist");

    public string RequireGroup(string id) =>
        Read(() => groups.ContainsKey(id)) ? id : throw PveException.Failed($"group '{id}' does not exist");

    /// <summary>Checks that a token named USER@REALM!ID exists.</summary>
    public string RequireToken(string name)
    {
        var principal = Principal.Parse(name);
        var account = Require(principal.User);
        return principal.TokenId is { } id && account.Tokens.ContainsKey(id)
            ? name : throw PveException.Failed($"no such token '{principal.TokenId}' for user '{account.Id}'");
    }

    public Account Add(string user)
    {
        lock (gate)
        {
            return accounts.TryAdd(user, new Account(user))
                ? accounts[user]
                : throw Locked($"create user failed: ", $"user '{user}' already exists");
        }
    }

    public void Remove(string user)
    {
        lock (gate)
        {
            _ = accounts.Remove(user)
                ? true : throw Locked("delete user failed: ", $"user '{user}' does not exist");
            acls = acls.RemoveAll(a => a.Subject == user
                || (a.Kind == AclKind.Token && a.Subject.StartsWith(user + "!", StringComparison.Ordinal)));
        }
    }

    public void AddGroup(string id, string comment) => Change(() =>
        _ = groups.TryAdd(id, comment)
            ? true : throw Locked("create group failed: ", $"group '{id}' already exists"));

    public void AddRole(string id, Privileges privileges) => Change(() =>
        _ = roles.TryAdd(id, new Role(id, privileges, false))
            ? true : throw Locked("create role failed: ", $"role '{id}' already exists"));

    public void RemoveToken(Account owner, string id) => Change(() =>
    {
        owner.Tokens.Remove(id);
        acls = acls.RemoveAll(a => a.Kind == AclKind.Token && a.Subject == $"{owner.Id}!{id}");
    });

    public void Grant(Acl acl) => Change(() =>
        acls = acls.RemoveAll(a => Same(a, acl)).Add(acl));

    public void Withdraw(Acl acl) => Change(() => acls = acls.RemoveAll(a => Same(a, acl)));

    private static bool Same(Acl a, Acl b) =>
        a.Path == b.Path && a.Kind == b.Kind && a.Subject == b.Subject && a.Role == b.Role;

    private static PveException Locked(string before, string what) =>
        PveException.Failed($"{before}error during cfs-locked 'file-user_cfg' operation: {what}");
}
