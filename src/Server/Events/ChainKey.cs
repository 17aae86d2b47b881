using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Jarvis.Server.Events;

/// <summary>The key that signs the head of the chain and retention's checkpoints: <c>events.key</c>, mode 600.</summary>
internal sealed class ChainKey
{
    private const int Bytes = 32;
    private readonly byte[] _key;

    private ChainKey(byte[] key, bool made)
    {
        _key = key;
        Made = made;
    }

    /// <summary>There was none, so this one is new.</summary>
    public bool Made { get; }

    /// <exception cref="InvalidDataException">The file holds no key.</exception>
    public static ChainKey Load(string path)
    {
        if (File.Exists(path))
        {
            var key = File.ReadAllBytes(path);
            return key.Length == Bytes ? new ChainKey(key, made: false)
                : throw new InvalidDataException($"{Path.GetFileName(path)} must hold {Bytes} bytes and holds {key.Length}; restore it from a backup.");
        }

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
        return new ChainKey(made, made: true);
    }

    public byte[] Sign(string what, long id, ReadOnlySpan<byte> hash)
    {
        Span<byte> message = stackalloc byte[48];
        message.Clear();
        for (var i = 0; i < what.Length && i < 8; i++) message[i] = (byte)what[i];
        BinaryPrimitives.WriteInt64LittleEndian(message[8..], id);
        hash.CopyTo(message[16..]);
        return HMACSHA256.HashData(_key, message);
    }

    public bool Signed(string what, long id, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature) =>
        hash.Length == EventChain.HashBytes && CryptographicOperations.FixedTimeEquals(Sign(what, id, hash), signature);
}
