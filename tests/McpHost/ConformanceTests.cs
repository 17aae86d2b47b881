using System.Text.Json;
using ModelContextProtocol.AspNetCore;

namespace Jarvis.McpHost;

/// <summary>The official conformance suite, with what each revision of the protocol requires.</summary>
public sealed class ConformanceTests
{
    [Theory]
    [InlineData("2026-07-28", HttpServerSessionMode.Stateless, 150)]
    [InlineData("2025-11-25", HttpServerSessionMode.StatefulForInitializeClients, 75)]
    public async Task The_official_suite_finds_nothing_amiss(string revision, HttpServerSessionMode mode, int leastChecks)
    {
        await using var host = await Host.StartAsync(suite: mode);
        var reports = Directory.CreateTempSubdirectory("jarvis-conformance-").FullName;
        try
        {
            var (code, output) = await Peer.RunAsync("node_modules/@modelcontextprotocol/conformance/dist/index.js", "server", "--url", host.Url, "--requirements", revision, "-o", reports);
            var checks = (from file in Directory.EnumerateFiles(reports, "checks.json", SearchOption.AllDirectories)
                          from check in JsonElement.Parse(File.ReadAllText(file)).EnumerateArray()
                          select (Status: check.GetProperty("status").GetString(), Text: $"{Path.GetFileName(Path.GetDirectoryName(file))}: {check}")).ToList();
            var passed = checks.Count(c => c.Status == "SUCCESS");
            TestContext.Current.SendDiagnosticMessage("{0}: {1} checks passed", revision, passed);
            Assert.True(code == 0, $"{string.Join('\n', checks.Where(c => c.Status == "FAILURE").Select(c => c.Text))}\n{output[output.IndexOf("=== SUMMARY", StringComparison.Ordinal)..]}");
            Assert.InRange(passed, leastChecks, int.MaxValue);
        }
        finally
        {
            Directory.Delete(reports, recursive: true);
        }
    }
}
