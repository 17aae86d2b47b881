using System.ComponentModel.DataAnnotations;
using Jarvis.Safety;
using Jarvis.Server.Auth;
using Jarvis.Server.Cluster;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using ApiKey = Jarvis.Server.Auth.ApiKey;
using Role = Jarvis.Server.Auth.Role;

namespace Jarvis.Server.Gate;

/// <summary>Keys for programs: over REST to the tools, and over MCP. None decides, and none switches anything.</summary>
internal static class KeysApi
{
    private const int MostGrants = 100;
    private const int MostTargets = 200;

    public static void MapKeysApi(this IEndpointRouteBuilder app)
    {
        var keys = app.MapGroup("/api/keys").WithTags("Keys").RequireAuthorization(Policies.Admin)
            .AddEndpointFilter(DatabaseTrouble.Answer).AddEndpointFilter(Verdicts.StoreTroubleAsync).WithMetadata(new RequestSizeLimitAttribute(256 * 1024));
        keys.MapGet("", ListAsync).WithSummary("Every key, without its secret.");
        keys.MapPost("", AddAsync).ProducesProblem(400).ProducesProblem(409).WithSummary("Makes a key; its secret is in the answer and nowhere else.");
        keys.MapDelete("/{id:guid}", RemoveAsync).ProducesProblem(404).WithSummary("Revokes a key at once, and what it has asked for.");
    }

    private static async Task<IReadOnlyList<ApiKeyView>> ListAsync(ApiKeys keys, CancellationToken cancellationToken) =>
        [.. (await keys.ListAsync(cancellationToken)).Select(ViewOf)];

    private static async Task<Results<Created<NewApiKey>, ProblemHttpResult>> AddAsync(
        ApiKeyRequest request, ApiKeys keys, ToolCatalogue catalogue, LiveClusters clusters, CurrentUser user, CancellationToken cancellationToken)
    {
        var grants = request.Grants ?? [];
        if (Wrong(request, grants, catalogue, clusters) is { } wrong) return Verdicts.Problem(new(VerdictCode.DenyArgs, wrong), null);
        var rights = new KeyRights(request.Role == "viewer" ? Role.Viewer : Role.Operator, request.Ceiling == "green" ? Tier.Green : Tier.Yellow, grants);
        return await keys.AddAsync(request.Name, user.Name, Keys.Text(rights), request.Days, cancellationToken) is var (key, secret)
            ? TypedResults.Created($"/api/keys/{key.Id}", new NewApiKey(ViewOf(key), secret))
            : AuthApi.Refuse(409, "KEY_TAKEN", "The key cannot be made", $"There is a key {request.Name} already, or there are {ApiKeys.Most}, which is the most.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Guid id, ApiKeys keys, SafetyKernel kernel, CurrentUser user, CancellationToken cancellationToken)
    {
        if (await keys.RemoveAsync(id, user.Name, cancellationToken) is not { } key) return AuthApi.Refuse(404, "KEY_UNKNOWN", "There is no such key", "It was revoked already; GET /api/keys lists them.");
        foreach (var actor in Keys.ActorsOf(key)) kernel.Approvals.Withdraw(actor, People.CallerOf(user, kernel));
        return TypedResults.NoContent();
    }

    private static string? Wrong(ApiKeyRequest request, IReadOnlyList<Grant> grants, ToolCatalogue catalogue, LiveClusters clusters)
    {
        if (request.Role == "viewer" && (request.Ceiling != "green" || grants.Count > 0)) return "A viewer's key reads: its ceiling is green, and it has no grants.";
        if (grants.Count > MostGrants) return $"A key has at most {MostGrants} grants.";
        foreach (var grant in grants)
        {
            if (grant is not { Tool: not null, Targets: not null }) return "A grant names a tool and its targets.";
            if (catalogue.Find(grant.Tool) is not { } tool) return $"There is no tool called {PlainText.Shown(grant.Tool, 60)}; GET /api/tools lists them.";
            if (tool.Tier is not (Tier.Yellow or Tier.Red)) return $"{tool.Name} is {tool.Tier.ToString().ToUpperInvariant()}: only YELLOW and RED tools can be granted.";
            if (grant.Targets.Count is 0 or > MostTargets) return $"A grant names 1 to {MostTargets} targets.";
            foreach (var target in grant.Targets)
            {
                if (target is not { Id: { Length: > 0 and <= 100 } id, Cluster: not null } || id.Any(char.IsControl)) return "A target has a cluster, a kind and an id of 1 to 100 characters.";
                if (clusters.Find(target.Cluster) is null) return $"There is no cluster {PlainText.Shown(target.Cluster, 60)}; it is one of {string.Join(", ", clusters.All.Select(c => c.Key))}.";
                if (target.Kind == Kind.Guest && !(long.TryParse(id, System.Globalization.NumberStyles.None, null, out var number) && VmId.TryCreate(number, out _) && id[0] != '0')) return "The id of a guest is its number, 100 to 999999999.";
            }
        }
        return null;
    }

    private static ApiKeyView ViewOf(ApiKey key)
    {
        var rights = Keys.RightsOf(key);
        return new(key.Id, key.Name, key.Owner, rights.Role, rights.Ceiling, rights.Grants, key.CreatedAt, key.UsedAt, key.ExpiresAt);
    }
}

/// <summary>A key without its secret.</summary>
public sealed record ApiKeyView(
    Guid Id, string Name, string Owner, Role Role, Tier Ceiling, IReadOnlyList<Grant> Grants, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt, DateTimeOffset? ExpiresAt);

/// <summary>A key as it is shown once.</summary>
public sealed record NewApiKey(ApiKeyView Key, string Secret)
{
    // A record prints its members, and the secret must stand in no log.
    public override string ToString() => nameof(NewApiKey);
}

public sealed record ApiKeyRequest
{
    [Required, RegularExpression("[a-z0-9][a-z0-9._-]{0,39}", ErrorMessage = "A name has 1 to 40 of a-z 0-9 . _ -, beginning with a letter or digit.")]
    public required string Name { get; init; }

    [Required, RegularExpression("viewer|operator", ErrorMessage = "The role of a key is viewer or operator.")]
    public required string Role { get; init; }

    /// <summary>Up to which it acts without a person.</summary>
    [Required, RegularExpression("green|yellow", ErrorMessage = "The ceiling of a key is green or yellow; grants go beyond it.")]
    public required string Ceiling { get; init; }

    /// <summary>Tools that it may use on the named targets above its ceiling.</summary>
    public IReadOnlyList<Grant>? Grants { get; init; }

    /// <summary>How long it is good for; for ever when null.</summary>
    [Range(1, 3650)]
    public int? Days { get; init; }
}
