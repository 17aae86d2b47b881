using System.Diagnostics;
using System.Text.Json;

namespace Jarvis.Server.Tests.Events;

public sealed class KillTests
{
    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_process_is_killed()
    {
        var stop = TestContext.Current.CancellationToken;
        using var bench = Process.Start(new ProcessStartInfo(Bench(), ["event-store", "kill", "--rounds", "2"]) { RedirectStandardOutput = true })!;
        try
        {
            var line = await bench.StandardOutput.ReadLineAsync(stop).AsTask().WaitAsync(TimeSpan.FromSeconds(60), stop);
            using var result = JsonDocument.Parse(line!);

            Assert.True(result.RootElement.GetProperty("acknowledged").GetInt64() > 2000);
            Assert.Equal(0, result.RootElement.GetProperty("lost").GetInt64());
            Assert.Equal(0, result.RootElement.GetProperty("brokenChains").GetInt64());
        }
        finally
        {
            if (!bench.HasExited) bench.Kill(entireProcessTree: true);
        }
    }

    private static string Bench()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, "Bench", here.Name, "Jarvis.Bench");
    }
}
