using System.Collections.Frozen;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Jarvis.Proxmox;

/// <summary>Decides about a presented certificate: pinned or learned fingerprint, the cluster's own CA, or a public CA.</summary>
internal sealed class CertificateTrust
{
    private readonly FrozenSet<string> pinned;
    private readonly X509Certificate2Collection? authorities;
    private volatile FrozenSet<string> learned;

    public CertificateTrust(ProxmoxOptions options)
    {
        pinned = options.Fingerprints.Select(Normalise).ToFrozenSet();
        learned = options.LearnedFingerprints.Select(Normalise).ToFrozenSet();
        if (options.CaFile is { } file)
        {
            authorities = [];
            authorities.ImportFromPemFile(file);
            if (authorities.Count == 0)
            {
                throw new ArgumentException($"{file} holds no PEM certificate.", nameof(options));
            }
        }
    }

    public static string FingerprintOf(X509Certificate certificate) =>
        BitConverter.ToString(certificate.GetCertHash(HashAlgorithmName.SHA256)).Replace('-', ':');

    /// <summary>Upper-case hex pairs with colons.</summary>
    public static string Normalise(string fingerprint)
    {
        var digits = fingerprint.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        return digits.Length == 64 && digits.All(char.IsAsciiHexDigit)
            ? string.Join(':', digits.ToUpperInvariant().Chunk(2).Select(pair => new string(pair)))
            : throw new ArgumentException($"'{fingerprint}' is not a SHA-256 fingerprint: 32 hex pairs.", nameof(fingerprint));
    }

    public X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            TrustMode = authorities is null ? X509ChainTrustMode.System : X509ChainTrustMode.CustomRootTrust,
        };
        if (authorities is not null)
        {
            policy.CustomTrustStore.AddRange(authorities);
        }

        return policy;
    }

    public bool Accepts(X509Certificate certificate, SslPolicyErrors errors)
    {
        var fingerprint = FingerprintOf(certificate);
        return pinned.Contains(fingerprint)
            || learned.Contains(fingerprint)
            || (errors == SslPolicyErrors.None && (authorities is not null || pinned.Count == 0));
    }

    /// <summary>Replaces what was learned; the caller has it from Proxmox over a trusted connection.</summary>
    public bool Learn(IEnumerable<string?> fingerprints)
    {
        var now = fingerprints.Where(IsFingerprint).Select(text => Normalise(text!)).ToFrozenSet();
        var isNew = !now.SetEquals(learned);
        if (now.Count > 0)
        {
            learned = now;
        }

        return isNew && now.Count > 0;
    }

    public IReadOnlyCollection<string> Learned => learned;

    private static bool IsFingerprint(string? text) =>
        text is { Length: 95 } && text.All(letter => letter == ':' || char.IsAsciiHexDigit(letter))
        && text.Count(char.IsAsciiHexDigit) == 64;
}
