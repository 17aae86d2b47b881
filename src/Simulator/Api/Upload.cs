using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Jarvis.Simulator.Api;

/// <summary>A multipart upload: the fields, and the file as its name and size alone.</summary>
internal static class Upload
{
    private const long MaxFile = 256L << 20;
    private const int MaxField = 64 * 1024;

    /// <summary>The argument that carries the size of the file.</summary>
    public const string Size = "tmpfilename";

    public static async Task<Arguments> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            || HeaderUtilities.RemoveQuotes(type.Boundary).ToString() is not { Length: > 0 and < 80 } boundary)
        {
            throw new PveException(506, $"upload 'Content-Type '{http.Request.ContentType}' not implemented");
        }
        var arguments = new Arguments();
        var reader = new MultipartReader(boundary, http.Request.Body) { BodyLengthLimit = MaxFile };
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            var part = ContentDispositionHeaderValue.Parse(section.ContentDisposition ?? "form-data");
            var name = HeaderUtilities.RemoveQuotes(part.Name).ToString();
            if (part.FileName.HasValue)
            {
                arguments["filename"] = [HeaderUtilities.RemoveQuotes(part.FileName).ToString()];
                arguments[Size] = [(await CountAsync(section.Body, MaxFile, cancellationToken)).ToString(null, null)];
                continue;
            }
            using var text = new StreamReader(section.Body);
            var buffer = new char[MaxField];
            var length = await text.ReadBlockAsync(buffer, cancellationToken);
            arguments[name] = [new string(buffer, 0, length)];
        }
        return arguments;
    }

    private static async Task<long> CountAsync(Stream stream, long limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var total = 0L;
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            total += read;
            _ = total <= limit ? true : throw new PveException(501, "for data too large");
        }
        return total;
    }
}
