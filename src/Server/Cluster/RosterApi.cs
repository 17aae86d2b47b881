using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Jarvis.Server.Cluster;

/// <summary>Clusters that come and go: for administrators.</summary>
internal static class RosterApi
{
    private const int LongestBody = 8 * 1024;

    public static void MapRosterApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api").WithTags("Cluster").RequireAuthorization("admin").WithMetadata(new RequestSizeLimitAttribute(LongestBody));
        api.MapPost("/clusters/probe", ProbeAsync).WithSummary("The certificate that an address presents; nothing secret is sent there.");
        api.MapPost("/clusters/test", TestAsync).WithSummary("Whether a token works, and what it may see.");
        api.MapPost("/clusters", AddAsync).WithSummary("Watches one more cluster from now on.");
        api.MapPost("/demo", AddDemoAsync).WithSummary("Watches a simulated cluster inside the server.");
        api.MapGet("/clusters/{key}/settings", Settings).WithSummary("How a cluster is reached and watched.");
        api.MapPatch("/clusters/{key}", ChangeAsync).WithSummary("Renames, pauses or resumes a cluster, or goes over to another address, certificate or token.");
        api.MapDelete("/clusters/{key}", RemoveAsync).WithSummary("Watches a cluster no longer and forgets its token and its history.");
    }

    private static async Task<Results<Ok<ProbeAnswer>, ProblemHttpResult>> ProbeAsync(ProbeRequest request, FirstContact contact, CancellationToken cancellationToken)
    {
        var probed = await contact.ProbeAsync(request.Address, cancellationToken);
        return probed.Value is { } answer ? TypedResults.Ok(answer) : probed.Refused!.ToProblem();
    }

    private static async Task<Results<Ok<TestAnswer>, ProblemHttpResult>> TestAsync(TestRequest request, FirstContact contact, CancellationToken cancellationToken)
    {
        var tested = await contact.TestAsync(request.Address, request.Fingerprint is { } given ? [given] : [], request.Token, cancellationToken);
        return tested.Value is { } met ? TypedResults.Ok(met.Answer) : tested.Refused!.ToProblem();
    }

    private static async Task<Results<Created<ClusterListing>, ProblemHttpResult>> AddAsync(
        AddClusterRequest request, ClusterRoster roster, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        Created(await roster.AddAsync(request, NameOf(user), cancellationToken));

    private static async Task<Results<Created<ClusterListing>, ProblemHttpResult>> AddDemoAsync(
        DemoRequest request, ClusterRoster roster, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        Created(await roster.AddDemoAsync(request.Scenario, NameOf(user), cancellationToken));

    private static Results<Ok<ClusterSettings>, ProblemHttpResult> Settings(string key, LiveClusters clusters, ClusterRoster roster) =>
        clusters.Find(key) is { } cluster ? TypedResults.Ok(roster.SettingsOf(cluster)) : Unknown(key);

    private static async Task<Results<Ok<ClusterSettings>, ProblemHttpResult>> ChangeAsync(
        string key, ChangeClusterRequest request, ClusterRoster roster, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var changed = await roster.ChangeAsync(key, request, NameOf(user), cancellationToken);
        return changed.Value is { } cluster ? TypedResults.Ok(roster.SettingsOf(cluster)) : changed.Refused!.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        string key, ClusterRoster roster, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await roster.RemoveAsync(key, NameOf(user), cancellationToken) is { } refused ? refused.ToProblem() : TypedResults.NoContent();

    private static Results<Created<ClusterListing>, ProblemHttpResult> Created(Outcome<LiveCluster> added) =>
        added.Value is { } cluster ? TypedResults.Created($"/api/clusters/{cluster.Key}", ClusterListing.Of(cluster)) : added.Refused!.ToProblem();

    private static ProblemHttpResult Unknown(string key) => Refusal.Unknown("CLUSTER_UNKNOWN", $"No cluster has the key '{key}'.").ToProblem();

    private static string NameOf(ClaimsPrincipal user) => user.FindFirst("sub")?.Value ?? "unknown";
}
