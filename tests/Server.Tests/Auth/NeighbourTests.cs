using System.Net;
using System.Net.Http.Json;
using Jarvis.Server.Auth;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Auth;

/// <summary>Two servers on one host: a browser's cookies know no ports.</summary>
public sealed class NeighbourTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_browser_stays_signed_in_at_both_and_signs_out_of_one()
    {
        await using var one = await TestServer.StartAsync();
        await using var other = await TestServer.StartAsync();
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new() });
        foreach (var server in (TestServer[])[one, other])
        {
            using var signed = await browser.PostAsJsonAsync(new Uri(server.Address, "/api/auth/login"), new { user = "admin", password = TestServer.Password }, Stop);
            Assert.Equal(HttpStatusCode.OK, signed.StatusCode);
        }

        foreach (var server in (TestServer[])[one, other, one]) Assert.Equal(HttpStatusCode.OK, await RefreshAsync(server));
        using (var left = await browser.PostAsync(new Uri(one.Address, "/api/auth/logout"), null, Stop)) Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, await RefreshAsync(one));
        Assert.Equal(HttpStatusCode.OK, await RefreshAsync(other));

        async Task<HttpStatusCode> RefreshAsync(TestServer server)
        {
            using var answer = await browser.PostAsync(new Uri(server.Address, "/api/auth/refresh"), null, Stop);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_server_keeps_its_names_over_a_restart_and_tells_nothing_of_its_key()
    {
        using var data = new TestFolder();
        List<string> names = [];
        for (var i = 0; i < 2; i++)
        {
            await using var server = await TestServer.StartAsync(data: data.Path);
            names.Add(server.Services.GetRequiredService<Cookies>().Refresh);
        }

        Assert.Equal(names[0], names[1]);
        Assert.Matches("^jarvis_refresh_[0-9a-f]{8}$", names[0]);
        var key = Convert.ToHexStringLower(await File.ReadAllBytesAsync(data.File("signing.key"), Stop));
        Assert.DoesNotContain(names[0][^8..], key, StringComparison.Ordinal);
    }
}
