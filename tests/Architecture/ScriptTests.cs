using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Jarvis.Architecture;

/// <summary>What the scripts refuse before they do anything, and what they tell the server.</summary>
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

    [Theory]
    [InlineData("run.sh", "v18.20.0")]
    [InlineData("run.sh", "v20.18.3")]
    [InlineData("test.sh", "v18.20.0")]
    [InlineData("test.sh", "v20.18.3")]
    [InlineData("test.sh", "v22.11.0")]
    [InlineData("test.sh", "v21.7.0")]
    public async Task A_Node_that_is_too_old_is_told_before_anything_else(string script, string version)
    {
        var root = Directory.CreateTempSubdirectory("jarvis-run-").FullName;
        try
        {
            File.Copy(Repository.Full(script), Path.Combine(root, script));
            foreach (var (program, says) in ((string, string)[])[("node", version), ("npm", "10.0.0"), ("dotnet", "10.0.100")]) await ProgramAsync(root, $"bin/{program}", $"echo {says}");
            await WriteAsync(root, "artifacts/test-results/kept", "");

            var (code, error) = await RunAsync(Path.Combine(root, script), "", programs: Path.Combine(root, "bin"));

            Assert.Equal(1, code);
            Assert.Equal($"{script}: Node 20.19 or later of 20, or 22.12 or later, is needed, found {version}\n", error);
            Assert.True(File.Exists(Path.Combine(root, "artifacts/test-results/kept")));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Theory]
    [InlineData("", false, false, "homelab", "")]
    [InlineData("", true, false, "", "")]
    [InlineData("", false, true, "", "")]
    [InlineData("--setup", false, false, "", "")]
    [InlineData("--scenario fleet", false, false, "", "fleet")]
    [InlineData("--scenario fleet", true, false, "", "fleet")]
    [InlineData("--cluster https://10.0.0.1:8006 --token-file TOKEN", false, false, "", "")]
    public async Task Only_the_first_plain_start_has_a_simulated_cluster_stored(string arguments, bool before, bool named, string stored, string passing)
    {
        var root = Directory.CreateTempSubdirectory("jarvis-run-").FullName;
        try
        {
            foreach (var script in (string[])["run.sh", "global.json"]) File.Copy(Repository.Full(script), Path.Combine(root, script));
            await WriteAsync(root, "web/dist/index.html", "");
            await WriteAsync(root, "TOKEN", "root@pam!x=y");
            if (before) await WriteAsync(root, "data/jarvis.db", "");
            await ProgramAsync(root, "artifacts/bin/Server/release/Jarvis.Server", "exit 1");
            // Stands for the server, which is told by its environment what to show.
            await ProgramAsync(root, "jarvis", """printf '%s|%s' "${Jarvis__Demo__First:-}" "${Jarvis__Demo__Scenario:-}" >"$(dirname "$0")/told"; exit 3""");

            var (code, error) = await RunAsync(Path.Combine(root, "run.sh"), $"--no-build --port {FreePort()} --data {root}/data {arguments.Replace("TOKEN", $"{root}/TOKEN", StringComparison.Ordinal)}".TrimEnd(), named ? "lab" : null);

            Assert.True(code == 3, error);
            Assert.Equal($"{stored}|{passing}", await File.ReadAllTextAsync(Path.Combine(root, "told"), Stop));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task WriteAsync(string root, string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, path))!);
        await File.WriteAllTextAsync(Path.Combine(root, path), text, Stop);
    }

    private static async Task ProgramAsync(string root, string path, string line)
    {
        await WriteAsync(root, path, $"#!/usr/bin/env bash\n{line}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(root, path), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<(int Code, string Error)> RunAsync(string script, string arguments, string? cluster = null, string? programs = null)
    {
        var start = new ProcessStartInfo("bash", [Repository.Full(script), .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("Jarvis", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        if (programs is not null) start.Environment["PATH"] = $"{programs}:{start.Environment["PATH"]}";
        if (cluster is not null) start.Environment["Jarvis__Clusters__0__Key"] = cluster;
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
