using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Jarvis.Proxmox;

public sealed partial class ProxmoxClient
{
    /// <summary>First contact: shakes hands and hangs up. No credential and no request is sent.</summary>
    public static async Task<ProbeResult> ProbeAsync(Uri endpoint, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Endpoint.Check(endpoint);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(endpoint.IdnHost, endpoint.Port, limit.Token);
            return await ShakeHandsAsync(socket.GetStream(), endpoint, limit.Token);
        }
        catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested)
        {
            throw Of(ProxmoxFailure.Timeout, $"no TLS answer within {timeout.TotalSeconds:0.#} s", slow);
        }
        catch (AuthenticationException broken)
        {
            throw Of(ProxmoxFailure.Tls, broken.Message, broken);
        }
        catch (Exception broken) when (broken is SocketException or IOException)
        {
            throw Of(ProxmoxFailure.Unreachable, broken.Message, broken);
        }

        ProxmoxException Of(ProxmoxFailure kind, string message, Exception inner) =>
            new(kind, $"{endpoint.Authority}: {message}", inner) { Endpoint = endpoint };
    }

    /// <summary>Whether what presents this certificate answers as Proxmox VE does to somebody who is not signed in.</summary>
    public static async Task<bool> IsProxmoxAsync(Uri endpoint, string fingerprint, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var options = new ProxmoxOptions
        {
            Endpoints = [endpoint], Fingerprints = [fingerprint], Credential = new ProxmoxCredential.Token(static () => ""), ConnectTimeout = timeout,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        using var connection = new Endpoint(endpoint, new CertificateTrust(options), options);
        try
        {
            // The page tells at once; a refusal, which a proxy in between leaves as it is, is held back for 3 s.
            foreach (var path in (string[])["/", "/api2/json/version"])
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint, path));
                using var answer = await connection.Reads.SendAsync(request, limit.Token);
                if (answer.Headers.Server.ToString().StartsWith("pve-api-daemon", StringComparison.Ordinal)
                    || (path != "/" && answer.StatusCode == HttpStatusCode.Unauthorized))
                {
                    return true;
                }
            }

            return false;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException
            || (broken is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private static async Task<ProbeResult> ShakeHandsAsync(Stream stream, Uri endpoint, CancellationToken cancellationToken)
    {
        ProbeResult? result = null;
        await using var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = endpoint.IdnHost,
                CertificateChainPolicy = new X509ChainPolicy
                {
                    RevocationMode = X509RevocationMode.NoCheck,
                    DisableCertificateDownloads = true,
                },
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                {
                    result = certificate is X509Certificate2 leaf ? Describe(leaf, chain, errors) : null;
                    return result is not null;
                },
            },
            cancellationToken);
        return result ?? throw new AuthenticationException("no certificate was presented");
    }

    private static ProbeResult Describe(X509Certificate2 leaf, X509Chain? chain, SslPolicyErrors errors)
    {
        var problems = chain?.ChainStatus.Select(status => status.StatusInformation.Trim()).Where(text => text.Length > 0) ?? [];
        return new ProbeResult
        {
            Fingerprint = CertificateTrust.FingerprintOf(leaf),
            Subject = leaf.Subject,
            Issuer = leaf.Issuer,
            Names =
            [
                .. leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>()
                    .SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString()))),
            ],
            NotBefore = leaf.NotBefore,
            NotAfter = leaf.NotAfter,
            IsTrusted = errors == SslPolicyErrors.None,
            Problems =
            [
                .. problems.Distinct(),
                .. errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? ["It was issued for another name."] : (string[])[],
            ],
        };
    }
}
