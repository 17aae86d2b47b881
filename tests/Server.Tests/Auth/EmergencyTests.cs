using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jarvis.Server.Auth;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Auth;

public sealed partial class EmergencyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_database_and_password_file_a_code_on_the_console_lets_the_administrator_in_once()
    {
        using var data = await BrokenAsync();
        await using var server = await TestServer.StartAsync([("Auth:AdminUser", "root")], data: data.Path, password: null);
        var code = CodeIn(await server.Said.NextAsync(), "root");

        using var other = await server.LoginAsync("admin", code);
        await Problem.Is(HttpStatusCode.Unauthorized, "EMERGENCY_CODE", other);
        using var wrong = await server.LoginAsync("root", "wrong");
        await Problem.Is(HttpStatusCode.Unauthorized, "EMERGENCY_CODE", wrong);
        var signed = await server.SignInAsync("root", code.Replace('-', ' ').ToLowerInvariant());
        Assert.True(signed.Body.GetProperty("emergency").GetBoolean());
        Assert.Equal("admin", signed.Body.GetProperty("role").GetString());
        using var clusters = await server.SendAsync(HttpMethod.Get, "/api/clusters", signed.Access);
        Assert.Equal(HttpStatusCode.OK, clusters.StatusCode);
        using var users = await server.SendAsync(HttpMethod.Get, "/api/users", signed.Access);
        await Problem.Is(HttpStatusCode.ServiceUnavailable, "DATABASE_UNAVAILABLE", users);
        using var password = await server.SendAsync(HttpMethod.Post, "/api/auth/password", new { current = code, next = "some password" }, signed.Access);
        await Problem.Is(HttpStatusCode.ServiceUnavailable, "DATABASE_UNAVAILABLE", password);

        using var twice = await server.LoginAsync("root", code);
        await Problem.Is(HttpStatusCode.Unauthorized, "EMERGENCY_CODE", twice);
    }

    [Fact]
    public async Task A_new_code_is_printed_when_somebody_asks_in_vain_and_at_most_once_a_minute()
    {
        using var data = await BrokenAsync();
        await using var server = await TestServer.StartAsync(data: data.Path, password: null);
        var first = CodeIn(await server.Said.NextAsync());
        for (var i = 0; i < 30; i++) (await server.LoginAsync(password: "wrong")).Dispose();
        Assert.True(server.Said.IsEmpty);

        await server.SignInAsync(password: first);
        (await server.LoginAsync(password: "wrong")).Dispose();
        Assert.True(server.Said.IsEmpty);
        server.Time.Advance(EmergencyCode.Pause);
        (await server.LoginAsync(password: "wrong")).Dispose();
        var second = CodeIn(await server.Said.NextAsync());
        Assert.NotEqual(first, second);

        server.Time.Advance(EmergencyCode.Life);
        using var late = await server.LoginAsync(password: second);
        await Problem.Is(HttpStatusCode.Unauthorized, "EMERGENCY_CODE", late);
        await server.SignInAsync(password: CodeIn(await server.Said.NextAsync()));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_leaves_the_emergency_sign_in()
    {
        using var data = new TestFolder();
        await using (var server = await TestServer.StartAsync(data: data.Path)) await server.SignInAsync();
        await using (var connection = new SqliteConnection($"Data Source={data.File("jarvis.db")};Pooling=False"))
        {
            await connection.OpenAsync(Stop);
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE schema_versions SET version = 99 WHERE owner = 'auth'";
            await command.ExecuteNonQueryAsync(Stop);
        }

        await using var again = await TestServer.StartAsync(data: data.Path, password: null);
        var signed = await again.SignInAsync(password: CodeIn(await again.Said.NextAsync()));
        using var health = await again.SendAsync(HttpMethod.Get, "/api/health", signed.Access);
        Assert.Contains("emergency", await health.Content.ReadAsStringAsync(Stop), StringComparison.OrdinalIgnoreCase);
        using var setup = await again.SendAsync(HttpMethod.Get, "/api/setup", signed.Access);
        var state = await setup.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.False(state.GetProperty("needsAdmin").GetBoolean());
        Assert.False(state.GetProperty("offered").GetBoolean());
    }

    [Fact]
    public async Task An_emergency_session_ends_when_the_database_is_back()
    {
        using var data = await BrokenAsync();
        await using var server = await TestServer.StartAsync(data: data.Path);
        var signed = await server.SignInAsync();
        Assert.True(signed.Body.GetProperty("emergency").GetBoolean());
        File.Delete(data.File("jarvis.db"));
        var db = server.Services.GetRequiredService<Jarvis.Server.Persistence.AppDb>();
        await db.StartingAsync(Stop);
        Assert.Null(db.Trouble);

        using var me = await server.SendAsync(HttpMethod.Get, "/api/auth/me", signed.Access);
        Assert.Equal(HttpStatusCode.Unauthorized, me.StatusCode);
        var usual = await server.SignInAsync();
        Assert.False(usual.Body.GetProperty("emergency").GetBoolean());
    }

    [Fact]
    public async Task An_emergency_session_lasts_for_hours_however_often_it_is_renewed()
    {
        using var data = await BrokenAsync();
        await using var server = await TestServer.StartAsync(data: data.Path);
        var signed = await server.SignInAsync();
        server.Time.Advance(Sessions.EmergencyLife - TimeSpan.FromMinutes(1));
        using var renewed = await server.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: signed.RefreshCookie);
        var next = await Signed.ReadAsync(renewed);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        using var me = await server.SendAsync(HttpMethod.Get, "/api/auth/me", next.Access);
        Assert.Equal(HttpStatusCode.Unauthorized, me.StatusCode);
    }

    [Fact]
    public async Task A_single_query_that_fails_opens_no_emergency()
    {
        await using var server = await TestServer.StartAsync();
        await server.SignInAsync();
        await server.Services.GetRequiredService<Jarvis.Server.Persistence.AppDb>().WriteAsync(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "ALTER TABLE accounts RENAME TO out_of_reach";
                command.ExecuteNonQuery();
            },
            Stop);
        using var answer = await server.LoginAsync();
        await Problem.Is(HttpStatusCode.ServiceUnavailable, "DATABASE_UNAVAILABLE", answer);
    }

    [Fact]
    public async Task With_a_password_file_no_code_is_printed()
    {
        using var data = await BrokenAsync();
        await using var server = await TestServer.StartAsync(data: data.Path);
        (await server.LoginAsync(password: "wrong")).Dispose();
        await server.SignInAsync();
        Assert.True(server.Said.IsEmpty);
    }

    private static string CodeIn(string text, string user = "admin")
    {
        Assert.Contains($"    {user}\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        return Code.Match(text).Value;
    }

    private static async Task<TestFolder> BrokenAsync()
    {
        var data = new TestFolder();
        await File.WriteAllTextAsync(data.File("jarvis.db"), new string('x', 8192), Stop);
        return data;
    }

    [GeneratedRegex("[0-9A-Z]{5}(-[0-9A-Z]{5}){4}")]
    private static partial Regex Code { get; }
}
