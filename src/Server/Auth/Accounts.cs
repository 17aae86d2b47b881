using System.Data.Common;
using System.Threading.RateLimiting;
using Jarvis.Server.Events;
using Microsoft.AspNetCore.Identity;

namespace Jarvis.Server.Auth;

/// <summary>Who may sign in, and the check of a password.</summary>
public sealed partial class Accounts(
    AuthStore store, AdminPassword admin, EmergencyCode code, Sessions sessions, IPasswordHasher<Account> hasher, EventLog events, TimeProvider time,
    ILogger<Accounts> log)
    : IDisposable
{
    // Hashing is meant to cost: two at a time, and a crowd is sent away rather than queued without end.
    private readonly ConcurrencyLimiter _hashing = new(new() { PermitLimit = 2, QueueLimit = 16 });
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile bool _adminDone;

    /// <summary>Checks a name and a password; takes as long for an account that does not exist.</summary>
    public async Task<PasswordCheck> CheckAsync(string name, string password, CancellationToken cancellationToken)
    {
        using var lease = await _hashing.AcquireAsync(1, cancellationToken);
        if (!lease.IsAcquired) return PasswordCheck.Busy;
        if (store.Trouble is not null) return Emergency(name, password);
        try
        {
            await EnsureAdminQuietlyAsync(cancellationToken);
            return await CheckStoredAsync(name, password, cancellationToken);
        }
        catch (DbException e)
        {
            LogStoreFailed(e.Message);
            return PasswordCheck.Unchecked;
        }
    }

    /// <summary>Whether the account is still as it was when its password was checked.</summary>
    public async Task<bool> StandsAsync(PasswordCheck.Right found, CancellationToken cancellationToken)
    {
        try
        {
            return found.Emergency ? store.Trouble is not null : await store.FindAccountAsync(found.User, cancellationToken) is { } account
                && account.Role == found.Role && account.PasswordAt == found.PasswordAt;
        }
        catch (DbException e)
        {
            LogStoreFailed(e.Message);
            return true;
        }
    }

    /// <summary>Prints a code for the emergency sign-in if there is no other way in.</summary>
    public void PrepareForEmergency()
    {
        if (store.Trouble is not null && admin.Read().Password is null) code.Offer();
    }

    /// <summary>Makes the administrator's account as its password file says, once; a password changed here since stays.</summary>
    public async Task EnsureAdminAsync(CancellationToken cancellationToken)
    {
        if (_adminDone || store.Trouble is not null) return;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_adminDone) return;
            var (password, trouble) = admin.Read();
            if (trouble is not null) LogNoPassword(trouble);
            if (password is not null) await SetAdminAsync(password, cancellationToken);
            _adminDone = true;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _hashing.Dispose();
        _gate.Dispose();
    }

    // A disk that takes no new password must not keep out those who have one.
    private async Task EnsureAdminQuietlyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await EnsureAdminAsync(cancellationToken);
        }
        catch (DbException e)
        {
            LogStoreFailed(e.Message);
        }
    }

    private async Task SetAdminAsync(string password, CancellationToken cancellationToken)
    {
        var known = await store.FindAccountAsync(admin.User, cancellationToken);
        var now = time.GetUtcNow();
        var account = known ?? new Account { Name = admin.User, Role = Role.Admin, PasswordHash = "", CreatedAt = now, PasswordAt = now };
        // Once followed, whatever became of the account since stays: another password, another role, its removal.
        var followed = await store.FileHashesAsync(admin.User, cancellationToken);
        if (followed.FirstOrDefault(hash => Matches(account, hash, password)) is { } same)
        {
            if (followed.Count > 1) await store.RememberFileAsync(admin.User, same, cancellationToken);
            return;
        }

        if (followed.Count == 0 && known is { Role: Role.Admin } && Matches(known, known.PasswordHash, password))
        {
            await store.RememberFileAsync(admin.User, known.PasswordHash, cancellationToken);
            return;
        }

        account.Role = Role.Admin;
        account.PasswordHash = hasher.HashPassword(account, password);
        account.PasswordAt = now;
        await store.SaveFromFileAsync(account, cancellationToken);
        if (known is not null) await sessions.EndAllOfAsync(account.Name, "its password was replaced from the password file");
        var done = known is null ? "made" : "updated";
        LogAdmin(done, account.Name);
        events.TryPost(new()
        {
            Type = known is null ? "user.added" : "user.changed", Severity = Severity.Warning, Source = Source.System,
            Summary = $"The administrator account {account.Name} was {done} from the password file",
        });
    }

    private bool Matches(Account account, string hash, string password) =>
        hasher.VerifyHashedPassword(account, hash, password) != PasswordVerificationResult.Failed;

    private async Task<PasswordCheck> CheckStoredAsync(string name, string password, CancellationToken cancellationToken)
    {
        var account = await store.FindAccountAsync(name, cancellationToken);
        if (account is null)
        {
            hasher.HashPassword(Nobody, password);
            return await store.HasAccountsAsync(cancellationToken) ? PasswordCheck.Wrong(known: false) : PasswordCheck.NoAccount(HowToMakeOne());
        }

        var hash = account.PasswordHash;
        switch (hasher.VerifyHashedPassword(account, hash, password))
        {
            case PasswordVerificationResult.Failed:
                return PasswordCheck.Wrong(known: true);
            case PasswordVerificationResult.SuccessRehashNeeded:
                hash = await RehashQuietlyAsync(account, password, cancellationToken);
                break;
        }

        return new PasswordCheck.Right(account.Name, account.Role, Emergency: false, account.PasswordAt) { Hash = hash };
    }

    /// <returns>The hash now stored, unless the password was changed meanwhile.</returns>
    private async Task<string> RehashQuietlyAsync(Account account, string password, CancellationToken cancellationToken)
    {
        try
        {
            var hash = hasher.HashPassword(account, password);
            return await store.RehashAsync(account.Name, account.PasswordHash, hash, cancellationToken) ? hash : account.PasswordHash;
        }
        catch (DbException e)
        {
            LogStoreFailed(e.Message);
            return account.PasswordHash;
        }
    }

    private PasswordCheck Emergency(string name, string password)
    {
        if (admin.Read().Password is not { } wanted)
        {
            if (name == admin.User && code.Use(password)) return new PasswordCheck.Right(name, Role.Admin, Emergency: true);
            code.Offer();
            return PasswordCheck.CodeNeeded;
        }

        // Both hashed alike, so that neither the name nor the password shows in the time it takes.
        var reference = hasher.HashPassword(Nobody, wanted);
        var matches = hasher.VerifyHashedPassword(Nobody, reference, password) != PasswordVerificationResult.Failed;
        return matches && name == admin.User ? new PasswordCheck.Right(name, Role.Admin, Emergency: true) : PasswordCheck.Wrong(known: name == admin.User);
    }

    private static string HowToMakeOne() =>
        "To make one, open the link that the server printed when it started; or write a password of at least 8 characters into a file that only the server can read, name it in JARVIS_ADMIN_PASSWORD_FILE or Auth:AdminPasswordFile, and start the server again.";

    private static Account Nobody { get; } = new() { Name = "", Role = Role.Viewer, PasswordHash = "", CreatedAt = default, PasswordAt = default };

    [LoggerMessage(Level = LogLevel.Information, Message = "The administrator account {User} was {Done} from the password file")]
    private partial void LogAdmin(string done, string user);

    [LoggerMessage(Level = LogLevel.Error, Message = "No administrator account was made: {Why}")]
    private partial void LogNoPassword(string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The accounts could not be read or written: {Why}")]
    private partial void LogStoreFailed(string why);
}
