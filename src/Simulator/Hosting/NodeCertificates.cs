using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Jarvis.Simulator.Hosting;

/// <summary>The cluster's own CA and a leaf for each node, kept in a folder so that a restart keeps the fingerprints.</summary>
internal sealed class NodeCertificates : IDisposable
{
    private const string Authority =
        "CN=Proxmox Virtual Environment, OU=c7d1a0a0-0000-4000-8000-000000000001, O=PVE Cluster Manager CA";

    private readonly Dictionary<string, X509Certificate2> leaves = new(StringComparer.Ordinal);
    private readonly string folder;
    private readonly DateTimeOffset now;

    public NodeCertificates(string folder, IReadOnlyList<(string Node, IPAddress Address)> nodes, DateTimeOffset now)
    {
        this.folder = folder;
        this.now = now;
        Directory.CreateDirectory(folder);
        Root = Load("pve-root-ca") ?? MakeRoot();
        foreach (var (node, address) in nodes)
        {
            var known = Load(node);
            leaves[node] = known is not null && Covers(known, address) ? known : MakeLeaf(node, address);
        }
    }

    public X509Certificate2 Root { get; }

    public string CaFile => Path.Combine(folder, "pve-root-ca.pem");

    public X509Certificate2 Leaf(string node) => leaves[node];

    public static string Fingerprint(X509Certificate2 certificate) =>
        string.Join(':', SHA256.HashData(certificate.RawData).Select(b => b.ToString("X2", null)));

    public void Dispose()
    {
        Root.Dispose();
        foreach (var leaf in leaves.Values)
        {
            leaf.Dispose();
        }
    }

    private bool Covers(X509Certificate2 leaf, IPAddress address)
    {
        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return leaf.IssuerName.RawData.AsSpan().SequenceEqual(Root.SubjectName.RawData)
            && leaf.NotAfter > now.UtcDateTime && names?.EnumerateIPAddresses().Contains(address) == true;
    }

    private X509Certificate2? Load(string name)
    {
        var (pem, key) = (Path.Combine(folder, name + ".pem"), Path.Combine(folder, name + ".key"));
        return File.Exists(pem) && File.Exists(key) ? X509Certificate2.CreateFromPemFile(pem, key) : null;
    }

    private X509Certificate2 MakeRoot()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Authority, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        return Keep("pve-root-ca", request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10)), key);
    }

    private X509Certificate2 MakeLeaf(string node, IPAddress address)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = $"OU=PVE Cluster Node, O=Proxmox Virtual Environment, CN={node}.lan";
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        names.AddDnsName("localhost");
        names.AddDnsName(node);
        names.AddDnsName(node + ".lan");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, false));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Root, true, false));
        using var leaf = request.Create(Root, now.AddDays(-1), now.AddYears(2), RandomNumberGenerator.GetBytes(12));
        return Keep(node, leaf.CopyWithPrivateKey(key), key);
    }

    private X509Certificate2 Keep(string name, X509Certificate2 certificate, ECDsa key)
    {
        Write(name + ".key", key.ExportPkcs8PrivateKeyPem());
        Write(name + ".pem", certificate.ExportCertificatePem());
        return certificate;
    }

    private void Write(string name, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using var writer = new StreamWriter(Path.Combine(folder, name), options);
        writer.Write(text);
    }
}
