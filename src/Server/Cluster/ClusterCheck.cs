using Jarvis.Proxmox;

namespace Jarvis.Server.Cluster;

/// <summary>Tries a cluster from outside the watch: each address, then what the token may see.</summary>
internal static class ClusterCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <returns>What was found, one a line; without a cure where all is well.</returns>
    public static async Task<IReadOnlyList<ClusterFinding>> RunAsync(ClusterOptions options, CancellationToken cancellationToken)
    {
        var findings = new List<ClusterFinding>();
        foreach (var endpoint in options.Endpoints.Concat(options.LearnedEndpoints).DistinctBy(e => e.Authority)) findings.Add(await TryAsync(options, endpoint, cancellationToken));
        if (findings.All(f => !f.Ok)) return findings;
        findings.Add(await RightsAsync(options, cancellationToken));
        return findings;
    }

    private static async Task<ClusterFinding> TryAsync(ClusterOptions options, Uri endpoint, CancellationToken cancellationToken)
    {
        try
        {
            using var client = Open(options, [endpoint]);
            var version = await client.GetVersionAsync(cancellationToken);
            return new(true, $"{endpoint.Authority} answers, Proxmox VE {version.Version}", null);
        }
        catch (ProxmoxException e)
        {
            return new(false, $"{endpoint.Authority}: {e.Message}", CureOf(e, options));
        }
    }

    private static async Task<ClusterFinding> RightsAsync(ClusterOptions options, CancellationToken cancellationToken)
    {
        try
        {
            using var client = Open(options, options.Endpoints);
            var access = Access.Judge(await client.GetPermissionsAsync(cancellationToken), options.TokenId);
            return access.Missing.Count == 0 ? new(true, $"{options.TokenId} sees nodes, guests and storage", null)
                : new(false, $"{options.TokenId} lacks {string.Join(", ", access.Missing)}", string.Join(" && ", access.Cure));
        }
        catch (ProxmoxException e)
        {
            return new(false, e.Message, CureOf(e, options));
        }
    }

    private static ProxmoxClient Open(ClusterOptions options, IReadOnlyList<Uri> endpoints) => new(
        new()
        {
            Endpoints = endpoints,
            Credential = ProxmoxCredential.FromTokenFile(options.TokenFile),
            LearnedEndpoints = options.LearnedEndpoints,
            Fingerprints = options.Fingerprints,
            LearnedFingerprints = options.LearnedFingerprints,
            CaFile = options.CaFile is { Length: > 0 } file ? file : null,
            Timeout = Limit,
        },
        TimeProvider.System);

    private static string CureOf(ProxmoxException e, ClusterOptions options) => e.Kind switch
    {
        ProxmoxFailure.Tls when e.PresentedFingerprint is { } print =>
            $"compare it on the node (openssl x509 -in /etc/pve/local/pve-ssl.pem -noout -fingerprint -sha256), then add {print} to the cluster's Fingerprints, or give it as the new fingerprint on the clusters page",
        ProxmoxFailure.Unauthorized => $"the token is not known there: pveum user token list {options.TokenId.Split('!')[0]}; write the whole token into {options.TokenFile}",
        ProxmoxFailure.Forbidden => "grant the token PVEAuditor on /",
        _ => "check the address, the port (8006), a firewall between, and that pveproxy runs",
    };
}

/// <param name="Ok">Whether all is well.</param>
/// <param name="Text">What was found.</param>
/// <param name="Cure">What to do; null when all is well.</param>
internal sealed record ClusterFinding(bool Ok, string Text, string? Cure);
