using System.Collections.Immutable;

namespace Jarvis.Simulator.Access;

/// <summary>What one principal may do, worked out path by path from the ACLs as they are now.</summary>
internal sealed class Rights(
    Principal principal, Account account, ApiToken? token, ImmutableArray<Acl> acls,
    Func<string, Role?> role, Func<string, string?> poolOf)
{
    private readonly Dictionary<string, Grants> known = new(StringComparer.Ordinal);
    private readonly bool perGuest = acls.Any(a => a.Path.StartsWith("/vms/", StringComparison.Ordinal)
        || a.Path.StartsWith("/pool/", StringComparison.Ordinal));

    public Principal Principal => principal;

    /// <summary>Privileges, and those of them that reach down to sub-paths.</summary>
    public readonly record struct Grants(Privileges Own, Privileges Propagated);

    public bool Has(string path, Privileges wanted) => On(path).Own.Has(wanted);

    public bool HasAny(string path, Privileges wanted) => On(path).Own.Any(wanted);

    public bool OnGuest(int vmid, Privileges any) =>
        perGuest ? HasAny(string.Create(null, $"/vms/{vmid}"), any) : On("/vms").Propagated.Any(any);

    public void Require(string path, params ReadOnlySpan<string> all)
    {
        if (!Has(path, Privileges.Of(all)))
        {
            throw Denied(path, string.Join(", ", all));
        }
    }

    public void RequireAny(string path, params ReadOnlySpan<string> any)
    {
        if (!HasAny(path, Privileges.Of(any)))
        {
            throw Denied(path, string.Join("|", any));
        }
    }

    public static PveException Denied(string path, string privilege) =>
        new(403, $"Permission check failed ({path}, {privilege})");

    public Grants On(string path)
    {
        if (known.TryGetValue(path, out var grants))
        {
            return grants;
        }
        var user = principal.User == Principal.Root
            ? new Grants(Privileges.All, Privileges.All)
            : WithPool(path, AclKind.User, account.Id, account.Groups);
        if (token is { Separated: true })
        {
            var own = WithPool(path, AclKind.Token, principal.Name, []);
            user = new Grants(user.Own & own.Own, user.Propagated & own.Propagated);
        }
        return known[path] = user;
    }

    /// <summary>The paths for which a listing of own rights makes sense.</summary>
    public IEnumerable<string> Paths() => acls.Select(a => a.Path).Concat(
        ["/", "/access", "/access/groups", "/access/realm", "/mapping", "/nodes", "/pool", "/sdn", "/storage", "/vms"])
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private Grants WithPool(string path, AclKind kind, string subject, IReadOnlyCollection<string> groups)
    {
        var direct = Resolve(path, kind, subject, groups);
        if (poolOf(path) is not { } pool)
        {
            return direct;
        }
        var pooled = Resolve("/pool/" + pool, kind, subject, groups);
        return new Grants(direct.Own | pooled.Own, direct.Propagated | pooled.Propagated);
    }

    private Grants Resolve(string path, AclKind kind, string subject, IReadOnlyCollection<string> groups)
    {
        var (own, reach) = (Privileges.None, Privileges.None);
        foreach (var (prefix, final) in Prefixes(path))
        {
            var here = Entries(prefix, final, kind, subject);
            if (here.Count == 0 && groups.Count > 0)
            {
                here = [.. groups.SelectMany(g => Entries(prefix, final, AclKind.Group, g))];
            }
            if (here.Count == 0)
            {
                continue;
            }
            (own, reach) = (Privileges.None, Privileges.None);
            if (here.Any(a => a.Role == Role.NoAccess))
            {
                continue;
            }
            foreach (var acl in here)
            {
                var granted = role(acl.Role)?.Privileges ?? Privileges.None;
                own |= granted;
                reach |= acl.Propagate ? granted : Privileges.None;
            }
        }
        return new Grants(own, reach);
    }

    private List<Acl> Entries(string prefix, bool final, AclKind kind, string subject)
    {
        var found = new List<Acl>();
        foreach (var acl in acls)
        {
            if (acl.Kind == kind && (final || acl.Propagate) && acl.Path == prefix && acl.Subject == subject)
            {
                found.Add(acl);
            }
        }
        return found;
    }

    private static IEnumerable<(string Prefix, bool Final)> Prefixes(string path)
    {
        yield return ("/", path == "/");
        for (var at = path.IndexOf('/', 1); at > 0; at = path.IndexOf('/', at + 1))
        {
            yield return (path[..at], false);
        }
        if (path != "/")
        {
            yield return (path, true);
        }
    }
}
