using System.Diagnostics;

namespace Jarvis.Architecture;

/// <summary>What the scripts refuse before they do anything.</summary>
public sealed class ScriptTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--nonsense", "unknown option: --nonsense")]
    [InlineData("--port", "--port needs a value")]
    [InlineData("--port 0", "--port must be a number from 1 to 65535, not '0'")]
    [InlineData("--listen", "--listen needs a value")]
    [InlineData("--listen everywhere", "--listen must be an IP address, or one with a port as 0.0.0.0:5443, not 'everywhere'")]
    [InlineData("--listen 0.0.0.0:99999", "--port must be a number from 1 to 65535, not '99999'")]
    [InlineData("--listen [::]:x", "--port must be a number from 1 to 65535, not 'x'")]
    [InlineData("--listen 0.0.0.0:5443 --port 5443", "--listen names a port already; leave --port out")]
    [InlineData("--behind-proxy proxy.lan", "--behind-proxy must look like 10.0.0.5/32, not 'proxy.lan'")]
    [InlineData("--scenario mars", "--scenario must be homelab, three-nodes or fleet, not 'mars'")]
    [InlineData("--setup --scenario fleet", "--setup starts without a simulated cluster; it cannot go with --scenario")]
    [InlineData("--token-file x", "--token-file needs --cluster")]
    [InlineData("--fingerprint 00", "--fingerprint needs --cluster")]
    [InlineData("--cluster https://10.0.0.1:8006", "--cluster needs --token-file")]
    public async Task Run_refuses_what_cannot_be_and_says_what_can(string arguments, string why)
    {
        var (code, error) = await RunAsync("run.sh", arguments);
        Assert.Equal(2, code);
        Assert.StartsWith($"run.sh: {why}\n", error, StringComparison.Ordinal);
        Assert.Contains("Usage: ./run.sh", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Error)> RunAsync(string script, string arguments)
    {
        var start = new ProcessStartInfo("bash", [Repository.Full(script), .. arguments.Split(' ')]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        try
        {
            var error = process.StandardError.ReadToEndAsync(Stop);
            await process.WaitForExitAsync(Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop);
            return (process.ExitCode, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
