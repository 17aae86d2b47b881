using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using System.Threading.RateLimiting;
using Jarvis.Proxmox;
using Jarvis.Proxmox.Wire;

namespace Jarvis.Server.Cluster;

/// <summary>What a test learned: the answer for people, and what to connect with from now on.</summary>
internal sealed record Contact(TestAnswer Answer, IReadOnlyList<Uri> Endpoints, IReadOnlyList<string> Fingerprints);

/// <summary>Meets a cluster that is not watched yet. Addresses are host and port alone, redirects are not followed, and
/// all of it takes at most 10 s.</summary>
internal sealed partial class FirstContact(TimeProvider clock) : IDisposable
{
    public const string LegalAddress = "An address is HOST, HOST:PORT or https://HOST:PORT; the port is 8006 unless given.";
    private const int DefaultPort = 8006;
    private const string TokenPrefix = "PVEAPIToken=";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly TokenBucketRateLimiter _limit = new(new()
    {
        TokenLimit = 20, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(2), QueueLimit = 0,
    });

    public async Task<Outcome<ProbeAnswer>> ProbeAsync(string text, CancellationToken cancellationToken)
    {
        var read = AddressOf(text);
        if (read.Value is not { } address) return read.Refused!;
        if (TooMany() is { } tooMany) return tooMany;
        var began = Stopwatch.GetTimestamp();
        try
        {
            var seen = await ProxmoxClient.ProbeAsync(address, Longest, cancellationToken);
            var left = Longest - Stopwatch.GetElapsedTime(began);
            if (left <= TimeSpan.Zero || !await ProxmoxClient.IsProxmoxAsync(address, seen.Fingerprint, left, cancellationToken))
            {
                return NotProxmox(address, "it does not answer as the Proxmox API does");
            }

            return new ProbeAnswer(Shown(address), seen.Fingerprint, seen.Subject, seen.Issuer, seen.Names, seen.NotBefore, seen.NotAfter, seen.IsTrusted);
        }
        catch (ProxmoxException failure) when (failure.Kind is ProxmoxFailure.Tls)
        {
            return Refusal.Unprocessable("NO_TLS",
                $"{Shown(address)} answers, but not with TLS: {Why(failure)}. Check the port; the Proxmox web interface and its API are on 8006.");
        }
        catch (ProxmoxException failure)
        {
            return Unreachable(address, Why(failure));
        }
    }

    /// <summary>Signs in with the token and looks at what it may see.</summary>
    /// <param name="text">The address, as people write it.</param>
    /// <param name="fingerprints">The certificates to trust; when there are none, public authorities decide.</param>
    /// <param name="token">As Proxmox shows it: <c>USER@REALM!TOKENID=SECRET</c>.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<Outcome<Contact>> TestAsync(string text, IReadOnlyCollection<string> fingerprints, string token, CancellationToken cancellationToken)
    {
        var read = AddressOf(text);
        if (read.Value is not { } address) return read.Refused!;
        if (CredentialOf(token) is not { } credential)
        {
            return Refusal.Unprocessable("TOKEN_FORMAT", "A token looks like USER@REALM!TOKENID=SECRET, as root@pam!jarvis=12345678-1234-1234-1234-123456789abc.");
        }

        if (TooMany() is { } tooMany) return tooMany;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        using var client = new ProxmoxClient(new() { Endpoints = [address], Credential = credential, Fingerprints = fingerprints, Timeout = Longest }, clock);
        try
        {
            return await LookAsync(client, address, TokenIdOf(token), limit.Token);
        }
        catch (ProxmoxException failure)
        {
            return Refused(address, fingerprints, TokenIdOf(token), failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unreachable(address, $"it did not answer all that was asked within {Longest.TotalSeconds:0} s");
        }
    }

    /// <summary>The token without what people paste along with it.</summary>
    public static string Clean(string token)
    {
        var clean = token.Trim();
        return clean.StartsWith(TokenPrefix, StringComparison.Ordinal) ? clean[TokenPrefix.Length..] : clean;
    }

    public static Outcome<Uri> AddressOf(string text)
    {
        var rest = text.Trim();
        if (rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase)) rest = rest["https://".Length..].TrimEnd('/');
        if (IPAddress.TryParse(rest, out var bare) && bare.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6) rest = $"[{bare}]";
        var match = AddressForm().Match(rest);
        var port = DefaultPort;
        return match.Success && (!match.Groups["port"].Success || int.TryParse(match.Groups["port"].ValueSpan, out port) && port is > 0 and < 65536)
            && Uri.TryCreate($"https://{match.Groups["host"].Value}:{port}", UriKind.Absolute, out var address)
            ? address : Refusal.Bad("ADDRESS", LegalAddress);
    }

    public void Dispose() => _limit.Dispose();

