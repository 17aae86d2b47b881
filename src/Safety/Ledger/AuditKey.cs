using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Jarvis.Safety.Ledger;

/// <summary>The key that signs the head of the audit and its checkpoints: <c>safety.key</c>, mode 600.</summary>
internal sealed class AuditKey
{
    private const int Bytes = 32;
    private readonly byte[] _key;

    private AuditKey(byte[] key) => _key = key;

    /// <exception cref="InvalidDataException">The file holds no key.</exception>
    public static AuditKey Load(string path, bool make = true)
    {
        if (File.Exists(path))
        {
            var key = File.ReadAllBytes(path);
            return key.Length == Bytes ? new AuditKey(key)
                : throw new InvalidDataException($"{Path.GetFileName(path)} must hold {Bytes} bytes and holds {key.Length}; restore it from a backup.");
        }

        if (!make) throw new InvalidDataException($"{Path.GetFileName(path)} is missing");
        var made = RandomNumberGenerator.GetBytes(Bytes);
        var draft = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
        {
            file.Write(made);
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, path);
        return new AuditKey(made);
    }

    public byte[] Sign(char what, long seq, ReadOnlySpan<byte> hash)
    {
        Span<byte> message = stackalloc byte[9 + AuditChain.HashBytes];
        message[0] = (byte)what;
        BinaryPrimitives.WriteInt64LittleEndian(message[1..], seq);
        hash.CopyTo(message[9..]);
        return HMACSHA256.HashData(_key, message);
    }

    public bool Signed(char what, long seq, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature) =>
        hash.Length == AuditChain.HashBytes && CryptographicOperations.FixedTimeEquals(Sign(what, seq, hash), signature);
}
