using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;

namespace Jarvis.Simulator.Tests.Clients;

/// <summary>Runs a program that was written by others against a simulator whose clock runs fast.</summary>
internal sealed class ClientProgram : IAsyncDisposable
{
    public const string Secret = "11111111-2222-3333-4444-555555555555";
    public const string Password = "correct horse battery";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private ClientProgram(SimulatorHost host) => Host = host;

    public SimulatorHost Host { get; }

    public int Port => Host.Endpoints[0].Port;

    public static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    public static async Task<ClientProgram> StartAsync() => new(await SimulatorHost.StartAsync(new SimulatorOptions
    {
        Scenario = "three-nodes",
        Listen = new(IPAddress.Loopback, 0),
        User = "root@pam",
        Password = Password,
        Token = "root@pam!test=" + Secret,
        Speed = 30,
        UnauthorizedDelay = TimeSpan.Zero,
    }, TimeProvider.System, TestContext.Current.CancellationToken));

    /// <summary>Standard output of a run that ended well; <paramref name="install"/> says what is missing otherwise.</summary>
    public async Task<(int Exit, string Output)> RunAsync(
        string program, string install, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Folder(),
        };
        start.Environment.Remove("REQUESTS_CA_BUNDLE");
        start.Environment.Remove("CURL_CA_BUNDLE");
        start.Environment["PVE_PORT"] = Port.ToString(null, null);
        start.Environment["PVE_CA"] = Host.CaFile;
        start.Environment["NODE_EXTRA_CA_CERTS"] = Host.CaFile;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        using var process = Launch(start, install);
        process.StandardInput.Close();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            TestContext.Current.SendDiagnosticMessage(await errors);
            return (process.ExitCode, await output + (process.ExitCode == 0 ? "" : "\n" + await errors));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(true);
            }
        }
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private static Process Launch(ProcessStartInfo start, string install)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Fail($"{start.FileName} is missing: {install}");
            throw;
        }
    }
}
