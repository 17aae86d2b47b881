using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Jarvis.Server.Gate;
using Jarvis.Server.Tests.Cli;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Jarvis.Server.Tests.Gate;

public sealed class KeywordTests
{
    private const string Word = "correct horse";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_administrator_sets_and_clears_it_with_the_password()
    {
        await using var server = await TestServer.StartAsync();
        var admin = (await server.SignInAsync()).Access;
        Assert.False(await IsSetAsync(server, admin));
        Assert.False(await StepIsDoneAsync(server, admin));

        await RefusedAsync(server, HttpStatusCode.Forbidden, "PASSWORD_WRONG", new { password = "not the password", keyword = Word }, admin);
        await RefusedAsync(server, HttpStatusCode.BadRequest, "DENY_ARGS", new { password = TestServer.Password, keyword = "short" }, admin);
        using (var silent = await server.SendAsync(HttpMethod.Put, "/api/keyword", new { password = TestServer.Password }, admin)) Assert.Equal(HttpStatusCode.BadRequest, silent.StatusCode);
        Assert.False(await IsSetAsync(server, admin));

        using (var set = await server.SendAsync(HttpMethod.Put, "/api/keyword", new { password = TestServer.Password, keyword = Word }, admin)) Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        Assert.True(await IsSetAsync(server, admin));
        Assert.True(await StepIsDoneAsync(server, admin));
        using (var cleared = await server.SendAsync(HttpMethod.Put, "/api/keyword", new { password = TestServer.Password, keyword = (string?)null }, admin)) Assert.Equal(HttpStatusCode.OK, cleared.StatusCode);
        Assert.False(await IsSetAsync(server, admin));
        Assert.DoesNotContain(Word, server.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guesses_of_the_password_are_throttled_as_sign_ins_are()
    {
        await using var server = await TestServer.StartAsync();
        var admin = (await server.SignInAsync()).Access;
        HttpStatusCode last = default;
        for (var i = 0; i < 20 && last != HttpStatusCode.TooManyRequests; i++)
        {
            using var answer = await server.SendAsync(HttpMethod.Put, "/api/keyword", new { password = $"guess {i}", keyword = Word }, admin);
            last = answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        await RefusedAsync(server, HttpStatusCode.TooManyRequests, "LOGIN_THROTTLED", new { password = TestServer.Password, keyword = Word }, admin);
        Assert.False(await IsSetAsync(server, admin));
    }

    [Fact]
    public async Task Whoever_has_the_machine_takes_it_away_also_while_the_server_runs()
    {
        using var data = new TestFolder();
        await using (var server = await TestServer.StartAsync(data: data.Path))
        {
            var admin = (await server.SignInAsync()).Access;
            (await server.SendAsync(HttpMethod.Put, "/api/keyword", new { password = TestServer.Password, keyword = Word }, admin)).Dispose();
            Assert.True(await IsSetAsync(server, admin));
            var run = await Run.WithInput("", "keyword", "reset", "--data", data.Path);
            Assert.True(run.Code == 0, run.Error);
            Assert.False(await IsSetAsync(server, admin));
            var verdicts = (await AskAsync(server, "/api/audit", admin)).GetProperty("items").EnumerateArray().Select(r => $"{r.GetProperty("kind").GetString()} {r.GetProperty("verdict").GetString()}");
            Assert.Equal(["host KEYWORD_CLEARED", "operator KEYWORD_SET"], verdicts);
            (await server.SendAsync(HttpMethod.Put, "/api/keyword", new { password = TestServer.Password, keyword = Word }, admin)).Dispose();
        }

        Assert.Contains("when it starts", (await Run.WithInput("", "keyword", "reset", "--data", data.Path)).Output, StringComparison.Ordinal);
        await using var again = await TestServer.StartAsync(data: data.Path);
        again.Services.GetServices<IHostedService>().OfType<KeywordResets>().Single().Look();
        Assert.False(await IsSetAsync(again, (await again.SignInAsync()).Access));
        Assert.False(File.Exists(data.File(KeywordResets.File)));
    }

    [Fact]
    public async Task Where_there_is_no_data_the_command_says_so()
    {
        using var data = new TestFolder();
        var run = await Run.WithInput("", "keyword", "reset", "--data", data.Path);
        Assert.Equal(1, run.Code);
        Assert.Contains("no safety.db", run.Error, StringComparison.Ordinal);
    }

    internal static async Task<JsonElement> AskAsync(TestServer server, string path, string bearer)
    {
        using var answer = await server.SendAsync(HttpMethod.Get, path, bearer);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    private static async Task<bool> IsSetAsync(TestServer server, string bearer) => (await AskAsync(server, "/api/keyword", bearer)).GetProperty("set").GetBoolean();

    private static async Task<bool> StepIsDoneAsync(TestServer server, string bearer) =>
        (await AskAsync(server, "/api/setup", bearer)).GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("id").GetString() == "keyword").GetProperty("done").GetBoolean();

    private static async Task RefusedAsync(TestServer server, HttpStatusCode status, string code, object body, string bearer)
    {
        using var answer = await server.SendAsync(HttpMethod.Put, "/api/keyword", body, bearer);
        await Problem.Is(status, code, answer);
    }
}
