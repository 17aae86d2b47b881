using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Jarvis.Server.Tests.Gate;

/// <summary>The database of accounts cannot be opened, and somebody must act all the same.</summary>
public sealed class EmergencyGateTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_kill_switch_works_by_the_emergency_sign_in_and_its_record_is_kept()
    {
        using var data = new TestFolder();
        await File.WriteAllTextAsync(data.File("jarvis.db"), new string('x', 8192), Stop);
        await using var server = await TestServer.StartAsync(data: data.Path);
        var signed = await server.SignInAsync();
        Assert.True(signed.Body.GetProperty("emergency").GetBoolean());

        foreach (var active in new[] { true, false })
        {
            using var answer = await server.SendAsync(HttpMethod.Put, "/api/monitor/killswitch", new { active }, signed.Access);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(active, (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("active").GetBoolean());
        }

        var verdicts = (await KeywordTests.AskAsync(server, "/api/audit", signed.Access)).GetProperty("items").EnumerateArray().Select(r => r.GetProperty("verdict").GetString());
        Assert.Equal(["KILL_OFF", "KILL_ON"], verdicts);
    }

    [Fact]
    public async Task Break_glass_asks_for_the_password_there_too_and_keys_are_worth_nothing()
    {
        using var data = new TestFolder();
        string key;
        await using (var server = await TestServer.StartAsync(data: data.Path))
            key = await ApiKeyTests.AddAsync(server, (await server.SignInAsync()).Access, new { name = "robot", role = "operator", ceiling = "yellow" });
        foreach (var file in Directory.EnumerateFiles(data.Path, "jarvis.db*")) File.Delete(file);
        await File.WriteAllTextAsync(data.File("jarvis.db"), new string('x', 8192), Stop);
        await using var again = await TestServer.StartAsync(data: data.Path);
        var signed = await again.SignInAsync();
        Assert.True(signed.Body.GetProperty("emergency").GetBoolean());

        using var wrong = await again.SendAsync(HttpMethod.Post, "/api/break-glass", new { password = "wrong", reason = "the database is gone" }, signed.Access);
        await Problem.Is(HttpStatusCode.Forbidden, "PASSWORD_WRONG", wrong);
        using var right = await again.SendAsync(HttpMethod.Post, "/api/break-glass", new { password = TestServer.Password, reason = "the database is gone" }, signed.Access);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        using var call = await again.SendAsync(HttpMethod.Get, "/api/tools", key);
        Assert.Equal(HttpStatusCode.Unauthorized, call.StatusCode);
    }
}
