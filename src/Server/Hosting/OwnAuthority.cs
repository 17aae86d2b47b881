using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Jarvis.Server.Hosting;

/// <summary>A certificate authority of this server's own, in files: people install <c>ca.pem</c> once and trust every
/// certificate that the server makes for itself.</summary>
internal sealed class OwnAuthority(string folder, TimeProvider time)
{
    // The most that browsers take of a public authority; a private one gains nothing by more.
    private static readonly TimeSpan LeafLife = TimeSpan.FromDays(397);
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);
    private static readonly TimeSpan Skew = TimeSpan.FromDays(1);

    public string File => Path.Combine(folder, "ca.pem");

    private string KeyFile => Path.Combine(folder, "ca.key");
    private string LeafFile => Path.Combine(folder, "server.pem");
    private string LeafKeyFile => Path.Combine(folder, "server.key");

    /// <summary>The certificate on file; another is made when it ends soon, lacks a name, or is not of this authority.</summary>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be read or written.</exception>
    /// <exception cref="CryptographicException">A file holds something else.</exception>
    public CertificatePair Certificate(IReadOnlyCollection<string> names)
    {
        if (!System.IO.File.Exists(File) || !System.IO.File.Exists(KeyFile)) MakeAuthority();
        using var authority = X509Certificate2.CreateFromPemFile(File, KeyFile);
        if (TryRead() is { } known)
        {
            if (IsGood(known.Leaf, authority, names)) return known;
            known.Dispose();
        }

        MakeLeaf(authority, names);
        return CertificatePair.Read(LeafFile, LeafKeyFile);
    }

    private CertificatePair? TryRead()
    {
        try
        {
            return CertificatePair.Read(LeafFile, LeafKeyFile);
        }
        catch (Exception e) when (e is IOException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private bool IsGood(X509Certificate2 leaf, X509Certificate2 authority, IEnumerable<string> names)
    {
        if (leaf.NotAfter.ToUniversalTime() - time.GetUtcNow() < RenewBefore && leaf.NotAfter < authority.NotAfter) return false;
        var key = leaf.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier;
        var own = authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifierBytes;
        if (key is null || own is null || !key.Value.Span.SequenceEqual(own.Value.Span)) return false;
        var held = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString()))).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return names.All(held.Contains);
    }

    private void MakeAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Jarvis on {Environment.MachineName}, O=Jarvis", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        using var authority = request.CreateSelfSigned(now - Skew, now + AuthorityLife);
        Write(KeyFile, key.ExportPkcs8PrivateKeyPem(), secret: true);
        Write(File, authority.ExportCertificatePem(), secret: false);
    }

    private void MakeLeaf(X509Certificate2 authority, IReadOnlyCollection<string> names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Jarvis", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address)) alternatives.AddIpAddress(address);
            else alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = time.GetUtcNow();
        var end = now + LeafLife is var wanted && wanted < authority.NotAfter.ToUniversalTime() ? wanted : authority.NotAfter.ToUniversalTime();
        using var leaf = request.Create(authority, now - Skew > authority.NotBefore.ToUniversalTime() ? now - Skew : authority.NotBefore.ToUniversalTime(), end, RandomNumberGenerator.GetBytes(16));
        Write(LeafKeyFile, key.ExportPkcs8PrivateKeyPem(), secret: true);
        Write(LeafFile, leaf.ExportCertificatePem() + "\n" + authority.ExportCertificatePem(), secret: false);
    }

    private void Write(string file, string pem, bool secret)
    {
        // One by one, because the mode is given to the last alone.
        foreach (var each in new[] { Path.GetDirectoryName(folder)!, folder })
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(each);
            else Directory.CreateDirectory(each, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var draft = file + ".new";
        System.IO.File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = secret ? owner : owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(pem + "\n"));
            stream.Flush(flushToDisk: true);
        }

        System.IO.File.Move(draft, file, overwrite: true);
    }
}
