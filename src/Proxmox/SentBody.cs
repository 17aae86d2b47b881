using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Jarvis.Proxmox;

/// <summary>The body of a write, with a length known in advance. It tells whether sending has begun:
/// until then the write cannot have taken effect.</summary>
internal sealed class SentBody : HttpContent
{
    private readonly byte[] bytes;

    public SentBody(string form, bool hasType)
    {
        bytes = Encoding.ASCII.GetBytes(form);
        if (hasType)
        {
            Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        }
    }

    public bool WasSent { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        WasSent = true;
        return stream.WriteAsync(bytes, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
