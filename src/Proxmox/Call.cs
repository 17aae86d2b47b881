namespace Jarvis.Proxmox;

/// <summary>One request to one endpoint, as its failures name it.</summary>
internal sealed record Call(HttpMethod Method, ApiPath Path, Endpoint Endpoint, Func<string, string> Redact)
{
    public ProxmoxException Failure(
        ProxmoxFailure kind, string message, Exception? inner = null, int? status = null, string? reason = null,
        string? excerpt = null, IReadOnlyDictionary<string, string>? errors = null, string? presented = null)
    {
        var where = $"{Method} {Path.Value} at {Endpoint.Address.Authority}";
        return new ProxmoxException(kind, $"{where}: {Redact(message)}", inner)
        {
            Endpoint = Endpoint.Address,
            Method = Method.Method,
            Path = Path.Value,
            Status = status,
            Reason = reason is null ? null : Redact(reason),
            Excerpt = excerpt is null || Path.IsSecret ? null : Redact(Failures.Excerpt(excerpt)),
            Errors = errors?.ToDictionary(error => error.Key, error => Redact(error.Value)) ?? [],
            PresentedFingerprint = presented,
        };
    }
}
