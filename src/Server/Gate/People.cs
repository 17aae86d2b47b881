using System.Data.Common;
using Jarvis.Safety;
using Jarvis.Server.Auth;

namespace Jarvis.Server.Gate;

/// <summary>Accounts as the kernel knows people; the two kinds of roles meet here alone.</summary>
internal sealed class People(AuthStore accounts, Sessions sessions)
{
    public static Safety.Role RoleOf(Auth.Role role) => role switch
    {
        Auth.Role.Admin => Safety.Role.Admin,
        Auth.Role.Operator => Safety.Role.Operator,
        _ => Safety.Role.Viewer,
    };

    /// <summary>The role the account has now; null when it is gone. While accounts cannot be read, it is what the person is signed in
    /// with, the emergency sign-in included: a change of role would have ended that session.</summary>
    public async ValueTask<Safety.Role?> RoleNowAsync(string user, CancellationToken cancellationToken)
    {
        try
        {
            return await accounts.FindAccountAsync(user, cancellationToken) is { } account ? RoleOf(account.Role) : null;
        }
        catch (DbException)
        {
            return (await sessions.AllAsync(cancellationToken)).Where(s => s.User == user && !s.IsWall).Select(s => (Safety.Role?)RoleOf(s.Role)).Max();
        }
    }

    /// <summary>A model that speaks in this person's conversation.</summary>
    public static Caller.Model ModelOf(CurrentUser user) => new() { User = user.Name, Role = RoleOf(user.Role) };

    /// <summary>The same for an account by its name; null when it is gone.</summary>
    public async ValueTask<Caller.Model?> ModelNowAsync(string user, CancellationToken cancellationToken) =>
        await RoleNowAsync(user, cancellationToken) is { } role ? new() { User = user, Role = role } : null;

    public static Caller.Operator CallerOf(CurrentUser user, SafetyKernel kernel, bool confirmed = false)
    {
        var session = user.Session.ToString("N");
        return new()
        {
            User = user.Name, Session = session, Role = RoleOf(user.Role), Confirmed = confirmed,
            BreakGlass = kernel.BreakGlasses.FirstOrDefault(g => g.User == user.Name && g.Session == session),
        };
    }
}
