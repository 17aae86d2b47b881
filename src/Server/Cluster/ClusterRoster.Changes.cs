using Jarvis.Server.Events;
using Jarvis.Server.Hosting;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Cluster;

internal sealed partial class ClusterRoster
{
    /// <summary>How a cluster is set up now, with what was learned since.</summary>
    public ClusterSettings SettingsOf(LiveCluster cluster)
    {
        var (key, name, paused, origin) = cluster.Entry;
        if (clients.Of(cluster) is not { Options: var options, Client: var client }) return new(key, name, origin, paused, [], [], null, cluster.Current.View.Header.CadenceSeconds);
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
        // Forgotten when it was removed, too; a server that was killed right then would show its measurements as this one's.
        recorder.Forget(stored.Key);
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

    /// <summary>Makes all of a change or nothing: what is new is tried first, then stored at once, and only then shown and used.</summary>
    private async Task<Outcome<LiveCluster>> ChangeNowAsync(LiveCluster cluster, ChangeClusterRequest change, string actor, CancellationToken cancellationToken)
    {
        var before = _stored.GetValueOrDefault(cluster.Key);
        var next = before;
        if (change.ChangesAccess)
        {
            var met = await MeetAsync(cluster, before!, change, cancellationToken);
            if (met.Refused is { } refused) return refused;
            next = met.Value!;
        }

        if (change.Name is not null) next = next! with { Name = NameOf(change.Name, cluster.Key) };
        // Its name alone would be stored in the place of what can still be read of the rest.
        if (next?.Damage is { } damage && change.ChangesSetUp) return Refusal.Conflict("CLUSTER_DAMAGED", $"{cluster.Entry.Name} can only be given another address, or be removed: {damage}.");
        bool? paused = change.Paused is { } wanted && wanted != cluster.Entry.Paused ? wanted : null;
        await KeepAsync(cluster.Key, next == before ? null : next, change.Token, paused);
        if (next is not null) _stored[cluster.Key] = next;
        var entry = cluster.Entry with { Name = next?.Name ?? cluster.Entry.Name, Paused = paused ?? cluster.Entry.Paused };
        if (change.ChangesAccess || entry != cluster.Entry) await ShowAsync(cluster, entry, change.ChangesAccess ? next : null);

        if (change.ChangesSetUp) Tell("cluster.changed", cluster, actor, change.ChangesAccess ? $"How {entry.Name} is reached was changed." : $"{cluster.Key} is called {entry.Name} now.");
        if (paused is true) Tell("cluster.paused", cluster, actor, $"{entry.Name} is paused: nothing is asked of it.");
        else if (paused is false) Tell("cluster.resumed", cluster, actor, $"{entry.Name} is watched again.");
        return cluster;
    }

    /// <summary>Tries the new address, certificate or token; gives what to store of the cluster from now on.</summary>
    private async Task<Outcome<StoredCluster>> MeetAsync(LiveCluster cluster, StoredCluster stored, ChangeClusterRequest change, CancellationToken cancellationToken)
    {
        var address = change.Address is null ? stored.Address : FirstContact.AddressOf(change.Address).Value;
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
        if (tested.Value is not { } met) return tested.Refused!;
        if (unknown && !change.SameCluster && !IsSame(cluster, met, known, moved: address != stored.Address))
        {
            return Refusal.Conflict("CLUSTER_OTHER",
                $"None of the certificates behind https://{address.Authority} is known of {cluster.Entry.Name}: it is another cluster, or all of its certificates were replaced. "
                + "Add another cluster beside this one, or remove this one first, so that their histories are not mixed; if it is the same, say so (sameCluster).");
        }

        return stored with
        {
            Address = address,
            Fingerprint = change.Fingerprint ?? stored.Fingerprint,
            LearnedEndpoints = met.Endpoints,
            LearnedFingerprints = met.Fingerprints.Count > 0 ? met.Fingerprints : stored.LearnedFingerprints,
            Damage = null,
        };
    }

    /// <summary>Whether a cluster with an unknown certificate in front is the one that was there. Names of nodes and numbers of
    /// guests are the same in many clusters, so elsewhere only certificates count; in the old place a name that is
    /// still there is enough, for there certificates are renewed.</summary>
    private static bool IsSame(LiveCluster cluster, Contact met, List<string> known, bool moved)
    {
        if (met.Fingerprints.Any(f => known.Contains(Normal(f)))) return true;
        var nodes = cluster.Current.View.Nodes;
        return !moved && (nodes.Count == 0 || nodes.Any(n => met.Answer.Nodes.Any(m => m.Name == n.Name)));
    }

    // What the database refuses leaves the token as it was too.
    private async Task KeepAsync(string key, StoredCluster? stored, string? token, bool? paused)
    {
        using var change = await folder.ChangeAsync(CancellationToken.None);
        using var swap = token is null ? null : tokens.Replace(key, FirstContact.Clean(token));
        if (stored is not null || paused is not null) await store.ChangeAsync(key, stored, paused, CancellationToken.None);
        swap?.Keep();
    }

    /// <summary>Goes on with another name, another connection, paused or watched: between two pollers, for only one may publish.
    /// While paused nothing is asked of Proxmox; what was last seen stays, and is not blindness.</summary>
    private async Task ShowAsync(LiveCluster cluster, ClusterEntry entry, StoredCluster? reconnect)
    {
        var before = cluster.Entry;
        await watch.StopAsync(cluster);
        if (reconnect is not null)
        {
            clients.Open(cluster, reconnect.ToOptions(tokens));
            lookups.Forget(cluster);
        }

        cluster.Change(entry);
        live.Replace([.. live.All]);
        var header = cluster.Current.View.Header with { Name = entry.Name };
        // What keeps a cluster from being connected to at all is true of it paused or not.
        if (entry.Paused != before.Paused && clients.Of(cluster) is not null) header = header with { BlindSince = null, Trouble = null, Observer = null };
        cluster.Publish(cluster.Current.View with { Header = header });
        if (!entry.Paused) Start(cluster);
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
