using System.Text.Json;

namespace Jarvis.Proxmox;

/// <summary>Signs requests with the API token, or with a ticket that it gets and renews.</summary>
internal sealed class Session(ProxmoxCredential credential, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan TicketAge = TimeSpan.FromHours(1);
    private readonly SemaphoreSlim gate = new(1, 1);
    private volatile Signature? current;
    private volatile string[] secrets = [];

    public delegate Task<JsonElement> Login(string user, string password);

    /// <summary>Puts the credential on a request; <paramref name="login"/> exchanges a password for a ticket.</summary>
    public async Task<Signature> SignAsync(HttpRequestMessage request, Login login, CancellationToken cancellationToken)
    {
        var signature = current is { } kept && !IsOld(kept) ? kept : await RenewAsync(login, cancellationToken);
        if (signature.Ticket is not { } ticket)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"PVEAPIToken={signature.Token}");
            return signature;
        }

        request.Headers.TryAddWithoutValidation("Cookie", $"PVEAuthCookie={Uri.EscapeDataString(ticket)}");
        if (request.Method != HttpMethod.Get)
        {
            request.Headers.TryAddWithoutValidation("CSRFPreventionToken", signature.Csrf);
        }

        return signature;
    }

    /// <summary>After a 401: forgets the credential if it is still the refused one, and says whether another try makes sense.</summary>
    public bool Refused(Signature refused)
    {
        if (credential is ProxmoxCredential.Token token)
        {
            var isNew = Read(token.Read) != refused.Token;
            current = isNew ? null : current;
            return isNew;
        }

        Interlocked.CompareExchange(ref current, null, refused);
        return true;
    }

    /// <summary>Blots out every secret that was sent of late, should a server repeat one.</summary>
    public string Redact(string text)
    {
        foreach (var secret in secrets)
        {
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        }

        return text;
    }

    public void Dispose() => gate.Dispose();

    private static string Read(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ProxmoxException(ProxmoxFailure.Unauthorized, $"The credential cannot be read: {failure.Message}", failure);
        }
    }

    private bool IsOld(Signature signature) =>
        signature.Ticket is not null && time.GetUtcNow() - signature.Since > TicketAge;

    private async Task<Signature> RenewAsync(Login login, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (current is { } kept && !IsOld(kept))
            {
                return kept;
            }

            var renewed = credential switch
            {
                ProxmoxCredential.Token token => new Signature { Since = time.GetUtcNow(), Token = Read(token.Read) },
                ProxmoxCredential.Login user => await LogInAsync(user, current?.Ticket, login),
                _ => throw new InvalidOperationException("Unknown credential."),
            };
            Remember(renewed.Token, renewed.TokenSecret, renewed.Ticket, renewed.Csrf);
            return current = renewed;
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<Signature> LogInAsync(ProxmoxCredential.Login user, string? oldTicket, Login login)
    {
        var password = Read(user.ReadPassword);
        Remember(password);
        JsonElement answer;
        try
        {
            answer = await login(user.User, oldTicket ?? password);
        }
        catch (ProxmoxException failure) when (failure.Kind == ProxmoxFailure.Unauthorized && oldTicket is not null)
        {
            answer = await login(user.User, password);
        }

        if (Text(answer, "ticket") is not { } ticket || Text(answer, "CSRFPreventionToken") is not { } csrf)
        {
            throw new ProxmoxException(
                ProxmoxFailure.Unauthorized,
                $"{user.User} needs a second factor or got no ticket; use an API token instead.");
        }

        return new Signature { Since = time.GetUtcNow(), Ticket = ticket, Csrf = csrf };
    }

    private void Remember(params IEnumerable<string?> sent) => secrets =
    [
        .. sent.OfType<string>().Where(secret => secret.Length > 0).Concat(secrets)
            .Distinct().Take(12).OrderByDescending(secret => secret.Length),
    ];

    private static string? Text(JsonElement answer, string name) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String && !value.GetString()!.StartsWith("PVE:!tfa!", StringComparison.Ordinal)
            ? value.GetString()
            : null;
}

internal sealed class Signature
{
    public required DateTimeOffset Since { get; init; }

    public string? Token { get; init; }

    public string? TokenSecret => Token?[(Token.LastIndexOf('=') + 1)..];

    public string? Ticket { get; init; }

    public string? Csrf { get; init; }
}
