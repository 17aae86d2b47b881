using System.Net;
using System.Text.RegularExpressions;
using Jarvis.Server.Auth;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Auth;

/// <summary>Walks every endpoint there is, those to come included.</summary>
public sealed partial class EndpointRolesTests
{
    [Fact]
    public async Task Every_endpoint_names_the_role_it_asks_for_or_asks_for_a_sign_in()
    {
        await using var server = await TestServer.StartAsync();
        var roles = Enum.GetValues<Role>().Select(Policies.Of).ToList();
        Assert.All(Guarded(server), e => Assert.True(e.Policy is null or Mcp || roles.Contains(e.Policy), e.ToString()));
        Assert.All(Guarded(server).Where(e => !e.OnlyReads), e => Assert.NotNull(e.Policy));
    }

    [Fact]
    public async Task Nobody_reaches_more_than_the_role_allows()
    {
        await using var server = await TestServer.StartAsync([("RateLimits:AddressBurst", "5000")]);
        await server.AddAccountAsync("viewer", Role.Viewer, "some password");
        await server.AddAccountAsync("operator", Role.Operator, "some password");
        var admin = await server.SignInAsync();
        var (_, token) = await WallTests.AddAsync(server, admin, new { name = "Kitchen" });
        var wall = (await WallTests.SignInAsync(server, token)).Access;
        var viewer = (await server.SignInAsync("viewer", "some password")).Access;
        var operators = (await server.SignInAsync("operator", "some password")).Access;

        var key = await Gate.ApiKeyTests.AddAsync(server, admin.Access, new { name = "robot", role = "operator", ceiling = "yellow" });

        var endpoints = Guarded(server);
        Assert.Equal(6, endpoints.Count(e => e.TakesKeys));
        Assert.True(endpoints.Count > 15);
        foreach (var endpoint in endpoints)
        {
            await RefusesAsync(server, endpoint, null, HttpStatusCode.Unauthorized);
            if (endpoint.Policy is Mcp)
            {
                // Programs alone, by their keys: no person's token opens it.
                await RefusesAsync(server, endpoint, admin.Access, HttpStatusCode.Unauthorized);
                continue;
            }

            if (!endpoint.TakesKeys) await RefusesAsync(server, endpoint, key, HttpStatusCode.Forbidden);
            var needed = endpoint.Policy is null ? Role.Viewer : Enum.Parse<Role>(endpoint.Policy, ignoreCase: true);
            if (needed > Role.Viewer) await RefusesAsync(server, endpoint, viewer, HttpStatusCode.Forbidden);
            if (needed > Role.Operator) await RefusesAsync(server, endpoint, operators, HttpStatusCode.Forbidden);
            if (needed > Role.Viewer || !endpoint.OnlyReads) await RefusesAsync(server, endpoint, wall, HttpStatusCode.Forbidden);
        }
    }

    private static async Task RefusesAsync(TestServer server, Guard endpoint, string? bearer, HttpStatusCode expected)
    {
        using var answer = await server.SendAsync(new HttpMethod(endpoint.Method), endpoint.Path, bearer);
        Assert.True(expected == answer.StatusCode, $"{endpoint} answered {answer.StatusCode}, not {expected}");
    }

    private static List<Guard> Guarded(TestServer server) =>
    [
        .. from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           where endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
           let policy = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy).LastOrDefault(p => p is not null)
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
           let path = "/" + Parameter.Replace(endpoint.RoutePattern.RawText!, m => m.Value.Contains(":guid", StringComparison.Ordinal) ? Guid.Empty.ToString() : "1").Trim('/')
           where path is not "/metrics"
           select new Guard(method, path, policy, endpoint.Metadata.GetMetadata<TakesKeys>() is not null),
    ];

    private const string Mcp = "mcp";

    private sealed record Guard(string Method, string Path, string? Policy, bool TakesKeys)
    {
        public bool OnlyReads => Method is "GET" or "HEAD" || Path.StartsWith("/hubs/", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter { get; }
}
