using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Jarvis.Safety;

namespace Jarvis.Server.Tools;

/// <summary>The packages, services and journals of nodes.</summary>
internal sealed partial class HostTools(Everywhere everywhere, TimeProvider time)
{
    private const int DaysOfUnit = 7;
    private const int LongestLine = 1_000;
    private const int MostCharacters = 40_000;

    [Tool(Tier.Green, Outside = false), Description("The packages of a node that can be updated, as its last look at the sources found; those that are likely security fixes first.")]
    public Task<NodeUpdates> GetUpdatesAsync(NodeName node, ClusterKey? cluster = null, CancellationToken cancellationToken = default) => everywhere.OfNodeAsync(
        node, cluster, "updates",
        async (client, place) =>
        {
            var rows = (await client.GetUpdatesAsync(place.Node, CancellationToken.None))
                .Select(p => new UpdateRow(p.Package, p.OldVersion, p.Version, p.Origin, p.Section, p.Origin is "Debian" && DebianFix().IsMatch(p.Version ?? "")))
                .OrderBy(p => p.LikelySecurity ? 0 : 1).ThenBy(p => p.Package, StringComparer.Ordinal).ToList();
            return new NodeUpdates(place.Key, place.Node, rows.Count, rows.Count(p => p.LikelySecurity), [.. rows.Take(Everywhere.MostRows)], Math.Max(0, rows.Count - Everywhere.MostRows));
        },
        cancellationToken);

    [Tool(Tier.Green, Outside = false), Description("The system services of a node that Proxmox knows, or one of them; those that failed first, then those that should run and do not.")]
    public Task<Rows<ServiceInfo>> GetServicesAsync(NodeName node, ServiceUnit? unit = null, ClusterKey? cluster = null, CancellationToken cancellationToken = default) => everywhere.OfNodesAsync<ServiceInfo>(
        node, cluster, $"services {unit}", 1,
        async (client, place) =>
        {
            var rows = await client.GetServicesAsync(place.Node, CancellationToken.None);
            var wanted = rows.Where(s => unit is null || $"{s.Service}.service" == unit.Value.Value).ToList();
            return wanted.Count == 0 && unit is not null
                ? throw new InvalidOperationException($"Proxmox knows no service {unit} on {place.Node}; it knows: {string.Join(", ", rows.Select(s => s.Service).Order(StringComparer.Ordinal))}.")
                : [.. from s in wanted orderby s.Service select new ServiceInfo(place.Key, place.Node, s.Service, s.State, s.ActiveState, s.UnitState, s.Desc)];
        },
        s => s is { ActiveState: "failed" } or { State: "failed" } ? 0 : s is { UnitState: "enabled", ActiveState: not "active" } ? 1 : 2, cancellationToken);

    [Tool(Tier.Green, Outside = true), Description("The newest lines of a node's journal, the oldest of them first; of one unit for at most the last 7 days.")]
    public Task<JournalPart> GetJournalAsync(
        NodeName node, ServiceUnit? unit = null, [Range(1, 500)] int lines = 100, ClusterKey? cluster = null, CancellationToken cancellationToken = default) => everywhere.OfNodeAsync(
        node, cluster, $"journal {unit} {lines}",
        async (client, place) =>
        {
            DateOnly? since = unit is null ? null : DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime.AddDays(-DaysOfUnit));
            var all = unit is { } one
                ? await client.GetUnitLogAsync(place.Node, one.Value, since!.Value, lines, CancellationToken.None)
                : await client.GetJournalAsync(place.Node, lines, CancellationToken.None);
            var shown = Newest(all);
            return new JournalPart(place.Key, place.Node, unit?.Value, since, shown, all.Count - shown.Count);
        },
        cancellationToken);

    /// <summary>The newest lines that fit, the oldest of them first.</summary>
    internal static IReadOnlyList<string> Newest(IReadOnlyList<string> lines)
    {
        var left = MostCharacters;
        return [.. lines.Reverse().Select(l => l.Length > LongestLine ? string.Concat(l.AsSpan(0, LongestLine), "…") : l).TakeWhile(l => (left -= l.Length) >= 0).Reverse()];
    }

    /// <summary>What Debian mends in a stable release bears its number; Proxmox does not tell which of that is for security.</summary>
    [GeneratedRegex(@"[+~]deb\d+u\d+", RegexOptions.NonBacktracking)]
    private static partial Regex DebianFix();
}

/// <summary>What can be updated; <c>LikelySecurity</c> counts fixes of Debian to its stable release, which are mostly for security.</summary>
public sealed record NodeUpdates(string Cluster, string Node, int Total, int LikelySecurity, IReadOnlyList<UpdateRow> Packages, int NotShown);

public sealed record UpdateRow(string Package, string? Installed, string? Available, string? Origin, string? Section, bool LikelySecurity);

/// <summary>A service; the states are systemd's.</summary>
public sealed record ServiceInfo(string Cluster, string Node, string Name, string? State, string? ActiveState, string? UnitState, string? Description);

/// <summary>Lines of a journal in the node's own time; <c>NotShown</c> counts older ones that did not fit.</summary>
public sealed record JournalPart(string Cluster, string Node, string? Unit, DateOnly? Since, IReadOnlyList<string> Lines, int NotShown);
