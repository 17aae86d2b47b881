
namespace Jarvis.Simulator.Access;

/// <summary>Reads a request's credentials: token header, ticket cookie or ticket header; any refusal is a 401.</summary>
internal sealed class Authenticator(AccessControl access, Tickets tickets, TimeProvider clock, VirtualCluster cluster)
{
    private const string Cookie = "PVEAuthCookie";
    private const string TokenScheme = "PVEAPIToken";

    public Rights Authenticate(HttpRequest request, bool csrf)
    {
        var header = request.Headers.Authorization.ToString();
        if (After(header, TokenScheme) is { } token)
        {
            return ByToken(token);
        }
        var ticket = After(header, Cookie) ?? FromCookie(request.Headers.Cookie.ToString());
        if (string.IsNullOrEmpty(ticket))
        {
            throw new PveException(401, "No ticket");
        }
        var user = tickets.Verify(Uri.UnescapeDataString(ticket))
            ?? throw new PveException(401, "permission denied - invalid PVE ticket");
        if (csrf && !HttpMethods.IsGet(request.Method)
            && !tickets.VerifyCsrf(request.Headers["CSRFPreventionToken"].ToString(), user))
        {
            throw new PveException(401, "Permission denied - invalid csrf token");
        }
        return RightsOf(new Principal(user)) ?? throw new PveException(401, $"no such user ('{user}')");
    }

    /// <summary>The user whose password (or still valid ticket) this is.</summary>
    public Account Login(string user, string password)
    {
        var account = access.Find(user);
        var valid = account is not null && account.Usable(clock.GetUtcNow())
            && (tickets.Verify(password) == user || account.Password?.Matches(password) == true);
        return valid ? account! : throw new PveException(401, "authentication failure");
    }

    public Rights? RightsOf(Principal principal)
    {
        var account = access.Find(principal.User);
        if (account is null || !account.Usable(clock.GetUtcNow()))
        {
            return null;
        }
        var token = principal.TokenId is null ? null
            : access.Read(() => account.Tokens.GetValueOrDefault(principal.TokenId));
        return principal.IsToken && token is null
            ? null
            : new Rights(principal, account, token, access.Acls,
                id => access.Read(() => access.Roles.FirstOrDefault(r => r.Id == id)), PoolOf);
    }

    private Rights ByToken(string text)
    {
        var cut = text.LastIndexOf('=');
        var principal = Principal.Parse(cut < 0 ? text : text[..cut]);
        var account = access.Find(principal.User);
        var token = account is null || principal.TokenId is null
            ? null : access.Read(() => account.Tokens.GetValueOrDefault(principal.TokenId));
        if (token is null || !account!.Usable(clock.GetUtcNow())
            || cluster.Read(c => c.Faults.TokenRevoked(principal.Name))
            || (token.Expire != 0 && token.Expire <= clock.GetUtcNow().ToUnixTimeSeconds())
            || !token.Secret.Matches(text[(cut + 1)..]))
        {
            throw new PveException(401, "Authentication failed!");
        }
        return RightsOf(principal)!;
    }

    private string? PoolOf(string path) =>
        path.StartsWith("/vms/", StringComparison.Ordinal) && int.TryParse(path.AsSpan(5), null, out var vmid)
            ? cluster.FindGuest(vmid)?.Pool
            : path.StartsWith("/storage/", StringComparison.Ordinal)
                ? cluster.Pools.Values.FirstOrDefault(p => p.Storages.Contains(path[9..]))?.Id
                : null;

    private static string? After(string header, string scheme)
    {
        var at = header.IndexOf(scheme, StringComparison.Ordinal);
        var end = at + scheme.Length;
        return at >= 0 && (at == 0 || header[at - 1] == ' ') && end < header.Length && header[end] is '=' or ' '
            ? Uri.UnescapeDataString(header[(end + 1)..].Split(';')[0])
            : null;
    }

    // Read by hand: some clients put the base64 signature with its + / = into the cookie as it is.
    private static string? FromCookie(string header)
    {
        foreach (var pair in header.Split(';', StringSplitOptions.TrimEntries))
        {
            if (pair.StartsWith(Cookie + "=", StringComparison.Ordinal))
            {
                return pair[(Cookie.Length + 1)..];
            }
        }
        return null;
    }
}
