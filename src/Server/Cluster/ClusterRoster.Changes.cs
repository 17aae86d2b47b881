using Jarvis.Server.Events;
using Jarvis.Server.Hosting;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Cluster;

internal sealed partial class ClusterRoster
{
    /// <summary>How a cluster is set up now, with what was learned since; null when it has gone.</summary>
    public ClusterSettings? SettingsOf(LiveCluster cluster)
    {
        if (clients.Of(cluster) is not { Options: var options, Client: var client }) return null;
        var (key, name, paused, origin) = cluster.Entry;
        return new(
            key, name, origin, paused,
            [.. client.Statistics.Endpoints.Select(e => e.Endpoint.GetLeftPart(UriPartial.Authority))],
            [.. options.Fingerprints.Select(Normal).Concat(client.LearnedFingerprints).Distinct(StringComparer.Ordinal)],
            options.TokenId is var id and not ClusterOptions.UnknownToken ? id : null,
            options.CadenceSeconds);
    }

    private Refusal? MayAdd(string key) =>
        store.Trouble is { } trouble ? Unavailable(trouble)
        : live.Find(key) is { } cluster ? Refusal.Conflict("CLUSTER_EXISTS", $"{cluster.Entry.Name} has the key '{key}' already; choose another one or remove it first.")
        : live.All.Count >= Most ? Refusal.Conflict("TOO_MANY_CLUSTERS", $"At most {Most} clusters are watched; remove one first.")
        : null;

    private Outcome<LiveCluster> Added(StoredCluster stored, ClusterOptions options, string actor)
    {
        _stored[stored.Key] = stored;
        var cluster = Watch(options, OriginOf(stored), paused: false);
        Tell("cluster.added", cluster, actor, $"{stored.Name} is watched from now on.");
        return cluster;
    }

    /// <summary>Takes the cluster into the list, unless it is there already, and starts to watch it unless it is paused.</summary>
    private LiveCluster Watch(ClusterOptions options, ClusterOrigin origin, bool paused)
    {
        if (live.Find(options.Key) is not { } cluster)
        {
            cluster = new(new(options.Key, NameOf(options.Name, options.Key), paused, origin), options.CadenceSeconds);
            clients.Open(cluster, options);
            live.Replace([.. live.All, cluster]);
        }

        if (!paused) Start(cluster);
        return cluster;
    }

    /// <summary>Lists what cannot be connected to, so that it is seen and can be removed.</summary>
    private void ListDead(StoredCluster stored, string why)
    {
        if (live.Find(stored.Key) is not { } cluster)
        {
            cluster = new(new(stored.Key, stored.Name, stored.Paused, OriginOf(stored)), new ClusterOptions().CadenceSeconds);
            live.Replace([.. live.All, cluster]);
        }

        var view = cluster.Current.View;
        cluster.Publish(view with { Header = view.Header with { BlindSince = clock.GetUtcNow(), Trouble = why } });
    }

    private static ClusterOrigin OriginOf(StoredCluster stored) => stored.Scenario is null ? ClusterOrigin.Added : ClusterOrigin.Demo;

    private void Start(LiveCluster cluster) => watch.Start(cluster, _stored.ContainsKey(cluster.Key) ? () => _ = KeepLearnedAsync(cluster) : null);

    /// <summary>Stores the other nodes' addresses and certificates, so that one of them stands in at the next start, and a
    /// certificate renewed since is known.</summary>
    private async Task KeepLearnedAsync(LiveCluster cluster)
    {
        try
        {
            await InTurnAsync(
                async () =>
                {
                    if (clients.Of(cluster) is not { } connection || !_stored.TryGetValue(cluster.Key, out var stored) || stored.Scenario is not null) return false;
                    Uri[] endpoints = [.. connection.Client.Statistics.Endpoints.Select(e => e.Endpoint)];
                    string[] fingerprints = [.. connection.Client.LearnedFingerprints.Order(StringComparer.Ordinal)];
                    if (endpoints.SequenceEqual(stored.LearnedEndpoints) && fingerprints.SequenceEqual(stored.LearnedFingerprints)) return false;
                    stored = stored with { LearnedEndpoints = endpoints, LearnedFingerprints = fingerprints };
                    await store.SaveAsync(stored, CancellationToken.None);
                    _stored[cluster.Key] = stored;
                    return true;
                },
                CancellationToken.None);
        }
        catch (Exception e) when (IsOfStorage(e) || e is ObjectDisposedException)
        {
            LogNotKept(cluster.Key, e.Message);
        }
    }

