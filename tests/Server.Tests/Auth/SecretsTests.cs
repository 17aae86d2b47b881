using System.Net;
using Jarvis.Server.Events;
using Jarvis.Server.Tests.Setup;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Auth;

public sealed class SecretsTests
{
    private const string First = "the first password of mira";
    private const string Second = "the second password of mira";
    private const string Others = "the password of somebody else";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_key_ring_that_nothing_uses_is_left_in_the_home_folder()
    {
        await using var server = await TestServer.StartAsync();

        Assert.Null(server.Services.GetService<IDataProtectionProvider>());
    }

    [Fact]
    public async Task No_secret_of_a_whole_life_is_in_a_log_an_event_or_a_list()
    {
        await using var server = await TestServer.StartAsync([("Auth:FailuresPerAccount", "100")], password: null);
        var (_, link) = SetupTests.LinkIn(await server.Said.NextAsync());
        var mira = await SignedAsync(server, "/api/setup/admin", new { token = link, user = "mira", password = First });
        using var typo = await server.LoginAsync("my secret pass", "x");
        await AnswersAsync(server, HttpMethod.Post, "/api/users", new { name = "other", role = "viewer", password = "at first" }, mira);
        await AnswersAsync(server, HttpMethod.Patch, "/api/users/other", new { password = Others, role = "operator" }, mira);
        var other = await server.SignInAsync("other", Others);
        var (id, token) = await WallTests.AddAsync(server, mira, new { name = "Kitchen" });
        var wall = await WallTests.SignInAsync(server, token);
        await AnswersAsync(server, HttpMethod.Post, "/api/auth/password", new { current = First, next = Second }, mira);
        using var renewed = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: mira.RefreshCookie);
        var later = await Signed.ReadAsync(renewed);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        using var reused = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: mira.RefreshCookie);
        await Problem.Is(HttpStatusCode.Unauthorized, "REFRESH_REUSED", reused);
        var again = await server.SignInAsync("mira", Second);
        using var badLink = await server.SendAsync(HttpMethod.Post, "/api/setup/admin", new { token = link, user = "eve", password = Others });
        var told = new List<string>();
        foreach (var path in (string[])["/api/auth/me", "/api/auth/sessions?all=true", "/api/users", "/api/wall", "/api/setup", "/api/events", "/api/health", "/metrics"])
        {
            using var answer = await server.SendAsync(HttpMethod.Get, path, again.Access);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            told.Add(await answer.Content.ReadAsStringAsync(Stop));
        }

        await AnswersAsync(server, HttpMethod.Delete, $"/api/wall/{id}", new { }, again);
        await AnswersAsync(server, HttpMethod.Delete, "/api/users/other", new { }, again);
        await AnswersAsync(server, HttpMethod.Post, "/api/auth/logout", new { }, again);
        await server.Services.GetRequiredService<EventLog>().AppendAsync(
            new() { Type = "test.marker", Severity = Severity.Info, Source = Source.System, Summary = "marker" }, Stop);
        var events = await server.Services.GetRequiredService<EventLog>().ReadAsync(new EventQuery { Limit = 500 }, Stop);
        told.AddRange(events.Items.Select(e => $"{e.What.Type} {e.What.Actor} {e.What.Summary} {e.What.Data}"));
        told.AddRange(server.Log.All);

        Assert.Contains(told, t => t.Contains("wall.added", StringComparison.Ordinal));
        List<string> secrets = [link, First, Second, Others, "at first", "my secret pass", token];
        foreach (var signed in (Signed[])[mira, later, other, wall, again]) secrets.AddRange([signed.Access, signed.Refresh, signed.Hub]);
        Assert.All(secrets, secret => Assert.DoesNotContain(told, text => text.Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Under_https_every_cookie_is_for_https_alone()
    {
        await using var server = await TestServer.StartAsync(adjust: b => b.Services.AddSingleton<IStartupFilter, AsHttps>());
        var signed = await server.SignInAsync();
        Assert.Equal(3, signed.SetCookies.Count);
        Assert.All(signed.SetCookies, c => Assert.EndsWith("; secure; samesite=strict; httponly", c, StringComparison.Ordinal));
        using var left = await server.SendAsync(HttpMethod.Post, "/api/auth/logout", signed.Access);
        Assert.All(left.Headers.GetValues("Set-Cookie"), c => Assert.Contains("; secure; samesite=strict; httponly", c, StringComparison.Ordinal));
    }

    private static async Task<Signed> SignedAsync(TestServer server, string path, object body)
    {
        using var answer = await server.SendAsync(HttpMethod.Post, path, body);
        return await Signed.ReadAsync(answer);
    }

    private static async Task AnswersAsync(TestServer server, HttpMethod method, string path, object body, Signed signed)
    {
        using var answer = await server.SendAsync(method, path, body, signed.Access);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {answer.StatusCode}");
    }

    private sealed class AsHttps : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, after) =>
            {
                context.Request.Scheme = "https";
                return after(context);
            });
            next(app);
        };
    }
}
