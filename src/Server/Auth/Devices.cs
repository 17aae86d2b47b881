using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Jarvis.Server.Auth;

/// <summary>Knows a browser in which an account signed in before: a cookie with a random number and its HMAC with the
/// account's name. It lets nobody in; guesses elsewhere just do not lock it out.</summary>
public sealed class Devices(SigningKey key)
{
    private const int IdSize = 16;
    private const int Size = IdSize + 32;

    /// <summary>The cookie for a browser, known by <paramref name="device"/> or new.</summary>
    internal string Cookie(string account, string? device)
    {
        var id = device is null ? RandomNumberGenerator.GetBytes(IdSize) : Convert.FromHexString(device);
        return Base64Url.EncodeToString([.. id, .. Mac(id, account)]);
    }

    /// <summary>The browser, if the cookie is ours and for this account.</summary>
    internal string? Read(string? cookie, string account)
    {
        var bytes = new byte[Size];
        if (cookie is null || cookie.Length != Base64Url.GetEncodedLength(Size) || !Base64Url.IsValid(cookie, out var length) || length != Size
            || !Base64Url.TryDecodeFromChars(cookie, bytes, out _)) return null;
        return CryptographicOperations.FixedTimeEquals(Mac(bytes[..IdSize], account), bytes.AsSpan(IdSize)) ? Convert.ToHexString(bytes, 0, IdSize) : null;
    }

    private byte[] Mac(byte[] id, string account) => key.Mac("device", [.. id, .. Encoding.UTF8.GetBytes(account)]);
}