    /// <summary>Tries the new address, certificate or token, and goes over to them; null when it is done.</summary>
    private async Task<Refusal?> ReconnectAsync(LiveCluster cluster, ChangeClusterRequest change, CancellationToken cancellationToken)
    {
        var stored = _stored[cluster.Key];
        var address = change.Address is null ? stored.Address! : FirstContact.AddressOf(change.Address).Value;
        if (address is null) return Refusal.Bad("ADDRESS", FirstContact.LegalAddress);
        List<string> known = [.. stored.LearnedFingerprints.Select(Normal)];
        if (stored.Fingerprint is { } kept) known.Add(Normal(kept));
        List<string> trusted = change.Fingerprint is { } given ? [Normal(given)] : stored.Fingerprint is null && address == stored.Address ? [] : known;
        var unknown = trusted.Except(known).Any() || (trusted.Count == 0 && address != stored.Address);
        if (change.Token is null && unknown)
        {
            return Refusal.Unprocessable("TOKEN_NEEDED", "This address shows a certificate that is not known of this cluster; the kept token is not sent there. Give the token again.");
        }

        var token = change.Token ?? await File.ReadAllTextAsync(tokens.PathOf(cluster.Key), cancellationToken);
        var tested = await contact.TestAsync(address.Authority, trusted, token, cancellationToken);
        if (tested.Value is not { } met) return tested.Refused;

        stored = stored with
        {
            Address = address,
            Fingerprint = change.Fingerprint ?? stored.Fingerprint,
            LearnedEndpoints = met.Endpoints,
            LearnedFingerprints = met.Fingerprints.Count > 0 ? met.Fingerprints : stored.LearnedFingerprints,
        };
        if (change.Token is not null) await ReplaceTokenAsync(stored, FirstContact.Clean(change.Token));
        else await store.SaveAsync(stored, CancellationToken.None);
        _stored[cluster.Key] = stored;
        await watch.StopAsync(cluster);
        clients.Open(cluster, stored.ToOptions(tokens));
        lookups.Forget(cluster);
        if (!cluster.Entry.Paused) Start(cluster);
        return null;
    }

    // The file first: a row without its token could not be connected to. What the database refuses leaves both as they were.
    private async Task ReplaceTokenAsync(StoredCluster stored, string token)
    {
        using var change = await folder.ChangeAsync(CancellationToken.None);
        var before = await File.ReadAllTextAsync(tokens.PathOf(stored.Key), CancellationToken.None);
        tokens.Write(stored.Key, token);
        try
        {
            await store.SaveAsync(stored, CancellationToken.None);
        }
        catch
        {
            tokens.Write(stored.Key, before);
            throw;
        }
    }

    private async Task RenameAsync(LiveCluster cluster, string wanted)
    {
        var stored = _stored[cluster.Key] with { Name = NameOf(wanted, cluster.Key) };
        await store.SaveAsync(stored, CancellationToken.None);
        _stored[cluster.Key] = stored;
        cluster.Change(cluster.Entry with { Name = stored.Name });
        live.Replace([.. live.All]);
        await PublishAsync(cluster, header => header with { Name = stored.Name });
    }

    private async Task PauseAsync(LiveCluster cluster, bool paused, string actor)
    {
        await store.PauseAsync(cluster.Key, paused, CancellationToken.None);
        await SetPausedAsync(cluster, paused);
        if (paused) Tell("cluster.paused", cluster, actor, $"{cluster.Entry.Name} is paused: nothing is asked of it.");
        else Tell("cluster.resumed", cluster, actor, $"{cluster.Entry.Name} is watched again.");
    }

