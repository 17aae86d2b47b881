using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Jarvis.Simulator.Api;

/// <summary>A reply being made: status, reason phrase, headers and the envelope around the data.</summary>
internal sealed class Answer(int status, string reason, ReadOnlyMemory<byte> body, string? type)
{
    private const int CompressAbove = 1024;

    private static readonly JsonWriterOptions Loose = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public int Status => status;
    public string Reason => reason;
    public ReadOnlyMemory<byte> Body => body;

    public static Answer Empty(int status, string reason) => new(status, reason, default, null);

    public static Answer Text(int status, string reason) =>
        new(status, reason, Encoding.UTF8.GetBytes(reason), "text/plain");

    public static Answer Html(string text) => new(200, "OK", Encoding.UTF8.GetBytes(text), "text/html;charset=UTF-8");

    /// <summary>A failed sign-in says less than other errors.</summary>
    public static Answer NullData(PveException error) =>
        new(error.Status, error.Reason,
            Encoding.UTF8.GetBytes("{\"data\":null,\"message\":\"" + error.Reason + "\\n\"}"), Json);

    public static Answer Data(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Loose))
        {
            json.WriteStartObject();
            json.WritePropertyName("data"u8);
            write(json);
            json.WriteEndObject();
        }
        return new(200, "OK", buffer.WrittenMemory, Json);
    }

    /// <summary>The same answer with other bytes.</summary>
    public Answer With(byte[] bytes) => new(status, reason, bytes, type);

    /// <summary>Runs a handler into the envelope of the format.</summary>
    public static Answer From(Call call, bool extjs)
    {
        var buffer = new ArrayBufferWriter<byte>(call.Endpoint.TypicalSize);
        using (var json = new Utf8JsonWriter(buffer, Loose))
        {
            json.WriteStartObject();
            json.WritePropertyName("data"u8);
            var before = json.BytesCommitted + json.BytesPending;
            call.Endpoint.Handler(call, json);
            if (json.BytesCommitted + json.BytesPending == before)
            {
                json.WriteNullValue();
            }
            if (call.Total is { } total)
            {
                json.WriteNumber("total"u8, total);
            }
            if (call.Changes is { } changes)
            {
                json.WriteString("changes"u8, changes);
            }
            if (extjs)
            {
                json.WriteNumber("success"u8, 1);
            }
            json.WriteEndObject();
        }
        call.Endpoint.TypicalSize = Math.Max(256, buffer.WrittenCount + (buffer.WrittenCount / 8));
        return new(200, "OK", buffer.WrittenMemory, Json);
    }

    public static Answer From(PveException error, bool extjs)
    {
        if (error.Status == 401 || error.Status is >= 595 and <= 599)
        {
            return Empty(error.Status, error.Reason);
        }
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Loose))
        {
            json.WriteStartObject();
            json.WriteNull("data"u8);
            json.WriteString("message"u8, error.Reason + "\n");
            if (extjs)
            {
                json.WriteNumber("success"u8, 0);
                json.WriteNumber("status"u8, error.Status);
            }
            if (error.Errors is { } errors)
            {
                json.WriteStartObject("errors"u8);
                foreach (var (name, text) in errors)
                {
                    json.WriteString(name, text);
                }
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return extjs
            ? new(200, "OK", buffer.WrittenMemory, Json)
            : new(error.Status, error.Reason, buffer.WrittenMemory, Json);
    }

    public const string Json = "application/json;charset=UTF-8";

    public async Task SendAsync(HttpContext context, DateTimeOffset date, bool close, int? cutAt = null)
    {
        var response = context.Response;
        response.StatusCode = status;
        context.Features.Get<IHttpResponseFeature>()!.ReasonPhrase = Clean(reason);
        var stamp = date.ToString("R", null);
        response.Headers.Server = "pve-api-daemon/3.0";
        response.Headers.CacheControl = "max-age=0";
        response.Headers.Pragma = "no-cache";
        response.Headers.Date = stamp;
        response.Headers.Expires = stamp;
        response.ContentType = type;
        if (close || status >= 400)
        {
            response.Headers.Connection = "close";
        }
        var bytes = body;
        if (bytes.Length > CompressAbove && Accepts(context.Request, "gzip"))
        {
            bytes = Compress(bytes);
            response.Headers.ContentEncoding = "gzip";
        }
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(bytes[..(cutAt is { } cut ? Math.Min(cut, bytes.Length / 2) : bytes.Length)],
                context.RequestAborted);
        }
    }

    private static bool Accepts(HttpRequest request, string encoding) =>
        request.Headers.AcceptEncoding.ToString().Contains(encoding, StringComparison.OrdinalIgnoreCase);

    private static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> bytes)
    {
        using var output = new MemoryStream(bytes.Length / 6);
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, true))
        {
            gzip.Write(bytes.Span);
        }
        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }

    private static string Clean(string reason)
    {
        var line = reason.Split('\n')[0].TrimEnd('\r');
        return string.Create(line.Length, line, static (chars, text) =>
        {
            for (var i = 0; i < chars.Length; i++)
            {
                chars[i] = text[i] is >= ' ' and < (char)127 ? text[i] : '?';
            }
        });
    }
}
