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

    [Fact]
    public async Task A_password_file_that_the_shell_does_not_know_does_not_bring_the_old_password_back()
    {
        var file = _folder.File("named-in-the-unit");
        await File.WriteAllTextAsync(file, TestServer.Password, Stop);
        (string, string)[] settings = [("Auth:AdminPasswordFile", file)];
        await using (var server = await TestServer.StartAsync(settings, _folder.Path, password: null)) await server.SignInAsync();

        var run = await Run.WithInput(Next + "\n", "admin", "reset-password", "--data", _folder.Path);

        Assert.Equal((0, ""), (run.Code, run.Error));
        await using var again = await TestServer.StartAsync(settings, _folder.Path, password: null);
        using var old = await again.LoginAsync();
        await Problem.Is(HttpStatusCode.Unauthorized, "LOGIN_REFUSED", old);
        await again.SignInAsync("admin", Next);
    }

    [Fact]
    public async Task A_password_file_that_cannot_be_written_is_told_and_does_not_bring_the_old_password_back()
    {
        var file = _folder.File("admin-password");
        await File.WriteAllTextAsync(file, TestServer.Password, Stop);
        (string, string)[] settings = [("Auth:AdminPasswordFile", file)];
        await using (var server = await TestServer.StartAsync(settings, _folder.Path, password: null)) await server.SignInAsync();

        Run run;
        // Another holds it, which also keeps out root, whom no mode does.
        await using (new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            run = await Run.WithInput(Next + "\n", "admin", "reset-password", "--data", _folder.Path);

        Assert.Equal(0, run.Code);
        Assert.Contains($"the password is set, but {file} could not be", run.Error, StringComparison.Ordinal);
        await using var again = await TestServer.StartAsync(settings, _folder.Path, password: null);
        using var old = await again.LoginAsync();
        await Problem.Is(HttpStatusCode.Unauthorized, "LOGIN_REFUSED", old);
        await again.SignInAsync("admin", Next);
    }

    [Fact]
    public async Task Other_lines_of_the_password_file_stay()
    {
        var file = _folder.File("admin-password");
        await File.WriteAllTextAsync(file, $"{TestServer.Password}\nkept for the next of us\n", Stop);
        await using (var server = await TestServer.StartAsync([("Auth:AdminPasswordFile", file)], _folder.Path, password: null)) await server.SignInAsync();
        Assert.Equal(0, (await Run.WithInput(Next + "\n", "admin", "reset-password", "--data", _folder.Path)).Code);
        Assert.Equal([Next, "kept for the next of us"], await File.ReadAllLinesAsync(file, Stop));
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
