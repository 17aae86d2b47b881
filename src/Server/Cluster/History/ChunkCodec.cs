using System.Buffers;
using System.IO.Compression;

namespace Jarvis.Server.Cluster.History;

/// <summary>Packs the series of one group: differences along time, low and high bytes apart, then Brotli.</summary>
internal static class ChunkCodec
{
    private const byte Version = 1;
    private const int Window = 16;

    /// <param name="values">Series after series, each of as many points.</param>
    /// <param name="points">Points in a series.</param>
    /// <param name="quality">Of Brotli; 0 to 11.</param>
    public static byte[] Encode(ReadOnlySpan<ushort> values, int points, int quality)
    {
        var planes = ArrayPool<byte>.Shared.Rent(values.Length * 2);
        var packed = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(values.Length * 2) + 1);
        try
        {
            for (var i = 0; i < values.Length; i++)
            {
                var step = (short)(values[i] - (i % points == 0 ? 0 : values[i - 1]));
                var zigzag = (ushort)((step << 1) ^ (step >> 15));
                (planes[i], planes[values.Length + i]) = ((byte)zigzag, (byte)(zigzag >> 8));
            }

            packed[0] = Version;
            if (!BrotliEncoder.TryCompress(planes.AsSpan(0, values.Length * 2), packed.AsSpan(1), out var written, quality, Window))
                throw new InvalidOperationException("Brotli had too little room.");
            return packed.AsSpan(0, written + 1).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(planes);
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    /// <summary>False when it is no chunk of that size.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> packed, Span<ushort> values, int points)
    {
        if (packed.Length < 2 || packed[0] != Version) return false;
        var planes = ArrayPool<byte>.Shared.Rent(values.Length * 2);
        try
        {
            if (!BrotliDecoder.TryDecompress(packed[1..], planes.AsSpan(0, values.Length * 2), out var written) || written != values.Length * 2) return false;
            for (var i = 0; i < values.Length; i++)
            {
                var zigzag = (ushort)(planes[i] | planes[values.Length + i] << 8);
                values[i] = (ushort)((i % points == 0 ? 0 : values[i - 1]) + (short)((zigzag >> 1) ^ -(zigzag & 1)));
            }
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(planes);
        }
    }
}
