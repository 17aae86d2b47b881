using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Jarvis.Server.Tests.Auth;

public sealed class WallTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wall_token_signs_a_display_in_that_looks_and_touches_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.SignInAsync();
        var (id, token) = await AddAsync(server, admin, new { name = "Kitchen" });
        var wall = await SignInAsync(server, token);
        Assert.Equal(("viewer", "wall:Kitchen", true, false), (
            wall.Body.GetProperty("role").GetString(), wall.Body.GetProperty("user").GetString(),
            wall.Body.GetProperty("wall").GetBoolean(), wall.Body.GetProperty("emergency").GetBoolean()));

        await UsersTests.GetAsync(server, "/api/clusters", wall);
        Assert.True((await UsersTests.GetAsync(server, "/api/auth/me", wall)).GetProperty("wall").GetBoolean());
        Assert.Equal(1, (await UsersTests.GetAsync(server, "/api/auth/sessions", wall)).GetArrayLength());
        using var negotiated = await server.SendAsync(HttpMethod.Post, "/hubs/cluster/negotiate?negotiateVersion=1", cookie: wall.HubCookie);
        Assert.Equal(HttpStatusCode.OK, negotiated.StatusCode);
        foreach (var (method, path) in ((HttpMethod, string)[])
                 [(HttpMethod.Post, "/api/auth/password"), (HttpMethod.Delete, "/api/auth/sessions"), (HttpMethod.Get, "/api/auth/sessions?all=true"), (HttpMethod.Get, "/api/wall")])
        {
            using var refused = await server.SendAsync(method, path, new { current = token, next = "some password" }, wall.Access);
            await Problem.Is(HttpStatusCode.Forbidden, "FORBIDDEN", refused);
        }

        server.Time.Advance(TimeSpan.FromMinutes(20));
        using var refreshed = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: wall.RefreshCookie);
        var renewed = await Signed.ReadAsync(refreshed);
        Assert.True(renewed.Body.GetProperty("wall").GetBoolean());
        admin = await server.SignInAsync();
        var listed = Assert.Single((await UsersTests.GetAsync(server, "/api/wall", admin)).EnumerateArray());
        Assert.Equal((id, server.Time.GetUtcNow(), JsonValueKind.Null), (
            listed.GetProperty("id").GetString(), listed.GetProperty("usedAt").GetDateTimeOffset(), listed.GetProperty("expiresAt").ValueKind));
        var all = await UsersTests.GetAsync(server, "/api/auth/sessions?all=true", admin);
        Assert.Single(all.EnumerateArray(), s => s.GetProperty("wall").GetBoolean());
        await UsersTests.SeesAsync(server, "wall.added", "admin", "admin added the wall token Kitchen");
        await UsersTests.GetAsync(server, "/api/events", renewed);
    }

    [Fact]
    public async Task A_removed_token_closes_its_screens_within_a_second_and_opens_none()
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.SignInAsync();
        var (id, token) = await AddAsync(server, admin, new { name = "Kitchen" });
        var (_, kept) = await AddAsync(server, admin, new { name = "Kitchen" });
        var (wall, other) = (await SignInAsync(server, token), await SignInAsync(server, kept));
        await using var hub = await HubSocket.OpenAsync(server, wall.HubCookie);

        using var removed = await server.SendAsync(HttpMethod.Delete, $"/api/wall/{id}", admin.Access);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await hub.ClosesWithinASecondAsync();
        using var refreshed = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: wall.RefreshCookie);
        await Problem.Is(HttpStatusCode.Unauthorized, "SESSION_ENDED", refreshed);
        using var again = await server.SendAsync(HttpMethod.Post, "/api/auth/wall", new { token });
        await Problem.Is(HttpStatusCode.Unauthorized, "WALL_TOKEN", again);
        await UsersTests.GetAsync(server, "/api/clusters", other);
        using var twice = await server.SendAsync(HttpMethod.Delete, $"/api/wall/{id}", admin.Access);
        await Problem.Is(HttpStatusCode.NotFound, "WALL_UNKNOWN", twice);
        await UsersTests.SeesAsync(server, "wall.removed", "admin", "admin removed the wall token Kitchen");
    }

    [Fact]
    public async Task A_token_that_expires_takes_its_sessions_with_it()
    {
        await using var server = await TestServer.StartAsync();
        var (_, token) = await AddAsync(server, await server.SignInAsync(), new { name = "Kitchen", days = 2 });
        server.Time.Advance(TimeSpan.FromDays(1));
        var wall = await SignInAsync(server, token);
        Assert.Contains(wall.SetCookies, c => c.Contains("max-age=86400;", StringComparison.Ordinal));
        server.Time.Advance(TimeSpan.FromHours(23));
        using var refreshed = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: wall.RefreshCookie);
        var later = await Signed.ReadAsync(refreshed);
        server.Time.Advance(TimeSpan.FromHours(1));
        using var late = await server.SendAsync(HttpMethod.Get, "/hubs/events", cookie: later.HubCookie);
        await Problem.Is(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN", late);
        using var again = await server.SendAsync(HttpMethod.Post, "/api/auth/wall", new { token });
        await Problem.Is(HttpStatusCode.Unauthorized, "WALL_TOKEN", again);
    }

    [Fact]
    public async Task A_display_stays_signed_in_over_a_restart_and_its_token_is_not_stored_in_clear()
    {
        using var data = new TestFolder();
        Signed wall;
        string token;
        await using (var server = await TestServer.StartAsync(data: data.Path))
        {
            (_, token) = await AddAsync(server, await server.SignInAsync(), new { name = "Kitchen" });
            wall = await SignInAsync(server, token);
        }

        foreach (var file in Directory.GetFiles(data.Path))
            Assert.DoesNotContain(token, System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Stop)), StringComparison.Ordinal);
        await using var again = await TestServer.StartAsync(data: data.Path);
        using var refreshed = await again.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: wall.RefreshCookie);
        var body = (await Signed.ReadAsync(refreshed)).Body;
        Assert.Equal(("viewer", "wall:Kitchen", true), (body.GetProperty("role").GetString(), body.GetProperty("user").GetString(), body.GetProperty("wall").GetBoolean()));
    }

    [Fact]
    public async Task Guessing_tokens_is_throttled_and_a_right_one_still_opens()
    {
        await using var server = await TestServer.StartAsync();
        var (_, token) = await AddAsync(server, await server.SignInAsync(), new { name = "Kitchen" });
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await server.SendAsync(HttpMethod.Post, "/api/auth/wall", new { token = $"wrong{i}" });
            await Problem.Is(HttpStatusCode.Unauthorized, "WALL_TOKEN", wrong);
        }

        using var throttled = await server.SendAsync(HttpMethod.Post, "/api/auth/wall", new { token = "wrong" });
        await Problem.Is(HttpStatusCode.TooManyRequests, "LOGIN_THROTTLED", throttled);
        await SignInAsync(server, token);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("   ", null)]
    [InlineData("x\ny", null)]
    [InlineData("x", 0)]
    [InlineData("x", 4000)]
    public async Task A_wall_token_needs_a_name_and_a_sensible_life(string name, int? days)
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.SignInAsync();
        using var answer = await server.SendAsync(HttpMethod.Post, "/api/wall", new { name, days }, admin.Access);
        await Problem.Is(HttpStatusCode.BadRequest, "VALIDATION_FAILED", answer);
    }

    internal static async Task<(string Id, string Token)> AddAsync(TestServer server, Signed admin, object request)
    {
        using var answer = await server.SendAsync(HttpMethod.Post, "/api/wall", request, admin.Access);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        var token = body.GetProperty("token").GetString()!;
        Assert.Equal(32, System.Buffers.Text.Base64Url.DecodeFromChars(token).Length);
        return (body.GetProperty("id").GetString()!, token);
    }

    internal static async Task<Signed> SignInAsync(TestServer server, string token)
    {
        using var answer = await server.SendAsync(HttpMethod.Post, "/api/auth/wall", new { token });
        return await Signed.ReadAsync(answer);
    }
}
