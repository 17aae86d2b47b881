using System.Buffers;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;

namespace Jarvis.Bench;

/// <summary>A message as it came: when, how many bytes with its framing, and its content if it was kept.</summary>
internal sealed record Arrival(string Target, long At, int Bytes, ReadOnlyMemory<byte> Content);

/// <summary>A browser's connection to <c>/hubs/cluster</c>, spoken by hand so that reading it costs the driver next to
/// nothing and the bytes are those on the wire.</summary>
internal sealed class Screen : IAsyncDisposable
{
    private static readonly byte[] Handshake = [.. "{\"protocol\":\"messagepack\",\"version\":1}"u8, 0x1e];
    private static readonly byte[] Ping = [0x02, 0x91, 0x06];
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(10);
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly bool _keepContent;
    private readonly Action<Arrival> _arrived;
    private Task _running = Task.CompletedTask;

    private Screen(bool keepContent, Action<Arrival> arrived) => (_keepContent, _arrived) = (keepContent, arrived);

    /// <summary>Ends when the connection does; faulted if it broke.</summary>
    public Task Ended => _running;

    public static async Task<Screen> OpenAsync(ServerProcess server, bool keepContent, Action<Arrival> arrived, CancellationToken cancellationToken)
    {
        var screen = new Screen(keepContent, arrived);
        screen._socket.Options.SetRequestHeader("Cookie", server.Cookie ?? throw new InvalidOperationException("Sign in first."));
        screen._socket.Options.SetRequestHeader("Origin", server.Address.GetLeftPart(UriPartial.Authority));
        await screen._socket.ConnectAsync(new Uri($"ws://{server.Address.Authority}/hubs/cluster"), cancellationToken);
        await screen._socket.SendAsync(Handshake, WebSocketMessageType.Binary, true, cancellationToken);
        screen._running = Task.WhenAll(screen.ReadAsync(screen._stop.Token), screen.PingAsync(screen._stop.Token));
        return screen;
    }

    /// <summary>Invokes a hub method without arguments and without waiting for its answer.</summary>
    public Task SendAsync(string method, CancellationToken cancellationToken)
    {
        byte[] message = [0x96, 0x01, 0x80, 0xc0, (byte)(0xa0 | method.Length), .. Encoding.ASCII.GetBytes(method), 0x90, 0x90];
        return WriteAsync([(byte)message.Length, .. message], cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _stop.Dispose();
        _sending.Dispose();
    }

    private async Task PingAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(PingEvery, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(cancellationToken)) await WriteAsync(Ping, cancellationToken);
    }

    private async Task WriteAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Binary, true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var received = new ArrayBufferWriter<byte>(64 * 1024);
        var shakenHands = false;
        while (true)
        {
            var chunk = await _socket.ReceiveAsync(received.GetMemory(16 * 1024), cancellationToken);
            if (chunk.MessageType == WebSocketMessageType.Close) throw new WebSocketException($"The server closed the connection: {_socket.CloseStatus} {_socket.CloseStatusDescription}");
            received.Advance(chunk.Count);
            var at = Stopwatch.GetTimestamp();
            var rest = received.WrittenMemory;
            if (!shakenHands)
            {
                var end = rest.Span.IndexOf((byte)0x1e);
                if (end < 0) continue;
                if (end > 2) throw new WebSocketException($"The hub refused: {Encoding.UTF8.GetString(rest.Span[..end])}");
                rest = rest[(end + 1)..];
                shakenHands = true;
            }

            while (TryTake(ref rest) is { } message) Tell(message, at);
            var left = rest.ToArray();
            received.ResetWrittenCount();
            received.Write(left);
        }
    }

    // each message stands behind its length in seven-bit groups, lowest first
    private static ReadOnlyMemory<byte>? TryTake(ref ReadOnlyMemory<byte> buffer)
    {
        var length = 0;
        for (var i = 0; i < 5 && i < buffer.Length; i++)
        {
            var b = buffer.Span[i];
            length |= (b & 0x7f) << (7 * i);
            if (b >= 0x80) continue;
            if (buffer.Length < i + 1 + length) return null;
            var message = buffer.Slice(i + 1, length);
            buffer = buffer[(i + 1 + length)..];
            return message;
        }

        return null;
    }

    private void Tell(ReadOnlyMemory<byte> message, long at)
    {
        var bytes = message.Span;
        if (bytes.Length > 1 && bytes[1] == 7) throw new WebSocketException("The hub closed the connection.");
        // [1, {}, nil, "Target", …]: an invocation without headers or id, as a server sends it
        if (bytes.Length < 5 || bytes[1] != 1 || bytes[2] != 0x80 || bytes[3] != 0xc0 || (bytes[4] & 0xe0) != 0xa0) return;
        var target = string.Intern(Encoding.ASCII.GetString(bytes.Slice(5, bytes[4] & 0x1f)));
        _arrived(new(target, at, message.Length + Framing(message.Length), _keepContent ? message.ToArray() : default));
    }

    private static int Framing(int length) => (length < 126 ? 2 : length < 65_536 ? 4 : 10) + (length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : 4);
}
