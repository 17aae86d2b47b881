using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Jarvis.Server.Auth;

/// <summary>Makes and checks what the two cookies hold: HMACs over a session that neither the signing key nor the
/// database makes alone.</summary>
public sealed class SessionTokens(SigningKey key)
{
    private const int MacSize = 32;
    private const int RefreshSize = 16 + 4 + MacSize;
    private const int HubSize = 16 + MacSize;

    internal string Hub(Session row)
    {
        var bytes = new byte[HubSize];
        row.Id.TryWriteBytes(bytes, bigEndian: true, out _);
        HubMac(row).CopyTo(bytes, 16);
        return Base64Url.EncodeToString(bytes);
    }

    internal string Refresh(Session row)
    {
        var bytes = new byte[RefreshSize];
        row.Id.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), row.Generation);
        RefreshMac(row, row.Generation).CopyTo(bytes, 20);
        return Base64Url.EncodeToString(bytes);
    }

    internal static SessionClaim? ReadHub(string token) =>
        Decode(token, HubSize) is { } bytes ? new(new(bytes.AsSpan(0, 16), bigEndian: true), 0, bytes[16..]) : null;

    internal static SessionClaim? ReadRefresh(string token) =>
        Decode(token, RefreshSize) is { } bytes
            ? new(new(bytes.AsSpan(0, 16), bigEndian: true), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), bytes[20..]) : null;

    internal bool IsHub(Session row, SessionClaim claim) => CryptographicOperations.FixedTimeEquals(HubMac(row), claim.Mac);

    internal bool IsRefresh(Session row, SessionClaim claim) =>
        CryptographicOperations.FixedTimeEquals(RefreshMac(row, claim.Generation), claim.Mac);

    private byte[] HubMac(Session row) => key.Mac("hub", [.. row.Id.ToByteArray(), .. row.Seed]);

    private byte[] RefreshMac(Session row, int generation)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, generation);
        return key.Mac("refresh", [.. row.Id.ToByteArray(), .. number, .. row.Seed]);
    }

    private static byte[]? Decode(string token, int size)
    {
        var bytes = new byte[size];
        return token.Length == Base64Url.GetEncodedLength(size) && Base64Url.IsValid(token, out var length) && length == size
            && Base64Url.TryDecodeFromChars(token, bytes, out _) ? bytes : null;
    }
}

/// <summary>What a cookie says of itself before it is checked.</summary>
internal sealed record SessionClaim(Guid Session, int Generation, byte[] Mac);
