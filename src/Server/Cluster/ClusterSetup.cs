using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Jarvis.Proxmox;
using Jarvis.Server.Cluster.History;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Cluster;

/// <summary>The clusters as configured, checked together.</summary>
public sealed class ClustersOptions
{
    public List<ClusterOptions> Clusters { get; set; } = [];
}

internal static partial class ClusterSetup
{
    public static IHostApplicationBuilder AddCluster(this IHostApplicationBuilder builder)
    {
        builder.AddMetricHistory();
        builder.Services.AddOptions<ClustersOptions>().Configure<IConfiguration>((o, c) => c.GetSection("Clusters").Bind(o.Clusters)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ClustersOptions>, ClustersValidation>();
        builder.Services.AddSingleton<IReadOnlyList<ClusterOptions>>(s => s.GetRequiredService<IOptions<ClustersOptions>>().Value.Clusters);
        builder.Services.AddSingleton(s => new LiveClusters(
            [.. s.GetRequiredService<IReadOnlyList<ClusterOptions>>().Select(c => new LiveCluster(c.Key, c.Name is { Length: > 0 } name ? name : c.Key, c.CadenceSeconds))]));
        builder.Services.AddSingleton<ClusterClients>().AddSingleton<ChangeRecorder>().AddSingleton<ClusterPages>().AddSingleton<Metrics>();
        builder.Services.AddHostedService<ClusterWatch>();
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, ClusterJson.Default));
        return builder;
    }

    public static void MapCluster(this WebApplication app) => app.MapClusterApi();

    /// <summary>Collects every mistake, each with its key and what would be legal.</summary>
    private sealed partial class ClustersValidation : IValidateOptions<ClustersOptions>
    {
        public ValidateOptionsResult Validate(string? name, ClustersOptions options)
        {
            var mistakes = new List<string>();
            for (var i = 0; i < options.Clusters.Count; i++) mistakes.AddRange(Mistakes(options.Clusters[i]).Select(m => $"Clusters:{i}:{m}"));
            mistakes.AddRange(
                from twice in options.Clusters.GroupBy(c => c.Key, StringComparer.Ordinal)
                where twice.Count() > 1
                select $"Clusters: the key '{twice.Key}' stands {twice.Count()} times; each cluster needs its own.");
            return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
        }

        private static IEnumerable<string> Mistakes(ClusterOptions cluster)
        {
            var results = new List<ValidationResult>();
            Validator.TryValidateObject(cluster, new(cluster), results, validateAllProperties: true);
            foreach (var result in results) yield return $"{result.MemberNames.FirstOrDefault()}: {result.ErrorMessage}";

            foreach (var endpoint in cluster.Endpoints)
            {
                if (!endpoint.IsAbsoluteUri || endpoint.Scheme != Uri.UriSchemeHttps || endpoint.UserInfo.Length > 0 || endpoint.AbsolutePath != "/")
                {
                    yield return $"Endpoints: '{endpoint.OriginalString}' is not https://HOST:8006.";
                }
            }

            foreach (var fingerprint in cluster.Fingerprints)
            {
                if (!Fingerprint().IsMatch(fingerprint)) yield return "Fingerprints: a fingerprint is 32 pairs of hex digits (SHA-256), with or without colons.";
            }

            if (cluster.CaFile.Length > 0 && !File.Exists(cluster.CaFile)) yield return $"CaFile: there is no file '{cluster.CaFile}'.";
            if (cluster.TokenFile.Length > 0 && TokenMistake(cluster.TokenFile) is { } mistake) yield return $"TokenFile: {mistake}";
        }

        private static string? TokenMistake(string file)
        {
            try
            {
                ProxmoxCredential.FromToken(File.ReadAllText(file).Trim());
                return null;
            }
            catch (ArgumentException)
            {
                return $"'{file}' must hold one line, USER@REALM!TOKENID=SECRET.";
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                return $"'{file}' cannot be read: {unreadable.Message}";
            }
        }

        [GeneratedRegex("^(?:[0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$")]
        private static partial Regex Fingerprint();
    }
}
