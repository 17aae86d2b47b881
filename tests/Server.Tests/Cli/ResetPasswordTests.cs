using System.Net;
using Jarvis.Server.Auth;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Cli;

public sealed class ResetPasswordTests : IDisposable
{
    private const string Next = "another password";
    private readonly TestFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task While_the_server_runs_the_new_password_holds_at_once_and_open_sessions_end()
    {
        await using var server = await TestServer.StartAsync(data: _folder.Path);
        await server.AddAccountAsync("vera", Role.Viewer, "her own password");
        var admin = await server.SignInAsync();
        var vera = await server.SignInAsync("vera", "her own password");
        var session = await server.Services.GetRequiredService<Sessions>().FindByAccessTokenAsync(vera.Access, Stop);
        var ended = new TaskCompletionSource();
        using var registration = session!.Ended.Register(() => ended.SetResult());

        var run = await Run.WithInput(Next + "\n", "admin", "reset-password", "--user", "vera", "--data", _folder.Path);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.DoesNotContain(Next, run.Output, StringComparison.Ordinal);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10), Stop);
        using var old = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: vera.RefreshCookie);
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        using var other = await server.SendAsync(HttpMethod.Get, "/api/auth/me", admin.Access);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        await server.SignInAsync("vera", Next);
        Assert.DoesNotContain(server.Log.All, l => l.Contains(Next, StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_it_is_stopped_the_password_is_set_for_the_next_start_and_the_password_file_follows()
    {
        var file = _folder.File("admin-password");
        await File.WriteAllTextAsync(file, TestServer.Password, Stop);
        Signed signed;
        await using (var server = await TestServer.StartAsync([("Auth:AdminPasswordFile", file)], _folder.Path, password: null)) signed = await server.SignInAsync();
        await File.WriteAllTextAsync(_folder.File("next"), Next + "\n", Stop);

        var run = await Run.Of("admin", "reset-password", "--password-file", _folder.File("next"), "--data", _folder.Path);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Signed later;
        await using (var again = await TestServer.StartAsync([("Auth:AdminPasswordFile", file)], _folder.Path, password: null))
        {
            using var old = await again.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: signed.RefreshCookie);
            Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
            later = await again.SignInAsync("admin", Next);
            Assert.DoesNotContain(again.Log.All, l => l.Contains("from the password file", StringComparison.Ordinal));
        }

        await using var third = await TestServer.StartAsync([("Auth:AdminPasswordFile", file)], _folder.Path, password: null);
        using var kept = await third.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: later.RefreshCookie);
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
    }

    [Theory]
    [InlineData("nobody", "a good password", "there is no account 'nobody'")]
    [InlineData("admin", "short", "the password has 5 characters; 8 to 1024 are needed")]
    [InlineData("admin", "", "the password has 0 characters; 8 to 1024 are needed")]
    public async Task What_cannot_be_set_changes_nothing(string user, string password, string why)
    {
        await using var server = await TestServer.StartAsync(data: _folder.Path);
        var signed = await server.SignInAsync();
        var run = await Run.WithInput(password, "admin", "reset-password", "--user", user, "--data", _folder.Path);
        Assert.Equal(1, run.Code);
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
        using var still = await server.SendAsync(HttpMethod.Get, "/api/auth/me", signed.Access);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Fact]
    public async Task A_folder_without_a_database_is_told()
    {
        var run = await Run.WithInput(Next, "admin", "reset-password", "--data", _folder.Path);
        Assert.Equal(1, run.Code);
        Assert.Contains("there is no jarvis.db", run.Error, StringComparison.Ordinal);
    }
}
