using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jarvis.Server.Setup;
using Jarvis.Server.Tests.Auth;

namespace Jarvis.Server.Tests.Setup;

public sealed partial class SetupTests
{
    private const string Chosen = "a password that I chose";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_start_prints_a_link_that_makes_the_administrator_and_signs_in()
    {
        await using var server = await TestServer.StartAsync(password: null);
        var (address, token) = LinkIn(await server.Said.NextAsync());
        Assert.Equal(server.Address.GetLeftPart(UriPartial.Authority), address);
        Assert.Equal(32, System.Buffers.Text.Base64Url.DecodeFromChars(token).Length);
        Assert.Equal((true, false, 0), await StateAsync(server, null));

        using var answer = await server.SendAsync(HttpMethod.Post, "/api/setup/admin", new { token, user = "mira", password = Chosen });
        var signed = await Signed.ReadAsync(answer);
        Assert.Equal(("mira", "admin"), (signed.Body.GetProperty("user").GetString(), signed.Body.GetProperty("role").GetString()));
        Assert.Equal((false, true, 3), await StateAsync(server, signed));
        await server.SignInAsync("mira", Chosen);
        await UsersTests.SeesAsync(server, "user.added", "mira", "mira was set up as the first administrator, from 127.0.0.1");

        using var again = await server.SendAsync(HttpMethod.Post, "/api/setup/admin", new { token, user = "eve", password = Chosen });
        await Problem.Is(HttpStatusCode.Conflict, "SETUP_DONE", again);
    }

    [Fact]
    public async Task A_wrong_link_is_refused_and_throttled_and_the_right_one_still_opens()
    {
        await using var server = await TestServer.StartAsync(password: null);
        var (_, token) = LinkIn(await server.Said.NextAsync());
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await server.SendAsync(HttpMethod.Post, "/api/setup/admin", new { token = token[..^1], user = "eve", password = Chosen });
            await Problem.Is(HttpStatusCode.Forbidden, "SETUP_TOKEN", wrong);
        }

