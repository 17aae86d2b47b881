using Microsoft.Extensions.Options;

namespace Jarvis.Server.Auth;

/// <summary>Makes guessing passwords slow. Failures are counted for an account from one address and for an address: there each
/// wait doubles up to a lock-out. For an account from everywhere the wait stays short, so that no stranger can lock
/// its owner out; and a browser in which the account signed in before is counted by itself alone.</summary>
public sealed class LoginThrottle(IOptions<AuthOptions> options, TimeProvider time)
{
    internal const int MostKeys = 10_000;
    private readonly Dictionary<string, Failures> _failures = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    private TimeSpan Longest => TimeSpan.FromSeconds(options.Value.LongestWaitSeconds);

    /// <summary>Counts an attempt as failed until <see cref="Succeeded"/> or <see cref="Withdraw"/> takes it back, so that
    /// guesses sent at once count too. Null lets it through, else it is how long to wait; a refused attempt is not counted.</summary>
    public TimeSpan? Attempt(string account, Visitor from)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var counters = Counters(account, from);
            var wait = counters.Max(c => _failures.TryGetValue(c.Key, out var failures) ? failures.Until - now : TimeSpan.Zero);
            if (wait > TimeSpan.Zero) return wait;
            foreach (var counter in counters) Count(counter, now);
            return null;
        }
    }

    /// <summary>Forgets the account's failures and takes this attempt off the address: one good account must not
    /// buy an address more guesses at others.</summary>
    public void Succeeded(string account, Visitor from)
    {
        lock (_gate)
        {
            foreach (var counter in Counters(account, from))
            {
                if (counter.OfAddress) TakeBack(counter);
                else _failures.Remove(counter.Key);
            }
        }
    }

    /// <summary>Takes back an attempt that was never judged.</summary>
    public void Withdraw(string account, Visitor from)
    {
        lock (_gate)
        {
            foreach (var counter in Counters(account, from)) TakeBack(counter);
        }
    }

    private Counter[] Counters(string account, Visitor from) => from.Device is { } device
        ? [new($"device {device}", options.Value.FailuresPerAccount, Longest)]
        :
        [
            new($"pair {account} {from.Address}", options.Value.FailuresPerAccount, Longest),
            new($"from {from.Address}", options.Value.FailuresPerAddress, Longest, OfAddress: true),
            new($"user {account}", options.Value.FailuresAnywhere, TimeSpan.FromSeconds(options.Value.LongestWaitAnywhereSeconds)),
        ];

    // The wait is counted anew from the attempts that stand: one that came meanwhile keeps the wait that is its own.
    private void TakeBack(Counter counter)
    {
        if (_failures.TryGetValue(counter.Key, out var failures))
            _failures[counter.Key] = new(failures.Times - 1, failures.Last, failures.Last + counter.Wait(failures.Times - 1));
    }

    private void Count(Counter counter, DateTimeOffset now)
    {
        var before = _failures.TryGetValue(counter.Key, out var known) && now - known.Last <= Longest * 2 ? known : new(0, now, now);
        var times = before.Times + 1;
        if (_failures.Count >= MostKeys && !_failures.ContainsKey(counter.Key)) MakeRoom();
        _failures[counter.Key] = new(times, now, now + counter.Wait(times));
    }

    private void MakeRoom()
    {
        foreach (var key in _failures.OrderBy(f => f.Value.Last).Take(MostKeys / 10).Select(f => f.Key).ToList()) _failures.Remove(key);
    }

    private sealed record Counter(string Key, int Free, TimeSpan Longest, bool OfAddress = false)
    {
        public TimeSpan Wait(int times)
        {
            if (times < Free) return TimeSpan.Zero;
            var wait = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(times - Free, 30)));
            return wait < Longest ? wait : Longest;
        }
    }

    private sealed record Failures(int Times, DateTimeOffset Last, DateTimeOffset Until);
}
