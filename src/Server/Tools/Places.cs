using System.Globalization;
using Jarvis.Safety;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Tools;

/// <summary>Storages as a node can use them.</summary>
internal static class Places
{
    /// <exception cref="WrongStateException">The node has no such storage for this content that is available.</exception>
    public static StorageView For(LiveCluster cluster, string node, StorageId storage, string content)
    {
        var fit = Of(cluster, node, content);
        return fit.FirstOrDefault(s => s.Name == storage.Value)
            ?? throw new WrongStateException($"{storage} is no storage for {content} on {node} that is available; there {(fit.Count == 0 ? "is none" : $"are {string.Join(", ", fit.Select(s => s.Name))}")}.");
    }

    public static IReadOnlyList<StorageView> Of(LiveCluster cluster, string node, string content) =>
    [
        .. cluster.Current.View.Storages.Where(s => s is { Missing: false, Status: StorageStatus.Available } && (s.Node is null || s.Node == node) && s.Content.Contains(content, StringComparer.Ordinal)),
    ];

    public static StorageView? Find(LiveCluster cluster, string node, string storage) =>
        cluster.Current.View.Storages.FirstOrDefault(s => !s.Missing && s.Name == storage && (s.Node is null || s.Node == node));
}

internal static class Sizes
{
    private const double GibiByte = 1L << 30;

    public static string Gib(long? bytes) => bytes is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known / GibiByte:0.#} GiB") : "an unknown size";

    /// <summary>Of a size in Proxmox's spelling, as 32G; null when it is spelled otherwise.</summary>
    public static double? ParseGib(string? text) =>
        text is [.. var number, var unit] && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? unit switch { 'K' => value / 1048576, 'M' => value / 1024, 'G' => value, 'T' => value * 1024, _ => null } : null;
}
