using Jarvis.Server.Events;

namespace Jarvis.Server.Auth;

/// <summary>A sign-in from the first guess to the goodbye.</summary>
public sealed partial class SignIn(Accounts accounts, Sessions sessions, LoginThrottle throttle, EventLog events, ILogger<SignIn> log)
{
    public async Task<SignInResult> TryAsync(string user, string password, string address, string agent, CancellationToken cancellationToken)
    {
        var name = Account.Normalise(user);
        if (throttle.Attempt(name, address) is { } wait) return new SignInResult.Wait(wait);
        switch (await accounts.CheckAsync(name, password, cancellationToken))
        {
            case PasswordCheck.Right(var account, var role, var emergency):
                throttle.Succeeded(name, address);
                var session = await sessions.StartAsync(account, role, address, agent, stored: !emergency, cancellationToken);
                if (emergency) LogEmergency(account, address);
                else LogIn(account, address);
                Record(emergency ? "session.emergency" : "session.started", emergency ? Severity.Warning : Severity.Info, account,
                    $"{account} signed in from {address}{(emergency ? " by the password file, because the database cannot be used" : "")}");
                return new SignInResult.Welcome(session);
            case PasswordCheck.NobodyYet(var cure):
                throttle.Succeeded(name, address);
                return new SignInResult.NobodyYet(cure);
            case PasswordCheck.TooBusy:
                throttle.Succeeded(name, address);
                return new SignInResult.Busy();
            case PasswordCheck.Refused(var known):
                // A name that is no account may be a password typed into the wrong field.
                var who = known ? name : "an unknown account";
                LogRefused(who, address);
                Record("session.refused", Severity.Warning, known ? name : null, $"A sign-in as {who} from {address} was refused");
                return new SignInResult.Refused();
            default:
                throw new InvalidOperationException("A new kind of password check is not handled.");
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
        await sessions.EndAsync(id, "signed out", cancellationToken);
        Record("session.ended", Severity.Info, live.User, $"{live.User} signed out");
    }

    private void Record(string type, Severity severity, string? actor, string summary) =>
        events.TryPost(new() { Type = type, Severity = severity, Source = Source.User, Actor = actor, Summary = summary });

    [LoggerMessage(Level = LogLevel.Information, Message = "{User} signed in from {Address}")]
    private partial void LogIn(string user, string address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{User} signed in from {Address} by the password file, because the database cannot be used")]
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
}
