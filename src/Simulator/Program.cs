using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Jarvis.Simulator;
using Jarvis.Simulator.Hosting;

SimulatorHost host;
try
{
    host = await SimulatorHost.StartAsync(CommandLine.Parse(args), TimeProvider.System, CancellationToken.None);
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync(e.Message.Split(" (Parameter", 2)[0]);
    return 2;
}
catch (SocketException e)
{
    await Console.Error.WriteLineAsync($"cannot listen: {e.Message}");
    return 1;
}

var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopped.TrySetResult();
}
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
await using (host)
{
    using var line = new MemoryStream();
    await using (var json = new Utf8JsonWriter(line))
    {
        ReadyLine.Write(json, host);
    }
    line.WriteByte((byte)'\n');
    await using var output = Console.OpenStandardOutput();
    await output.WriteAsync(line.ToArray());
    await output.FlushAsync();
    await stopped.Task;
}
return 0;
