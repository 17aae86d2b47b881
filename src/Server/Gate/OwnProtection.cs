using System.Globalization;
using Jarvis.Safety;
using Jarvis.Server.Cluster;
using Jarvis.Server.Events;

namespace Jarvis.Server.Gate;

/// <summary>Has the node or guest that this server itself runs on protected: whoever stopped it would stop who watches.</summary>
internal sealed partial class OwnProtection(
    OwnPlaces places, LiveClusters clusters, SafetyKernel kernel, EventLog events, TimeProvider time, ILogger<OwnProtection> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);
    private readonly Dictionary<LiveCluster, (DateTimeOffset NextLook, TargetRule? Own)> _looked = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            foreach (var gone in _looked.Keys.Except(clusters.All).ToList()) _looked.Remove(gone);
            // The demo's machines are nowhere.
            foreach (var cluster in clusters.All.Where(c => c.Entry is { Paused: false, Origin: not ClusterOrigin.Demo } && c.Current.View.Header.ObservedAt is not null))
            {
                if (!_looked.TryGetValue(cluster, out var last) || last.NextLook <= time.GetUtcNow()) await LookAsync(cluster, stoppingToken);
                Protect();
            }

            Protect();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Protect()
    {
        var own = _looked.Values.Select(l => l.Own).OfType<TargetRule>().ToList();
        if (!own.SequenceEqual(kernel.Own)) kernel.Own = own;
    }

    private async Task LookAsync(LiveCluster cluster, CancellationToken cancellationToken)
    {
        var place = await places.FindAsync(cluster, cancellationToken);
        var next = place.Found || place.Whole ? DateTimeOffset.MaxValue : time.GetUtcNow() + Again;
        var (kind, id) = place.Node is { } node ? (Kind.Node, node) : (Kind.Guest, place.Guest?.ToString(CultureInfo.InvariantCulture));
        _looked[cluster] = (next, id is null ? null : new() { Cluster = cluster.Key, Kind = kind, Id = id, Why = "Jarvis itself runs there" });
        if (id is null) return;
        var called = kind is Kind.Node ? "node" : "guest";
        LogFound(called, id, cluster.Key);
        events.TryPost(new()
        {
            Type = "safety.own-place", Severity = Severity.Info, Source = Source.System, Cluster = cluster.Key, Target = $"{called}/{id}",
            Summary = $"Jarvis itself runs on {called} {id}: it is protected.",
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This server runs on {Kind} {Id} of {Cluster}, which is protected")]
    private partial void LogFound(string kind, string id, string cluster);
}
