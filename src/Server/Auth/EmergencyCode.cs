using System.Security.Cryptography;
using System.Text;

namespace Jarvis.Server.Auth;

/// <summary>Lets the administrator in once while accounts are out of reach and no password file is there: whoever reads
/// the server's console may.</summary>
public sealed class EmergencyCode(OperatorConsole console, AdminPassword admin, TimeProvider time)
{
    // Without I, L, O and U, which are misread; 25 of 32 signs are 125 bits.
    private const string Signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 25;
    internal static readonly TimeSpan Life = TimeSpan.FromMinutes(15);
    internal static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private byte[]? _code;
    private DateTimeOffset? _madeAt;

    /// <summary>Prints a new code unless one still waits for use or was printed a moment ago.</summary>
    public void Offer()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_code is not null && now - _madeAt < Life || now - _madeAt < Pause) return;
            var code = RandomNumberGenerator.GetString(Signs, Length);
            _code = Encoding.ASCII.GetBytes(code);
            _madeAt = now;
            console.Say($"""

                The database cannot be used, so nobody's password can be checked. To sign in once all the same,
                within {Life.TotalMinutes:0} minutes, give this name and this code as the password:

                    {admin.User}
                    {string.Join('-', code.Chunk(5).Select(group => new string(group)))}

                """);
        }
    }

    /// <summary>Whether <paramref name="text"/> is the code, in any case and with any hyphens or spaces; if so it is used up.</summary>
    public bool Use(string text)
    {
        var given = Encoding.ASCII.GetBytes(text.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant).Take(Length + 1).ToArray());
        lock (_gate)
        {
            if (_code is null || time.GetUtcNow() - _madeAt >= Life || !CryptographicOperations.FixedTimeEquals(_code, given)) return false;
            _code = null;
            return true;
        }
    }
}
