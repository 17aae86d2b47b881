using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Jarvis.Simulator.Access;

/// <summary>Signed tickets (login and console) and the CSRF tokens that go with them.</summary>
internal sealed class Tickets(TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);
    private static readonly TimeSpan ConsoleLifetime = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] csrfKey = RandomNumberGenerator.GetBytes(32);

    public string Issue(string user)
    {
        var text = $"PVE:{user}:{Now():X8}";
        return $"{text}::{Sign(text)}";
    }

    public string IssueConsole(string user, string path)
    {
        var text = $"PVEVNC:{Now():X8}";
        return $"{text}::{Sign($"{text}:{user}:{path}")}";
    }

    public string IssueCsrf(string user)
    {
        var time = Now().ToString("X8", null);
        return $"{time}:{CsrfDigest(time, user)}";
    }

    /// <summary>The ticket's user, or null when it is forged, from the future or too old.</summary>
    public string? Verify(string ticket)
    {
        var cut = ticket.IndexOf("::", StringComparison.Ordinal);
        var part = cut < 0 ? [] : ticket[..cut].Split(':');
        return part.Length == 3 && part[0] == "PVE" && Fresh(part[2], Lifetime)
            && Equal(ticket[(cut + 2)..], Sign(ticket[..cut]))
            ? part[1]
            : null;
    }

    public bool VerifyConsole(string ticket, string user, string path)
    {
        var cut = ticket.IndexOf("::", StringComparison.Ordinal);
        return cut > 7 && ticket.StartsWith("PVEVNC:", StringComparison.Ordinal)
            && Fresh(ticket[7..cut], ConsoleLifetime)
            && Equal(ticket[(cut + 2)..], Sign($"{ticket[..cut]}:{user}:{path}"));
    }

    public bool VerifyCsrf(string token, string user)
    {
        var cut = token.IndexOf(':', StringComparison.Ordinal);
        return cut == 8 && Fresh(token[..8], Lifetime) && Equal(token[9..], CsrfDigest(token[..8], user));
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeSeconds();

    private bool Fresh(string time, TimeSpan lifetime)
    {
        if (!long.TryParse(time, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var issued))
        {
            return false;
        }
        var age = Now() - issued;
        return age > -Skew.TotalSeconds && age < lifetime.TotalSeconds;
    }

    private string Sign(string text) => Convert.ToBase64String(HMACSHA512.HashData(key, Encoding.UTF8.GetBytes(text)));

    private string CsrfDigest(string time, string user) =>
        Convert.ToBase64String(HMACSHA256.HashData(csrfKey, Encoding.UTF8.GetBytes($"{time}:{user}"))).TrimEnd('=');

    private static bool Equal(string a, string b) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
}
