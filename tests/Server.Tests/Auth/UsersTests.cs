using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Jarvis.Server.Auth;
using Jarvis.Server.Events;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Jarvis.Server.Tests.Auth;

public sealed class UsersTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_administrator_adds_accounts_that_can_sign_in_and_sees_them()
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.SignInAsync();
        using var added = await server.SendAsync(HttpMethod.Post, "/api/users", new { name = "ops", role = "operator", password = "some password" }, admin.Access);
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Equal("/api/users/ops", added.Headers.Location?.ToString());
        server.Time.Advance(TimeSpan.FromMinutes(1));
        var ops = await server.SignInAsync("ops", "some password");
        Assert.Equal("operator", ops.Body.GetProperty("role").GetString());

        var users = await GetAsync(server, "/api/users", admin);
        Assert.Equal(["admin", "ops"], users.EnumerateArray().Select(u => u.GetProperty("name").GetString()));
        Assert.Equal([true, false], users.EnumerateArray().Select(u => u.GetProperty("you").GetBoolean()));
        Assert.Equal([1, 1], users.EnumerateArray().Select(u => u.GetProperty("sessions").GetInt32()));
        Assert.Equal(server.Time.GetUtcNow(), users[1].GetProperty("seenAt").GetDateTimeOffset());

        using var left = await server.SendAsync(HttpMethod.Post, "/api/auth/logout", ops.Access);
        users = await GetAsync(server, "/api/users", admin);
        Assert.Equal(0, users[1].GetProperty("sessions").GetInt32());
        Assert.Equal(server.Time.GetUtcNow(), users[1].GetProperty("seenAt").GetDateTimeOffset());
        await SeesAsync(server, "user.added", "admin", "admin added the account ops (operator)");
    }

    [Theory]
    [InlineData("Upper", "viewer", "some password", "name")]
    [InlineData("", "viewer", "some password", "name")]
    [InlineData("wall:x", "viewer", "some password", "name")]
    [InlineData("x", "root", "some password", "role")]
    [InlineData("x", "Admin", "some password", "role")]
    [InlineData("x", "viewer", "short", "password")]
    public async Task What_is_wrong_with_a_new_account_is_said(string name, string role, string password, string field)
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.SignInAsync();
        using var answer = await server.SendAsync(HttpMethod.Post, "/api/users", new { name, role, password }, admin.Access);
        var problem = await Problem.Is(HttpStatusCode.BadRequest, "VALIDATION_FAILED", answer);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Fact]
    public async Task A_name_is_taken_once_and_an_unknown_one_is_said_to_be()
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.SignInAsync();
        using var taken = await server.SendAsync(HttpMethod.Post, "/api/users", new { name = "admin", role = "viewer", password = "some password" }, admin.Access);
        await Problem.Is(HttpStatusCode.Conflict, "USER_EXISTS", taken);
        using var changed = await server.SendAsync(HttpMethod.Patch, "/api/users/nobody", new { role = "viewer" }, admin.Access);
        await Problem.Is(HttpStatusCode.NotFound, "USER_UNKNOWN", changed);
        using var removed = await server.SendAsync(HttpMethod.Delete, "/api/users/nobody", admin.Access);
        await Problem.Is(HttpStatusCode.NotFound, "USER_UNKNOWN", removed);
    }

    [Fact]
    public async Task The_last_administrator_stays_one()
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.SignInAsync();
        using var demoted = await server.SendAsync(HttpMethod.Patch, "/api/users/admin", new { role = "viewer", password = "some password" }, admin.Access);
        await Problem.Is(HttpStatusCode.Conflict, "LAST_ADMIN", demoted);
        using var removed = await server.SendAsync(HttpMethod.Delete, "/api/users/admin", admin.Access);
        await Problem.Is(HttpStatusCode.Conflict, "LAST_ADMIN", removed);
        await server.SignInAsync();

        await server.AddAccountAsync("second", Role.Admin, "some password");
        var both = await Task.WhenAll(
            server.SendAsync(HttpMethod.Patch, "/api/users/admin", new { role = "viewer" }, admin.Access),
            server.SendAsync(HttpMethod.Delete, "/api/users/second", admin.Access));
        Assert.Contains(both, a => a.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.Unauthorized);
        Assert.Contains(both, a => a.IsSuccessStatusCode);
        foreach (var answer in both) answer.Dispose();
        var left = await server.Services.GetRequiredService<AuthStore>().AccountsAsync(Stop);
        Assert.Single(left, a => a.Role == Role.Admin);
    }

    [Theory]
    [InlineData("PATCH", "{\"role\":\"operator\"}")]
    [InlineData("PATCH", "{\"password\":\"another password\"}")]
    [InlineData("DELETE", null)]
    public async Task A_change_of_an_account_ends_its_sessions_and_closes_its_hubs_within_a_second(string method, string? body)
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.SignInAsync();
        await server.AddAccountAsync("somebody", Role.Viewer, "some password");
        var (one, two) = (await server.SignInAsync("somebody", "some password"), await server.SignInAsync("somebody", "some password"));
        await using var hub = await HubSocket.OpenAsync(server, one.HubCookie);

        using var changed = body is null
            ? await server.SendAsync(HttpMethod.Delete, "/api/users/somebody", admin.Access)
            : await server.SendAsync(new HttpMethod(method), "/api/users/somebody", JsonElement.Parse(body), admin.Access);
        Assert.True(changed.IsSuccessStatusCode);
        await hub.ClosesWithinASecondAsync();
        foreach (var signed in (Signed[])[one, two])
        {
            using var me = await server.SendAsync(HttpMethod.Get, "/api/auth/me", signed.Access);
            await Problem.Is(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN", me);
            using var refreshed = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: signed.RefreshCookie);
            await Problem.Is(HttpStatusCode.Unauthorized, "SESSION_ENDED", refreshed);
        }

        await SeesAsync(server, body is null ? "user.removed" : "user.changed", "admin", null);
    }

    [Fact]
    public async Task A_sign_in_under_way_while_the_account_is_changed_does_not_keep_the_old_role()
    {
        var slow = new SlowHasher();
        await using var server = await TestServer.StartAsync(adjust: b => b.Services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<Account>>(slow)));
        var admin = await server.SignInAsync();
        await server.AddAccountAsync("somebody", Role.Admin, "some password");
        slow.Hold("somebody");
        var signing = server.LoginAsync("somebody", "some password");
        await slow.Checking.WaitAsync(Stop);
        using var changed = await server.SendAsync(HttpMethod.Patch, "/api/users/somebody", new { role = "viewer" }, admin.Access);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        slow.Release();
        using var answer = await signing;
        await Problem.Is(HttpStatusCode.Unauthorized, "LOGIN_REFUSED", answer);
        Assert.Equal("viewer", (await server.SignInAsync("somebody", "some password")).Body.GetProperty("role").GetString());
        Assert.Equal(1, (await GetAsync(server, "/api/users", admin))[1].GetProperty("sessions").GetInt32());
    }

    [Fact]
    public async Task A_change_that_changes_nothing_signs_nobody_out()
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.SignInAsync();
        using var changed = await server.SendAsync(HttpMethod.Patch, "/api/users/admin", new { role = "admin" }, admin.Access);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        await GetAsync(server, "/api/users", admin);
    }

    [Fact]
    public async Task A_password_is_changed_by_who_knows_it_and_the_other_sessions_end()
    {
        await using var server = await TestServer.StartAsync();
        var (here, there) = (await server.SignInAsync(), await server.SignInAsync());
        await using var hub = await HubSocket.OpenAsync(server, there.HubCookie);
        using var changed = await server.SendAsync(HttpMethod.Post, "/api/auth/password", new { current = TestServer.Password, next = "the next password" }, here.Access);
        Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        await hub.ClosesWithinASecondAsync();
        await GetAsync(server, "/api/auth/me", here);
        using var me = await server.SendAsync(HttpMethod.Get, "/api/auth/me", there.Access);
        await Problem.Is(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN", me);
        using var old = await server.LoginAsync();
        await Problem.Is(HttpStatusCode.Unauthorized, "LOGIN_REFUSED", old);
        await server.SignInAsync(password: "the next password");
        await SeesAsync(server, "password.changed", "admin", null);
    }

    [Fact]
    public async Task Guessing_the_present_password_of_an_open_session_is_throttled()
    {
        await using var server = await TestServer.StartAsync([("Auth:FailuresPerAccount", "2")]);
        var signed = await server.SignInAsync();
        for (var i = 0; i < 2; i++)
        {
            using var wrong = await server.SendAsync(HttpMethod.Post, "/api/auth/password", new { current = "wrong", next = "the next password" }, signed.Access);
            await Problem.Is(HttpStatusCode.Forbidden, "PASSWORD_WRONG", wrong);
        }

        using var right = await server.SendAsync(HttpMethod.Post, "/api/auth/password", new { current = TestServer.Password, next = "the next password" }, signed.Access);
        await Problem.Is(HttpStatusCode.TooManyRequests, "LOGIN_THROTTLED", right);
    }

    internal static async Task<JsonElement> GetAsync(TestServer server, string path, Signed signed)
    {
        using var answer = await server.SendAsync(HttpMethod.Get, path, signed.Access);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    /// <summary>Events are posted; those before one that is awaited are stored with it.</summary>
    internal static async Task SeesAsync(TestServer server, string type, string? actor, string? summary)
    {
        var events = server.Services.GetRequiredService<EventLog>();
        await events.AppendAsync(new() { Type = "test.marker", Severity = Severity.Info, Source = Source.System, Summary = "marker" }, Stop);
        var found = await events.ReadAsync(new EventQuery { Type = type }, Stop);
        Assert.Contains(found.Items, e => e.What.Actor == actor && (summary is null || e.What.Summary == summary));
    }

    /// <summary>Checks one account's password only when told to.</summary>
    private sealed class SlowHasher : IPasswordHasher<Account>
    {
        private readonly PasswordHasher<Account> _real = new();
        private readonly TaskCompletionSource _checking = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile string? _held;

        public Task Checking => _checking.Task;

        public void Hold(string account) => _held = account;

        public void Release()
        {
            _held = null;
            _open.SetResult();
        }

        public string HashPassword(Account user, string password) => _real.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            if (user.Name == _held)
            {
                _checking.TrySetResult();
                _open.Task.Wait(TimeSpan.FromSeconds(20));
            }

            return _real.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
