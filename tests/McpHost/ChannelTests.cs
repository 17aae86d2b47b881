using System.Text;
using System.Text.Json;
using Jarvis.Safety;

namespace Jarvis.McpHost;

/// <summary>The channel itself, message by message.</summary>
public sealed class ChannelTests
{
    private const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}""";

    [Fact]
    public async Task There_is_no_endpoint_while_nobody_keeps_tokens()
    {
        await using var host = await Host.StartAsync(tokens: false);
        Assert.DoesNotContain(host.Paths, path => path.Contains("mcp", StringComparison.Ordinal));
        await using var open = await Host.StartAsync();
        Assert.Contains("/mcp", open.Paths);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("another token")]
    public async Task J01_without_a_token_in_force_nothing_is_told(string? token)
    {
        await using var host = await Host.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(List, Encoding.UTF8, "application/json") };
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var answer = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)answer.StatusCode);
        var metadata = $"{host.Http.BaseAddress}.well-known/oauth-protected-resource/mcp";
        Assert.Contains($"resource_metadata=\"{metadata}\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        var described = JsonElement.Parse(await host.Http.GetStringAsync(metadata, TestContext.Current.CancellationToken));
        Assert.Equal(host.Url, described.GetProperty("resource").GetString());
    }

    [Theory]
    [InlineData("Host", "evil.test", 400)]
    [InlineData("Origin", "http://evil.test", 403)]
    public async Task J02_a_foreign_host_or_origin_is_refused(string header, string value, int status)
    {
        await using var host = await Host.StartAsync();
        Assert.Equal(status, (await host.SendAsync(List, headers: (header, value))).Status);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"tools/call","params":{"name":"stop_vm","arguments":{"guest":101}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_node_status","n\u0061me":"stop_vm","arguments":{"guest":101}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"stop_vm","arguments":{"guest":102},"arguments":{"guest":101}}}""")]
    public async Task A_message_that_says_something_twice_is_refused(string json)
    {
        await using var host = await Host.StartAsync();
        var (status, body) = await host.SendAsync(json);
        Assert.Equal((400, -32600), (status, body.GetProperty("error").GetProperty("code").GetInt32()));
        Assert.False(host.Lab.Asked.TryRead(out _));
    }

    [Theory]
    [InlineData("start_vm", """{"guest":101,"guest":102}""", "")]
    [InlineData("start_vm", """{"guest":101,"confirmed":true}""", "")]
    [InlineData("call_tool", """{"tool":"start_vm","arguments":{"guest":101,"guest":102}}""", "?profile=facade")]
    public async Task Arguments_come_to_the_door_as_they_were_sent(string tool, string arguments, string query)
    {
        await using var host = await Host.StartAsync();
        var result = (await host.CallAsync(tool, arguments, query)).GetProperty("result");
        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.StartsWith("DENY_ARGS: ", Text(result), StringComparison.Ordinal);
        Assert.Equal("DENY_ARGS", Assert.Single(host.Audit.Of(result.GetProperty("structuredContent").GetProperty("auditId").GetString()!)).Verdict);
        Assert.Empty(host.Lab.Done);
    }

    [Fact]
    public async Task An_unknown_tool_and_a_forbidden_one_are_refused_and_written_down()
    {
        await using var host = await Host.StartAsync();
        foreach (var tool in (string[])["no_such_tool", "destroy_vm"])
            Assert.Contains("DENY_BLACK", (await host.CallAsync(tool, """{"guest":101}""")).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, host.Audit.Read(limit: 10).Count(r => r.Verdict == "DENY_BLACK"));
    }

    [Fact]
    public async Task The_facade_is_three_tools_and_two_thousand_tokens_at_most()
    {
        await using var host = await Host.StartAsync();
        var (_, body) = await host.SendAsync(List, query: "?profile=facade");
        var tools = body.GetProperty("result").GetProperty("tools");
        Assert.Equal(["call_tool", "describe_tool", "search_tools"], tools.EnumerateArray().Select(t => t.GetProperty("name").GetString()));
        Assert.InRange(Encoding.UTF8.GetByteCount(tools.GetRawText()) / 4, 1, 2000);

        var found = await host.CallAsync("search_tools", """{"query":"stop"}""", "?profile=facade");
        Assert.Equal("stop_vm", found.GetProperty("result").GetProperty("structuredContent").GetProperty("tools")[0].GetProperty("name").GetString());
        var described = await host.CallAsync("describe_tool", """{"tool":"start_vm"}""", "?profile=facade");
        Assert.Equal("YELLOW", described.GetProperty("result").GetProperty("structuredContent").GetProperty("tier").GetString());
        await host.CallAsync("call_tool", """{"tool":"start_vm","arguments":{"guest":"web"}}""", "?profile=facade");
        Assert.Equal(["start 101"], host.Lab.Done);
    }

    [Fact]
    public async Task Annotations_and_schemas_come_from_the_catalogue()
    {
        await using var host = await Host.StartAsync();
        var tools = (await host.SendAsync(List)).Body.GetProperty("result").GetProperty("tools").EnumerateArray().ToDictionary(t => t.GetProperty("name").GetString()!);
        Assert.DoesNotContain("destroy_vm", tools.Keys);
        Assert.Equal((true, false), Hints("get_node_status"));
        Assert.Equal((false, false), Hints("start_vm"));
        Assert.Equal((false, true), Hints("stop_vm"));
        Assert.True(tools["get_node_status"].GetProperty("outputSchema").GetProperty("properties").GetProperty("result").GetProperty("properties").TryGetProperty("online", out _));

        (bool, bool) Hints(string tool) => (tools[tool].GetProperty("annotations").GetProperty("readOnlyHint").GetBoolean(), tools[tool].GetProperty("annotations").GetProperty("destructiveHint").GetBoolean());
    }

    [Fact]
    public async Task A_token_for_some_tools_shows_and_calls_no_others()
    {
        await using var host = await Host.StartAsync(scope: ["get_node_status"]);
        Assert.Equal(1, (await host.SendAsync(List)).Body.GetProperty("result").GetProperty("tools").GetArrayLength());
        Assert.StartsWith("DENY_ROLE", Text((await host.CallAsync("start_vm", """{"guest":101}""")).GetProperty("result")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_client_read_from_outside_counts_to_its_next_calls()
    {
        await using var host = await Host.StartAsync();
        var read = (await host.CallAsync("get_journal", """{"node":"pve1"}""")).GetProperty("result");
        Assert.StartsWith("<outside ", Text(read), StringComparison.Ordinal);
        Assert.True(read.GetProperty("structuredContent").GetProperty("untrusted").GetBoolean());
        Assert.StartsWith("APPROVAL_REQUIRED", Text((await host.CallAsync("start_vm", """{"guest":101}""")).GetProperty("result")), StringComparison.Ordinal);
        Assert.Empty(host.Lab.Done);
    }

    [Fact]
    public async Task The_rest_of_a_long_result_is_a_resource()
    {
        await using var host = await Host.StartAsync();
        var cut = (await host.CallAsync("get_much", """{"node":"pve1"}""")).GetProperty("result").GetProperty("structuredContent");
        var (_, body) = await host.SendAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"{{{cut.GetProperty("rest").GetString()}}}"}}""");
        var rest = body.GetProperty("result").GetProperty("contents")[0].GetProperty("text").GetString();
        Assert.Equal(string.Concat(Enumerable.Repeat("pve1 ", 20_000)), cut.GetProperty("text").GetString() + rest);
    }

    [Fact]
    public async Task A_denial_is_told_once_with_its_reason_and_nothing_runs()
    {
        await using var host = await Host.StartAsync();
        Assert.StartsWith("APPROVAL_REQUIRED", Text((await host.CallAsync("stop_vm", """{"guest":101}""")).GetProperty("result")), StringComparison.Ordinal);
        await host.DecideNextAsync(new Decision.Deny("not during the film"));
        var told = Text((await host.CallAsync("stop_vm", """{"guest":101}""")).GetProperty("result"));
        Assert.StartsWith("DENY_REPLAY", told, StringComparison.Ordinal);
        Assert.Contains("not during the film", told, StringComparison.Ordinal);
        Assert.Empty(host.Lab.Done);
    }

    [Theory]
    [InlineData("""{"guest":101}""", "a handle that nobody was given", "accept", "No approval was given")]
    [InlineData("""{"guest":102}""", null, "accept", "No approval was given")]
    [InlineData("""{"guest":101}""", null, "decline", "The client was told not to go on")]
    public async Task A_handle_is_good_for_one_repetition_of_its_call(string again, string? forged, string action, string why)
    {
        await using var host = await Host.StartAsync();
        var asked = await ModernAsync(host, """{"guest":101}""", "");
        Assert.Equal("input_required", asked.GetProperty("resultType").GetString());
        var state = asked.GetProperty("requestState").GetString();
        var extra = $$$""","requestState":"{{{forged ?? state}}}","inputResponses":{"approval":{"action":"{{{action}}}"}}""";
        var refused = await ModernAsync(host, again, extra);
        Assert.Contains(why, Text(refused), StringComparison.Ordinal);
        if (forged is null) Assert.Contains("No approval was given", Text(await ModernAsync(host, """{"guest":101}""", extra)), StringComparison.Ordinal);
        Assert.Empty(host.Lab.Done);
    }

    [Fact]
    public async Task B04_a_header_that_names_another_tool_than_the_body_is_refused()
    {
        await using var host = await Host.StartAsync();
        var (status, body) = await SendModernAsync(host, """{"guest":101}""", "", "get_node_status");
        Assert.Equal((400, -32020), (status, body.GetProperty("error").GetProperty("code").GetInt32()));
        Assert.False(host.Lab.Asked.TryRead(out _));
    }

    private static async Task<JsonElement> ModernAsync(Host host, string arguments, string extra)
    {
        var (_, body) = await SendModernAsync(host, arguments, extra, "stop_vm");
        Assert.True(body.TryGetProperty("result", out var result), body.ToString());
        return result;
    }

    private static Task<(int Status, JsonElement Body)> SendModernAsync(Host host, string arguments, string extra, string header)
    {
        const string meta = """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{"elicitation":{"url":{}}}}""";
        return host.SendAsync(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"stop_vm","arguments":{{{arguments}}},"_meta":{{{meta}}}{{{extra}}}}}""",
            headers: [("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", header)]);
    }

    private static string Text(JsonElement result) => result.GetProperty("content")[0].GetProperty("text").GetString()!;
}
