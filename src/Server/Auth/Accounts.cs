using System.Data.Common;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;

namespace Jarvis.Server.Auth;

/// <summary>Who may sign in, and the check of a password.</summary>
public sealed partial class Accounts(
    AuthStore store, AdminPassword admin, EmergencyCode code, Sessions sessions, IPasswordHasher<Account> hasher, TimeProvider time, ILogger<Accounts> log)
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
            await EnsureAdminAsync(cancellationToken);
            return await CheckStoredAsync(name, password, cancellationToken);
        }
        catch (DbException e)
        {
            LogStoreFailed(e.Message);
            return Emergency(name, password);
        }
    }

    /// <summary>Whether the account is still as it was when its password was checked.</summary>
    public async Task<bool> StandsAsync(PasswordCheck.Right found, CancellationToken cancellationToken)
    {
        try
        {
            return found.Emergency || await store.FindAccountAsync(found.User, cancellationToken) is { } account
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

    private async Task SetAdminAsync(string password, CancellationToken cancellationToken)
    {
        var known = await store.FindAccountAsync(admin.User, cancellationToken);
        var now = time.GetUtcNow();
        var account = known ?? new Account { Name = admin.User, Role = Role.Admin, PasswordHash = "", CreatedAt = now, PasswordAt = now };
        if (known is { FileHash: { } last } && Matches(known, last, password)) return;
        if (known is { FileHash: null, Role: Role.Admin } && Matches(known, known.PasswordHash, password))
        {
            known.FileHash = known.PasswordHash;
            await store.SaveAsync(known, cancellationToken);
            return;
        }

        account.Role = Role.Admin;
        account.PasswordHash = account.FileHash = hasher.HashPassword(account, password);
        account.PasswordAt = now;
        await store.SaveAsync(account, cancellationToken);
        if (known is not null) await sessions.EndAllOfAsync(account.Name, "its password was replaced from the password file", cancellationToken);
        LogAdmin(known is null ? "made" : "updated", account.Name);
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

        switch (hasher.VerifyHashedPassword(account, account.PasswordHash, password))
        {
            case PasswordVerificationResult.Failed:
                return PasswordCheck.Wrong(known: true);
            case PasswordVerificationResult.SuccessRehashNeeded:
                await RehashQuietlyAsync(account, password, cancellationToken);
                break;
        }

        return new PasswordCheck.Right(account.Name, account.Role, Emergency: false, account.PasswordAt);
    }

    private async Task RehashQuietlyAsync(Account account, string password, CancellationToken cancellationToken)
    {
        try
        {
            await store.RehashAsync(account.Name, account.PasswordHash, hasher.HashPassword(account, password), cancellationToken);
        }
        catch (DbException e)
        {
            LogStoreFailed(e.Message);
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
