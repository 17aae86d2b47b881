using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Jarvis.Proxmox.Tests;

/// <summary>A request as it came over the wire.</summary>
internal sealed record Heard(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body, int Connection);

/// <summary>A TLS server that says whatever a test wants, byte for byte.</summary>
internal sealed class HostileServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    // Never disposed, since a test may end a server before its scope does.
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<int, Task> connections = new();
    private readonly Func<Heard, Wire, Task> answer;
    private readonly Task accepting;
    private int connected;

    public HostileServer(Func<Heard, Wire, Task> answer, Certificates? certificates = null)
    {
        Certificate = (certificates ?? new Certificates()).Leaf();
        this.answer = answer;
        listener.Start();
        Address = new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        accepting = AcceptAsync();
    }

    public X509Certificate2 Certificate { get; set; }

    public string Fingerprint => CertificateTrust.FingerprintOf(Certificate);

    public Uri Address { get; }

    public ConcurrentQueue<Heard> Requests { get; } = new();

    public int Connections => connected;

    public static HostileServer Answering(string json, int status = 200, string reason = "OK") =>
        new((_, wire) => wire.JsonAsync(json, status, reason));

    /// <summary>Sends these bytes and hangs up, whatever was asked.</summary>
    public static HostileServer Saying(string bytes) => new(async (_, wire) =>
    {
        await wire.RawAsync(bytes);
        wire.HangUp();
    });

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await Task.WhenAll([accepting, .. connections.Values]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            var client = await listener.AcceptTcpClientAsync(stop.Token);
            var number = Interlocked.Increment(ref connected);
            connections[number] = ServeAsync(client, number);
        }
    }

    private async Task ServeAsync(TcpClient client, int number)
    {
        using var owned = client;
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, stop.Token);
        var wire = new Wire(tls, client, stop.Token);
        while (!wire.IsOver && await HearAsync(tls, number) is { } heard)
        {
            Requests.Enqueue(heard);
            await answer(heard, wire);
        }
    }

    private async Task<Heard?> HearAsync(Stream stream, int number)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, stop.Token) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var first = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, null) : 0];
        await stream.ReadExactlyAsync(body, stop.Token);
        return new Heard(first[0], first[1], headers, Encoding.UTF8.GetString(body), number);
    }
}

/// <summary>The server's side of a connection.</summary>
internal sealed class Wire(Stream stream, TcpClient client, CancellationToken stop)
{
    public bool IsOver { get; private set; }

    public CancellationToken Stop => stop;

    public Task JsonAsync(string json, int status = 200, string reason = "OK", string more = "")
    {
        var isError = status >= 400;
        IsOver |= isError;
        return RawAsync(
            $"HTTP/1.1 {status} {reason}\r\nContent-Type: application/json;charset=UTF-8\r\n{more}"
            + $"{(isError ? "Connection: close\r\n" : "")}Content-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");
    }

    public Task RawAsync(string text) => RawAsync(Encoding.UTF8.GetBytes(text));

    public async Task RawAsync(ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes, stop);
        await stream.FlushAsync(stop);
    }

    public void HangUp() => IsOver = true;

    /// <summary>Breaks the connection with a reset.</summary>
    public void Reset()
    {
        IsOver = true;
        client.Client.LingerState = new LingerOption(true, 0);
        client.Client.Close();
    }

    public Task NeverAsync() => Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
}
