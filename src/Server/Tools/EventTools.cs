using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Jarvis.Safety;
using Jarvis.Server.Cluster;
using Jarvis.Server.Events;

namespace Jarvis.Server.Tools;

/// <summary>What happened, and how it was then.</summary>
internal sealed class EventTools(EventLog events, Reach reach, TimeProvider clock)
{
    private const int MostPages = 20;

    [Tool(Tier.Green, Outside = true), Description("What happened, the newest first: by type, severity, source, node, target and time.")]
    public async Task<EventPart> GetEventsAsync(
        [MaxLength(64), Description("a whole type, or its beginning up to a dot: guest, guest.stopped, node, task.failed")] string? type = null,
        [Description("and worse")] Severity? atLeast = null, Source? source = null, NodeName? node = null,
        [MaxLength(600), Description("node/NAME, guest/VMID, storage/ID or task/UPID")] string? target = null,
        Moment? from = null, Moment? to = null, [Range(1, 200)] int limit = 50, [Description("older than this event's number")] long? before = null,
        ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        if (cluster is { } key) reach.Clusters(key);
        var page = await events.ReadAsync(
            new()
            {
                Type = type, AtLeast = atLeast, Source = source, Node = node?.Value, Target = target, From = from?.At, To = to?.At, Limit = limit, Before = before, Cluster = cluster?.Value,
            },
            cancellationToken);
        return new([.. page.Items.Select(r => new EventInShort(r.Id, r.At, r.What.Type, r.What.Severity, r.What.Source, r.What.Actor, r.What.Cluster, r.What.Node, r.What.Target, r.What.Summary))], page.Next);
    }

    [Tool(Tier.Green, Outside = false), Description("How the nodes, guests and storages of a cluster were at a time in the past, as far as the event log tells.")]
    public async Task<Rows<ClusterThen>> GetClusterAtAsync(Moment time, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        if (time.At > clock.GetUtcNow()) throw new ReadFailedException($"{time} is in the future; it is {clock.GetUtcNow():u} now.");
        List<ClusterThen> rows = [];
        List<Unread> unread = [];
        foreach (var of in reach.Clusters(cluster))
        {
            if (await ThenAsync(of, time.At, cancellationToken) is { } then) rows.Add(then);
            else unread.Add(new(of.Key, $"The event log knows nothing of it from before {time}."));
        }

        return rows.Count == 0 ? throw new ReadFailedException(string.Join(' ', unread.Select(u => $"{u.What}: {u.Why}"))) : new(rows, 0, unread);
    }

    private async Task<ClusterThen?> ThenAsync(LiveCluster of, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var first = (await events.ReadAsync(new() { Type = "cluster.observed", Cluster = of.Key, To = at, Limit = 1 }, cancellationToken)).Items;
        if (first is not [var look]) return null;
        var (guests, allGuests) = await LastAsync(of, "guest", look.Id, at, cancellationToken);
        var (nodes, allNodes) = await LastAsync(of, "node", look.Id, at, cancellationToken);
        var (storages, allStorages) = await LastAsync(of, "storage", look.Id, at, cancellationToken);
        var quorum = await NewestAsync(of, "quorum", look.Id, at, cancellationToken);
        var blind = await NewestAsync(of, "cluster.blind", look.Id, at, cancellationToken);
        var sighted = await NewestAsync(of, "cluster.sighted", look.Id, at, cancellationToken);
        var then = StateThen.Read(look.What.Data);

        var rows = (then?.Guests ?? new Dictionary<string, IReadOnlyList<int>>()).SelectMany(g => g.Value.Select(vmid =>
        {
            var words = g.Key.Split(' ', 2);
            return new GuestThen(vmid, of.Current.Guest(vmid)?.Name, words[0], words[^1], null);
        })).ToDictionary(g => g.Vmid);
        foreach (var (target, (row, became)) in guests)
        {
            if (!int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var vmid)) continue;
            if (became is { Status: "gone" }) rows.Remove(vmid);
            else rows[vmid] = new(vmid, became?.Name ?? rows.GetValueOrDefault(vmid)?.Name, became?.Node ?? row.What.Node, became?.Status ?? "unknown", row.At);
        }

