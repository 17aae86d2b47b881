using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Jarvis.Server.Auth;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Auth;

public sealed class SessionTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_access_token_is_good_for_15_minutes_and_not_longer()
    {
        await using var server = await TestServer.StartAsync();
        var signed = await server.SignInAsync();
        server.Time.Advance(TimeSpan.FromSeconds(899));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(server, signed.Access));
        server.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(server, signed.Access));
    }

    [Fact]
    public async Task A_refresh_gives_new_tokens_and_the_new_ones_work()
    {
        await using var server = await TestServer.StartAsync();
        var first = await server.SignInAsync();
        server.Time.Advance(TimeSpan.FromMinutes(20));
        var second = await RefreshAsync(server, first);
        Assert.NotEqual(first.Refresh, second.Refresh);
        Assert.Equal(HttpStatusCode.OK, await MeAsync(server, second.Access));
        await RefreshAsync(server, second);
    }

    [Fact]
    public async Task A_replaced_refresh_token_used_late_ends_the_session()
    {
        await using var server = await TestServer.StartAsync();
        var first = await server.SignInAsync();
        var second = await RefreshAsync(server, first);
        server.Time.Advance(TimeSpan.FromSeconds(31));

        using var reused = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: first.RefreshCookie);
        await Problem.Is(HttpStatusCode.Unauthorized, "REFRESH_REUSED", reused);
        using var successor = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: second.RefreshCookie);
        await Problem.Is(HttpStatusCode.Unauthorized, "SESSION_ENDED", successor);
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(server, second.Access));
        Assert.Contains(reused.Headers.GetValues("Set-Cookie"), c => Signed.IsEnded(c));
    }

    [Fact]
    public async Task A_refresh_token_two_generations_old_ends_the_session_even_within_the_grace()
    {
        await using var server = await TestServer.StartAsync();
        var first = await server.SignInAsync();
        await RefreshAsync(server, await RefreshAsync(server, first));
        using var reused = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: first.RefreshCookie);
        await Problem.Is(HttpStatusCode.Unauthorized, "REFRESH_REUSED", reused);
    }

    [Fact]
    public async Task Two_tabs_and_a_lost_reply_stay_signed_in_within_the_grace()
    {
        await using var server = await TestServer.StartAsync();
        var first = await server.SignInAsync();
        var tabs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => RefreshAsync(server, first)));
        Assert.Single(tabs.Select(t => t.Refresh).Distinct());
        server.Time.Advance(TimeSpan.FromSeconds(29));
        var late = await RefreshAsync(server, first);
        Assert.Equal(tabs[0].Refresh, late.Refresh);
        Assert.Equal(HttpStatusCode.OK, await MeAsync(server, late.Access));
        await RefreshAsync(server, late);
    }

    [Fact]
    public async Task The_grace_outlives_a_restart()
    {
        using var data = new TestFolder();
        Signed first, second;
        await using (var server = await TestServer.StartAsync(data: data.Path))
        {
            first = await server.SignInAsync();
            second = await RefreshAsync(server, first);
        }

        await using var again = await TestServer.StartAsync(data: data.Path);
        Assert.Equal(second.Refresh, (await RefreshAsync(again, first)).Refresh);
    }

    [Fact]
    public async Task Whoever_was_signed_out_by_somebody_else_is_told_by_whom()
    {
        await using var server = await TestServer.StartAsync();
        var (one, other) = (await server.SignInAsync(), await server.SignInAsync());
        using var ended = await server.SendAsync(HttpMethod.Delete, "/api/auth/sessions", bearer: other.Access);
        Assert.True(ended.IsSuccessStatusCode);

        using var refused = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: one.RefreshCookie);

        Assert.Equal("Revoked by admin. Sign in again.", (await Problem.Is(HttpStatusCode.Unauthorized, "SESSION_ENDED", refused)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_sign_in_ends_the_session_whose_cookies_it_replaces()
    {
        await using var server = await TestServer.StartAsync();
        var (first, apart) = (await server.SignInAsync(), await server.SignInAsync());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login") { Content = JsonContent.Create(new { user = "admin", password = TestServer.Password }) };
        request.Headers.Add("Cookie", first.RefreshCookie);

        using var answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var second = await Signed.ReadAsync(answer);

        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(server, first.Access));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(server, second.Access));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(server, apart.Access));
    }

    [Fact]
    public async Task A_tab_that_signs_out_leaves_the_cookies_of_whoever_signed_in_since_in_another()
    {
        await using var server = await TestServer.StartAsync();
        var (stale, since) = (await server.SignInAsync(), await server.SignInAsync());

        using var answer = await server.SendAsync(HttpMethod.Post, "/api/auth/logout", bearer: stale.Access, cookie: since.RefreshCookie);

        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(server, stale.Access));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(server, since.Access));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(18)]
    [InlineData(40)]
    public async Task An_altered_refresh_token_is_refused_and_harms_nobody(int position)
    {
        await using var server = await TestServer.StartAsync();
        var signed = await server.SignInAsync();
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(signed.Refresh);
        bytes[position] ^= 1;
        using var answer = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: $"{server.Services.GetRequiredService<Cookies>().Refresh}={System.Buffers.Text.Base64Url.EncodeToString(bytes)}");
        await Problem.Is(HttpStatusCode.Unauthorized, "SESSION_ENDED", answer);
        await RefreshAsync(server, signed);
    }

    [Fact]
    public async Task A_visitor_who_never_signed_in_is_told_so_without_an_error()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    public async Task A_refresh_cookie_of_garbage_is_refused(string garbage)
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: $"{server.Services.GetRequiredService<Cookies>().Refresh}={garbage}");
        await Problem.Is(HttpStatusCode.Unauthorized, "SESSION_ENDED", answer);
    }

    [Fact]
    public async Task A_session_dies_after_30_days_without_a_refresh_and_lives_on_with_them()
    {
        await using var server = await TestServer.StartAsync();
        var signed = await server.SignInAsync();
        server.Time.Advance(TimeSpan.FromDays(29));
        signed = await RefreshAsync(server, signed);
        server.Time.Advance(TimeSpan.FromDays(29));
        signed = await RefreshAsync(server, signed);
        server.Time.Advance(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1));
        using var late = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: signed.RefreshCookie);
        await Problem.Is(HttpStatusCode.Unauthorized, "SESSION_ENDED", late);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signing_out_ends_the_session_by_either_token(bool byBearer)
    {
        await using var server = await TestServer.StartAsync();
        var signed = await server.SignInAsync();
        using var left = await server.SendAsync(HttpMethod.Post, "/api/auth/logout", byBearer ? signed.Access : null, byBearer ? null : signed.RefreshCookie);
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        Assert.Equal(2, left.Headers.GetValues("Set-Cookie").Count(c => c.Contains("expires=Thu, 01 Jan 1970", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(server, signed.Access));
        using var refreshed = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: signed.RefreshCookie);
        await Problem.Is(HttpStatusCode.Unauthorized, "SESSION_ENDED", refreshed);
    }

    [Fact]
    public async Task Signing_out_twice_is_no_error()
    {
        await using var server = await TestServer.StartAsync();
        using var left = await server.SendAsync(HttpMethod.Post, "/api/auth/logout");
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
    }

    [Fact]
    public async Task Revocation_is_told_at_once_to_what_hangs_on_the_session()
    {
        await using var server = await TestServer.StartAsync();
        var signed = await server.SignInAsync();
        var session = await server.Services.GetRequiredService<Sessions>().FindByHubTokenAsync(signed.Hub, Stop);
        var closed = new TaskCompletionSource();
        await using var hanging = session!.Ended.Register(() => closed.TrySetResult());
        using var left = await server.SendAsync(HttpMethod.Post, "/api/auth/logout", signed.Access);
        await closed.Task.WaitAsync(Soon, Stop);
    }

    [Fact]
    public async Task Expiry_is_told_to_what_hangs_on_the_session()
    {
        await using var server = await TestServer.StartAsync([("Auth:SessionDays", "1")]);
        var signed = await server.SignInAsync();
        var session = await server.Services.GetRequiredService<Sessions>().FindByHubTokenAsync(signed.Hub, Stop);
        var closed = new TaskCompletionSource();
        await using var hanging = session!.Ended.Register(() => closed.TrySetResult());
        server.Time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        await closed.Task.WaitAsync(Soon, Stop);
    }

    [Fact]
    public async Task An_account_has_a_bounded_number_of_sessions_and_the_oldest_ends()
    {
        await using var server = await TestServer.StartAsync([("Auth:SessionsPerAccount", "2")]);
        var first = await server.SignInAsync();
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await server.SignInAsync();
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var third = await server.SignInAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(server, first.Access));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(server, second.Access));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(server, third.Access));
    }

    [Fact]
    public async Task Cookies_are_out_of_reach_of_scripts_and_other_sites()
    {
        await using var server = await TestServer.StartAsync();
        var signed = await server.SignInAsync();
        var refresh = Assert.Single(signed.SetCookies, c => c.StartsWith("jarvis_refresh_", StringComparison.Ordinal));
        var hub = Assert.Single(signed.SetCookies, c => c.StartsWith("jarvis_access_", StringComparison.Ordinal));
        Assert.All([refresh, hub], c => Assert.Contains("; max-age=2592000", c, StringComparison.Ordinal));
        Assert.All([refresh, hub], c => Assert.EndsWith("; samesite=strict; httponly", c, StringComparison.Ordinal));
        Assert.All([refresh, hub], c => Assert.DoesNotContain("secure", c, StringComparison.Ordinal));
        Assert.Contains("; path=/api/auth;", refresh, StringComparison.Ordinal);
        Assert.Contains("; path=/hubs;", hub, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_cookie_is_good_for_the_API()
    {
        await using var server = await TestServer.StartAsync();
        var signed = await server.SignInAsync();
        using var me = await server.SendAsync(HttpMethod.Get, "/api/auth/me", cookie: $"{signed.RefreshCookie}; {signed.HubCookie}");
        await Problem.Is(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN", me);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("altered")]
    [InlineData("other key")]
    public async Task A_token_that_we_did_not_sign_is_refused(string how)
    {
        await using var server = await TestServer.StartAsync();
        var signed = await server.SignInAsync();
        var parts = signed.Access.Split('.');
        var token = how switch
        {
            "none" => $"{System.Buffers.Text.Base64Url.EncodeToString("{\"alg\":\"none\",\"typ\":\"JWT\"}"u8)}.{parts[1]}.",
            "altered" => $"{parts[0]}.{parts[1][..^4]}AAAA.{parts[2]}",
            _ => $"{parts[0]}.{parts[1]}.{System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.HMACSHA256.HashData(new byte[32], System.Text.Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}")))}",
        };
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(server, token));
    }

    [Fact]
    public async Task A_damaged_database_row_or_a_lost_key_signs_everybody_out_and_no_more()
    {
        using var data = new TestFolder();
        Signed signed;
        await using (var server = await TestServer.StartAsync(data: data.Path)) signed = await server.SignInAsync();
        File.Delete(data.File("signing.key"));

        await using var again = await TestServer.StartAsync(data: data.Path);
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(again, signed.Access));
        // By its name the cookie is another server's now; by its content it is worth nothing either.
        using var ignored = await again.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: signed.RefreshCookie);
        Assert.Equal(HttpStatusCode.NoContent, ignored.StatusCode);
        using var refreshed = await again.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: $"{again.Services.GetRequiredService<Cookies>().Refresh}={signed.Refresh}");
        await Problem.Is(HttpStatusCode.Unauthorized, "SESSION_ENDED", refreshed);
        await again.SignInAsync();
    }

    [Fact]
    public async Task A_database_that_takes_nothing_any_more_keeps_nobody_out()
    {
        using var data = new TestFolder();
        await using var server = await TestServer.StartAsync(data: data.Path);
        var before = await server.SignInAsync();
        Execute(data, "ALTER TABLE sessions RENAME TO gone");

        var renewed = await RefreshAsync(server, before);
        var after = await server.SignInAsync();
        Assert.True(after.Body.GetProperty("emergency").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, await MeAsync(server, after.Access));
        using var left = await server.SendAsync(HttpMethod.Post, "/api/auth/logout", renewed.Access);
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(server, renewed.Access));
        Assert.Equal(1L, Execute(data, "SELECT count(*) FROM gone"));

        Execute(data, "ALTER TABLE gone RENAME TO sessions");
        await server.Services.GetRequiredService<Sessions>().EndExpiredAsync(Stop);
        Assert.Equal(0L, Execute(data, "SELECT count(*) FROM sessions"));
    }

    [Fact]
    public async Task Nothing_logged_contains_a_secret()
    {
        await using var server = await TestServer.StartAsync();
        var signed = await server.SignInAsync();
        using var typo = await server.LoginAsync("my secret pass", "x");
        var next = await RefreshAsync(server, signed);
        await MeAsync(server, next.Access);
        var lines = server.Log.All.Where(l => !l.StartsWith("Trace", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        foreach (var secret in (string[])[TestServer.Password, "my secret pass", signed.Access, signed.Refresh, signed.Hub, next.Access, next.Refresh])
            Assert.DoesNotContain(lines, l => l.Contains(secret, StringComparison.Ordinal));
    }

    private static object? Execute(TestFolder data, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={data.File("jarvis.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static async Task<Signed> RefreshAsync(TestServer server, Signed signed)
    {
        using var answer = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: signed.RefreshCookie);
        return await Signed.ReadAsync(answer);
    }

    private static async Task<HttpStatusCode> MeAsync(TestServer server, string access)
    {
        using var me = await server.SendAsync(HttpMethod.Get, "/api/auth/me", access);
        if (me.IsSuccessStatusCode) Assert.Equal("admin", (await me.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("user").GetString());
        return me.StatusCode;
    }
}
