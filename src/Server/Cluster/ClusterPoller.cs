using System.Diagnostics;
using System.Threading.Channels;
using Jarvis.Proxmox;
using Jarvis.Proxmox.Wire;

namespace Jarvis.Server.Cluster;

/// <summary>Watches one cluster: reads, builds the next view, publishes it, says what changed. What is slow (details of
/// nodes, rights, logs of tasks) is read beside the rounds and never holds one up.</summary>
internal sealed partial class ClusterPoller(
    LiveCluster cluster, ClusterConnection connection, Action? learned, ChangeRecorder recorder, TimeProvider clock, ILogger logger)
{
    private const int StaleAfterCadences = 3;
    private const int DetailsRound = 6;
    private const int MostLogs = 4;
    private const int QueuedFindings = 256;
    private static readonly TimeSpan SlowFactsEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan SlowFactsAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ObserverEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DetailsKeep = TimeSpan.FromMinutes(5);
    private static readonly ActivitySource Rounds = new("Jarvis.Cluster");

    private readonly ProxmoxClient _client = connection.Client;
    private readonly CallBudget _budget = connection.Budget;
    private readonly string _tokenId = connection.Options.TokenId;
    private readonly SnapshotBuilder _builder = new();
    private readonly TaskWatch _tasks = new(cluster, connection.Client);
    private readonly TimeSpan _cadence = TimeSpan.FromSeconds(connection.Options.CadenceSeconds);
    private readonly DateTimeOffset _started = clock.GetUtcNow();
    private readonly Freshness _resources = Freshness.FromNow(clock), _status = Freshness.FromNow(clock), _slowFacts = new(clock), _observer = new(clock);
    private readonly Dictionary<string, Proxmox.Wire.NodeStatus> _newDetails = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Freshness> _details = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private double _detailCredit;
    private int _nextDetail;

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var findings = Channel.CreateBounded<Finding>(new BoundedChannelOptions(QueuedFindings) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        _asked.Clear();
        var (roundRuns, factsRun, logsRun, half) = (false, false, false, 0);
        List<TaskCompletionSource> wanted = [], served = [];
        try
        {
            cluster.ReadBy(Wanted);
            findings.Writer.TryWrite(new Finding.Tick());
            _ = TickAsync(findings.Writer, stop.Token);
            await foreach (var finding in findings.Reader.ReadAllAsync(stop.Token))
            {
                switch (finding)
                {
                    case Finding.Tick:
                        // Twice a cadence: the round of all reads, and between two of them the tasks while some run.
                        var full = half++ % 2 == 0;
                        if (!roundRuns && full) StartRound();
                        else if (!roundRuns && AnyTaskRuns && !_budget.GivesWay)
                        {
                            roundRuns = true;
                            Start(ReadTasksAsync);
                        }

                        if (full)
                        {
                            foreach (var node in DetailsInTurn()) Start(ct => ReadDetailAsync(node, ct));
                        }
                        else if (!logsRun && cluster.TasksAreFollowed && AnyTaskRuns)
                        {
                            logsRun = true;
                            Start(ReadLogsAsync);
                        }

                        if (!factsRun && !_slowFacts.IsWithin(SlowFactsEvery))
                        {
                            factsRun = true;
                            Start(ReadSlowFactsAsync);
                        }

                        if (IsBlind) Publish(cluster.Current.View, null);
                        break;
                    case Finding.Wanted now:
                        // A round under way may have begun before the change that whoever wants this has made.
                        wanted.Add(now.Published);
                        if (!roundRuns) StartRound();
                        break;
                    case Finding.Round round:
                        roundRuns = false;
                        Take(round);
                        foreach (var published in served) published.TrySetResult();
                        served.Clear();
                        if (wanted.Count > 0) StartRound();
                        break;
                    case Finding.Detail detail:
                        TakeDetail(detail);
                        break;
                    case Finding.Logs:
                        logsRun = false;
                        break;
                    case Finding.SlowFacts facts:
                        factsRun = false;
                        TakeFacts(facts);
                        break;
                }
            }
        }
        finally
        {
            cluster.ReadBy(null);
            foreach (var nobody in wanted.Concat(served)) nobody.TrySetResult();
            await stop.CancelAsync();
        }

        Task Wanted()
        {
            var published = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return findings.Writer.TryWrite(new Finding.Wanted(published)) ? published.Task : Task.CompletedTask;
        }

        void StartRound()
        {
            roundRuns = true;
            (served, wanted) = (wanted, []);
            Start(ReadRoundAsync);
        }

        void Start(Func<CancellationToken, Task<Finding>> read) => _ = RunReadAsync(read, findings.Writer, stop.Token);
    }

    private bool AnyTaskRuns => cluster.Current.View.Tasks.Any(t => t.State is TaskState.Running);

    /// <summary>Calls of one cadence that do not wait for room.</summary>
    private int FixedReads => AnyTaskRuns ? 4 : 3;

    private bool IsBlind => !_resources.IsWithin(_cadence * StaleAfterCadences);

    private async Task TickAsync(ChannelWriter<Finding> findings, CancellationToken cancellationToken)
    {
        try
        {
            // Several clusters, or several servers, need not knock at the same moment.
            await Task.Delay(_cadence / 4 * Random.Shared.NextDouble(), clock, cancellationToken);
            using var timer = new PeriodicTimer(_cadence / 2, clock);
            while (await timer.WaitForNextTickAsync(cancellationToken)) await findings.WriteAsync(new Finding.Tick(), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The watch ends.
        }
    }

    /// <summary>A bug in a read is handed to the loop, which ends with it and is started anew.</summary>
    private static async Task RunReadAsync(Func<CancellationToken, Task<Finding>> read, ChannelWriter<Finding> findings, CancellationToken cancellationToken)
    {
        try
        {
            await findings.WriteAsync(await read(cancellationToken), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The watch ends.
        }
        catch (Exception bug)
        {
            findings.TryComplete(bug);
        }
    }

    private async Task<Finding> ReadRoundAsync(CancellationToken cancellationToken)
    {
        using var activity = Rounds.StartActivity("poll");
        activity?.SetTag("cluster", cluster.Key);
        var resources = TryAsync("resources", ct => _client.GetResourcesAsync(TimeSpan.Zero, ct), cancellationToken);
        var status = TryAsync("status", ct => _client.GetClusterStatusAsync(TimeSpan.Zero, ct), cancellationToken);
        var tasks = TryAsync("tasks", ct => _client.GetClusterTasksAsync(TimeSpan.Zero, ct), cancellationToken);
        var (rows, trouble) = await resources;
        var at = clock.GetUtcNow();
        return new Finding.Round(new(at, rows, (await status).Value, (await tasks).Value, NoDetails), trouble);
    }

    private async Task<Finding> ReadTasksAsync(CancellationToken cancellationToken)
    {
        var (tasks, _) = await TryAsync("tasks", ct => _client.GetClusterTasksAsync(TimeSpan.Zero, ct), cancellationToken);
        return new Finding.Round(new(clock.GetUtcNow(), null, null, tasks, NoDetails), null);
    }

    private async Task<Finding> ReadLogsAsync(CancellationToken cancellationToken)
    {
        await _tasks.ReadAsync(Math.Min(_budget.Spare(cluster.Current.View.Nodes.Count, FixedReads), MostLogs), cancellationToken);
        return new Finding.Logs();
    }

    private async Task<Finding> ReadDetailAsync(string node, CancellationToken cancellationToken) =>
        new Finding.Detail(node, (await TryAsync($"status of {node}", ct => _client.GetNodeStatusAsync(node, TimeSpan.Zero, ct), cancellationToken)).Value);

    /// <summary>The nodes whose details are due, with half of the calls that the budget has to spare; the rest is for what
    /// people look at.</summary>
    private List<string> DetailsInTurn()
    {
        var nodes = cluster.Current.View.Nodes.Where(n => n.Status is NodeStatus.Online).Select(n => n.Name).ToArray();
        if (!connection.Options.NodeDetails || nodes.Length == 0) return [];

        var most = (nodes.Length + DetailsRound - 1) / DetailsRound;
        _detailCredit = Math.Min(most, _detailCredit + (_budget.Spare(cluster.Current.View.Nodes.Count, FixedReads) / 2.0));
        var count = (int)_detailCredit;
        _detailCredit -= count;
        var turn = Enumerable.Range(_nextDetail, count).Select(i => nodes[i % nodes.Length]).Distinct().Where(_asked.Add).ToList();
        _nextDetail = (_nextDetail + count) % nodes.Length;
        return turn;
    }

    private async Task<Finding> ReadSlowFactsAsync(CancellationToken cancellationToken)
    {
        var (permissions, _) = await TryAsync("permissions", _client.GetPermissionsAsync, cancellationToken);
        var (version, _) = await TryAsync("version", _client.GetVersionAsync, cancellationToken);
        await TryAsync("nodes", _client.LearnEndpointsAsync, cancellationToken);
        learned?.Invoke();
        return new Finding.SlowFacts(permissions is null ? null : Access.Judge(permissions, _tokenId), version?.Version);
    }

    private async Task<(T? Value, ProxmoxException? Trouble)> TryAsync<T>(string what, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var value = await read(cancellationToken);
            recorder.ReadWorks(cluster.Key, what);
            return (value, null);
        }
        catch (ProxmoxException failure)
        {
            LogReadFailed(cluster.Key, what, failure.Kind, failure.Message);
            recorder.ReadFailed(cluster.Key, what, failure.Message);
            return (null, failure);
        }
    }

    private void Take(Finding.Round round)
    {
        if (round.Reading.Resources is not null) _resources.Touch();
        if (round.Reading.Status is not null) _status.Touch();

        var next = _builder.Next(cluster.Current.View, round.Reading with { Details = new Dictionary<string, Proxmox.Wire.NodeStatus>(_newDetails) });
        _newDetails.Clear();
        next = WithoutOldDetails(next);
        if (round.Reading.Status is { } status) next = next with { Header = next.Header with { Quorate = Quorate(status) } };
        Publish(next, round);
    }

    private void TakeDetail(Finding.Detail detail)
    {
        _asked.Remove(detail.Node);
        if (detail.Status is not { } status) return;

        // Details wait for the next round, so that screens get one message a cadence; the first ones do not.
        var isFirst = !_details.ContainsKey(detail.Node);
        if (isFirst) _details[detail.Node] = new(clock);
        _details[detail.Node].Touch();
        _newDetails[detail.Node] = status;
        if (isFirst && _asked.Count == 0) Take(new(new(clock.GetUtcNow(), null, null, null, NoDetails), null));
    }

    private void TakeFacts(Finding.SlowFacts facts)
    {
        var header = cluster.Current.View.Header;
        if (facts is { Access: not null, Version: not null }) _slowFacts.Touch();
        else _slowFacts.Touch(SlowFactsEvery - SlowFactsAgain);

        var access = facts.Access is null || header.Access is { } known && Same(known, facts.Access) ? header.Access : facts.Access;
        Publish(cluster.Current.View with { Header = header with { Access = access, Version = facts.Version ?? header.Version } }, null);
    }

    private ClusterView WithoutOldDetails(ClusterView view) => view.Nodes.All(n => n.Load is null || IsFresh(n))
        ? view
        : view with { Nodes = [.. view.Nodes.Select(n => IsFresh(n) ? n : n with { Load = null, IoWait = null, Swap = null })] };

    private bool IsFresh(NodeView node) => _details.TryGetValue(node.Name, out var read) && read.IsWithin(DetailsKeep);

    private void Publish(ClusterView next, Finding.Round? round)
    {
        var read = round?.Reading.Resources is not null;
        var header = next.Header;
        var blind = IsBlind;
        header = header with
        {
            BlindSince = blind ? header.BlindSince ?? header.ObservedAt ?? _started : null,
            Quorate = blind || !_status.IsWithin(_cadence * StaleAfterCadences) ? null : header.Quorate,
            ObservedAt = read ? round!.Reading.At : header.ObservedAt,
            Trouble = read ? null : round?.Trouble?.Message ?? header.Trouble,
        };
        if (!_observer.IsWithin(ObserverEvery) || header.Observer is null && _budget.LastMinute > 0)
        {
            _observer.Touch();
            header = header with { Observer = Observe() };
        }

        if (cluster.Publish(next with { Header = header }) is { } change) recorder.Record(change, read);
    }

    private ObserverView Observe()
    {
        var statistics = _client.Statistics;
        return new(
            statistics.Calls, statistics.Bytes,
            statistics.Calls == 0 ? null : Math.Round(statistics.AnswerTime.TotalMilliseconds / statistics.Calls, 1),
            statistics.Endpoints.FirstOrDefault(e => e.InUse)?.Endpoint.Authority);
    }

    private static IReadOnlyDictionary<string, Proxmox.Wire.NodeStatus> NoDetails { get; } = new Dictionary<string, Proxmox.Wire.NodeStatus>();

    private static bool? Quorate(IReadOnlyList<ClusterStatusRow> rows) =>
        rows.FirstOrDefault(r => r.Type == "cluster") is { } row ? row.Quorate : rows.Any(r => r.Type == "node") ? true : null;

    private static bool Same(AccessView a, AccessView b) =>
        a with { Missing = b.Missing, Cure = b.Cure } == b && a.Missing.SequenceEqual(b.Missing) && a.Cure.SequenceEqual(b.Cure);

    /// <summary>What comes to the loop, which alone changes the state.</summary>
    private abstract record Finding
    {
        private Finding() { }

        public sealed record Tick : Finding;

        public sealed record Wanted(TaskCompletionSource Published) : Finding;

        public sealed record Round(ClusterReading Reading, ProxmoxException? Trouble) : Finding;

        public sealed record Detail(string Node, Proxmox.Wire.NodeStatus? Status) : Finding;

        public sealed record Logs : Finding;

        public sealed record SlowFacts(AccessView? Access, string? Version) : Finding;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cluster {Cluster}: reading {What} failed ({Kind}): {Message}")]
    private partial void LogReadFailed(string cluster, string what, ProxmoxFailure kind, string message);
}
