using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Jarvis.Server.Hosting;

/// <summary>A certificate with its key, and those that lead to its authority.</summary>
internal sealed record CertificatePair(X509Certificate2 Leaf, X509Certificate2Collection Chain) : IDisposable
{
    /// <summary>SHA-256 of the last certificate of the chain, as tools show it: <c>AA:BB:…</c>.</summary>
    public string AuthorityFingerprint => string.Join(':', SHA256.HashData((Chain.Count > 0 ? Chain[^1] : Leaf).RawData).Select(b => b.ToString("X2", CultureInfo.InvariantCulture)));

    /// <exception cref="CryptographicException">They hold no such pair.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    public static CertificatePair Read(string certificateFile, string keyFile)
    {
        var leaf = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        chain.RemoveAt(0);
        return new(leaf, chain);
    }

    public SslStreamCertificateContext ToContext() => SslStreamCertificateContext.Create(Leaf, Chain, offline: true);

    public void Dispose()
    {
        Leaf.Dispose();
        foreach (var certificate in Chain) certificate.Dispose();
    }
}
