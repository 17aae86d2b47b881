using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;

namespace Jarvis.Server.Tests.Auth;

/// <summary>A screen's connection to the events hub.</summary>
internal sealed class HubSocket : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private readonly ClientWebSocket _socket = new();

    private HubSocket()
    {
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<HubSocket> OpenAsync(TestServer server, string cookie)
    {
        var hub = new HubSocket();
        hub._socket.Options.SetRequestHeader("Origin", $"http://{server.Address.Authority}");
        hub._socket.Options.SetRequestHeader("Cookie", cookie);
        await hub._socket.ConnectAsync(new($"ws://{server.Address.Authority}/hubs/events"), Stop).WaitAsync(Soon, Stop);
        await hub._socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, endOfMessage: true, Stop);
        var buffer = new byte[4096];
        var read = await hub._socket.ReceiveAsync(buffer, Stop).WaitAsync(Soon, Stop);
        Assert.StartsWith("{}", Encoding.UTF8.GetString(buffer, 0, read.Count), StringComparison.Ordinal);
        return hub;
    }

    public async Task ClosesWithinASecondAsync()
    {
        var watch = Stopwatch.StartNew();
        var buffer = new byte[4096];
        try
        {
            while ((await _socket.ReceiveAsync(buffer, Stop).WaitAsync(Soon, Stop)).MessageType != WebSocketMessageType.Close) continue;
        }
        catch (WebSocketException)
        {
            // An aborted connection ends without a closing frame.
        }

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
