using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Jarvis.Server.Auth;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Jarvis.Server.Tests.Auth;

public sealed class HubSignInTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hub_opens_by_the_cookie_or_the_token_and_closes_within_a_second_of_the_sign_out(bool byCookie)
    {
        await using var server = await TestServer.StartAsync();
        var signed = await server.SignInAsync();
        using var socket = await ConnectAsync(server, byCookie ? ("Cookie", signed.HubCookie) : ("Authorization", $"Bearer {signed.Access}"));
        Assert.StartsWith("{}", await HandshakeAsync(socket), StringComparison.Ordinal);

        server.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(WebSocketState.Open, socket.State);
        using var left = await server.SendAsync(HttpMethod.Post, "/api/auth/logout", cookie: signed.RefreshCookie);
        var watch = Stopwatch.StartNew();
        await ReadToCloseAsync(socket);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("events")]
    [InlineData("cluster")]
    public async Task One_session_holds_so_many_connections_of_a_hub_and_leaves_room_for_the_others(string hub)
    {
        await using var server = await TestServer.StartAsync([("Hubs:MaxConnectionsPerSession", "2")]);
        var (greedy, other) = (await server.SignInAsync(), await server.SignInAsync());
        var of = new Uri($"ws://{server.Address.Authority}/hubs/{hub}");
        using var one = await OpenAsync(greedy);
        using var two = await OpenAsync(greedy);

        using var three = await OpenAsync(greedy);
        await ReadToCloseAsync(three);
        using var theirs = await OpenAsync(other);
        Assert.Equal([WebSocketState.Open, WebSocketState.Open, WebSocketState.Open], [one.State, two.State, theirs.State]);

        async Task<ClientWebSocket> OpenAsync(Signed who)
        {
            var socket = await ConnectAsync(server, of, ("Cookie", who.HubCookie));
            await HandshakeAsync(socket, hub == "cluster" ? "messagepack" : "json");
            return socket;
        }
    }

    [Theory]
    [InlineData("Cookie", "AAAA", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Bearer a.b.c", HttpStatusCode.Unauthorized)]
    [InlineData("X-Nothing", "1", HttpStatusCode.Unauthorized)]
    [InlineData("Origin", "http://evil.example", HttpStatusCode.Forbidden)]
    public async Task A_hub_stays_shut_to_strangers_and_foreign_pages(string name, string value, HttpStatusCode status)
    {
        await using var server = await TestServer.StartAsync();
        var signed = await server.SignInAsync();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (name == "Origin") socket.Options.SetRequestHeader("Cookie", signed.HubCookie);
        socket.Options.SetRequestHeader(name, name == "Cookie" ? $"{server.Services.GetRequiredService<Cookies>().Hub}={value}" : value);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(HubOf(server), Stop).WaitAsync(Soon, Stop));
        Assert.Equal(status, socket.HttpStatusCode);
    }

    [Fact]
    public async Task A_server_that_stops_closes_the_hubs_and_lets_no_screen_come_back_to_be_waited_for()
    {
        await using var server = await TestServer.StartAsync();
        var signed = await server.SignInAsync();
        using var socket = await ConnectAsync(server, ("Cookie", signed.HubCookie));
        await HandshakeAsync(socket);
        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await ReadToCloseAsync(socket);

        using var again = new ClientWebSocket();
        again.Options.CollectHttpResponseDetails = true;
        again.Options.SetRequestHeader("Cookie", signed.HubCookie);
        await Assert.ThrowsAsync<WebSocketException>(() => again.ConnectAsync(HubOf(server), Stop).WaitAsync(Soon, Stop));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, again.HttpStatusCode);
    }

    [Fact]
    public async Task The_sign_out_of_one_session_leaves_another_of_the_same_account_alone()
    {
        await using var server = await TestServer.StartAsync();
        var (one, two) = (await server.SignInAsync(), await server.SignInAsync());
        using var socket = await ConnectAsync(server, ("Cookie", two.HubCookie));
        await HandshakeAsync(socket);
        using var left = await server.SendAsync(HttpMethod.Post, "/api/auth/logout", one.Access);
        using var me = await server.SendAsync(HttpMethod.Get, "/api/auth/me", two.Access);
        Assert.Equal((HttpStatusCode.OK, WebSocketState.Open), (me.StatusCode, socket.State));
    }

    private static Uri HubOf(TestServer server) => new($"ws://{server.Address.Authority}/hubs/events");

    private static Task<ClientWebSocket> ConnectAsync(TestServer server, (string Name, string Value) header) => ConnectAsync(server, HubOf(server), header);

    private static async Task<ClientWebSocket> ConnectAsync(TestServer server, Uri hub, (string Name, string Value) header)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", $"http://{server.Address.Authority}");
        socket.Options.SetRequestHeader(header.Name, header.Value);
        await socket.ConnectAsync(hub, Stop).WaitAsync(Soon, Stop);
        return socket;
    }

    private static async Task<string> HandshakeAsync(ClientWebSocket socket, string protocol = "json")
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes($"{{\"protocol\":\"{protocol}\",\"version\":1}}\u001e"), WebSocketMessageType.Text, endOfMessage: true, Stop);
        var buffer = new byte[4096];
        var read = await socket.ReceiveAsync(buffer, Stop).WaitAsync(Soon, Stop);
        return Encoding.UTF8.GetString(buffer, 0, read.Count);
    }

    private static async Task ReadToCloseAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while ((await socket.ReceiveAsync(buffer, Stop).WaitAsync(Soon, Stop)).MessageType != WebSocketMessageType.Close) continue;
        }
        catch (WebSocketException)
        {
            // An aborted connection ends without a closing frame.
        }
    }
}
