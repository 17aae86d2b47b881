using System.Diagnostics;
using System.Text.Json;

namespace Jarvis.Server.Tests;

/// <summary>The driver of the benchmark, which starts and kills programs.</summary>
internal static class Bench
{
    /// <summary><c>./test.sh --long</c> asks for the full counts.</summary>
    public static bool Long => Environment.GetEnvironmentVariable("JARVIS_LONG") == "1";

    /// <summary>Runs a verb of it and gives the line of JSON that it prints.</summary>
    public static async Task<JsonElement> RunAsync(params string[] args)
    {
        var stop = TestContext.Current.CancellationToken;
        using var bench = Process.Start(new ProcessStartInfo(Program(), args) { RedirectStandardOutput = true })!;
        try
        {
            var line = await bench.StandardOutput.ReadLineAsync(stop).AsTask().WaitAsync(TimeSpan.FromSeconds(Long ? 900 : 120), stop);
            return JsonElement.Parse(line!);
        }
        finally
        {
            if (!bench.HasExited) bench.Kill(entireProcessTree: true);
        }
    }

    private static string Program()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, "Bench", here.Name, "Jarvis.Bench");
    }
}
