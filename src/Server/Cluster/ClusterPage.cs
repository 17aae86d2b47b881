using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Net.Http.Headers;

namespace Jarvis.Server.Cluster;

/// <summary>The whole state of a cluster as bytes, made once a sequence however many ask.</summary>
internal sealed class ClusterPage(LiveCluster cluster, JsonTypeInfo<ClusterAnswer> shape)
{
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private volatile Page? _page;

    public async Task WriteAsync(HttpContext http)
    {
        var page = Current();
        var headers = http.Response.GetTypedHeaders();
        headers.ETag = new($"\"{_run}-{page.Sequence}\"", isWeak: true);
        headers.CacheControl = new() { NoCache = true, Private = true };
        http.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Compare(headers.ETag, useStrongComparison: false)))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = "application/json; charset=utf-8";
        var zipped = http.Request.GetTypedHeaders().AcceptEncoding.Any(e => e.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && e.Quality is not 0);
        if (zipped) http.Response.Headers.ContentEncoding = "gzip";
        var body = zipped ? page.Zipped.Value : page.Plain.Value;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private Page Current()
    {
        var snapshot = cluster.Current;
        var page = _page;
        if (page?.Sequence == snapshot.Sequence) return page;
        var plain = new Lazy<byte[]>(() => JsonSerializer.SerializeToUtf8Bytes(ClusterAnswer.Of(snapshot), shape));
        return _page = new(snapshot.Sequence, plain, new(() => Zip(plain.Value)));
    }

    private static byte[] Zip(byte[] plain)
    {
        using var target = new MemoryStream(plain.Length / 6);
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest)) gzip.Write(plain);
        return target.ToArray();
    }

    private sealed record Page(long Sequence, Lazy<byte[]> Plain, Lazy<byte[]> Zipped);
}
