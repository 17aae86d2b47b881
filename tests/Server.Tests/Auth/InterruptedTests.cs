using System.Net;
using Jarvis.Server.Auth;
using Jarvis.Server.Events;
using Jarvis.Server.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Jarvis.Server.Tests.Auth;

/// <summary>Changes to accounts while somebody leaves, or somebody else changes them too.</summary>
public sealed class InterruptedTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_removed_by_a_browser_that_left_meanwhile_keeps_no_session()
    {
        await using var server = await TestServer.StartAsync();
        await server.AddAccountAsync("vera", Role.Viewer, "her own password");
        var vera = await server.SignInAsync("vera", "her own password");
        using var left = await LeavesOnAsync(server, "DELETE ON accounts");

        Assert.Equal(UserChange.Done, await server.Services.GetRequiredService<Users>().RemoveAsync("vera", "admin", left.Token));

        Assert.True(left.IsCancellationRequested);
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/auth/me", vera.Access);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_wall_token_removed_by_a_browser_that_left_meanwhile_keeps_no_session()
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.SignInAsync();
        var (id, token) = await WallTests.AddAsync(server, admin, new { name = "Kitchen" });
        var wall = await WallTests.SignInAsync(server, token);
        using var left = await LeavesOnAsync(server, "DELETE ON wall_tokens");

        Assert.True(await server.Services.GetRequiredService<WallTokens>().RemoveAsync(Guid.Parse(id.ToString()), "admin", left.Token));

        Assert.True(left.IsCancellationRequested);
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/auth/me", wall.Access);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Sessions_of_an_account_that_is_gone_or_has_another_role_are_found_and_ended()
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.SignInAsync();
        foreach (var name in (string[])["gone", "changed", "same"]) await server.AddAccountAsync(name, Role.Viewer, "some password");
        var sessions = server.Services.GetRequiredService<Sessions>();
        var (gone, changed, same) = (await server.SignInAsync("gone", "some password"), await server.SignInAsync("changed", "some password"), await server.SignInAsync("same", "some password"));
        var store = server.Services.GetRequiredService<AuthStore>();
        Assert.True(await store.RemoveAsync("gone", Stop));
        Assert.True(await store.ChangeAsync("changed", Role.Operator, null, Stop));

        await sessions.EndExpiredAsync(Stop);

        Assert.Null(await sessions.FindByAccessTokenAsync(gone.Access, Stop));
        Assert.Null(await sessions.FindByAccessTokenAsync(changed.Access, Stop));
        Assert.NotNull(await sessions.FindByAccessTokenAsync(same.Access, Stop));
        Assert.NotNull(await sessions.FindByAccessTokenAsync(admin.Access, Stop));
    }

    [Fact]
    public async Task A_password_set_by_an_administrator_is_not_overwritten_by_a_change_that_knew_the_old_one()
    {
        var hasher = new Meanwhile();
        await using var server = await TestServer.StartAsync(adjust: b => b.Services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<Account>>(hasher)));
        await server.AddAccountAsync("vera", Role.Viewer, "her own password");
        var vera = await server.SignInAsync("vera", "her own password");
        hasher.Once = () => server.Services.GetRequiredService<Users>().ChangeAsync("vera", null, "what admin says", "admin", Stop).GetAwaiter().GetResult();

        using var change = await server.SendAsync(HttpMethod.Post, "/api/auth/password", new { current = "her own password", next = "of a thief" }, vera.Access);

        await Problem.Is(HttpStatusCode.Forbidden, "PASSWORD_WRONG", change);
        await server.SignInAsync("vera", "what admin says");
    }

    [Fact]
    public async Task An_administrator_who_was_removed_does_not_come_back_with_the_password_file()
    {
        using var data = new TestFolder();
        await using (var server = await TestServer.StartAsync(data: data.Path))
        {
            var admin = await server.SignInAsync();
            await server.AddAccountAsync("mira", Role.Admin, "some password");
            var mira = await server.SignInAsync("mira", "some password");
            using var removed = await server.SendAsync(HttpMethod.Delete, "/api/users/admin", mira.Access);
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        }

        await using (var again = await TestServer.StartAsync(data: data.Path))
        {
            using var refused = await again.LoginAsync();
            await Problem.Is(HttpStatusCode.Unauthorized, "LOGIN_REFUSED", refused);
        }

        await using var meant = await TestServer.StartAsync(data: data.Path, password: "another in the file");
        await meant.SignInAsync(password: "another in the file");
        var log = meant.Services.GetRequiredService<EventLog>();
        await log.AppendAsync(new() { Type = "test.marker", Severity = Severity.Info, Source = Source.System, Summary = "marker" }, Stop);
        var events = await log.ReadAsync(new EventQuery { Limit = 500 }, Stop);
        Assert.Equal(2, events.Items.Count(e => e.What.Summary == "The administrator account admin was made from the password file"));
    }

    /// <summary>A token that is cancelled inside the transaction, as when the request's browser goes away then.</summary>
    private static async Task<CancellationTokenSource> LeavesOnAsync(TestServer server, string what)
    {
        var left = new CancellationTokenSource();
        await server.Services.GetRequiredService<AppDb>().WriteAsync(
            connection =>
            {
                connection.CreateFunction("leave", () =>
                {
                    left.Cancel();
                    return 1;
                });
                using var command = connection.CreateCommand();
                command.CommandText = $"CREATE TEMP TRIGGER leaves AFTER {what} BEGIN SELECT leave(); END";
                command.ExecuteNonQuery();
            },
            Stop);
        return left;
    }

    private sealed class Meanwhile : IPasswordHasher<Account>
    {
        private readonly PasswordHasher<Account> _inner = new(Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = 1_000 }));
        private Action? _once;

        public Action? Once { set => _once = value; }

        public string HashPassword(Account user, string password) => _inner.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            var result = _inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
            Interlocked.Exchange(ref _once, null)?.Invoke();
            return result;
        }
    }
}
