using System.Net;
using System.Net.Security;
using System.Security.Authentication;

namespace Jarvis.Proxmox;

/// <summary>One address of the cluster with its connections and its state of health.</summary>
internal sealed class Endpoint : IDisposable
{
    private readonly CertificateTrust trust;
    private int failures;

    public Endpoint(Uri address, CertificateTrust trust, ProxmoxOptions options)
    {
        Check(address);
        this.trust = trust;
        Address = address;
        Reads = new HttpMessageInvoker(Handler(options, TimeSpan.FromMinutes(5)));

        // A write gets a connection of its own, so that a stale one can never leave its outcome in doubt.
        Writes = new HttpMessageInvoker(Handler(options, TimeSpan.Zero));
    }

    public static void Check(Uri address)
    {
        if (!address.IsAbsoluteUri || address.Scheme != Uri.UriSchemeHttps || address.UserInfo.Length > 0
            || address.AbsolutePath != "/" || address.Query.Length > 0)
        {
            throw new ArgumentException(
                $"'{address}' cannot be an endpoint: it must look like https://host:8006.", nameof(address));
        }
    }

    public Uri Address { get; }

    public HttpMessageInvoker Reads { get; }

    public HttpMessageInvoker Writes { get; }

    /// <summary>The last certificate that was refused here.</summary>
    public string? RefusedFingerprint { get; private set; }

    public DateTimeOffset CoolsUntil { get; private set; }

    public void Failed(DateTimeOffset now, TimeSpan coolDown)
    {
        CoolsUntil = now + (coolDown * (1 << Math.Min(failures, 3)));
        failures++;
    }

    public void Succeeded()
    {
        failures = 0;
        CoolsUntil = default;
        RefusedFingerprint = null;
    }

    public void Reconsider() => CoolsUntil = default;

    public void Dispose()
    {
        Reads.Dispose();
        Writes.Dispose();
    }

    private SocketsHttpHandler Handler(ProxmoxOptions options, TimeSpan lifetime) => new()
    {
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = options.ConnectTimeout,
        MaxConnectionsPerServer = options.MaxParallelCalls,
        MaxResponseHeadersLength = 64,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
        PooledConnectionLifetime = lifetime,
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = trust.ChainPolicy(),
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                if (certificate is not null && trust.Accepts(certificate, errors))
                {
                    return true;
                }

                RefusedFingerprint = certificate is null ? null : CertificateTrust.FingerprintOf(certificate);
                return false;
            },
        },
    };
}
