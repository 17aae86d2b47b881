using System.Text;

namespace Jarvis.Proxmox;

internal sealed class AnswerTooLargeException(long limit) : IOException($"The answer is larger than {limit} bytes.");

/// <summary>Passes an answer on while counting it, up to a limit, and keeps its beginning as evidence.</summary>
internal sealed class AnswerStream(Stream inner, long limit) : Stream
{
    private const int Kept = 2048;
    private readonly byte[] beginning = new byte[Kept];
    private int kept;

    public long Bytes { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => Bytes;
        set => throw new NotSupportedException();
    }

    public string Beginning() => Encoding.UTF8.GetString(beginning, 0, kept);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Bytes += read;
        if (kept < Kept && read > 0)
        {
            var part = Math.Min(read, Kept - kept);
            buffer.Span[..part].CopyTo(beginning.AsSpan(kept));
            kept += part;
        }

        return Bytes <= limit ? read : throw new AnswerTooLargeException(limit);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
