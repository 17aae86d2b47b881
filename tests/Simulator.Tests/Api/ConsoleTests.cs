using System.Net.WebSockets;
using System.Text;

namespace Jarvis.Simulator.Tests.Api;

public sealed class ConsoleTests
{
    [Fact]
    public async Task A_shell_is_refused_where_it_is_switched_off()
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.PostAsync("/nodes/pve1/termproxy");
        Assert.Equal(500, reply.Status);
        Assert.Contains("--terminal", reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shell_answers_over_the_websocket()
    {
        await using var rig = await Rig.StartAsync(new SimulatorOptions { Terminal = true });
        var made = (await rig.PostAsync("/nodes/pve1/termproxy")).Data;
        using var socket = await OpenAsync(rig, made.GetProperty("port").ToString(),
            made.GetProperty("ticket").GetString()!);
        await SendAsync(socket, $"{made.GetProperty("user").GetString()}:{made.GetProperty("ticket").GetString()}\n");
        Assert.Equal("OK", (await ReadUntilAsync(socket, "OK"))[..2]);
        await SendAsync(socket, "1:80:24:");
        await SendAsync(socket, "2");
        const string Line = "echo $((40+2))-`id -un`\n";
        await SendAsync(socket, $"0:{Line.Length}:{Line}");
        var wanted = Environment.IsPrivilegedProcess ? "42-nobody" : "42-";
        Assert.Contains(wanted, await ReadUntilAsync(socket, wanted), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_ticket_opens_nothing()
    {
        await using var rig = await Rig.StartAsync(new SimulatorOptions { Terminal = true });
        var made = (await rig.PostAsync("/nodes/pve1/termproxy")).Data;
        await Assert.ThrowsAsync<WebSocketException>(() =>
            OpenAsync(rig, made.GetProperty("port").ToString(), "PVEVNC:00000000::x"));
    }

    private static async Task<ClientWebSocket> OpenAsync(Rig rig, string port, string ticket)
    {
        var socket = new ClientWebSocket();
        socket.Options.RemoteCertificateValidationCallback = rig.Trusts;
        socket.Options.SetRequestHeader("Authorization", rig.Authorization);
        var address = rig.Address($"/nodes/pve1/vncwebsocket?port={port}&vncticket={Uri.EscapeDataString(ticket)}").AbsoluteUri;
        await socket.ConnectAsync(new Uri("wss" + address[5..]), Rig.Cancel);
        return socket;
    }

    private static ValueTask SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text).AsMemory(), WebSocketMessageType.Binary, true, Rig.Cancel);

    private static async Task<string> ReadUntilAsync(ClientWebSocket socket, string wanted)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Rig.Cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(15));
        var text = "";
        var buffer = new byte[4096];
        while (!text.Contains(wanted, StringComparison.Ordinal))
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(), deadline.Token);
            text += Encoding.UTF8.GetString(buffer, 0, got.Count);
        }
        return text;
    }
}
