using System.Security.Authentication;
using System.Text;
using System.Text.Json;

namespace Jarvis.Proxmox;

/// <summary>Turns what went wrong into a <see cref="ProxmoxException"/>.</summary>
internal static class Failures
{
    private const int ExcerptLength = 500;

    public static ProxmoxFailure KindOf(int status) => status switch
    {
        400 => ProxmoxFailure.BadRequest,
        401 => ProxmoxFailure.Unauthorized,
        403 => ProxmoxFailure.Forbidden,
        501 => ProxmoxFailure.NotSupported,
        >= 595 and <= 599 => ProxmoxFailure.Unreachable,
        >= 500 => ProxmoxFailure.ServerError,
        _ => ProxmoxFailure.BadAnswer,
    };

    public static ProxmoxException OfStatus(Call call, int status, string? reasonPhrase, string body)
    {
        var (message, errors) = Explanation(body);
        var reason = FirstOf(Decoded(reasonPhrase), message) ?? "no reason given";
        var details = errors.Count == 0 ? "" : $" ({string.Join("; ", errors.Select(error => $"{error.Key}: {error.Value}"))})";
        return call.Failure(KindOf(status), $"{status} {reason}{details}", null, status, reason, body, errors);
    }

    public static ProxmoxException OfConnection(Call call, HttpRequestException failure, string? presented) =>
        failure.HttpRequestError == HttpRequestError.SecureConnectionError && failure.InnerException is AuthenticationException
            ? call.Failure(
                ProxmoxFailure.Tls,
                presented is null
                    ? "no TLS connection could be made"
                    : $"its certificate is not trusted (SHA-256 {presented})",
                failure, presented: presented)
            : call.Failure(ProxmoxFailure.Unreachable, (failure.InnerException ?? failure).Message, failure);

    public static string Excerpt(string text) => Printable(text.Length > ExcerptLength ? text[..ExcerptLength] : text);

    private static string? Decoded(string? reasonPhrase)
    {
        if (string.IsNullOrWhiteSpace(reasonPhrase))
        {
            return null;
        }

        // HttpClient reads the reason phrase as Latin-1, Proxmox writes UTF-8.
        try
        {
            return Printable(new UTF8Encoding(false, true).GetString(Encoding.Latin1.GetBytes(reasonPhrase))).Trim();
        }
        catch (DecoderFallbackException)
        {
            return Printable(reasonPhrase).Trim();
        }
    }

    private static (string? Message, IReadOnlyDictionary<string, string> Errors) Explanation(string body)
    {
        var errors = new Dictionary<string, string>();
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return (null, errors);
            }

            if (document.RootElement.TryGetProperty("errors", out var listed) && listed.ValueKind == JsonValueKind.Object)
            {
                foreach (var error in listed.EnumerateObject().Take(100))
                {
                    errors[error.Name] = Printable(error.Value.ToString()).Trim();
                }
            }

            return document.RootElement.TryGetProperty("message", out var message)
                ? (Printable(message.ToString()).Trim(), errors)
                : (null, errors);
        }
        catch (JsonException)
        {
            return (null, errors);
        }
    }

    private static string? FirstOf(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                return text;
            }
        }

        return null;
    }

    private static string Printable(string text) => string.Create(text.Length, text, (span, source) =>
    {
        for (var at = 0; at < span.Length; at++)
        {
            span[at] = char.IsControl(source[at]) ? ' ' : source[at];
        }
    });
}
