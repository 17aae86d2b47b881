using System.Net;
using System.Text.Json;
using Jarvis.Server.Auth;
using Jarvis.Server.Tests.Tools;

namespace Jarvis.Server.Tests.Gate;

public sealed class AuditTests
{
    [Fact]
    public async Task Rows_are_found_by_who_what_how_when_and_by_their_text_page_by_page()
    {
        await using var rig = await ToolRig.StartAsync();
        var operators = await RestTests.SignInAsync(rig, Role.Operator);
        await rig.CallAsync("stop_vm", new { guest = 104 });
        await rig.CallAsync("get_guest_status", new { guest = 102 }, bearer: operators);
        rig.Cluster.Server.Time.Advance(TimeSpan.FromSeconds(30));
        var later = rig.Cluster.Server.Time.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture).Replace("+", "%2B", StringComparison.Ordinal);
        rig.Cluster.Server.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.CallAsync("vm_nuke", new { }, bearer: operators);

        Assert.Equal(["vm_nuke", "get_guest_status", "get_guest_status", "stop_vm"], await ToolsAsync(rig, ""));
        Assert.Equal(["vm_nuke", "get_guest_status", "get_guest_status"], await ToolsAsync(rig, "?actor=OPERATOR"));
        Assert.Equal(["stop_vm"], await ToolsAsync(rig, "?tool=stop_vm"));
        Assert.Equal(["vm_nuke"], await ToolsAsync(rig, "?verdict=DENY_BLACK"));
        Assert.Equal(["vm_nuke"], await ToolsAsync(rig, $"?from={later}"));
        Assert.Equal(["get_guest_status", "get_guest_status", "stop_vm"], await ToolsAsync(rig, $"?until={later}"));
        Assert.Equal(["stop_vm"], await ToolsAsync(rig, "?text=%22GUEST%22%3A104"));
        Assert.Empty(await ToolsAsync(rig, "?text=%25"));
        Assert.Empty(await ToolsAsync(rig, "?tool=stop_vm&verdict=DENY_BLACK"));

        List<string?> paged = [];
        for (long? next = long.MaxValue; next is { } before;)
        {
            var page = await rig.Cluster.AskAsync($"/api/audit?limit=2&before={before}");
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("tool").GetString()));
            next = page.GetProperty("next").ValueKind is JsonValueKind.Null ? null : page.GetProperty("next").GetInt64();
        }
        Assert.Equal(["vm_nuke", "get_guest_status", "get_guest_status", "stop_vm"], paged);
    }

    [Theory]
    [InlineData("?from=yesterday")]
    [InlineData("?from=2026-06-02T00:00:00Z&until=2026-06-01T00:00:00Z")]
    [InlineData("?before=x")]
    public async Task A_filter_that_is_none_is_refused(string query)
    {
        await using var server = await TestServer.StartAsync();
        var admin = (await server.SignInAsync()).Access;
        foreach (var path in new[] { "/api/audit", "/api/audit/export" })
        {
            using var answer = await server.SendAsync(HttpMethod.Get, path + query, admin);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task An_export_is_a_line_a_row_and_has_all_that_fit()
    {
        await using var rig = await ToolRig.StartAsync();
        for (var i = 0; i < 3; i++) await rig.CallAsync("vm_nuke", new { });
        await rig.CallAsync("stop_vm", new { guest = 104 });

        using var answer = await rig.Cluster.AskAsync(HttpMethod.Get, "/api/audit/export?tool=vm_nuke");

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("jarvis-audit-", answer.Content.Headers.ContentDisposition?.FileName, StringComparison.Ordinal);
        var lines = (await answer.Content.ReadAsStringAsync(ToolRig.Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonElement.Parse(l)).ToList();
        Assert.Equal(["vm_nuke", "vm_nuke", "vm_nuke"], lines.Select(l => l.GetProperty("tool").GetString()));
        Assert.Equal(3, lines.Select(l => l.GetProperty("seq").GetInt64()).Distinct().Count());
        Assert.All(lines, l => Assert.Equal("DENY_BLACK", l.GetProperty("verdict").GetString()));
    }

    private static async Task<IReadOnlyList<string?>> ToolsAsync(ToolRig rig, string query) =>
        [.. (await rig.Cluster.AskAsync($"/api/audit{query}")).GetProperty("items").EnumerateArray().Select(r => r.GetProperty("tool").GetString())];
}
