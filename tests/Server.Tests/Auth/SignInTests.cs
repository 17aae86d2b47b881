using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Jarvis.Server.Auth;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Auth;

public sealed class SignInTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_password_file_makes_an_administrator_who_can_sign_in()
    {
        await using var server = await TestServer.StartAsync();
        var signed = await server.SignInAsync();

        Assert.Equal("admin", signed.Body.GetProperty("user").GetString());
        Assert.Equal("admin", signed.Body.GetProperty("role").GetString());
        Assert.Equal(900, signed.Body.GetProperty("expiresIn").GetInt32());
        Assert.False(signed.Body.GetProperty("emergency").GetBoolean());
        using var me = await server.SendAsync(HttpMethod.Get, "/api/auth/me", signed.Access);
        Assert.Equal("admin", (await me.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("user").GetString());
    }

    [Theory]
    [InlineData("admin", "wrong")]
    [InlineData("admin", TestServer.Password + " ")]
    [InlineData("nobody", TestServer.Password)]
    [InlineData("admin", "A PASSWORD FOR TESTS")]
    public async Task A_wrong_name_or_password_is_refused_with_the_same_words(string user, string password)
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.LoginAsync(user, password);
        var problem = await Problem.Is(HttpStatusCode.Unauthorized, "LOGIN_REFUSED", answer);
        Assert.Equal("No account has this name and this password.", problem.GetProperty("detail").GetString());
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData(" Admin ")]
    [InlineData("ADMIN")]
    public async Task The_name_is_taken_in_any_case(string user)
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal("admin", (await server.SignInAsync(user)).Body.GetProperty("user").GetString());
    }

    [Theory]
    [InlineData("", "BAD_REQUEST")]
    [InlineData("{", "BAD_JSON")]
    [InlineData("[]", "BAD_JSON")]
    [InlineData("{\"user\":\"admin\"}", "BAD_JSON")]
    [InlineData("{\"user\":7,\"password\":\"x\"}", "BAD_JSON")]
    [InlineData("{\"user\":\"\",\"password\":\"x\"}", "VALIDATION_FAILED")]
    [InlineData("{\"user\":null,\"password\":null}", "VALIDATION_FAILED")]
    public async Task A_malformed_sign_in_is_a_clear_problem(string body, string code)
    {
        await using var server = await TestServer.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync("/api/auth/login", content, Stop);
        await Problem.Is(HttpStatusCode.BadRequest, code, answer);
    }

    [Fact]
    public async Task A_body_beyond_8_KiB_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.LoginAsync("admin", new string('x', 9_000));
        await Problem.Is(HttpStatusCode.RequestEntityTooLarge, "TOO_LARGE", answer);
    }

    [Fact]
    public async Task Without_any_account_the_server_says_how_to_make_one()
    {
        await using var server = await TestServer.StartAsync(password: null);
        using var answer = await server.LoginAsync();
        var problem = await Problem.Is(HttpStatusCode.Conflict, "NO_ACCOUNT", answer);
        Assert.Contains("JARVIS_ADMIN_PASSWORD_FILE", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    public async Task A_password_file_too_short_makes_no_account(string password)
    {
        await using var server = await TestServer.StartAsync(password: password);
        using var answer = await server.LoginAsync(password: "short");
        await Problem.Is(HttpStatusCode.Conflict, "NO_ACCOUNT", answer);
    }

    [Fact]
    public async Task A_new_password_in_the_file_replaces_the_old_and_ends_its_sessions()
    {
        using var data = new TestFolder();
        Signed before;
        await using (var server = await TestServer.StartAsync(data: data.Path)) before = await server.SignInAsync();

        await using var again = await TestServer.StartAsync(data: data.Path, password: "another password");
        using var old = await again.LoginAsync();
        await Problem.Is(HttpStatusCode.Unauthorized, "LOGIN_REFUSED", old);
        using var me = await again.SendAsync(HttpMethod.Get, "/api/auth/me", before.Access);
        await Problem.Is(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN", me);
        await again.SignInAsync(password: "another password");
    }

    [Fact]
    public async Task The_same_password_file_leaves_sessions_alone_over_a_restart()
    {
        using var data = new TestFolder();
        Signed before;
        await using (var server = await TestServer.StartAsync(data: data.Path)) before = await server.SignInAsync();

        await using var again = await TestServer.StartAsync(data: data.Path);
        await again.SignInAsync();
        using var me = await again.SendAsync(HttpMethod.Get, "/api/auth/me", before.Access);
        Assert.Equal(HttpStatusCode.OK, me.StatusCode);
        using var refreshed = await again.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: before.RefreshCookie);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
    }

    [Fact]
    public async Task When_the_database_cannot_be_opened_the_password_file_lets_in_and_says_so()
    {
        using var data = new TestFolder();
        await File.WriteAllTextAsync(data.File("jarvis.db"), new string('x', 8192), Stop);
        await using var server = await TestServer.StartAsync(data: data.Path);

        using var wrong = await server.LoginAsync(password: "wrong");
        await Problem.Is(HttpStatusCode.Unauthorized, "LOGIN_REFUSED", wrong);
        using var other = await server.LoginAsync(user: "root");
        await Problem.Is(HttpStatusCode.Unauthorized, "LOGIN_REFUSED", other);
        var signed = await server.SignInAsync();
        Assert.True(signed.Body.GetProperty("emergency").GetBoolean());
        using var me = await server.SendAsync(HttpMethod.Get, "/api/auth/me", signed.Access);
        Assert.True((await me.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("emergency").GetBoolean());
        using var refreshed = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: signed.RefreshCookie);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
    }

    [Fact]
    public async Task A_password_changed_here_stays_until_the_file_says_another()
    {
        using var data = new TestFolder();
        await using (var server = await TestServer.StartAsync(data: data.Path))
        {
            var signed = await server.SignInAsync();
            using var changed = await server.SendAsync(HttpMethod.Post, "/api/auth/password", new { current = TestServer.Password, next = "chosen by hand" }, signed.Access);
            Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        }

        await using (var again = await TestServer.StartAsync(data: data.Path)) await again.SignInAsync(password: "chosen by hand");
        await using var last = await TestServer.StartAsync(data: data.Path, password: "another in the file");
        await last.SignInAsync(password: "another in the file");
    }

    [Fact]
    public async Task Passwords_are_hashed_with_PBKDF2_SHA512_and_210000_rounds_or_more()
    {
        using var data = new TestFolder();
        await using var server = await TestServer.StartAsync(data: data.Path, adjust: b =>
            b.Services.PostConfigure<PasswordHasherOptions>(o => o.IterationCount = AuthSetup.PasswordIterations));
        await server.SignInAsync();

        var account = await server.Services.GetRequiredService<AuthStore>().FindAccountAsync("admin", Stop);
        var hash = Convert.FromBase64String(account!.PasswordHash);
        Assert.Equal(1, hash[0]);
        Assert.Equal(2u, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)));
        Assert.InRange(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)), 210_000u, 10_000_000u);
    }

    [Fact]
    public async Task Secrets_in_the_data_folder_are_for_the_owner_alone()
    {
        using var data = new TestFolder();
        await using var server = await TestServer.StartAsync(data: data.Path);
        await server.SignInAsync();
        Assert.Equal(32, new FileInfo(data.File("signing.key")).Length);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(data.File("signing.key")));
    }

    [Fact]
    public async Task No_token_or_password_is_stored_in_clear()
    {
        using var data = new TestFolder();
        Signed signed;
        await using (var server = await TestServer.StartAsync(data: data.Path)) signed = await server.SignInAsync();
        foreach (var file in Directory.GetFiles(data.Path))
        {
            var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Stop));
            foreach (var secret in (string[])[TestServer.Password, signed.Access, signed.Refresh, signed.Hub])
                Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(signed.Refresh)[20..]), text, StringComparison.Ordinal);
        }
    }
}
