using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Jarvis.Simulator.Tests.Api;

public sealed class RawSocketTests
{
    [Theory]
    [InlineData("GET", "301 Moved Permanently")]
    [InlineData("POST", "308 Permanent Redirect")]
    public async Task Plain_http_is_sent_to_https_and_closed(string method, string status)
    {
        await using var rig = await Rig.StartAsync();
        var host = rig.Host.Endpoints[0].Authority;
        using var socket = await ConnectAsync(rig);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{method} /api2/json/version HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n"), Rig.Cancel);
        var answer = await ReadAllAsync(stream);
        Assert.StartsWith($"HTTP/1.1 {status}\r\nLocation: https://{host}/api2/json/version\r\n", answer,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_post_without_body_and_length_is_accepted()
    {
        await using var rig = await Rig.StartAsync();
        await using var tls = await TlsAsync(rig);
        await tls.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api2/json/nodes/pve3/qemu/105/status/start HTTP/1.1\r\nHost: x\r\nAuthorization: PVEAPIToken={Rig.Token}\r\nConnection: close\r\n\r\n"), Rig.Cancel);
        Assert.Contains("UPID:pve3:", await ReadAllAsync(tls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_serves_a_hundred_requests()
    {
        await using var rig = await Rig.StartAsync();
        await using var tls = await TlsAsync(rig);
        var request = Encoding.ASCII.GetBytes($"GET /api2/json/version HTTP/1.1\r\nHost: x\r\nAuthorization: PVEAPIToken={Rig.Token}\r\n\r\n");
        for (var i = 0; i < 110; i++)
        {
            await tls.WriteAsync(request, Rig.Cancel);
        }
        var answers = await ReadAllAsync(tls);
        Assert.Equal(100, answers.Split("HTTP/1.1 200 OK").Length - 1);
        Assert.Equal(1, answers.Split("Connection: close").Length - 1);
    }

    [Fact]
    public async Task An_idle_connection_is_closed_after_about_five_seconds()
    {
        await using var rig = await Rig.StartAsync();
        await using var tls = await TlsAsync(rig);
        var began = TimeProvider.System.GetTimestamp();
        await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET /api2/json/version HTTP/1.1\r\nHost: x\r\nAuthorization: PVEAPIToken={Rig.Token}\r\n\r\n"), Rig.Cancel);
        Assert.Contains("HTTP/1.1 200 OK", await ReadAllAsync(tls), StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 4, 15);
    }

    [Fact]
    public async Task Http_2_is_not_offered()
    {
        await using var rig = await Rig.StartAsync();
        using var socket = await ConnectAsync(rig);
        await using var tls = new SslStream(new NetworkStream(socket), false);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "pve1",
            RemoteCertificateValidationCallback = rig.Trusts,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        }, Rig.Cancel);
        Assert.NotEqual(SslApplicationProtocol.Http2, tls.NegotiatedApplicationProtocol);
    }

    [Fact]
    public async Task More_than_64_header_lines_are_506()
    {
        await using var rig = await Rig.StartAsync();
        await using var tls = await TlsAsync(rig);
        var headers = string.Concat(Enumerable.Range(0, 70).Select(i => $"X-{i}: 1\r\n"));
        await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET /api2/json/version HTTP/1.1\r\nHost: x\r\n{headers}\r\n"),
            Rig.Cancel);
        Assert.StartsWith("HTTP/1.1 506 ", await ReadAllAsync(tls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_without_power_refuses_connections_and_drops_open_ones()
    {
        await using var rig = await Rig.StartAsync();
        await using var open = await TlsAsync(rig, 1);
        await rig.FaultAsync("node-off", "pve2");
        var buffer = new byte[64];
        var read = await ReadOrZeroAsync(open, buffer);
        Assert.Equal(0, read);
        var refused = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(rig, 1));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        Assert.Equal(200, (await rig.GetAsync("/version", 2)).Status);
    }

    private static async Task<int> ReadOrZeroAsync(Stream stream, byte[] buffer)
    {
        try
        {
            return await stream.ReadAsync(buffer, Rig.Cancel);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task<Socket> ConnectAsync(Rig rig, int node = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var endpoint = rig.Host.Endpoints[node];
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(endpoint.Host), endpoint.Port), Rig.Cancel);
        return socket;
    }

    private static async Task<SslStream> TlsAsync(Rig rig, int node = 0)
    {
        var tls = new SslStream(new NetworkStream(await ConnectAsync(rig, node), true), false);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "pve",
            RemoteCertificateValidationCallback = rig.Trusts,
        }, Rig.Cancel);
        return tls;
    }

    private static async Task<string> ReadAllAsync(Stream stream)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Rig.Cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer, deadline.Token)) > 0;)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
        }
        return text.ToString();
    }
}
