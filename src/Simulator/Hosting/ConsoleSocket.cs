using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Jarvis.Simulator.Api;

namespace Jarvis.Simulator.Hosting;

/// <summary>The websocket behind termproxy: sign in with the ticket, then frames for input, resize and ping.</summary>
internal sealed partial class ConsoleSocket(ILogger<ConsoleSocket> log)
{
    private const int Frame = 16 * 1024;
    private static readonly TimeSpan SignInTime = TimeSpan.FromSeconds(10);

    public async Task ServeAsync(HttpContext http, Call call)
    {
        var seat = call.Context.Consoles.Take(call.Number("port") ?? 0, ConsolePath(call), call.Text("vncticket"));
        if (seat is null)
        {
            await Answer.From(new PveException(500, "Connection refused"), false).SendAsync(http, call.Cluster.Now,
                true);
            return;
        }
        using var socket = await http.WebSockets.AcceptWebSocketAsync(http.WebSockets.WebSocketRequestedProtocols.FirstOrDefault());
        using var shell = call.Context.Consoles.Shells ? StartShell() : null;
        var buffer = ArrayPool<byte>.Shared.Rent(Frame);
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
            deadline.CancelAfter(SignInTime);
            var first = await socket.ReceiveAsync(buffer.AsMemory(), deadline.Token);
            var line = Encoding.UTF8.GetString(buffer, 0, first.Count).TrimEnd('\n');
            if (shell is null || line != $"{seat.User}:{seat.Ticket}")
            {
                await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, "authentication failure", deadline.Token);
                return;
            }
            await socket.SendAsync("OK"u8.ToArray(), WebSocketMessageType.Binary, true, http.RequestAborted);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
            var output = PumpOutAsync(shell, socket, over.Token);
            var input = PumpInAsync(shell, socket, buffer, over.Token);
            await Task.WhenAny(output, input);
            await over.CancelAsync();
            Kill(shell);
            await Task.WhenAll(output, input);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            LogEnded(e.Message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            Kill(shell);
        }
    }

    internal static string ConsolePath(Call call) =>
        call.Path.ContainsKey("vmid") ? string.Create(null, $"/vms/{call.VmId}") : $"/nodes/{call.Node}";

    /// <summary>A shell on a pseudo terminal, as nobody where this process is root.</summary>
    private static Process StartShell()
    {
        var shell = Environment.IsPrivilegedProcess
            ? "exec setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs /bin/sh -i"
                : "exec /bin/sh -i";
        var start = new ProcessStartInfo("script", ["-q", "-e", "-c", shell, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        start.Environment["TERM"] = "xterm";
        start.Environment["SHELL"] = "/bin/sh";
        return Process.Start(start) ?? throw new PveException(500, "unable to start a shell");
    }

    private static void Kill(Process? shell)
    {
        if (shell is { HasExited: false })
        {
            shell.Kill(entireProcessTree: true);
        }
    }

    private static async Task PumpOutAsync(Process shell, WebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[Frame];
        for (int read; (read = await shell.StandardOutput.BaseStream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            await socket.SendAsync(buffer.AsMemory(0, read), WebSocketMessageType.Binary, true, cancellationToken);
        }
    }

    private static async Task PumpInAsync(Process shell, WebSocket socket, byte[] buffer,
        CancellationToken cancellationToken)
    {
        while (await socket.ReceiveAsync(buffer.AsMemory(0, Frame),
            cancellationToken) is { MessageType: not WebSocketMessageType.Close } got)
        {
            var text = buffer.AsMemory(0, got.Count);
            if (Input(text) is { Length: > 0 } typed)
            {
                await shell.StandardInput.BaseStream.WriteAsync(typed, cancellationToken);
                await shell.StandardInput.BaseStream.FlushAsync(cancellationToken);
            }
        }
    }

    // "0:<length>:<data>" is input; resize and ping have no effect on a shell without a window.
    private static ReadOnlyMemory<byte> Input(ReadOnlyMemory<byte> frame)
    {
        var span = frame.Span;
        if (span.Length < 4 || span[0] != '0' || span[1] != ':')
        {
            return default;
        }
        var end = span[2..].IndexOf((byte)':');
        return end > 0 && int.TryParse(span.Slice(2, end), NumberStyles.None, CultureInfo.InvariantCulture,
            out var length)
            && length <= span.Length - 3 - end
            ? frame.Slice(3 + end, length)
            : default;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "console closed: {Reason}")]
    private partial void LogEnded(string reason);
}
