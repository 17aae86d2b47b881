namespace Jarvis.Proxmox;

/// <summary>The certificate that a server presents, seen without having sent it anything.</summary>
public sealed record ProbeResult
{
    /// <summary>SHA-256, upper-case hex pairs with colons.</summary>
    public required string Fingerprint { get; init; }

    public required string Subject { get; init; }

    public required string Issuer { get; init; }

    /// <summary>The host names and addresses it was issued for.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Whether a public CA vouches for it under the name that was asked.</summary>
    public required bool IsTrusted { get; init; }

    /// <summary>Why it is not trusted; empty when it is.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}
