using System.Diagnostics.Metrics;
using Jarvis.Proxmox;

namespace Jarvis.Server.Cluster;

/// <summary>What watching costs and sees, for Prometheus and OpenTelemetry.</summary>
internal sealed class ClusterMeters
{
    private readonly Counter<long> _calls;
    private readonly Counter<long> _bytes;
    private readonly Histogram<double> _answers;

    public ClusterMeters(LiveClusters clusters, IMeterFactory meters)
    {
        var meter = meters.Create("Jarvis.Cluster");
        _calls = meter.CreateCounter<long>("jarvis.proxmox.calls", "{call}", "Calls to Proxmox.");
        _bytes = meter.CreateCounter<long>("jarvis.proxmox.received", "By", "Bytes of Proxmox's answers.");
        _answers = meter.CreateHistogram<double>("jarvis.proxmox.answer_time", "s", "How long Proxmox took to answer.");
        meter.CreateObservableGauge("jarvis.cluster.nodes", () => Each(clusters, v => v.Nodes.GroupBy(n => $"{n.Status}", n => 1)), "{node}", "Nodes by status.");
        meter.CreateObservableGauge("jarvis.cluster.guests", () => Each(clusters, v => v.Guests.GroupBy(g => $"{g.Status}", g => 1)), "{guest}", "Guests by status.");
        meter.CreateObservableGauge("jarvis.cluster.blind", () => clusters.All.Where(c => !c.Entry.Paused).Select(c => One(c, c.Current.View.Header.BlindSince is null ? 0 : 1)), null, "1 while the cluster cannot be read.");
        meter.CreateObservableGauge("jarvis.cluster.quorate", () => clusters.All.Where(c => c.Current.View.Header.Quorate is not null).Select(c => One(c, c.Current.View.Header.Quorate is true ? 1 : 0)), null, "1 while the cluster has quorum.");
    }

    public void Count(string cluster, FinishedCall call)
    {
        KeyValuePair<string, object?> key = new("cluster", cluster), path = new("path", call.Path), outcome = new("outcome", call.Failure?.ToString() ?? "ok");
        _calls.Add(1, key, path, outcome);
        _bytes.Add(call.Bytes, key);
        _answers.Record(call.Duration.TotalSeconds, key);
    }

    private static Measurement<int> One(LiveCluster cluster, int value) => new(value, new KeyValuePair<string, object?>("cluster", cluster.Key));

    private static IEnumerable<Measurement<int>> Each(LiveClusters clusters, Func<ClusterView, IEnumerable<IGrouping<string, int>>> count) =>
        from cluster in clusters.All
        from status in count(cluster.Current.View)
        select new Measurement<int>(status.Count(), new("cluster", cluster.Key), new("status", status.Key.ToLowerInvariant()));
}
