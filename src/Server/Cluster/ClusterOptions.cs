using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Jarvis.Proxmox;

namespace Jarvis.Server.Cluster;

/// <summary>The clusters to watch (<c>Clusters:0:…</c>, <c>Clusters:1:…</c>).</summary>
public sealed partial class ClusterOptions : IValidatableObject
{
    internal const string Section = "Clusters:*";
    internal const string FingerprintForm = "^(?:[0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$";
    internal const string UnknownToken = "USER@REALM!TOKENID";
    internal const string KeyForm = "^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$";

    /// <summary>Short name in URLs and events, unique here: lower-case letters, digits and dashes, at most 32.</summary>
    [Required, RegularExpression(KeyForm, ErrorMessage = "{0} must be lower-case letters, digits and dashes, at most 32 characters.")]
    public string Key { get; set; } = "";

    /// <summary>What people call it; the key when empty.</summary>
    [MaxLength(64)]
    public string Name { get; set; } = "";

    /// <summary>Addresses of its nodes, best all of them: <c>https://HOST:8006</c>.</summary>
    [Required, MinLength(1, ErrorMessage = "{0} needs at least one https://HOST:8006 address.")]
    public List<Uri> Endpoints { get; set; } = [];

    /// <summary>A file that holds the API token as <c>USER@REALM!TOKENID=SECRET</c>.</summary>
    [Required(ErrorMessage = "{0} must name a file that holds USER@REALM!TOKENID=SECRET.")]
    public string TokenFile { get; set; } = "";

    /// <summary>SHA-256 fingerprints of node certificates to trust, as Proxmox shows them (AA:BB:…).</summary>
    public List<string> Fingerprints { get; set; } = [];

    /// <summary>A PEM file with the certificate authority to trust, as /etc/pve/pve-root-ca.pem; optional.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>Seconds between reads of nodes, guests and quorum (2 to 300).</summary>
    [Range(2, 300)]
    public double CadenceSeconds { get; set; } = 10;

    /// <summary>Seconds one call may take in all (1 to 120), by the system's clock.</summary>
    [Range(1, 120)]
    public double TimeoutSeconds { get; set; } = 15;

    /// <summary>Whether spare calls of the budget may read details of nodes in turn (load, kernel, swap).</summary>
    public bool NodeDetails { get; set; } = true;

    /// <summary>Addresses that Proxmox named, to stand in for those that were given.</summary>
    internal IReadOnlyList<Uri> LearnedEndpoints { get; init; } = [];

    /// <summary>Certificates of the nodes, as Proxmox named them.</summary>
    internal IReadOnlyList<string> LearnedFingerprints { get; init; } = [];

    /// <summary>The public half of the token, for the lines that grant it rights.</summary>
    internal string TokenId
    {
        get
        {
            try
            {
                return File.ReadAllText(TokenFile).Trim() is var text && text.LastIndexOf('=') is var end and > 0 ? text[..end] : UnknownToken;
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                return UnknownToken;
            }
        }
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var endpoint in Endpoints)
        {
            if (!endpoint.IsAbsoluteUri || endpoint.Scheme != Uri.UriSchemeHttps || endpoint.UserInfo.Length > 0 || endpoint.AbsolutePath != "/")
            {
                yield return new($"'{endpoint.OriginalString}' is not https://HOST:8006.", [nameof(Endpoints)]);
            }
        }

        foreach (var fingerprint in Fingerprints)
        {
            if (!Fingerprint().IsMatch(fingerprint)) yield return new($"'{fingerprint}' is not 32 pairs of hex digits (SHA-256), with or without colons.", [nameof(Fingerprints)]);
        }

        if (CaFile.Length > 0 && CaMistake() is { } wrong) yield return new(wrong, [nameof(CaFile)]);
        if (TokenFile.Length > 0 && TokenMistake() is { } mistake) yield return new(mistake, [nameof(TokenFile)]);
    }

    private string? CaMistake()
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(CaFile);
            return certificates.Count > 0 ? null : $"'{CaFile}' holds no certificate in PEM.";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"'{CaFile}' cannot be read as certificates in PEM: {unreadable.Message}";
        }
    }

    private string? TokenMistake()
    {
        try
        {
            ProxmoxCredential.FromToken(File.ReadAllText(TokenFile).Trim());
            return null;
        }
        catch (ArgumentException)
        {
            return "the file must hold one line, USER@REALM!TOKENID=SECRET.";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return $"the file cannot be read: {unreadable.Message}";
        }
    }

    [GeneratedRegex(FingerprintForm)]
    private static partial Regex Fingerprint();
}
