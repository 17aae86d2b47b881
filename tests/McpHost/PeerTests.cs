using System.Text.Json;
using Jarvis.Safety;

namespace Jarvis.McpHost;

/// <summary>Clients that others wrote.</summary>
public sealed class PeerTests
{
    private const string Inspector = "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js";

    [Theory]
    [InlineData("2026-07-28", true)]
    [InlineData("2026-07-28", false)]
    [InlineData("legacy", true)]
    public async Task The_official_TypeScript_client_reads_acts_and_waits_for_a_person(string era, bool runs)
    {
        await using var host = await Host.StartAsync();
        var person = host.DecideNextAsync(new Decision.Approve(Run: runs));
        var (code, output) = await Peer.RunAsync("peers/client.mjs", host.Url, Host.Token, era);
        Assert.True(code == 0, output);
        var seen = JsonElement.Parse(output);
        await person;
        Assert.Equal(["get_journal", "get_much", "get_node_status", "start_vm", "stop_vm"], seen.GetProperty("tools").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal(["backup_audit", "capacity_report", "diagnose_node"], seen.GetProperty("prompts").EnumerateArray().Select(t => t.GetString()).Order(StringComparer.Ordinal));
        Assert.Equal("pve1", seen.GetProperty("green").GetProperty("result").GetProperty("node").GetString());
        Assert.Equal("completed", seen.GetProperty("yellow").GetProperty("outcome").GetString());
        Assert.Equal([0.25, 0.75], seen.GetProperty("progress").EnumerateArray().Select(p => p.GetDouble()));
        Assert.Equal("[]", seen.GetProperty("clusters").GetString());
        Assert.Equal("did stop 101", seen.GetProperty("red").GetProperty("structuredContent").GetProperty("text").GetString());
        Assert.Equal(["start 102", "stop 101"], host.Lab.Done);
        if (era == "legacy") Assert.StartsWith("APPROVAL_REQUIRED id=", seen.GetProperty("told").GetString(), StringComparison.Ordinal);
        else Assert.StartsWith(host.Http.BaseAddress + "approvals/", Assert.Single(seen.GetProperty("asked").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_inspector_lists_reads_and_takes_a_red_call_through_a_persons_approval()
    {
        await using var host = await Host.StartAsync();
        var (code, output) = await InspectAsync(host, "--method", "tools/list", "--strict");
        Assert.True(code == 0, output);
        Assert.Contains("\"stop_vm\"", output, StringComparison.Ordinal);

        (code, output) = await InspectAsync(host, "--method", "tools/call", "--tool-name", "get_node_status", "--tool-arg", "node=pve1");
        Assert.True(code == 0, output);
        Assert.Contains("completed", output, StringComparison.Ordinal);

        (_, output) = await InspectAsync(host, "--method", "tools/call", "--tool-name", "stop_vm", "--tool-arg", "guest=101");
        Assert.Contains("APPROVAL_REQUIRED id=", output, StringComparison.Ordinal);
        Assert.Empty(host.Lab.Done);
        Assert.IsType<ToolOutcome.Completed>(await host.DecideNextAsync(new Decision.Approve()));
        (code, output) = await InspectAsync(host, "--method", "tools/call", "--tool-name", "stop_vm", "--tool-arg", "guest=101");
        Assert.True(code == 0, output);
        Assert.Contains("did stop 101", output, StringComparison.Ordinal);
        Assert.Equal(["stop 101"], host.Lab.Done);
    }

    private static Task<(int Code, string Output)> InspectAsync(Host host, params string[] what) =>
        Peer.RunAsync([Inspector, "--cli", host.Url, "--transport", "http", "--header", $"Authorization: Bearer {Host.Token}", .. what]);
}