        using var throttled = await server.SendAsync(HttpMethod.Post, "/api/setup/admin", new { token = "x", user = "eve", password = Chosen });
        await Problem.Is(HttpStatusCode.TooManyRequests, "LOGIN_THROTTLED", throttled);
        using var bad = await server.SendAsync(HttpMethod.Post, "/api/setup/admin", new { token, user = "Mira!", password = "short" });
        var errors = (await Problem.Is(HttpStatusCode.BadRequest, "VALIDATION_FAILED", bad)).GetProperty("errors");
        Assert.Equal(["password", "user"], errors.EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal));
        using var right = await server.SendAsync(HttpMethod.Post, "/api/setup/admin", new { token, user = "mira", password = Chosen });
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task Of_two_at_once_one_becomes_administrator()
    {
        await using var server = await TestServer.StartAsync(password: null);
        var (_, token) = LinkIn(await server.Said.NextAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            server.SendAsync(HttpMethod.Post, "/api/setup/admin", new { token, user = $"user{i}", password = Chosen })));
        var won = Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a != won), a => Assert.Contains(a.StatusCode, (HttpStatusCode[])[HttpStatusCode.Conflict, HttpStatusCode.Forbidden, HttpStatusCode.TooManyRequests]));
        Assert.Single((await UsersTests.GetAsync(server, "/api/users", await Signed.ReadAsync(won))).EnumerateArray());
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task Each_start_prints_another_link_until_there_is_an_account()
    {
        using var data = new TestFolder();
        string first;
        await using (var server = await TestServer.StartAsync(data: data.Path, password: null)) (_, first) = LinkIn(await server.Said.NextAsync());
        await using (var again = await TestServer.StartAsync(data: data.Path, password: null))
        {
            var (_, second) = LinkIn(await again.Said.NextAsync());
            using var old = await again.SendAsync(HttpMethod.Post, "/api/setup/admin", new { token = first, user = "mira", password = Chosen });
            await Problem.Is(HttpStatusCode.Forbidden, "SETUP_TOKEN", old);
            using var made = await again.SendAsync(HttpMethod.Post, "/api/setup/admin", new { token = second, user = "mira", password = Chosen });
            Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        }

        await using var last = await TestServer.StartAsync(data: data.Path, password: null);
        await last.SignInAsync("mira", Chosen);
        Assert.True(last.Said.IsEmpty);
    }

    [Fact]
    public async Task A_database_that_comes_late_brings_the_link()
    {
        using var data = new TestFolder();
        await File.WriteAllTextAsync(data.File("jarvis.db"), new string('x', 8192), Stop);
        await using var server = await TestServer.StartAsync(data: data.Path, password: null);
        Assert.DoesNotMatch(Link, await server.Said.NextAsync());
        using var early = await server.SendAsync(HttpMethod.Post, "/api/setup/admin", new { token = "x", user = "mira", password = Chosen });
        await Problem.Is(HttpStatusCode.ServiceUnavailable, "DATABASE_UNAVAILABLE", early);

        File.Delete(data.File("jarvis.db"));
        for (var i = 0; i < 100_000 && server.Said.IsEmpty; i++)
        {
            server.Time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        var (_, token) = LinkIn(await server.Said.NextAsync());
        using var made = await server.SendAsync(HttpMethod.Post, "/api/setup/admin", new { token, user = "mira", password = Chosen });
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
    }

    [Fact]
    public async Task With_a_password_file_there_is_no_link()
    {
        await using var server = await TestServer.StartAsync();
        Assert.False((await StateAsync(server, null)).NeedsAdmin);
        await server.SignInAsync();
        Assert.True(server.Said.IsEmpty);
        using var tried = await server.SendAsync(HttpMethod.Post, "/api/setup/admin", new { token = "x", user = "eve", password = Chosen });
        await Problem.Is(HttpStatusCode.Conflict, "SETUP_DONE", tried);
    }

    [Fact]
    public async Task The_steps_say_what_is_left_to_administrators_alone()
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.SignInAsync();
        var state = await UsersTests.GetAsync(server, "/api/setup", admin);
        Assert.Equal(
            ["admin done", "cluster", "keyword"],
            state.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("id").GetString() + (s.GetProperty("done").GetBoolean() ? " done" : "")));
        await server.AddAccountAsync("somebody", Server.Auth.Role.Operator, "some password");
        Assert.Equal((false, false, 0), await StateAsync(server, await server.SignInAsync("somebody", "some password")));
    }

    [Fact]
    public async Task Finished_once_it_is_never_offered_again()
    {
        using var data = new TestFolder();
        await using (var server = await TestServer.StartAsync(data: data.Path))
        {
            var admin = await server.SignInAsync();
            Assert.True((await StateAsync(server, admin)).Offered);
            for (var i = 0; i < 2; i++)
            {
                using var finished = await server.SendAsync(HttpMethod.Post, "/api/setup/finish", admin.Access);
                Assert.Equal(HttpStatusCode.NoContent, finished.StatusCode);
            }

            Assert.False((await StateAsync(server, admin)).Offered);
        }

        await using var again = await TestServer.StartAsync(data: data.Path);
        Assert.False((await StateAsync(again, await again.SignInAsync())).Offered);
    }

    [Fact]
    public async Task It_is_not_offered_where_the_operator_said_so()
    {
        await using var server = await TestServer.StartAsync([("Setup:Offer", "false")]);
        Assert.False((await StateAsync(server, await server.SignInAsync())).Offered);
    }

    [Fact]
    public async Task It_is_not_offered_where_account_and_cluster_were_configured()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.File("token"), "jarvis@pve!watch=11111111-1111-1111-1111-111111111111", Stop);
        await using var server = await TestServer.StartAsync(
            [("Clusters:0:Key", "lab"), ("Clusters:0:Endpoints:0", "https://127.0.0.1:1"), ("Clusters:0:TokenFile", folder.File("token"))]);
        Assert.Equal((false, false, 3), await StateAsync(server, await server.SignInAsync()));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080", "http://127.0.0.1:5080")]
    [InlineData("http://[::1]:5080", "http://[::1]:5080")]
    [InlineData("https://0.0.0.0:8443", "https://box:8443")]
    [InlineData("https://[::]:443", "https://box")]
    public void The_link_begins_with_an_address_that_a_browser_can_open(string listening, string opened) =>
        Assert.Equal(opened, SetupLink.AsOpened(listening, "BOX"));

    internal static (string Address, string Token) LinkIn(string text)
    {
        var link = Link.Match(text);
        Assert.True(link.Success, text);
        return (link.Groups["address"].Value, link.Groups["token"].Value);
    }

    private static async Task<(bool NeedsAdmin, bool Offered, int Steps)> StateAsync(TestServer server, Signed? signed)
    {
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/setup", signed?.Access);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var state = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        return (state.GetProperty("needsAdmin").GetBoolean(), state.GetProperty("offered").GetBoolean(), state.GetProperty("steps").GetArrayLength());
    }

    [GeneratedRegex("(?<address>https?://[^/]+)/setup#(?<token>[A-Za-z0-9_-]+)")]
    private static partial Regex Link { get; }
}
