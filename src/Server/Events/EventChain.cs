using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Jarvis.Server.Events;

/// <summary>The parts of a stored event that the chain covers; the text by its digest alone.</summary>
internal readonly record struct ChainedRow(
    long Id, long At, string Type, long Severity, long Source, string? Actor, string? Cluster, string? Node,
    string? Target, string? Correlation, byte[] TextDigest);

/// <summary>Hashes of events: each covers the one before it. Not safe for two threads at once.</summary>
internal sealed class EventChain
{
    public const int HashBytes = 32;
    public const int SaltBytes = 16;
    private byte[] _buffer = new byte[8192];
    private int _length;

    public static byte[] Start => new byte[HashBytes];

    public byte[] Next(ReadOnlySpan<byte> previous, in ChainedRow row)
    {
        _length = 0;
        Put(previous);
        Put(row.Id);
        Put(row.At);
        Put(row.Severity);
        Put(row.Source);
        Put(row.Type);
        Put(row.Actor);
        Put(row.Cluster);
        Put(row.Node);
        Put(row.Target);
        Put(row.Correlation);
        Put(row.TextDigest);
        return SHA256.HashData(_buffer.AsSpan(0, _length));
    }

    /// <summary>The salt keeps a deleted text from being guessed by trying likely ones.</summary>
    public byte[] Digest(ReadOnlySpan<byte> salt, string summary, string? data)
    {
        _length = 0;
        Put(salt);
        Put(summary);
        Put(data);
        return SHA256.HashData(_buffer.AsSpan(0, _length));
    }

    private void Put(string? text)
    {
        if (text is null)
        {
            Put(-1L);
            return;
        }

        Ensure(8 + Encoding.UTF8.GetMaxByteCount(text.Length));
        var bytes = Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_length + 8));
        Put((long)bytes);
        _length += bytes;
    }

    private void Put(long value)
    {
        Ensure(8);
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(_length), value);
        _length += 8;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Ensure(int more)
    {
        if (_buffer.Length - _length < more) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + more));
    }
}
