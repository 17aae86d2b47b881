using Jarvis.Server.Events;
using Jarvis.Server.Hosting;
using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Cluster;

/// <summary>Which clusters are watched: those of the configuration, and those that people add, change, pause and remove.
/// Changes are made one at a time.</summary>
internal sealed partial class ClusterRoster(
    IReadOnlyList<ClusterOptions> configured, LiveClusters live, ClusterClients clients, ClusterWatch watch, ClusterStore store, TokenFiles tokens,
    FirstContact contact, Lookups lookups, DemoSimulator demo, IOptions<DemoOptions> demoOptions, DataFolder folder, ChangeRecorder recorder, EventLog events, TimeProvider clock, ILogger<ClusterRoster> log)
    : BackgroundService
{
    internal const int Most = 32;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, StoredCluster> _stored = new(StringComparer.Ordinal);
    private bool _loaded;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await InTurnAsync(
            async () =>
            {
                await TryLoadAsync(cancellationToken);
                if (!_loaded) foreach (var options in configured) Watch(options, ClusterOrigin.Configuration, paused: false);
                return 0;
            },
            cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await InTurnAsync(
            async () =>
            {
                await watch.StopAllAsync();
                return 0;
            },
            cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _gate.Dispose();
    }

    public Task<Outcome<LiveCluster>> AddAsync(AddClusterRequest request, string actor, CancellationToken cancellationToken) => InTurnAsync<Outcome<LiveCluster>>(
        async () =>
        {
            if (MayAdd(request.Key) is { } refused) return refused;
            var tested = await contact.TestAsync(request.Address, request.Fingerprint is { } given ? [given] : [], request.Token, cancellationToken);
            if (tested.Value is not { } met) return tested.Refused!;
            var cluster = new StoredCluster
            {
                Key = request.Key, Name = NameOf(request.Name, met.Answer.Name), Address = FirstContact.AddressOf(request.Address).Value, Fingerprint = request.Fingerprint,
                LearnedEndpoints = met.Endpoints, LearnedFingerprints = met.Fingerprints,
            };
            try
            {
                // From here on it is done even if nobody waits any more.
                using var change = await folder.ChangeAsync(CancellationToken.None);
                using var token = tokens.Replace(cluster.Key, FirstContact.Clean(request.Token));
                await store.SaveAsync(cluster, CancellationToken.None);
                token.Keep();
            }
            catch (Exception e) when (IsOfStorage(e))
            {
                return NotStored(e);
            }

            return Added(cluster, cluster.ToOptions(tokens), actor);
        },
        cancellationToken);

    public Task<Outcome<LiveCluster>> AddDemoAsync(string scenario, string actor, CancellationToken cancellationToken) =>
        InTurnAsync(() => AddDemoNowAsync(scenario, actor, cancellationToken), cancellationToken);

    public Task<Outcome<LiveCluster>> ChangeAsync(string key, ChangeClusterRequest change, string actor, CancellationToken cancellationToken) => InTurnAsync<Outcome<LiveCluster>>(
        async () =>
        {
            if (live.Find(key) is not { } cluster) return Unknown(key);
            if (change.ChangesSetUp && !_stored.ContainsKey(key)) return Configured(key);
            if (change.ChangesAccess && _stored[key].Scenario is not null) return Refusal.Conflict("CLUSTER_DEMO", "A simulated cluster has no address or token to change; remove it and choose another scenario.");
            try
            {
                return await ChangeNowAsync(cluster, change, actor, cancellationToken);
            }
            catch (Exception e) when (IsOfStorage(e))
            {
                return NotStored(e);
            }
        },
        cancellationToken);

    /// <summary>Null when it is done.</summary>
    public Task<Refusal?> RemoveAsync(string key, string actor, CancellationToken cancellationToken) => InTurnAsync<Refusal?>(
        async () =>
        {
            if (live.Find(key) is not { } cluster) return Unknown(key);
            if (!_stored.TryGetValue(key, out var stored)) return Configured(key);
            try
            {
                using var change = await folder.ChangeAsync(CancellationToken.None);
                await store.RemoveAsync(key, CancellationToken.None);
                _stored.Remove(key);
                await watch.StopAsync(cluster);
                if (stored.Scenario is null) ForgetToken(key);
            }
            catch (Exception e) when (IsOfStorage(e))
            {
                return NotStored(e);
            }

            live.Replace([.. live.All.Where(c => c != cluster)]);
            clients.Close(cluster);
            lookups.Forget(cluster);
            recorder.Forget(key);
            if (stored.Scenario is not null) await demo.StopAsync();
            Tell("cluster.removed", cluster, actor, $"{cluster.Entry.Name} is no longer watched.");
            return null;
        },
        cancellationToken);

    /// <summary>Loads what was stored once the database can be read, however late that is.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Retry, clock);
        while (!_loaded && await timer.WaitForNextTickAsync(stoppingToken))
        {
            await InTurnAsync(
                async () =>
                {
                    await TryLoadAsync(stoppingToken);
                    return 0;
                },
                stoppingToken);
        }
    }

    private async Task TryLoadAsync(CancellationToken cancellationToken)
    {
        if (store.Trouble is not null) return;
        try
        {
            var (added, paused) = await store.ReadAsync(cancellationToken);
            tokens.Sweep();
            foreach (var options in configured)
            {
                var cluster = Watch(options, ClusterOrigin.Configuration, paused.Contains(options.Key));
                if (paused.Contains(options.Key) && !cluster.Entry.Paused) await ShowAsync(cluster, cluster.Entry with { Paused = true }, null);
            }

            foreach (var cluster in added)
            {
                if (live.Find(cluster.Key) is not null)
                {
                    LogHidden(cluster.Key);
                    continue;
                }

                _stored[cluster.Key] = cluster;
                try
                {
                    if (cluster.Damage is { } damage) throw new InvalidDataException(damage);
                    var options = cluster.Scenario is null ? cluster.ToOptions(tokens) : await StartDemoAsync(cluster, cancellationToken);
                    Watch(options, OriginOf(cluster), cluster.Paused);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    LogNotStarted(cluster.Key, e.Message);
                    ListDead(cluster, e.Message);
                }
            }

            _loaded = true;
            if (demoOptions.Value.First is { Length: > 0 } scenario && live.All.Count == 0) await AddDemoNowAsync(scenario, "system", cancellationToken);
        }
        catch (SqliteException)
        {
            // The database says itself what ails it; it is tried again.
        }
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> act, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await act();
        }
        finally
        {
            _gate.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cluster {Cluster} was added earlier and is configured now too; the configuration is used")]
    private partial void LogHidden(string cluster);

    [LoggerMessage(Level = LogLevel.Error, Message = "Cluster {Cluster} cannot be watched: {Why}")]
    private partial void LogNotStarted(string cluster, string why);
}
