using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Jarvis.Server.Agent;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Agent;

public sealed class SpendApiTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_spent_and_what_is_left_is_told()
    {
        await using var server = await TestServer.StartAsync();
        var spend = server.Services.GetRequiredService<Spend>();
        await spend.SettleAsync(await spend.ReserveAsync(new("s1", "Claude", "m"), 900_000, Stop), new(10, 0, 0, 5), 250_000);
        var access = (await server.SignInAsync()).Access;
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/spend", access);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(
            """{"today":250000,"thisMonth":250000,"dailyCap":2000000,"monthlyCap":30000000,"left":1750000,"lines":[{"day":"2026-06-01","session":"s1","provider":"Claude","model":"m","calls":1,"micros":250000,"input":10,"cacheRead":0,"cacheWrite":0,"output":5}]}""",
            body.GetRawText());
        using var earlier = await server.SendAsync(HttpMethod.Get, "/api/spend?from=2026-05-01&to=2026-05-31", access);
        Assert.Empty((await earlier.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("lines").EnumerateArray());
        using var wrong = await server.SendAsync(HttpMethod.Get, "/api/spend?from=2026-05-31&to=2026-05-01", access);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }
}
