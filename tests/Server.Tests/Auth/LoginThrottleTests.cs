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
        for (var i = 0; i < 5; i++) Assert.Null(_throttle.Attempt("eve", $"10.0.0.{i}"));
        foreach (var wait in (int[])[1, 2, 4, 8])
        {
            Assert.Equal(TimeSpan.FromSeconds(wait), _throttle.Attempt("eve", "10.0.1.1"));
            _time.Advance(TimeSpan.FromSeconds(wait));
            Assert.Null(_throttle.Attempt("eve", $"10.0.2.{wait}"));
        }
    }

    [Fact]
    public void No_wait_is_longer_than_the_longest()
    {
        for (var i = 0; i < 40; i++)
        {
            _throttle.Attempt("eve", $"10.0.0.{i}");
            _time.Advance(TimeSpan.FromMinutes(15));
        }

        _throttle.Attempt("eve", "10.0.1.1");
        Assert.Equal(TimeSpan.FromMinutes(15), _throttle.Attempt("eve", "10.0.1.2"));
    }

    [Fact]
    public void A_success_clears_the_account_and_does_not_clear_the_address()
    {
        for (var i = 0; i < 19; i++) Assert.Null(_throttle.Attempt($"user{i}", "10.0.0.1"));
        Assert.Null(_throttle.Attempt("mallory", "10.0.0.1"));
        _throttle.Succeeded("mallory", "10.0.0.1");
        Assert.Null(_throttle.Attempt("victim", "10.0.0.1"));
        Assert.NotNull(_throttle.Attempt("another", "10.0.0.1"));
        Assert.Null(_throttle.Attempt("another", "10.0.0.2"));
    }

    [Fact]
    public void Old_failures_are_forgotten()
    {
        for (var i = 0; i < 5; i++) _throttle.Attempt("eve", "10.0.0.1");
        _time.Advance(TimeSpan.FromMinutes(31));
        for (var i = 0; i < 5; i++) Assert.Null(_throttle.Attempt("eve", "10.0.0.1"));
        Assert.NotNull(_throttle.Attempt("eve", "10.0.0.1"));
    }

    [Fact]
    public void A_flood_of_names_takes_bounded_room_and_does_not_free_the_address()
    {
        for (var i = 0; i < LoginThrottle.MostKeys * 2; i++) _throttle.Attempt($"name{i}", "10.0.0.1");
        Assert.NotNull(_throttle.Attempt("one more", "10.0.0.1"));
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
}
