using Microsoft.Extensions.Options;

namespace Jarvis.Server.Auth;

/// <summary>Makes guessing passwords slow: after a few failures an account, or an address, waits twice as long each time.</summary>
public sealed class LoginThrottle(IOptions<AuthOptions> options, TimeProvider time)
{
    internal const int MostKeys = 10_000;
    private readonly Dictionary<string, Failures> _failures = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Counts an attempt as failed until <see cref="Succeeded"/> takes it back, so that guesses sent at once
    /// count too. Null lets it through, else it is how long to wait; a refused attempt is not counted.</summary>
    public TimeSpan? Attempt(string account, string address)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var wait = Remaining(AccountKey(account), now);
            if (Remaining(AddressKey(address), now) is var other && other > wait) wait = other;
            if (wait > TimeSpan.Zero) return wait;
            Count(AccountKey(account), options.Value.FailuresPerAccount, now);
            Count(AddressKey(address), options.Value.FailuresPerAddress, now);
            return null;
        }
    }

    /// <summary>Forgets the account's failures and takes this attempt off the address: one good account must not
    /// buy an address more guesses at others.</summary>
    public void Succeeded(string account, string address)
    {
        lock (_gate)
        {
            _failures.Remove(AccountKey(account));
            if (_failures.TryGetValue(AddressKey(address), out var failures))
                _failures[AddressKey(address)] = failures with { Times = failures.Times - 1, Until = failures.Before };
        }
    }

    private static string AccountKey(string account) => $"user {account}";

    private static string AddressKey(string address) => $"from {address}";

    private TimeSpan Remaining(string key, DateTimeOffset now) =>
        _failures.TryGetValue(key, out var failures) ? failures.Until - now : TimeSpan.Zero;

    private void Count(string key, int free, DateTimeOffset now)
    {
        var longest = TimeSpan.FromSeconds(options.Value.LongestWaitSeconds);
        var before = _failures.TryGetValue(key, out var known) && now - known.Last <= longest * 2 ? known : new(0, now, now, now);
        var times = before.Times + 1;
        var until = times < free ? now : now + Min(longest, TimeSpan.FromSeconds(Math.Pow(2, Math.Min(times - free, 30))));
        if (_failures.Count >= MostKeys && !_failures.ContainsKey(key)) MakeRoom();
        _failures[key] = new(times, now, until, before.Until);
    }

    private void MakeRoom()
    {
        foreach (var key in _failures.OrderBy(f => f.Value.Last).Take(MostKeys / 10).Select(f => f.Key).ToList()) _failures.Remove(key);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private sealed record Failures(int Times, DateTimeOffset Last, DateTimeOffset Until, DateTimeOffset Before);
}
