using System.Diagnostics;
using System.Text.Json;

namespace Jarvis.Simulator.Tests.Api;

public sealed class ProgramTests
{
    [Fact]
    public async Task The_program_prints_one_ready_line_and_stops_on_sigterm()
    {
        using var process = Start("--scenario", "three-nodes", "--listen", "127.0.0.1:0", "--admin-port", "0");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Rig.Cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(40));
        try
        {
            var ready = JsonDocument.Parse((await process.StandardOutput.ReadLineAsync(deadline.Token))!).RootElement;
            Assert.True(ready.GetProperty("ready").GetBoolean());
            Assert.Equal(3, ready.GetProperty("endpoints").GetArrayLength());
            Assert.Equal(["pve1", "pve2", "pve3"],
                ready.GetProperty("fingerprints").EnumerateObject().Select(f => f.Name));
            Assert.True(File.Exists(ready.GetProperty("caFile").GetString()));
            Assert.Matches("^http://127.0.0.1:[0-9]+$", ready.GetProperty("admin").GetString());
            Assert.Matches("^root@pam!sim=[0-9a-f-]{36}$", ready.GetProperty("token").GetString());
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(null, null)]);
            await process.WaitForExitAsync(deadline.Token);
            Assert.Equal(0, process.ExitCode);
            Assert.Equal("", await process.StandardOutput.ReadToEndAsync(deadline.Token));
        }
        finally
        {
            process.Kill(true);
        }
    }

    [Fact]
    public async Task A_bad_flag_ends_with_2_and_the_legal_ones()
    {
        using var process = Start("--colour");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Rig.Cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(40));
        var errors = await process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        Assert.Equal(2, process.ExitCode);
        Assert.Contains("--scenario homelab|three-nodes|fleet", errors, StringComparison.Ordinal);
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(
        "dotnet", [typeof(SimulatorHost).Assembly.Location, .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
