using System.Net;
using System.Net.Http.Json;

namespace Jarvis.Server.Tests.Hosting;

public sealed class ProxyTests
{
    private static readonly (string, string)[] Behind = [("Server:BehindProxy", "true"), ("Server:KnownNetworks:0", "127.0.0.1/32"), ("Server:AllowedHosts:0", "jarvis.test")];

    [Fact]
    public async Task A_known_proxy_is_believed_about_who_asks_for_what()
    {
        await using var server = await TestServer.StartAsync(Behind);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login") { Content = JsonContent.Create(new { user = "admin", password = TestServer.Password }) };
        Add(request, ("X-Forwarded-For", "198.51.100.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "jarvis.test"), ("Origin", "https://jarvis.test"));
        using var answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.All(answer.Headers.GetValues("Set-Cookie"), c => Assert.Contains("; secure;", c, StringComparison.Ordinal));
        Assert.True(answer.Headers.Contains("Strict-Transport-Security"));
        Assert.Contains(server.Log.All, l => l.Contains("198.51.100.9", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("X-Forwarded-Host", "evil.example", 400)]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    public async Task What_a_proxy_hands_on_is_checked_as_ever(string header, string value, int status)
    {
        await using var server = await TestServer.StartAsync(Behind);
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/health/live", null, null, ("X-Forwarded-For", "198.51.100.9"), ("X-Forwarded-Proto", "https"), (header, value));
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Whoever_is_no_known_proxy_is_refused_but_this_machine_may_look_after_its_health()
    {
        await using var server = await TestServer.StartAsync([("Server:BehindProxy", "true"), ("Server:KnownNetworks:0", "10.9.9.9/32")]);
        using var pretended = await server.SendAsync(HttpMethod.Get, "/api/health/live", null, null, ("X-Forwarded-For", "10.9.9.9"));
        await Problem.Is(HttpStatusCode.Forbidden, "PROXY_UNKNOWN", pretended);
        using var own = await server.SendAsync(HttpMethod.Get, "/api/health/live");
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task Metrics_are_not_open_to_those_who_come_through_a_proxy()
    {
        await using var server = await TestServer.StartAsync(Behind);
        using var answer = await server.SendAsync(HttpMethod.Get, "/metrics", null, null, ("X-Forwarded-For", "127.0.0.1"));
        await Problem.Is(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN", answer);
    }

    [Fact]
    public async Task Without_a_proxy_nobody_is_believed()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/health/live", null, null, ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    private static void Add(HttpRequestMessage request, params (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
    }
}
