using System.Net;
using Jarvis.Proxmox;
using Jarvis.Proxmox.Wire;

namespace Jarvis.Server.Cluster;

/// <summary>Watches one cluster: reads, builds the next view, publishes it, says what changed.</summary>
internal sealed partial class ClusterPoller(
    LiveCluster cluster, ClusterOptions options, ProxmoxClient client, string tokenId, CallBudget budget, ChangeRecorder recorder, TimeProvider clock, ILogger logger)
{
    private const int BlindAfterCadences = 3;
    private const int DetailsRound = 6;
    private const int MostLogs = 4;
    private static readonly TimeSpan SlowFactsEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan SlowFactsAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ObserverEvery = TimeSpan.FromMinutes(1);

    private readonly SnapshotBuilder _builder = new();
    private readonly TaskWatch _tasks = new(cluster, client);
    private readonly TimeSpan _cadence = TimeSpan.FromSeconds(options.CadenceSeconds);
    private readonly DateTimeOffset _started = clock.GetUtcNow();
    private DateTimeOffset? _lastGood;
    private DateTimeOffset _slowFactsAt = DateTimeOffset.MinValue;
    private DateTimeOffset _observerAt = DateTimeOffset.MinValue;
    private int _nextDetail;

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        // Twice a cadence: the round of all reads, and between two rounds the tasks while some run.
        using var timer = new PeriodicTimer(_cadence / 2, clock);
        Task<Round>? reading = null;
        var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        var half = 0;
        var due = true;
        while (true)
        {
            if (due && reading is null)
            {
                due = false;
                if (half % 2 == 0) reading = ReadAllAsync(stoppingToken);
                else if (AnyTaskRuns) reading = ReadTasksAsync(stoppingToken);
            }

            if (reading is null || await Task.WhenAny(tick, reading) == tick)
            {
                if (!await tick) return;
                tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
                half++;
                // A round that takes longer than its cadence is not overtaken; the next one starts when it ends.
                due = true;
                if (reading is not null && IsBlind) Publish(cluster.Current.View, null);
                continue;
            }

            var round = await reading;
            reading = null;
            Take(round);
        }
    }

    private bool AnyTaskRuns => cluster.Current.View.Tasks.Any(t => t.State is TaskState.Running);

    /// <summary>Calls of one cadence that do not wait for room.</summary>
    private int FixedReads => AnyTaskRuns ? 4 : 3;

    private bool IsBlind => clock.GetUtcNow() - (_lastGood ?? _started) > _cadence * BlindAfterCadences;

    private async Task<Round> ReadAllAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var slowFacts = now - _slowFactsAt >= SlowFactsEvery ? ReadSlowFactsAsync(cancellationToken) : Task.FromResult<SlowFacts?>(null);
        var resources = TryAsync(ct => client.GetResourcesAsync(TimeSpan.Zero, ct), cancellationToken);
        var status = TryAsync(ct => client.GetClusterStatusAsync(TimeSpan.Zero, ct), cancellationToken);
        var tasks = TryAsync(ct => client.GetClusterTasksAsync(TimeSpan.Zero, ct), cancellationToken);
        var details = ReadDetailsAsync(cancellationToken);
        var (rows, trouble) = await resources;
        var at = clock.GetUtcNow();
        return new(new(at, rows, (await status).Value, (await tasks).Value, await details), trouble, await slowFacts);
    }

    private async Task<Round> ReadTasksAsync(CancellationToken cancellationToken)
    {
        var (tasks, _) = await TryAsync(ct => client.GetClusterTasksAsync(TimeSpan.Zero, ct), cancellationToken);
        if (cluster.TasksAreFollowed)
        {
            var spare = budget.Spare(cluster.Current.View.Nodes.Count, FixedReads);
            await TryAsync(async ct => { await _tasks.ReadAsync(Math.Min(spare, MostLogs), ct); return cluster; }, cancellationToken);
        }

        return new(new(clock.GetUtcNow(), null, null, tasks, new Dictionary<string, Proxmox.Wire.NodeStatus>()), null, null);
    }

    /// <summary>Reads the details of some nodes in turn, with calls that the budget has to spare.</summary>
    private async Task<IReadOnlyDictionary<string, Proxmox.Wire.NodeStatus>> ReadDetailsAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Proxmox.Wire.NodeStatus>(StringComparer.Ordinal);
        var nodes = cluster.Current.View.Nodes.Where(n => n.Status is NodeStatus.Online).Select(n => n.Name).ToArray();
        if (!options.NodeDetails || nodes.Length == 0) return found;

        var count = Math.Min(budget.Spare(cluster.Current.View.Nodes.Count, FixedReads), (nodes.Length + DetailsRound - 1) / DetailsRound);
        var turn = Enumerable.Range(_nextDetail, count).Select(i => nodes[i % nodes.Length]).Distinct().ToArray();
        _nextDetail = (_nextDetail + count) % nodes.Length;
        var reads = turn.Select(async node => (node, (await TryAsync(ct => client.GetNodeStatusAsync(node, TimeSpan.Zero, ct), cancellationToken)).Value));
        foreach (var (node, detail) in await Task.WhenAll(reads))
        {
            if (detail is not null) found[node] = detail;
        }

        return found;
    }

    private async Task<SlowFacts?> ReadSlowFactsAsync(CancellationToken cancellationToken)
    {
        var (permissions, _) = await TryAsync(client.GetPermissionsAsync, cancellationToken);
        var (version, _) = await TryAsync(client.GetVersionAsync, cancellationToken);
        // The client learns the other nodes' certificates, and where that makes sense their addresses: behind a tunnel
        // that ends on this machine, what the nodes call themselves means something else here.
        if (options.Endpoints.All(IsThisMachine)) await TryAsync(ct => client.GetNodesAsync(TimeSpan.Zero, ct), cancellationToken);
        else await TryAsync(client.LearnEndpointsAsync, cancellationToken);
        var complete = permissions is not null && version is not null;
        _slowFactsAt = clock.GetUtcNow() - (complete ? TimeSpan.Zero : SlowFactsEvery - SlowFactsAgain);
        if (permissions is null || version is null) return null;
        return new(Access.Judge(permissions, tokenId), version.Version);
    }

    private async Task<(T? Value, ProxmoxException? Trouble)> TryAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return (await read(cancellationToken), null);
        }
        catch (ProxmoxException failure)
        {
            LogReadFailed(cluster.Key, failure.Kind, failure.Message);
            return (null, failure);
        }
    }

    private void Take(Round round)
    {
        if (round.Reading.Resources is not null)
        {
            _lastGood = round.Reading.At;
            recorder.ReadWorks(cluster.Key);
        }
        else if (round.Trouble is { } trouble)
        {
            recorder.ReadFailed(cluster.Key, trouble.Message);
        }

        var next = _builder.Next(cluster.Current.View, round.Reading);
        if (round.SlowFacts is { } facts)
        {
            var access = next.Header.Access is { } known && Same(known, facts.Access) ? known : facts.Access;
            next = next with { Header = next.Header with { Access = access, Version = facts.Version } };
        }

        if (round.Reading.Status is { } status)
        {
            next = next with { Header = next.Header with { Quorate = Quorate(status) } };
        }

        Publish(next, round);
    }

    private void Publish(ClusterView next, Round? round)
    {
        var header = next.Header;
        var blind = IsBlind;
        header = header with
        {
            BlindSince = blind ? header.BlindSince ?? _lastGood ?? _started : null,
            Quorate = blind ? null : header.Quorate,
            ObservedAt = round?.Reading.Resources is not null ? round.Reading.At : header.ObservedAt,
            Trouble = round?.Reading.Resources is not null ? null : round?.Trouble?.Message ?? header.Trouble,
        };
        var now = clock.GetUtcNow();
        if (now - _observerAt >= ObserverEvery || header.Observer is null && budget.LastMinute > 0)
        {
            _observerAt = now;
            header = header with { Observer = Observe() };
        }

        if (cluster.Publish(next with { Header = header }) is { } change) recorder.Record(change, round?.Reading.Resources is not null);
    }

    private static bool IsThisMachine(Uri endpoint) =>
        endpoint.Host == "localhost" || IPAddress.TryParse(endpoint.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);

    private ObserverView Observe()
    {
        var statistics = client.Statistics;
        return new(
            statistics.Calls, statistics.Bytes,
            statistics.Calls == 0 ? null : Math.Round(statistics.AnswerTime.TotalMilliseconds / statistics.Calls, 1),
            statistics.Endpoints.FirstOrDefault(e => e.InUse)?.Endpoint.Authority);
    }

    private static bool? Quorate(IReadOnlyList<ClusterStatusRow> rows) =>
        rows.FirstOrDefault(r => r.Type == "cluster") is { } row ? row.Quorate : rows.Any(r => r.Type == "node") ? true : null;

    private static bool Same(AccessView a, AccessView b) =>
        a with { Missing = b.Missing, Cure = b.Cure } == b && a.Missing.SequenceEqual(b.Missing) && a.Cure.SequenceEqual(b.Cure);

    private sealed record Round(ClusterReading Reading, ProxmoxException? Trouble, SlowFacts? SlowFacts);

    private sealed record SlowFacts(AccessView Access, string Version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cluster {Cluster}: a read failed ({Kind}): {Message}")]
    private partial void LogReadFailed(string cluster, ProxmoxFailure kind, string message);
}
