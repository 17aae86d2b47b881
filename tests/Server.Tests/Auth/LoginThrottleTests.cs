using System.Globalization;
using System.Net;
using Jarvis.Server.Auth;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Server.Tests.Auth;

public sealed class LoginThrottleTests
{
    private readonly FakeTimeProvider _time = new(new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly LoginThrottle _throttle;

    public LoginThrottleTests() => _throttle = new(Options.Create(new AuthOptions()), _time);

    [Fact]
    public void Five_failures_are_free_and_each_wait_after_is_twice_the_last()
    {
        for (var i = 0; i < 5; i++) Assert.Null(_throttle.Attempt("eve", From("10.0.0.1")));
        foreach (var wait in (int[])[1, 2, 4, 8])
        {
            Assert.Equal(TimeSpan.FromSeconds(wait), _throttle.Attempt("eve", From("10.0.0.1")));
            _time.Advance(TimeSpan.FromSeconds(wait));
            Assert.Null(_throttle.Attempt("eve", From("10.0.0.1")));
        }
    }

    [Fact]
    public void An_address_is_locked_out_for_no_longer_than_the_longest_wait()
    {
        for (var i = 0; i < 40; i++)
        {
            _throttle.Attempt("eve", From("10.0.0.1"));
            _time.Advance(TimeSpan.FromMinutes(15));
        }

        _throttle.Attempt("eve", From("10.0.0.1"));
        Assert.Equal(TimeSpan.FromMinutes(15), _throttle.Attempt("eve", From("10.0.0.1")));
    }

    [Fact]
    public void Guesses_from_everywhere_cost_the_owner_of_the_account_half_a_minute_at_most()
    {
        for (var i = 0; i < 5_000; i++)
        {
            if (_throttle.Attempt("admin", From($"10.0.{i / 250}.{i % 250}")) is { } wait) _time.Advance(wait);
        }

        var owner = _throttle.Attempt("admin", From("192.168.1.9"));
        Assert.InRange(owner!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        _time.Advance(owner.Value);
        Assert.Null(_throttle.Attempt("admin", From("192.168.1.9")));
    }

    [Fact]
    public void A_known_browser_is_counted_by_itself_alone()
    {
        for (var i = 0; i < 60; i++) _throttle.Attempt("admin", From("127.0.0.1"));
        Assert.NotNull(_throttle.Attempt("admin", From("127.0.0.1")));
        var known = new Visitor("127.0.0.1", "browser", Device: "A1");
        for (var i = 0; i < 5; i++) Assert.Null(_throttle.Attempt("admin", known));
        Assert.NotNull(_throttle.Attempt("admin", known));
        Assert.Null(_throttle.Attempt("admin", known with { Device = "B2" }));
    }

    [Fact]
    public void A_success_clears_the_account_and_does_not_clear_the_address()
    {
        for (var i = 0; i < 19; i++) Assert.Null(_throttle.Attempt($"user{i}", From("10.0.0.1")));
        Assert.Null(_throttle.Attempt("mallory", From("10.0.0.1")));
        _throttle.Succeeded("mallory", From("10.0.0.1"));
        Assert.Null(_throttle.Attempt("victim", From("10.0.0.1")));
        Assert.NotNull(_throttle.Attempt("another", From("10.0.0.1")));
        Assert.Null(_throttle.Attempt("another", From("10.0.0.2")));
    }

    [Fact]
    public void An_attempt_never_judged_does_not_forgive_those_before()
    {
        for (var i = 0; i < 4; i++) Assert.Null(_throttle.Attempt("eve", From("10.0.0.1")));
        Assert.Null(_throttle.Attempt("eve", From("10.0.0.1")));
        _throttle.Withdraw("eve", From("10.0.0.1"));
        Assert.Null(_throttle.Attempt("eve", From("10.0.0.1")));
        Assert.NotNull(_throttle.Attempt("eve", From("10.0.0.1")));
    }

    [Fact]
    public void A_success_that_comes_late_takes_no_wait_off_a_failure_meanwhile()
    {
        for (var i = 0; i < 19; i++) Assert.Null(_throttle.Attempt($"user{i}", From("10.0.0.1")));
        Assert.Null(_throttle.Attempt("slow", From("10.0.0.1")));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_throttle.Attempt("victim", From("10.0.0.1")));
        _throttle.Succeeded("slow", From("10.0.0.1"));
        Assert.NotNull(_throttle.Attempt("another", From("10.0.0.1")));
    }

    [Fact]
    public void Old_failures_are_forgotten()
    {
        for (var i = 0; i < 5; i++) _throttle.Attempt("eve", From("10.0.0.1"));
        _time.Advance(TimeSpan.FromMinutes(31));
        for (var i = 0; i < 5; i++) Assert.Null(_throttle.Attempt("eve", From("10.0.0.1")));
        Assert.NotNull(_throttle.Attempt("eve", From("10.0.0.1")));
    }

    [Fact]
    public void A_flood_of_names_takes_bounded_room_and_does_not_free_the_address()
    {
        for (var i = 0; i < LoginThrottle.MostKeys * 2; i++) _throttle.Attempt($"name{i}", From("10.0.0.1"));
        Assert.NotNull(_throttle.Attempt("one more", From("10.0.0.1")));
    }

    [Fact]
    public async Task A_browser_that_signed_in_before_gets_in_while_its_address_is_locked_out()
    {
        await using var server = await TestServer.StartAsync();
        var signed = await server.SignInAsync();
        var device = Assert.Single(signed.SetCookies, c => c.StartsWith("jarvis_device_", StringComparison.Ordinal));
        Assert.EndsWith("; path=/api/auth; samesite=strict; httponly", device, StringComparison.Ordinal);
        for (var i = 0; i < 22; i++) (await server.LoginAsync(i % 5 == 0 ? "admin" : $"user{i}", "wrong")).Dispose();

        using var stranger = await server.LoginAsync();
        await Problem.Is(HttpStatusCode.TooManyRequests, "LOGIN_THROTTLED", stranger);
        await server.AddAccountAsync("other", Role.Viewer, "some password");
        using var asOther = await LoginAsync(server, "other", "some password", device.Split(';')[0]);
        await Problem.Is(HttpStatusCode.TooManyRequests, "LOGIN_THROTTLED", asOther);
        using var known = await LoginAsync(server, "admin", TestServer.Password, device.Split(';')[0]);
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
    }

    [Fact]
    public async Task The_server_answers_429_with_the_seconds_to_wait()
    {
        await using var server = await TestServer.StartAsync([("Auth:FailuresPerAccount", "2")]);
        for (var i = 0; i < 2; i++)
        {
            using var wrong = await server.LoginAsync(password: "wrong");
            await Problem.Is(HttpStatusCode.Unauthorized, "LOGIN_REFUSED", wrong);
        }

        using var right = await server.LoginAsync();
        await Problem.Is(HttpStatusCode.TooManyRequests, "LOGIN_THROTTLED", right);
        Assert.Equal("1", right.Headers.GetValues("Retry-After").Single());
        server.Time.Advance(TimeSpan.FromSeconds(int.Parse(right.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture)));
        await server.SignInAsync();
    }

    [Fact]
    public async Task Guessing_on_ends_in_a_lock_out_that_the_right_password_does_not_open()
    {
        await using var server = await TestServer.StartAsync([("Auth:LongestWaitSeconds", "60")]);
        for (var guesses = 0; guesses < 12; guesses++)
        {
            using var wrong = await server.LoginAsync(password: "wrong");
            await Problem.Is(HttpStatusCode.Unauthorized, "LOGIN_REFUSED", wrong);
            using var next = await server.LoginAsync(password: "wrong");
            if (next.StatusCode == HttpStatusCode.TooManyRequests) server.Time.Advance(next.Headers.RetryAfter!.Delta!.Value);
        }

        (await server.LoginAsync(password: "wrong")).Dispose();
        using var locked = await server.LoginAsync();
        await Problem.Is(HttpStatusCode.TooManyRequests, "LOGIN_THROTTLED", locked);
        Assert.Equal(TimeSpan.FromSeconds(60), locked.Headers.RetryAfter!.Delta);
        server.Time.Advance(TimeSpan.FromSeconds(59));
        using var still = await server.LoginAsync();
        await Problem.Is(HttpStatusCode.TooManyRequests, "LOGIN_THROTTLED", still);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await server.SignInAsync();
    }

    [Fact]
    public async Task An_unknown_account_is_throttled_like_a_known_one()
    {
        await using var server = await TestServer.StartAsync([("Auth:FailuresPerAccount", "1")]);
        foreach (var user in (string[])["admin", "nobody"])
        {
            using var wrong = await server.LoginAsync(user, "wrong");
            await Problem.Is(HttpStatusCode.Unauthorized, "LOGIN_REFUSED", wrong);
            using var again = await server.LoginAsync(user, "wrong");
            await Problem.Is(HttpStatusCode.TooManyRequests, "LOGIN_THROTTLED", again);
        }
    }

    [Fact]
    public async Task Guesses_sent_at_once_count_too()
    {
        await using var server = await TestServer.StartAsync([("Auth:FailuresPerAccount", "3")]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => server.LoginAsync(password: "wrong")));
        Assert.Equal(3, answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(9, answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests));
        foreach (var answer in answers) answer.Dispose();
    }

    private static Visitor From(string address) => new(address, "");

    private static Task<HttpResponseMessage> LoginAsync(TestServer server, string user, string password, string cookie)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login") { Content = System.Net.Http.Json.JsonContent.Create(new { user, password }) };
        request.Headers.Add("Cookie", cookie);
        return server.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