    private static async Task<Contact> LookAsync(ProxmoxClient client, Uri address, string tokenId, CancellationToken cancellationToken)
    {
        var version = await client.GetVersionAsync(cancellationToken);
        var permissions = await client.GetPermissionsAsync(cancellationToken);
        var access = Access.Judge(permissions, tokenId);
        var nodes = await client.GetNodesAsync(cancellationToken);
        var status = await StatusAsync(client, cancellationToken);
        var rows = await client.GetResourcesAsync(cancellationToken);
        var endpoints = status.Count == 0 ? [address] : await client.LearnEndpointsAsync(cancellationToken);
        var members = status.Where(r => r.Type == "node").ToDictionary(r => r.Name, StringComparer.Ordinal);
        var cluster = status.FirstOrDefault(r => r.Type == "cluster");
        return new(
            new(
                cluster?.Name ?? (nodes is [var only] ? only.Node : NameFrom(address)), version.Version, tokenId,
                cluster is not null ? cluster.Quorate : members.Count > 0 ? true : null,
                [.. nodes.OrderBy(n => n.Node, StringComparer.Ordinal).Select(n => new TestNode(
                    n.Node, members.GetValueOrDefault(n.Node)?.Ip, n.SslFingerprint, members.GetValueOrDefault(n.Node)?.Online ?? n.Status == "online"))],
                access.CanSeeGuests ? rows.Count(r => r.Type is "qemu" or "lxc") : null,
                access.CanSeeStorage ? rows.Where(r => r.Type == "storage").DistinctBy(r => r.Shared is true ? r.Storage : r.Id).Count() : null,
                access.CanSeeNodes, access.CanSeeGuests, access.CanSeeStorage, access.Missing, access.Cure),
            endpoints, [.. client.LearnedFingerprints]);
    }

    /// <summary>What to call a cluster that tells nothing of itself; a bare number is no name.</summary>
    private static string NameFrom(Uri address) =>
        address.HostNameType is UriHostNameType.Dns ? address.Host.Split('.')[0] : "Proxmox";

    /// <summary>Empty where the token may not read it: that is a lack of rights and not a failed test.</summary>
    private static async Task<IReadOnlyList<ClusterStatusRow>> StatusAsync(ProxmoxClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetClusterStatusAsync(cancellationToken);
        }
        catch (ProxmoxException failure) when (failure.Kind is ProxmoxFailure.Forbidden)
        {
            return [];
        }
    }

    private static Refusal Refused(Uri address, IReadOnlyCollection<string> fingerprints, string tokenId, ProxmoxException failure) => failure.Kind switch
    {
        ProxmoxFailure.Tls when failure.PresentedFingerprint is { } presented && fingerprints.Count > 0 => Refusal.Unprocessable("FINGERPRINT_DIFFERS",
            $"{Shown(address)} presents the certificate {presented}, not {string.Join(" or ", fingerprints)}. Compare it with what the node itself shows (System, Certificates) before you trust it."),
        ProxmoxFailure.Tls when failure.PresentedFingerprint is { } presented => Refusal.Unprocessable("FINGERPRINT_DIFFERS",
            $"{Shown(address)} presents the certificate {presented}, for which no public authority vouches under this name, and no fingerprint was given to trust."),
        ProxmoxFailure.Unauthorized => Refusal.Unprocessable("TOKEN_REFUSED",
            $"Proxmox refused the token {tokenId}: {(failure.Reason ?? failure.Message).TrimEnd('.', '!')}. Check the name and the secret, and that neither the token nor its user has expired or is disabled."),
        ProxmoxFailure.Unreachable or ProxmoxFailure.Timeout or ProxmoxFailure.Tls => Unreachable(address, Why(failure)),
        _ => NotProxmox(address, Why(failure)),
    };

    private static Refusal Unreachable(Uri address, string why) => Refusal.Unprocessable("UNREACHABLE",
        $"{Shown(address)} could not be reached: {why}. Check the name and the port, that the node runs, and that no firewall is in between.");

    private static Refusal NotProxmox(Uri address, string why) => Refusal.Unprocessable("NOT_PROXMOX",
        $"What answers at {Shown(address)} is not Proxmox VE: {why}. Check the address; the API is on port 8006.");

    /// <summary>Without the address, which stands before it already.</summary>
    private static string Why(ProxmoxException failure)
    {
        var address = $"{failure.Endpoint?.Authority}: ";
        var at = failure.Message.IndexOf(address, StringComparison.Ordinal);
        return (at < 0 ? failure.Message : failure.Message[(at + address.Length)..]).TrimEnd('.');
    }

    private static string Shown(Uri address) => $"https://{address.Authority}";

    private static ProxmoxCredential? CredentialOf(string token)
    {
        try
        {
            return ProxmoxCredential.FromToken(Clean(token));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string TokenIdOf(string token) => Clean(token) is var clean ? clean[..clean.IndexOf('=', StringComparison.Ordinal)] : "";

    private Refusal? TooMany()
    {
        using var lease = _limit.AttemptAcquire();
        return lease.IsAcquired ? null : new(StatusCodes.Status429TooManyRequests, "RATE_LIMITED", "Twenty addresses may be tried at once and then one every 2 s; wait a little.");
    }

    [GeneratedRegex(@"\A(?<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?)(?::(?<port>\d{1,5}))?\z")]
    private static partial Regex AddressForm();
}
