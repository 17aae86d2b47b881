using System.Net;
using Jarvis.Server.Auth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Auth;

public sealed class AccessTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/auth/me")]
    [InlineData("/api/health")]
    [InlineData("/api/events")]
    [InlineData("/api/does-not-exist")]
    [InlineData("/api")]
    [InlineData("/hubs/cluster")]
    [InlineData("/hubs/does-not-exist")]
    public async Task Everything_under_api_and_hubs_asks_for_a_sign_in(string path)
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.SendAsync(HttpMethod.Get, path);
        await Problem.Is(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN", answer);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task Every_endpoint_that_lets_anybody_in_is_known_here()
    {
        await using var server = await TestServer.StartAsync();
        var open = server.Services.GetRequiredService<Microsoft.AspNetCore.Routing.EndpointDataSource>().Endpoints
            .OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAllowAnonymous>() is not null)
            .Select(e => "/" + e.RoutePattern.RawText!.Trim('/')).Where(p => !p.StartsWith("/docs", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.Equal(
            ["/.well-known/oauth-protected-resource/mcp", "/api/auth/login", "/api/auth/logout", "/api/auth/refresh", "/api/auth/wall", "/api/health/live", "/api/health/ready", "/api/setup", "/api/setup/admin", "/openapi/{documentName}.json"], open);
    }

    [Theory]
    [InlineData(Role.Viewer, "viewer", HttpStatusCode.OK)]
    [InlineData(Role.Viewer, "operator", HttpStatusCode.Forbidden)]
    [InlineData(Role.Viewer, "admin", HttpStatusCode.Forbidden)]
    [InlineData(Role.Operator, "viewer", HttpStatusCode.OK)]
    [InlineData(Role.Operator, "operator", HttpStatusCode.OK)]
    [InlineData(Role.Operator, "admin", HttpStatusCode.Forbidden)]
    [InlineData(Role.Admin, "viewer", HttpStatusCode.OK)]
    [InlineData(Role.Admin, "operator", HttpStatusCode.OK)]
    [InlineData(Role.Admin, "admin", HttpStatusCode.OK)]
    public async Task A_role_may_what_it_and_those_below_it_may(Role role, string policy, HttpStatusCode expected)
    {
        await using var server = await TestServer.StartAsync(adjust: WithGuardedEndpoints);
        await server.SignInAsync();
        await server.AddAccountAsync("somebody", role, "some password");
        var signed = await server.SignInAsync("somebody", "some password");
        using var answer = await server.SendAsync(HttpMethod.Get, $"/api/test/{policy}", signed.Access);
        if (expected == HttpStatusCode.OK) Assert.Equal($"somebody {role}", await answer.Content.ReadAsStringAsync(Stop));
        else await Problem.Is(expected, "FORBIDDEN", answer);
    }

    [Fact]
    public async Task A_hub_takes_the_cookie_or_a_bearer_token()
    {
        await using var server = await TestServer.StartAsync(adjust: WithGuardedEndpoints);
        var signed = await server.SignInAsync();
        using var byCookie = await server.SendAsync(HttpMethod.Get, "/hubs/test", cookie: signed.HubCookie);
        using var byBearer = await server.SendAsync(HttpMethod.Get, "/hubs/test", signed.Access);
        Assert.Equal(("admin Admin", "admin Admin"), (await byCookie.Content.ReadAsStringAsync(Stop), await byBearer.Content.ReadAsStringAsync(Stop)));
    }

    [Fact]
    public async Task The_hub_cookie_outlives_the_access_token_and_dies_with_the_session()
    {
        await using var server = await TestServer.StartAsync(adjust: WithGuardedEndpoints);
        var signed = await server.SignInAsync();
        server.Time.Advance(TimeSpan.FromHours(5));
        using var later = await server.SendAsync(HttpMethod.Get, "/hubs/test", cookie: signed.HubCookie);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        using var left = await server.SendAsync(HttpMethod.Post, "/api/auth/logout", cookie: signed.RefreshCookie);
        using var after = await server.SendAsync(HttpMethod.Get, "/hubs/test", cookie: signed.HubCookie);
        await Problem.Is(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN", after);
    }

    [Fact]
    public async Task A_token_in_the_address_is_not_taken()
    {
        await using var server = await TestServer.StartAsync(adjust: WithGuardedEndpoints);
        var signed = await server.SignInAsync();
        using var answer = await server.SendAsync(HttpMethod.Get, $"/hubs/test?access_token={signed.Access}");
        await Problem.Is(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN", answer);
    }

    [Theory]
    [InlineData("http://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("https://{host}", false)]
    [InlineData("http://127.0.0.1:1", false)]
    [InlineData("http://localhost:5173", false)]
    [InlineData("http://{host}", true)]
    [InlineData("http://screens.example:8080", true)]
    public async Task Only_pages_of_this_server_or_named_origins_may_upgrade_refresh_or_sign_out(string origin, bool may)
    {
        await using var server = await TestServer.StartAsync([("Server:AllowedOrigins:0", "http://screens.example:8080")], adjust: WithGuardedEndpoints);
        var signed = await server.SignInAsync();
        var header = ("Origin", origin.Replace("{host}", server.Address.Authority, StringComparison.Ordinal));
        using var hub = await server.SendAsync(HttpMethod.Get, "/hubs/test", null, signed.HubCookie,
            header, ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="));
        using var refresh = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", null, signed.RefreshCookie, header);
        if (may)
        {
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (hub.StatusCode, refresh.StatusCode));
            return;
        }

        await Problem.Is(HttpStatusCode.Forbidden, "ORIGIN_REFUSED", hub);
        await Problem.Is(HttpStatusCode.Forbidden, "ORIGIN_REFUSED", refresh);
        using var logout = await server.SendAsync(HttpMethod.Post, "/api/auth/logout", null, signed.RefreshCookie, header);
        await Problem.Is(HttpStatusCode.Forbidden, "ORIGIN_REFUSED", logout);
        using var still = await server.SendAsync(HttpMethod.Get, "/api/auth/me", signed.Access);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Theory]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    [InlineData("same-origin", HttpStatusCode.OK)]
    public async Task Without_an_origin_the_browser_s_word_on_the_site_counts(string site, HttpStatusCode expected)
    {
        await using var server = await TestServer.StartAsync();
        var signed = await server.SignInAsync();
        using var answer = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", null, signed.RefreshCookie, ("Sec-Fetch-Site", site));
        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost:9", HttpStatusCode.OK)]
    [InlineData("[::1]:9", HttpStatusCode.OK)]
    [InlineData("jarvis.lan", HttpStatusCode.OK)]
    public async Task A_foreign_host_name_is_refused(string host, HttpStatusCode expected)
    {
        await using var server = await TestServer.StartAsync([("Server:AllowedHosts:0", "jarvis.lan")]);
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/health/live", null, null, ("Host", host));
        if (expected == HttpStatusCode.OK) Assert.Equal(expected, answer.StatusCode);
        else await Problem.Is(expected, "HOST_REFUSED", answer);
    }

    private static void WithGuardedEndpoints(WebApplicationBuilder builder) => builder.Services.AddSingleton<IStartupFilter, GuardedEndpoints>();

    private sealed class GuardedEndpoints : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            app.UseEndpoints(endpoints =>
            {
                foreach (var policy in (string[])[Policies.Viewer, Policies.Operator, Policies.Admin])
                    endpoints.MapGet($"/api/test/{policy}", (CurrentUser user) => TypedResults.Text($"{user.Name} {user.Role}")).RequireAuthorization(policy);
                endpoints.MapGet("/hubs/test", (HttpContext context) => CurrentUser.From(context.User) is { } user ? TypedResults.Text($"{user.Name} {user.Role}") : null);
            });
        };
    }
}
