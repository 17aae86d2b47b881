using System.Buffers;
using System.Text.Json;

namespace Jarvis.Safety.Arguments;

/// <summary>One spelling for each meaning: members in ordinal order, defaults filled in, nothing that is null.</summary>
internal static class CanonicalJson
{
    public static byte[] Of(Shape shape, object value)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer)) shape.Write(writer, value);
        return buffer.WrittenSpan.ToArray();
    }
}
