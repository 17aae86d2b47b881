using System.Net;
using System.Text.Json;

namespace Jarvis.Server.Agent.Providers;

/// <summary>The way to a provider. Certificates are always verified, no redirect is followed, an answer has a largest size, and what fails
/// is said in plain words before a vendor's client sees it.</summary>
internal sealed class ProviderHttp(string provider, Func<string> keyPlace, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int LargestAnswer = 16 * 1024 * 1024;
    private const int LargestError = 64 * 1024;
    private const int LongestWords = 300;

    public static HttpClient NewClient(string provider, Func<string> keyPlace, AgentOptions limits) => new(new ProviderHttp(provider, keyPlace, new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(limits.ConnectSeconds),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ActivityHeadersPropagator = null,
    }))
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        catch (OperationCanceledException e) when (e.InnerException is TimeoutException)
        {
            throw new ProviderException(provider, Trouble.Down, $"{provider} cannot be reached: {request.RequestUri?.Authority} did not accept a connection in time (Agent:ConnectSeconds).");
        }
        catch (HttpRequestException e)
        {
            throw new ProviderException(provider, Trouble.Down, e.HttpRequestError == HttpRequestError.SecureConnectionError
                ? $"{provider} cannot be trusted: the certificate of {request.RequestUri?.Authority} does not verify."
                : $"{provider} cannot be reached at {request.RequestUri?.Authority}: {e.Message}");
        }

        if (!response.IsSuccessStatusCode)
        {
            using (response) throw await RefusalAsync(request, response, cancellationToken);
        }

        var bounded = new StreamContent(new BoundedStream(provider, LargestAnswer, await response.Content.ReadAsStreamAsync(cancellationToken)));
        foreach (var (name, values) in response.Content.Headers) bounded.Headers.TryAddWithoutValidation(name, values);
        response.Content = bounded;
        return response;
    }

    private async Task<ProviderException> RefusalAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (status is 401 or 403)
            return new(provider, Trouble.Key, $"{provider} refused the key (HTTP {status}). Check the key in {keyPlace()}: whether it is whole, still valid and allowed to use this model.", status);
        var words = await WordsAsync(request, response, cancellationToken);
        var (trouble, text) = status switch
        {
            429 => (Trouble.Busy, $"{provider} has had too many requests from us (HTTP 429){words}"),
            529 or 503 => (Trouble.Busy, $"{provider} is overloaded (HTTP {status}){words}"),
            408 or >= 500 => (Trouble.Down, $"{provider} failed within itself (HTTP {status}){words}"),
            >= 300 and < 400 => (Trouble.Refused, $"{provider} answered with a redirect (HTTP {status}), which is not followed; set the address that it leads to."),
            404 => (Trouble.Refused, $"{provider} does not know the address or the model (HTTP 404){words}"),
            _ => (Trouble.Refused, $"{provider} would not take the request (HTTP {status}){words}"),
        };
        return new(provider, trouble, text, status, RetryAfter(response));
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when response.Headers.Date is { } now => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>The vendor's own words, short, on one line, without the key.</summary>
    private static async Task<string> WordsAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[LargestError];
            var length = await stream.ReadAtLeastAsync(buffer, LargestError, throwOnEndOfStream: false, cancellationToken);
            using var document = JsonDocument.Parse(buffer.AsMemory(0, length));
            if (!document.RootElement.TryGetProperty("error", out var error)) return ".";
            var text = error.ValueKind == JsonValueKind.String ? error.GetString() : error.TryGetProperty("message", out var message) ? message.GetString() : null;
            if (string.IsNullOrWhiteSpace(text)) return ".";
            foreach (var secret in Secrets(request)) text = text.Replace(secret, "…", StringComparison.Ordinal);
            text = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
            return $": {(text.Length > LongestWords ? $"{text[..LongestWords]}…" : text)}";
        }
        catch (Exception e) when (e is JsonException or IOException or HttpRequestException or InvalidOperationException)
        {
            return ".";
        }
    }

    private static IEnumerable<string> Secrets(HttpRequestMessage request) =>
        new[] { request.Headers.Authorization?.Parameter, request.Headers.TryGetValues("x-api-key", out var keys) ? keys.FirstOrDefault() : null }.OfType<string>().Where(s => s.Length > 0);

    /// <summary>Ends an answer that is too long, and says of one that breaks off whose it was.</summary>
    private sealed class BoundedStream(string provider, long left, Stream inner) : Stream
    {
        private long _left = left;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return Count(await inner.ReadAsync(buffer, cancellationToken));
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                throw new ProviderException(provider, Trouble.Cut, $"{provider}'s answer broke off: the connection was lost.");
            }
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Answers are read asynchronously.");
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Flush() => inner.Flush();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private int Count(int read) => (_left -= read) >= 0 ? read
            : throw new ProviderException(provider, Trouble.Refused, $"{provider}'s answer was longer than {LargestAnswer / (1024 * 1024)} MiB and was not read to its end.");
    }
}
