using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Jarvis.Server.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Hosting;

/// <summary>What holds for one route holds for all that there will ever be.</summary>
public sealed partial class EveryRouteTests
{
    private static readonly (string Key, string Value)[] Generous = [("RateLimits:AddressBurst", "100000"), ("RateLimits:UserBurst", "100000")];

    [Fact]
    public async Task Every_answer_of_every_route_carries_the_policy_signed_in_or_not()
    {
        await using var server = await TestServer.StartAsync(Generous);
        var routes = Routes(server);
        Assert.True(routes.Count > 20, $"{routes.Count} routes");
        foreach (var (method, path) in routes)
        {
            using var anonymous = await SendAsync(server, method, path);
            AssertHeaders(anonymous, method, path);
            using var signed = await SendAsync(server, method, path, ("Authorization", $"Bearer {(await server.SignInAsync()).Access}"));
            AssertHeaders(signed, method, path);
            Assert.True((int)signed.StatusCode < 500, $"{method} {path}: {(int)signed.StatusCode}");
        }
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Host", "evil.example", HttpStatusCode.BadRequest)]
    [InlineData("Host", "127.0.0.1.evil.example", HttpStatusCode.BadRequest)]
    public async Task A_foreign_page_or_a_foreign_name_reaches_no_route_of_the_API(string header, string value, HttpStatusCode status)
    {
        await using var server = await TestServer.StartAsync(Generous);
        var access = (await server.SignInAsync()).Access;
        foreach (var (method, path) in Routes(server).Where(r => r.Path.StartsWith("/api", StringComparison.Ordinal) || r.Path.StartsWith("/hubs", StringComparison.Ordinal)))
        {
            using var answer = await SendAsync(server, method, path, ("Authorization", $"Bearer {access}"), (header, value));
            Assert.Equal((method, path, status), (method, path, answer.StatusCode));
            AssertHeaders(answer, method, path);
        }
    }

    [Fact]
    public async Task What_no_route_answers_carries_the_policy_too()
    {
        await using var server = await TestServer.StartAsync(Generous);
        foreach (var path in new[] { "/nothing", "/api/nothing", "/hubs/nothing", "/assets/nothing.js", "/..%2f..%2fetc/passwd", "/api/auth/me" })
        {
            using var answer = await SendAsync(server, "GET", path);
            AssertHeaders(answer, "GET", path);
            Assert.InRange((int)answer.StatusCode, 400, 499);
        }
    }

    private static List<(string Method, string Path)> Routes(TestServer server) =>
    [
        .. from route in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           let pattern = route.RoutePattern.RawText ?? ""
           from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET"]
           select (method, Parameter().Replace("/" + pattern.TrimStart('/'), "1")),
    ];

    private static async Task<HttpResponseMessage> SendAsync(TestServer server, string method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), new Uri(server.Address, path));
        if (method is "POST" or "PUT" or "PATCH") request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private static void AssertHeaders(HttpResponseMessage answer, string method, string path)
    {
        var expected = path.StartsWith("/docs", StringComparison.Ordinal) ? SecurityHeaders.DocsPolicy : SecurityHeaders.Policy;
        Assert.Equal((method, path, expected), (method, path, answer.Headers.TryGetValues("Content-Security-Policy", out var values) ? string.Join(';', values) : "none"));
        foreach (var (name, value) in new[] { ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"), ("X-Frame-Options", "DENY") })
            Assert.Equal((path, value), (path, answer.Headers.GetValues(name).Single()));
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
