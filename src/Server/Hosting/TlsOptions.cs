using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;

namespace Jarvis.Server.Hosting;

/// <summary>The certificate to listen with. Without one, a server that listens beyond loopback makes an authority of its own
/// in <c>tls</c> of the data folder, and certificates by it.</summary>
public sealed class TlsOptions : IValidatableObject
{
    /// <summary>PEM file with the certificate and those between it and its authority; read again when it changes. Given, loopback speaks TLS too.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file with the key of <c>Tls:CertificateFile</c>, not encrypted; only the server should be able to read it.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Names and addresses for a certificate of the own authority, beside those of this machine and <c>Server:AllowedHosts</c>.</summary>
    public List<string> Names { get; set; } = [];

    internal bool Given => CertificateFile.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Given != KeyFile.Length > 0)
            yield return new($"it goes with {(Given ? "Tls:KeyFile" : "Tls:CertificateFile")}; give both, or neither for a certificate of an own authority.", [Given ? nameof(CertificateFile) : nameof(KeyFile)]);
        else if (Given && Mistake() is { } wrong)
            yield return new(wrong, [nameof(CertificateFile)]);
        if (Given && Names.Count > 0)
            yield return new("it is for certificates of the own authority; the one of Tls:CertificateFile has its names already.", [nameof(Names)]);
        foreach (var name in Names.Where(n => Uri.CheckHostName(n) == UriHostNameType.Unknown))
            yield return new($"'{name}' is refused: it takes host names and IP addresses.", [nameof(Names)]);
    }

    private string? Mistake()
    {
        try
        {
            using var pair = CertificatePair.Read(CertificateFile, KeyFile);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"it cannot be read: {e.Message}";
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return $"Tls:CertificateFile and Tls:KeyFile must hold a certificate and its key, both PEM, the key not encrypted: {e.Message}";
        }
    }
}
