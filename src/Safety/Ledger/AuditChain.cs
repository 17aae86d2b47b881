using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Jarvis.Safety.Ledger;

/// <summary>A row to be written.</summary>
internal sealed record AuditEntry
{
    public required string Id { get; init; }
    public required AuditPart Part { get; init; }
    public required string Kind { get; init; }
    public required string Actor { get; init; }
    public required string Channel { get; init; }
    public required string Tool { get; init; }
    public required Tier Tier { get; init; }
    public required string Verdict { get; init; }
    public string Approval { get; init; } = "";

    /// <summary>Over the real arguments; what is stored of them is redacted.</summary>
    public string Digest { get; init; } = "";
    public required string Payload { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>Each row's hash covers the one before it, its columns, and a salted digest of its texts.</summary>
internal static class AuditChain
{
    public const int HashBytes = 32;
    public const int SaltBytes = 16;
    private static readonly byte[] Nothing = new byte[HashBytes];

    public static ReadOnlySpan<byte> Start => Nothing;

    public static byte[] PayloadDigest(ReadOnlySpan<byte> salt, string text)
    {
        var bytes = new byte[salt.Length + Encoding.UTF8.GetByteCount(text)];
        salt.CopyTo(bytes);
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(salt.Length));
        return SHA256.HashData(bytes);
    }

    public static byte[] Next(ReadOnlySpan<byte> before, long seq, long at, AuditEntry entry, ReadOnlySpan<byte> payload)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        buffer.Write(before);
        Number(buffer, seq);
        Number(buffer, at);
        Number(buffer, (int)entry.Part);
        Number(buffer, (int)entry.Tier);
        foreach (var text in (ReadOnlySpan<string>)[entry.Id, entry.Kind, entry.Actor, entry.Channel, entry.Tool, entry.Verdict, entry.Approval, entry.Digest])
        {
            Number(buffer, Encoding.UTF8.GetByteCount(text));
            Encoding.UTF8.GetBytes(text, buffer);
        }
        buffer.Write(payload);
        return SHA256.HashData(buffer.WrittenSpan);
    }

    private static void Number(ArrayBufferWriter<byte> buffer, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(8), number);
        buffer.Advance(8);
    }
}
