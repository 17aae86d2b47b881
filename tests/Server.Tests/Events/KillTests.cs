using System.Diagnostics;
using System.Text.Json;

namespace Jarvis.Server.Tests.Events;

public sealed class KillTests
{
    /// <summary><c>./test.sh --long</c> asks for the full counts.</summary>
    private static bool Long => Environment.GetEnvironmentVariable("JARVIS_LONG") == "1";

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_process_is_killed()
    {
        var result = await BenchAsync("event-store", "kill", "--rounds", Long ? "20" : "2");
        Assert.True(result.GetProperty("acknowledged").GetInt64() > 2000);
        Assert.Equal((0, 0), (result.GetProperty("lost").GetInt64(), result.GetProperty("brokenChains").GetInt64()));
    }

    [Fact]
    public async Task No_written_minute_of_history_is_lost_when_the_process_is_killed()
    {
        var result = await BenchAsync("history", "kill", "--rounds", Long ? "5" : "1");
        Assert.True(result.GetProperty("ticksWritten").GetInt64() > 1000);
        Assert.Equal((0, 0), (result.GetProperty("missing").GetInt64(), result.GetProperty("wrong").GetInt64()));
    }

    private static async Task<JsonElement> BenchAsync(params string[] args)
    {
        var stop = TestContext.Current.CancellationToken;
        using var bench = Process.Start(new ProcessStartInfo(Bench(), args) { RedirectStandardOutput = true })!;
        try
        {
            var line = await bench.StandardOutput.ReadLineAsync(stop).AsTask().WaitAsync(TimeSpan.FromSeconds(Long ? 600 : 60), stop);
            return JsonElement.Parse(line!);
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
