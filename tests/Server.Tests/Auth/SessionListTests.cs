using System.Net;
using System.Text.Json;
using Jarvis.Server.Auth;

namespace Jarvis.Server.Tests.Auth;

public sealed class SessionListTests
{
    [Fact]
    public async Task Everybody_sees_the_own_sessions_and_administrators_see_all()
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.SignInAsync();
        await server.AddAccountAsync("somebody", Role.Operator, "some password");
        var (one, two) = (await server.SignInAsync("somebody", "some password"), await server.SignInAsync("somebody", "some password"));
        server.Time.Advance(TimeSpan.FromMinutes(3));

        var own = await UsersTests.GetAsync(server, "/api/auth/sessions", one);
        Assert.Equal(2, own.GetArrayLength());
        Assert.All(own.EnumerateArray(), s => Assert.Equal("somebody", s.GetProperty("user").GetString()));
        var current = Assert.Single(own.EnumerateArray(), s => s.GetProperty("current").GetBoolean());
        Assert.Equal(server.Time.GetUtcNow(), current.GetProperty("seenAt").GetDateTimeOffset());
        Assert.Equal(server.Time.GetUtcNow() - TimeSpan.FromMinutes(3), current.GetProperty("startedAt").GetDateTimeOffset());
        Assert.Equal("127.0.0.1", current.GetProperty("address").GetString());
        Assert.Equal(3, (await UsersTests.GetAsync(server, "/api/auth/sessions?all=true", admin)).GetArrayLength());
        using var curious = await server.SendAsync(HttpMethod.Get, "/api/auth/sessions?all=true", two.Access);
        await Problem.Is(HttpStatusCode.Forbidden, "FORBIDDEN", curious);
    }

    [Fact]
    public async Task A_session_that_is_ended_closes_its_hub_and_no_other()
    {
        await using var server = await TestServer.StartAsync();
        var (here, there) = (await server.SignInAsync(), await server.SignInAsync());
        await using var hub = await HubSocket.OpenAsync(server, there.HubCookie);
        using var ended = await server.SendAsync(HttpMethod.Delete, $"/api/auth/sessions/{await OtherAsync(server, here)}", here.Access);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        await hub.ClosesWithinASecondAsync();
        Assert.Equal(1, (await UsersTests.GetAsync(server, "/api/auth/sessions", here)).GetArrayLength());
        await UsersTests.SeesAsync(server, "session.revoked", "admin", "admin ended a session of admin from 127.0.0.1");
    }

    [Fact]
    public async Task All_others_are_ended_at_once_and_those_of_other_accounts_are_not()
    {
        await using var server = await TestServer.StartAsync();
        await server.AddAccountAsync("somebody", Role.Viewer, "some password");
        var other = await server.SignInAsync("somebody", "some password");
        var (here, there) = (await server.SignInAsync(), await server.SignInAsync());
        using var ended = await server.SendAsync(HttpMethod.Delete, "/api/auth/sessions", here.Access);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        using var gone = await server.SendAsync(HttpMethod.Get, "/api/auth/me", there.Access);
        await Problem.Is(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN", gone);
        await UsersTests.GetAsync(server, "/api/auth/me", here);
        await UsersTests.GetAsync(server, "/api/auth/me", other);
    }

    [Fact]
    public async Task Nobody_but_an_administrator_ends_the_sessions_of_others()
    {
        await using var server = await TestServer.StartAsync();
        await server.AddAccountAsync("somebody", Role.Operator, "some password");
        var (admin, other) = (await server.SignInAsync(), await server.SignInAsync("somebody", "some password"));
        var ofAdmin = await CurrentAsync(server, admin);
        using var tried = await server.SendAsync(HttpMethod.Delete, $"/api/auth/sessions/{ofAdmin}", other.Access);
        await Problem.Is(HttpStatusCode.NotFound, "SESSION_UNKNOWN", tried);
        using var unknown = await server.SendAsync(HttpMethod.Delete, $"/api/auth/sessions/{Guid.NewGuid()}", admin.Access);
        await Problem.Is(HttpStatusCode.NotFound, "SESSION_UNKNOWN", unknown);
        using var ended = await server.SendAsync(HttpMethod.Delete, $"/api/auth/sessions/{await CurrentAsync(server, other)}", admin.Access);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        using var own = await server.SendAsync(HttpMethod.Delete, $"/api/auth/sessions/{ofAdmin}", admin.Access);
        Assert.Contains(own.Headers.GetValues("Set-Cookie"), c => Signed.IsEnded(c));
    }

    private static async Task<string?> CurrentAsync(TestServer server, Signed signed) =>
        Id(await UsersTests.GetAsync(server, "/api/auth/sessions", signed), current: true);

    private static async Task<string?> OtherAsync(TestServer server, Signed signed) =>
        Id(await UsersTests.GetAsync(server, "/api/auth/sessions", signed), current: false);

    private static string? Id(JsonElement sessions, bool current) =>
        sessions.EnumerateArray().Single(s => s.GetProperty("current").GetBoolean() == current).GetProperty("id").GetString();
}
