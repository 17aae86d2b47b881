using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Cluster;

/// <summary>The live state over HTTP. Without a key in the path the only cluster is meant.</summary>
internal static class ClusterApi
{
    public static RouteGroupBuilder MapClusterApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api").WithTags("Cluster").RequireAuthorization("viewer");
        api.MapGet("/clusters", List).WithSummary("The clusters this server watches.");
        foreach (var prefix in (string[])["", "/clusters/{key}"])
        {
            var named = prefix.Length > 0 ? " of the cluster with this key" : "";
            api.MapGet(prefix + (named.Length > 0 ? "" : "/cluster"), Whole).Produces<ClusterAnswer>().WithSummary($"The whole state{named}.");
            api.MapGet(prefix + "/nodes/{node}", Node).WithSummary($"One node{named}.");
            api.MapGet(prefix + "/guests/{vmid:int}", Guest).WithSummary($"One guest{named}.");
            api.MapGet(prefix + "/observer", Observer).WithSummary($"What watching costs Proxmox{named}.");
            api.MapGet(prefix + "/metrics/{**target}", Metrics).WithSummary($"History of node/NAME, guest/VMID or storage/ID{named}.");
        }

        return api;
    }

    private static IReadOnlyList<ClusterListing> List(LiveClusters clusters) => [.. clusters.All.Select(ClusterListing.Of)];

    private static async Task<IResult> Whole(string? key, LiveClusters clusters, ClusterPages pages, HttpContext http)
    {
        if (Find(clusters, key, out var problem) is not { } cluster) return problem!;
        await pages.WriteAsync(cluster, http);
        return Results.Empty;
    }

    private static Results<Ok<NodeDetail>, ProblemHttpResult> Node(string? key, string node, LiveClusters clusters)
    {
        if (Find(clusters, key, out var problem) is not { } cluster) return problem!;
        var snapshot = cluster.Current;
        if (snapshot.Node(node) is not { } row) return Unknown("NODE_UNKNOWN", $"{cluster.Key} has no node '{node}'; it has {string.Join(", ", snapshot.View.Nodes.Select(n => n.Name))}.");
        var at = snapshot.View.Header.ObservedAt;
        return TypedResults.Ok(new NodeDetail(
            cluster.Key, NodeAnswer.Of(row, at),
            [.. snapshot.View.Guests.Where(g => g.Node == node).Select(g => GuestAnswer.Of(g, at))],
            [.. snapshot.View.Storages.Where(s => s.Shared || s.Node == node).Select(StorageAnswer.Of)],
            [.. snapshot.View.Tasks.Where(t => t.Node == node).OrderByDescending(t => t.StartedAt)]));
    }

    private static Results<Ok<GuestDetail>, ProblemHttpResult> Guest(string? key, int vmid, LiveClusters clusters)
    {
        if (Find(clusters, key, out var problem) is not { } cluster) return problem!;
        var snapshot = cluster.Current;
        if (snapshot.Guest(vmid) is not { } row) return Unknown("GUEST_UNKNOWN", $"{cluster.Key} has no guest {vmid}.");
        return TypedResults.Ok(new GuestDetail(
            cluster.Key, GuestAnswer.Of(row, snapshot.View.Header.ObservedAt),
            [.. snapshot.View.Tasks.Where(t => t.Target == $"{vmid}").OrderByDescending(t => t.StartedAt)]));
    }

    private static Results<Ok<ObserverAnswer>, ProblemHttpResult> Observer(string? key, LiveClusters clusters, ClusterClients clients)
    {
        if (Find(clusters, key, out var problem) is not { } cluster) return problem!;
        if (clients.Of(cluster) is not { } connection) return Gone(cluster);
        var statistics = connection.Client.Statistics;
        return TypedResults.Ok(new ObserverAnswer(
            cluster.Key, statistics.Calls, statistics.Failures, statistics.Bytes, statistics.Calls == 0 ? 0 : statistics.AnswerTime.TotalMilliseconds / statistics.Calls,
            6 * Math.Max(5, 2 + cluster.Current.View.Nodes.Count),
            [.. statistics.Paths.Select(p => new ObserverPath(p.Method, p.Path, p.Calls, p.Failures, p.Bytes, p.MeanAnswerTime.TotalMilliseconds, p.MaxAnswerTime.TotalMilliseconds))]));
    }

    private static async Task<Results<Ok<MetricsAnswer>, ProblemHttpResult>> Metrics(
        string? key, string target, string? range, LiveClusters clusters, Metrics metrics, CancellationToken cancellationToken)
    {
        if (Find(clusters, key, out var problem) is not { } cluster) return problem!;
        if (!Cluster.Metrics.Ranges.ContainsKey(range ?? "hour"))
        {
            return Refusal.Bad("RANGE_UNKNOWN", $"'{range}' is not a range; legal are {string.Join(", ", Cluster.Metrics.Ranges.Keys)}.").ToProblem();
        }

        if (Cluster.Metrics.Exists(cluster.Current, target) is { } why) return Unknown("TARGET_UNKNOWN", why);
        var read = await metrics.ReadAsync(cluster, target, range ?? "hour", cancellationToken);
        return read.Value is { } answer ? TypedResults.Ok(answer) : read.Refused!.ToProblem();
    }

    internal static LiveCluster? Find(LiveClusters clusters, string? key, out ProblemHttpResult? problem)
    {
        var found = key is null ? clusters.Only : clusters.Find(key);
        var keys = string.Join(", ", clusters.All.Select(c => c.Key));
        problem = found is not null ? null
            : key is not null ? Unknown("CLUSTER_UNKNOWN", $"No cluster has the key '{key}'; there are: {keys}.")
            : clusters.All.Count == 0 ? Unknown("NO_CLUSTER", "No cluster is watched.")
            : Refusal.Bad("CLUSTER_REQUIRED", $"Several clusters are watched; ask /api/clusters/KEY/… with one of: {keys}.").ToProblem();
        return found;
    }

    private static ProblemHttpResult Gone(LiveCluster cluster) => Unknown("CLUSTER_UNKNOWN", $"{cluster.Key} was removed.");

    private static ProblemHttpResult Unknown(string code, string detail) => Refusal.Unknown(code, detail).ToProblem();
}

/// <summary>The pages of all clusters.</summary>
internal sealed class ClusterPages(IOptions<JsonOptions> json)
{
    private readonly ConditionalWeakTable<LiveCluster, ClusterPage> _pages = [];

    public Task WriteAsync(LiveCluster cluster, HttpContext http) => _pages.GetValue(
        cluster, c => new(c, (JsonTypeInfo<ClusterAnswer>)json.Value.SerializerOptions.GetTypeInfo(typeof(ClusterAnswer)))).WriteAsync(http);
}
