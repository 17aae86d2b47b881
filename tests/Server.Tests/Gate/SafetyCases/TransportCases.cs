using System.Net;
using System.Text;
using Jarvis.Safety;

namespace Jarvis.Server.Tests.Gate.SafetyCases;

/// <summary>Cases J: who cannot say who they are, or comes by way of another site, does not come to the gate.</summary>
[Collection(SharedCaseRig.Name)]
public sealed class TransportCases(CaseRig rig)
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"stop_vm","arguments":{"guest":104}}}""";
    private const string Execute = """{"tool":"stop_vm","args":{"guest":104},"confirmed":true}""";

    [Fact]
    public async Task J01_without_a_token_in_force_for_this_door_nothing_is_done_or_told()
    {
        var person = await rig.NewPersonAsync(Role.Admin);
        var session = await person.BearerAsync();
        var unsigned = $"{Base64("""{"alg":"none","typ":"JWT"}""")}.{session.Split('.')[1]}.";
        var before = await rig.WorldAsync();
        var newest = rig.Kernel.Audit.Read(limit: 1)[0].Seq;
        foreach (var token in new[] { null, "", "another", unsigned, session, $"{rig.NewToken(person)}x" })
        {
            foreach (var message in new[] { Call, Call[..40] })
            {
                using var answer = await SendAsync("/mcp", message, token is null ? [] : [("Authorization", $"Bearer {token}")]);
                Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
                Assert.Contains("resource_metadata=\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            }
        }
        foreach (var token in new[] { null, "", "another", unsigned, rig.NewToken(person) })
        {
            using var answer = await SendAsync("/api/tools/execute", Execute, token is null ? [] : [("Authorization", $"Bearer {token}")]);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
        Assert.Equal(newest, rig.Kernel.Audit.Read(limit: 1)[0].Seq);
        Assert.Equal(before, await rig.WorldAsync());
    }

    [Theory]
    [InlineData("/mcp", "Host", "evil.test")]
    [InlineData("/mcp", "Origin", "http://evil.test")]
    [InlineData("/api/tools/execute", "Host", "evil.test")]
    [InlineData("/api/tools/execute", "Origin", "http://evil.test")]
    [InlineData("/hubs/events/negotiate", "Host", "evil.test")]
    [InlineData("/hubs/events/negotiate", "Origin", "http://evil.test")]
    public async Task J02_a_foreign_host_or_origin_is_refused(string path, string header, string value)
    {
        var person = await rig.NewPersonAsync(Role.Admin);
        var token = path == "/mcp" ? rig.NewToken(person) : await person.BearerAsync();
        var before = await rig.WorldAsync();
        using var answer = await SendAsync(path, path == "/mcp" ? Call : Execute, ("Authorization", $"Bearer {token}"), (header, value));
        Assert.InRange((int)answer.StatusCode, 400, 499);
        Assert.Equal(before, await rig.WorldAsync());
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await rig.Tools.Running(rig.Http.SendAsync(request, CaseRig.Stop));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
