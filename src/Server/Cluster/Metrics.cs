using System.Globalization;
using Jarvis.Proxmox;
using Jarvis.Proxmox.Wire;
using Jarvis.Server.Cluster.History;

namespace Jarvis.Server.Cluster;

/// <summary>A target's past: from our own history where it reaches, from Proxmox's beyond.</summary>
internal sealed class Metrics(MetricHistory history, Lookups lookups, TimeProvider clock)
{
    /// <summary>How far back each range goes, and whether our own history covers it.</summary>
    public static readonly IReadOnlyDictionary<string, TimeSpan> Ranges = new Dictionary<string, TimeSpan>(StringComparer.Ordinal)
    {
        ["hour"] = TimeSpan.FromHours(1),
        ["day"] = TimeSpan.FromDays(1),
        ["week"] = TimeSpan.FromDays(7),
        ["month"] = TimeSpan.FromDays(30),
        ["year"] = TimeSpan.FromDays(365),
    };

    private const int MostPoints = 720;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Null when the cluster has this target, else what is wrong with it.</summary>
    public static string? Exists(ClusterSnapshot snapshot, string target) => target.Split('/', 2) switch
    {
        ["node", var name] => snapshot.Node(name) is null ? $"There is no node '{name}'." : null,
        ["guest", var id] => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var vmid) && snapshot.Guest(vmid) is not null ? null : $"There is no guest '{id}'.",
        ["storage", var id] => snapshot.Storage(id) is null ? $"There is no storage '{id}'." : null,
        _ => "A target is node/NAME, guest/VMID or storage/ID.",
    };

    public async Task<Outcome<MetricsAnswer>> ReadAsync(LiveCluster cluster, string target, string range, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var from = now - Ranges[range];
        var own = await OwnAsync(cluster.Key, target, from, now, cancellationToken);
        // Ours counts when it reaches most of the way back; a young server asks Proxmox, which remembers longer.
        if (own?.KnownFrom is { } known && known - from < Ranges[range] / 10) return Of(cluster, target, range, own);
        var answer = await FromProxmoxAsync(cluster, target, range, cancellationToken);
        return answer.Value is null && own?.KnownFrom is not null ? Of(cluster, target, range, own) : answer;
    }

    /// <summary>Proxmox's own history, kept for as long as it can have nothing new.</summary>
    private async Task<Outcome<MetricsAnswer>> FromProxmoxAsync(LiveCluster cluster, string target, string range, CancellationToken cancellationToken)
    {
        if (Ask(cluster, target, range) is not { } ask) return new Refusal(StatusCodes.Status502BadGateway, "NO_NODE", "No node is online to tell of it.");
        return await lookups.AskAsync(
            cluster, $"metrics {range} {target}", range is "hour" or "day" ? Minute : Minute * 10, 1,
            async client => Of(cluster, target, range, await ask(client)), cancellationToken);
    }

    private async Task<HistorySeries?> OwnAsync(string cluster, string target, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        try
        {
            return await history.ReadAsync(cluster, target, Enum.GetValues<Metric>(), from, to, MostPoints, cancellationToken);
        }
        catch (HistoryUnavailableException)
        {
            return null;
        }
    }

    private static Func<ProxmoxClient, Task<IReadOnlyList<RrdPoint>>>? Ask(LiveCluster cluster, string target, string range)
    {
        var frame = Enum.Parse<RrdSpan>(range, ignoreCase: true);
        var snapshot = cluster.Current;
        switch (target.Split('/', 2))
        {
            case ["node", var name]:
                return client => client.GetNodeRrdAsync(name, frame, RrdFold.Average, CancellationToken.None);
            case ["guest", var id]:
                var guest = snapshot.Guest(int.Parse(id, CultureInfo.InvariantCulture))!;
                return client => client.GetGuestRrdAsync(guest.Node, Lookups.TypeOf(guest), guest.Vmid, frame, RrdFold.Average, CancellationToken.None);
            default:
                var storage = snapshot.Storage(target["storage/".Length..])!;
                var node = storage.Node ?? snapshot.View.Nodes.FirstOrDefault(n => n.Status is NodeStatus.Online)?.Name;
                return node is null ? null : client => client.GetStorageRrdAsync(node, storage.Name, frame, RrdFold.Average, CancellationToken.None);
        }
    }

    private static MetricsAnswer Of(LiveCluster cluster, string target, string range, HistorySeries series) => new(
        cluster.Key, target, range, series.Step.TotalSeconds, "history",
        [.. series.Times.Select(t => t.ToUnixTimeSeconds())],
        series.Values.Where(v => v.Value.Any(n => n is not null)).ToDictionary(v => Name(v.Key), v => v.Value));

    private static MetricsAnswer Of(LiveCluster cluster, string target, string range, IReadOnlyList<RrdPoint> points)
    {
        var series = new Dictionary<string, IReadOnlyList<double?>>();
        Add(Metric.Cpu, p => p.Cpu);
        Add(Metric.Memory, p => p.MemUsed ?? p.Mem);
        Add(Metric.Disk, p => p.Used ?? p.RootUsed ?? p.Disk);
        Add(Metric.NetIn, p => p.NetIn);
        Add(Metric.NetOut, p => p.NetOut);
        Add(Metric.DiskRead, p => p.DiskRead);
        Add(Metric.DiskWrite, p => p.DiskWrite);
        var step = points.Count > 1 ? points[^1].Time - points[^2].Time : 60;
        return new(cluster.Key, target, range, step, "proxmox", [.. points.Select(p => p.Time)], series);

        void Add(Metric metric, Func<RrdPoint, double?> value)
        {
            if (points.Any(p => value(p) is not null)) series[Name(metric)] = [.. points.Select(value)];
        }
    }

    private static string Name(Metric metric) => char.ToLowerInvariant($"{metric}"[0]) + $"{metric}"[1..];
}