    /// <summary>While paused nothing is asked of Proxmox; what was last seen stays, and is not blindness.</summary>
    private async Task SetPausedAsync(LiveCluster cluster, bool paused)
    {
        cluster.Change(cluster.Entry with { Paused = paused });
        live.Replace([.. live.All]);
        // What keeps a cluster from being connected to at all is true of it paused or not.
        if (clients.Of(cluster) is null) return;
        await PublishAsync(cluster, header => header with { BlindSince = null, Trouble = null, Observer = null });
    }

    /// <summary>Publishes between two pollers, for only one may.</summary>
    private async Task PublishAsync(LiveCluster cluster, Func<ClusterHeader, ClusterHeader> header)
    {
        await watch.StopAsync(cluster);
        cluster.Publish(cluster.Current.View with { Header = header(cluster.Current.View.Header) });
        if (!cluster.Entry.Paused) Start(cluster);
    }

    private async Task<Outcome<LiveCluster>> AddDemoNowAsync(string scenario, string actor, CancellationToken cancellationToken)
    {
        if (MayAdd(DemoSimulator.Key) is { } refused) return refused;
        var cluster = new StoredCluster { Key = DemoSimulator.Key, Name = DemoSimulator.Title(scenario), Scenario = scenario };
        try
        {
            var options = await StartDemoAsync(cluster, cancellationToken);
            await store.SaveAsync(cluster, CancellationToken.None);
            return Added(cluster, options, actor);
        }
        catch (Exception e) when (IsOfStorage(e))
        {
            await demo.StopAsync();
            return NotStored(e);
        }
    }

    private async Task<ClusterOptions> StartDemoAsync(StoredCluster stored, CancellationToken cancellationToken)
    {
        var address = await demo.StartAsync(new() { Scenario = stored.Scenario! }, folder.Path, cancellationToken);
        return new() { Key = stored.Key, Name = stored.Name, Endpoints = [.. address.Endpoints], Fingerprints = [.. address.Fingerprints], TokenFile = address.TokenFile };
    }

    private void ForgetToken(string key)
    {
        try
        {
            tokens.Remove(key);
        }
        catch (Exception e) when (IsOfStorage(e))
        {
            LogNotWritten(e.Message);
        }
    }

    private void Tell(string type, LiveCluster cluster, string actor, string summary) => events.TryPost(
        new() { Type = type, Severity = Severity.Info, Source = Source.User, Actor = actor, Cluster = cluster.Key, Summary = summary });

    private Refusal Unknown(string key) => Refusal.Unknown("CLUSTER_UNKNOWN", $"No cluster has the key '{key}'; there are: {string.Join(", ", live.All.Select(c => c.Key))}.");

    private static Refusal Configured(string key) =>
        Refusal.Conflict("CLUSTER_CONFIGURED", $"'{key}' comes from the configuration and is changed or removed there; here it can be paused.");

    private Refusal NotStored(Exception e)
    {
        if (e is SqliteException) return Unavailable(e.Message);
        LogNotWritten(e.Message);
        return new(StatusCodes.Status503ServiceUnavailable, "DATA_FOLDER_UNAVAILABLE", "The data folder cannot be written; the server's log says why.");
    }

    private static Refusal Unavailable(string why) =>
        new(StatusCodes.Status503ServiceUnavailable, "DATABASE_UNAVAILABLE", $"Clusters cannot be changed while the database is out of reach: {why}");

    private static bool IsOfStorage(Exception e) => e is SqliteException or IOException or UnauthorizedAccessException;

    private static string NameOf(string? wanted, string otherwise) => wanted?.Trim() is { Length: > 0 } name ? name : otherwise;

    private static string Normal(string fingerprint) =>
        string.Join(':', fingerprint.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant().Chunk(2).Select(pair => new string(pair)));

    [LoggerMessage(Level = LogLevel.Warning, Message = "What cluster {Cluster} told of its nodes could not be kept: {Why}")]
    private partial void LogNotKept(string cluster, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The data folder cannot be written: {Why}")]
    private partial void LogNotWritten(string why);
}