        var shown = rows.Values.OrderBy(g => g.Vmid).ToList();
        string[] gaps =
        [
            .. then is null ? (string[])["What the first look saw was not kept: only what changed since is listed."] : [],
            .. allGuests && allNodes && allStorages ? (string[])[] : ["More happened since than could be read: what changed long before may be missing, or as it was at the first look."],
        ];
        return new(
            of.Key, at, look.At, blind is not null && blind.Id > (sighted?.Id ?? 0) ? blind.At : null,
            quorum is null ? then?.Quorate : quorum.What.Type == "quorum.regained",
            Part(then?.Nodes, nodes), Part(then?.Storages, storages), shown.CountBy(g => g.Status).ToDictionary(c => c.Key, c => c.Value),
            [.. shown.Take(Everywhere.MostRows)], Math.Max(0, shown.Count - Everywhere.MostRows), gaps);
    }

    /// <summary>The last event of each target within a span; and whether all of them could be read.</summary>
    private async Task<(Dictionary<string, (EventRow Row, BecameThen? Became)> Last, bool All)> LastAsync(LiveCluster of, string kind, long after, DateTimeOffset at, CancellationToken cancellationToken)
    {
        Dictionary<string, (EventRow, BecameThen?)> last = new(StringComparer.Ordinal);
        long? before = null;
        for (var page = 0; page < MostPages; page++)
        {
            var read = await events.ReadAsync(new() { Type = kind, Cluster = of.Key, After = after, To = at, Before = before, Limit = EventQuery.MaxLimit }, cancellationToken);
            foreach (var row in read.Items)
            {
                if (row.What.Target?.Split('/', 2) is [_, var name]) last.TryAdd(name, (row, BecameThen.Read(row.What.Data)));
            }

            if (read.Next is null) return (last, true);
            before = read.Next;
        }

        return (last, false);
    }

    private async Task<EventRow?> NewestAsync(LiveCluster of, string kind, long after, DateTimeOffset at, CancellationToken cancellationToken) =>
        (await events.ReadAsync(new() { Type = kind, Cluster = of.Key, After = after, To = at, Limit = 1 }, cancellationToken)).Items is [var one] ? one : null;

    private static Dictionary<string, string> Part(IReadOnlyDictionary<string, string>? first, Dictionary<string, (EventRow Row, BecameThen? Became)> last)
    {
        var all = (first ?? new Dictionary<string, string>()).ToDictionary(StringComparer.Ordinal);
        foreach (var (name, (_, became)) in last) all[name] = became?.Status ?? "unknown";
        return all.OrderBy(a => a.Key, StringComparer.Ordinal).ToDictionary(a => a.Key, a => a.Value);
    }
}

/// <summary>Events; <c>Next</c> goes into <c>before</c> for older ones, and is null when there are none.</summary>
public sealed record EventPart(IReadOnlyList<EventInShort> Items, long? Next);

public sealed record EventInShort(long Id, DateTimeOffset At, string Type, Severity Severity, Source Source, string? Actor, string? Cluster, string? Node, string? Target, string Summary);

/// <summary>A cluster at a time in the past: <c>ObservedFrom</c> is the first look that this is known from, <c>BlindSince</c> is set when
/// it could not be seen then, and <c>Gaps</c> tells what is not known.</summary>
public sealed record ClusterThen(
    string Cluster, DateTimeOffset At, DateTimeOffset ObservedFrom, DateTimeOffset? BlindSince, bool? Quorate, IReadOnlyDictionary<string, string> Nodes, IReadOnlyDictionary<string, string> Storages,
    IReadOnlyDictionary<string, int> GuestsByStatus, IReadOnlyList<GuestThen> Guests, int GuestsNotShown, IReadOnlyList<string> Gaps);

/// <summary>A guest then; <c>Since</c> is null when it was so at the first look already.</summary>
public sealed record GuestThen(int Vmid, string? Name, string? Node, string Status, DateTimeOffset? Since);
