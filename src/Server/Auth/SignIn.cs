using Jarvis.Server.Events;

namespace Jarvis.Server.Auth;

/// <summary>A sign-in from the first guess to the goodbye.</summary>
public sealed partial class SignIn(
    Accounts accounts, Users users, Sessions sessions, LoginThrottle throttle, EventLog events, ILogger<SignIn> log)
{
    public async Task<SignInResult> TryAsync(string user, string password, Visitor visitor, CancellationToken cancellationToken)
    {
        var name = Account.Normalise(user);
        if (throttle.Attempt(name, visitor) is { } wait) return new SignInResult.Wait(wait);
        switch (await accounts.CheckAsync(name, password, cancellationToken))
        {
            case PasswordCheck.Right right:
                throttle.Succeeded(name, visitor);
                return await WelcomeAsync(right, visitor, cancellationToken);
            case PasswordCheck.NobodyYet(var cure):
                throttle.Withdraw(name, visitor);
                return new SignInResult.NobodyYet(cure);
            case PasswordCheck.EmergencyOnly:
                throttle.Withdraw(name, visitor);
                return new SignInResult.CodeNeeded();
            case PasswordCheck.OutOfReach:
                throttle.Withdraw(name, visitor);
                return new SignInResult.OutOfReach();
            case PasswordCheck.TooBusy:
                throttle.Withdraw(name, visitor);
                return new SignInResult.Busy();
            case PasswordCheck.Refused(var known):
                // A name that is no account may be a password typed into the wrong field.
                var who = known ? name : "an unknown account";
                LogRefused(who, visitor.Address);
                Record("session.refused", Severity.Warning, known ? name : null, $"A sign-in as {who} from {visitor.Address} was refused");
                return new SignInResult.Refused();
            default:
                throw new InvalidOperationException("A new kind of password check is not handled.");
        }
    }

    /// <summary>Changes somebody's own password, who must know the present one; guesses are throttled as sign-ins are.</summary>
    public async Task<SignInResult?> ChangePasswordAsync(CurrentUser user, string current, string next, Visitor visitor, CancellationToken cancellationToken)
    {
        if (throttle.Attempt(user.Name, visitor) is { } wait) return new SignInResult.Wait(wait);
        switch (await accounts.CheckAsync(user.Name, current, cancellationToken))
        {
            case PasswordCheck.Right { Hash: { } hash }:
                throttle.Succeeded(user.Name, visitor);
                return await users.SetOwnPasswordAsync(user, hash, next, cancellationToken) == UserChange.Done ? null : new SignInResult.Refused();
            case PasswordCheck.Refused:
                LogRefused(user.Name, visitor.Address);
                Record("password.refused", Severity.Warning, user.Name, $"{user.Name} gave a wrong password to change it, from {visitor.Address}");
                return new SignInResult.Refused();
            case PasswordCheck.TooBusy:
                throttle.Withdraw(user.Name, visitor);
                return new SignInResult.Busy();
            default:
                throttle.Withdraw(user.Name, visitor);
                return new SignInResult.OutOfReach();
        }
    }

    /// <summary>Asks somebody who is signed in for the password again; null when it is right. Guesses are throttled as sign-ins are.</summary>
    public async Task<SignInResult?> ConfirmAsync(CurrentUser user, string password, Visitor visitor, CancellationToken cancellationToken)
    {
        if (throttle.Attempt(user.Name, visitor) is { } wait) return new SignInResult.Wait(wait);
        switch (await accounts.CheckAsync(user.Name, password, cancellationToken))
        {
            case PasswordCheck.Right:
                throttle.Succeeded(user.Name, visitor);
                return null;
            case PasswordCheck.Refused:
                LogRefused(user.Name, visitor.Address);
                Record("password.refused", Severity.Warning, user.Name, $"{user.Name} gave a wrong password where it is asked for again, from {visitor.Address}");
                return new SignInResult.Refused();
            case PasswordCheck.TooBusy:
                throttle.Withdraw(user.Name, visitor);
                return new SignInResult.Busy();
            case PasswordCheck.EmergencyOnly:
                throttle.Withdraw(user.Name, visitor);
                return new SignInResult.CodeNeeded();
            default:
                throttle.Withdraw(user.Name, visitor);
                return new SignInResult.OutOfReach();
        }
    }

    public async Task<Renewal> RenewAsync(string refreshToken, string address, CancellationToken cancellationToken)
    {
        var renewal = await sessions.RenewAsync(refreshToken, cancellationToken);
        if (renewal is Renewal.Reused(var user))
            Record("session.token-reused", Severity.Error, user, $"A refresh token of {user} was used a second time, from {address}; the session is ended");
        return renewal;
    }

    /// <summary>Ends the session of the access token, or of the refresh token; nothing to end is fine.</summary>
    public async Task OutAsync(CurrentUser? user, string? refreshToken, string address, CancellationToken cancellationToken)
    {
        var session = user?.Session
            ?? (refreshToken is not null && await RenewAsync(refreshToken, address, cancellationToken) is Renewal.Renewed(var found) ? found.Id : null as Guid?);
        if (session is not { } id || await sessions.FindAsync(id, cancellationToken) is not { } live) return;
        await sessions.EndAsync(id, "signed out");
        Record("session.ended", Severity.Info, live.User, $"{live.User} signed out");
    }

    private async Task<SignInResult> WelcomeAsync(PasswordCheck.Right who, Visitor visitor, CancellationToken cancellationToken)
    {
        var session = await sessions.StartAsync(who.User, who.Role, visitor, stored: !who.Emergency, cancellationToken);
        if (!await accounts.StandsAsync(who, CancellationToken.None))
        {
            await sessions.EndAsync(session.Id, "its account was changed meanwhile");
            return new SignInResult.Refused();
        }

        if (who.Emergency) LogEmergency(who.User, visitor.Address);
        else LogIn(who.User, visitor.Address);
        Record(who.Emergency ? "session.emergency" : "session.started", who.Emergency ? Severity.Warning : Severity.Info, who.User,
            $"{who.User} signed in from {visitor.Address}{(who.Emergency ? " by the emergency sign-in, because the database cannot be used" : "")}");
        return new SignInResult.Welcome(session);
    }

    private void Record(string type, Severity severity, string? actor, string summary) =>
        events.TryPost(new() { Type = type, Severity = severity, Source = Source.User, Actor = actor, Summary = summary });

    [LoggerMessage(Level = LogLevel.Information, Message = "{User} signed in from {Address}")]
    private partial void LogIn(string user, string address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{User} signed in from {Address} by the emergency sign-in, because the database cannot be used")]
    private partial void LogEmergency(string user, string address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in as {User} from {Address} was refused")]
    private partial void LogRefused(string user, string address);
}

/// <summary>How an attempt to sign in ended.</summary>
public abstract record SignInResult
{
    private SignInResult()
    {
    }

    public sealed record Welcome(LiveSession Session) : SignInResult;

    public sealed record Refused : SignInResult;

    public sealed record Wait(TimeSpan For) : SignInResult;

    public sealed record Busy : SignInResult;

    public sealed record NobodyYet(string Cure) : SignInResult;

    /// <summary>The database cannot be used; a code on the server's console lets in.</summary>
    public sealed record CodeNeeded : SignInResult;

    /// <summary>The accounts could not be read this once; nothing was judged.</summary>
    public sealed record OutOfReach : SignInResult;
}
