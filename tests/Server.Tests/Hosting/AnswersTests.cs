using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Jarvis.Server.Tests.Hosting;

public sealed class AnswersTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/docs", 200)]
    [InlineData("GET", "/docs/scalar.js", 200)]
    [InlineData("GET", "/openapi/v1.json", 200)]
    [InlineData("GET", "/metrics", 200)]
    [InlineData("GET", "/api/health/live", 200)]
    [InlineData("GET", "/api/health/ready", 200)]
    [InlineData("GET", "/api/health", 401)]
    [InlineData("GET", "/api/test/bug", 500)]
    [InlineData("GET", "/api/auth/login", 405)]
    [InlineData("POST", "/api/auth/login", 400)]
    [InlineData("POST", "/api/auth/refresh", 204)]
    [InlineData("POST", "/api/auth/logout", 204)]
    [InlineData("DELETE", "/x", 405)]
    public async Task Every_kind_of_answer_carries_the_security_headers(string method, string path, int status)
    {
        await using var server = await TestServer.StartAsync(adjust: WithBugs);
        using var answer = await server.SendAsync(new(method), path);
        Assert.Equal(status, (int)answer.StatusCode);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal(!path.StartsWith("/docs", StringComparison.Ordinal), !policy.Contains("unsafe", StringComparison.Ordinal));
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        Assert.True(answer.Headers.Contains("Permissions-Policy"));
        Assert.False(answer.Headers.Contains("Server"));
        if (path.StartsWith("/api", StringComparison.Ordinal)) Assert.True(answer.Headers.CacheControl?.NoStore);
        if (status >= 400) Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_bug_is_told_by_its_trace_alone_and_logged_in_full()
    {
        await using var server = await TestServer.StartAsync(adjust: WithBugs);
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/test/bug");
        var problem = await Problem.Is(HttpStatusCode.InternalServerError, "INTERNAL_ERROR", answer);
        Assert.DoesNotContain("boom", problem.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(server.Log.All, l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains("boom", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_wants_no_JSON_is_answered_with_a_problem_all_the_same()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/auth/me", null, null, ("Accept", "image/png"));
        await Problem.Is(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN", answer);
    }

    [Fact]
    public async Task Too_many_requests_of_one_address_are_sent_away()
    {
        await using var server = await TestServer.StartAsync([("RateLimits:PerAddress", "1"), ("RateLimits:AddressBurst", "3")]);
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 12; i++) answers.Add(await server.SendAsync(HttpMethod.Get, "/api/auth/me"));
        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.NotEmpty(refused);
        Assert.Equal("1", refused[0].Headers.GetValues("Retry-After").Single());
        await Problem.Is(HttpStatusCode.TooManyRequests, "RATE_LIMITED", refused[0]);
        Assert.True(answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized) >= 3);
        answers.ForEach(a => a.Dispose());
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        await using var server = await TestServer.StartAsync([("Server:MaxBodyBytes", "2048")], adjust: WithBugs);
        // Asked before the body is sent: else the answer may cut off the sending, and the client sees that instead.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/test/body") { Content = new ByteArrayContent(new byte[4096]) };
        request.Headers.ExpectContinue = true;
        using var answer = await server.Http.SendAsync(request, Stop);
        await Problem.Is(HttpStatusCode.RequestEntityTooLarge, "TOO_LARGE", answer);
    }

    [Fact]
    public async Task Health_detail_is_for_those_signed_in_and_the_rest_says_one_word()
    {
        await using var server = await TestServer.StartAsync(adjust: b => b.Services.AddHealthChecks()
            .AddCheck("moon", () => HealthCheckResult.Degraded("It is waning.")).AddCheck("sun", () => HealthCheckResult.Healthy(), tags: ["ready"]));
        var signed = await server.SignInAsync();
        Assert.Equal("""{"status":"healthy"}""", await server.Http.GetStringAsync("/api/health/live", Stop));
        Assert.Equal("""{"status":"healthy"}""", await server.Http.GetStringAsync("/api/health/ready", Stop));
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/health", signed.Access);
        var detail = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal("degraded", detail.GetProperty("status").GetString());
        var checks = detail.GetProperty("checks").EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!, c => c.GetProperty("description").GetString());
        Assert.Equal(["accounts", "clusters", "events", "moon", "safety", "sun"], checks.Keys);
        Assert.Equal("It is waning.", checks["moon"]);
    }

    [Fact]
    public async Task A_server_that_is_not_ready_says_so_with_503_and_no_reason()
    {
        await using var server = await TestServer.StartAsync(adjust: b => b.Services.AddHealthChecks()
            .AddCheck("sun", () => HealthCheckResult.Unhealthy("It went out."), tags: ["ready"]));
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("""{"status":"unhealthy"}""", await answer.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task A_check_that_hangs_is_cut_off()
    {
        var started = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(adjust: b => b.Services.AddHealthChecks().AddAsyncCheck("hang", async cancellationToken =>
        {
            started.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return HealthCheckResult.Healthy();
        }));
        var signed = await server.SignInAsync();
        var asking = server.SendAsync(HttpMethod.Get, "/api/health", signed.Access);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(10), Stop);
        server.Time.Advance(TimeSpan.FromSeconds(6));
        using var answer = await asking;
        Assert.Equal("unhealthy", (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Metrics_are_read_from_this_machine_or_signed_in()
    {
        await using var server = await TestServer.StartAsync();
        using var local = await server.SendAsync(HttpMethod.Get, "/metrics");
        var text = await local.Content.ReadAsStringAsync(Stop);
        Assert.Equal("text/plain", local.Content.Headers.ContentType?.MediaType);
        Assert.Contains("dotnet_gc_collections_total", text, StringComparison.Ordinal);
        using var proxied = await server.SendAsync(HttpMethod.Get, "/metrics", null, null, ("X-Forwarded-For", "10.0.0.9"));
        await Problem.Is(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN", proxied);
    }

    [Fact]
    public async Task Metrics_ask_for_a_sign_in_where_loopback_is_not_trusted()
    {
        await using var server = await TestServer.StartAsync([("Metrics:AllowLoopback", "false")]);
        using var anonymous = await server.SendAsync(HttpMethod.Get, "/metrics");
        await Problem.Is(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN", anonymous);
        using var signedIn = await server.SendAsync(HttpMethod.Get, "/metrics", (await server.SignInAsync()).Access);
        Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
    }

    [Fact]
    public async Task The_API_describes_itself_with_plain_numbers_and_named_values()
    {
        await using var server = await TestServer.StartAsync();
        var document = await server.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Stop);
        var signedIn = document.GetProperty("components").GetProperty("schemas").GetProperty("SignedIn").GetProperty("properties");
        Assert.Equal("integer", signedIn.GetProperty("expiresIn").GetProperty("type").GetString());
        Assert.Equal(["viewer", "operator", "admin"], document.GetProperty("components").GetProperty("schemas").GetProperty("Role")
            .GetProperty("enum").EnumerateArray().Select(v => v.GetString()));
        Assert.All(document.GetProperty("paths").EnumerateObject(), p => Assert.StartsWith("/api/", p.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_reference_page_loads_nothing_from_elsewhere()
    {
        await using var server = await TestServer.StartAsync();
        var page = await server.Http.GetStringAsync("/docs", Stop);
        Assert.DoesNotContain("http", page.Replace("https://www.w3.org", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("src=\"/docs/scalar.js\"", page, StringComparison.Ordinal);
        Assert.Contains("url: '/openapi/v1.json'", await server.Http.GetStringAsync("/docs/start.js", Stop), StringComparison.Ordinal);
    }

    private static void WithBugs(WebApplicationBuilder builder) => builder.Services.AddSingleton<IStartupFilter, Bugs>();

    private sealed class Bugs : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            app.UseEndpoints(endpoints =>
            {
                endpoints.MapGet("/api/test/bug", string () => throw new InvalidOperationException("boom in /etc/secret")).AllowAnonymous();
                endpoints.MapPost("/api/test/body", async (HttpRequest request) =>
                {
                    await request.Body.CopyToAsync(Stream.Null);
                    return "read";
                }).AllowAnonymous();
            });
        };
    }
}
