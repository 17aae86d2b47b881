using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace Jarvis.Proxmox;

public sealed partial class ProxmoxClient
{
    /// <summary>Opens a terminal on a node: a websocket that speaks Proxmox's frames, <c>0:LENGTH:DATA</c> for input,
    /// <c>1:COLUMNS:ROWS:</c> for a resize and <c>2</c> to keep it alive. Dispose of it to hang up.</summary>
    public async Task<WebSocket> OpenNodeTerminalAsync(string node, CancellationToken cancellationToken) =>
        await OpenTerminalAsync(
            ApiPath.Of("/nodes/{node}/termproxy", node), ApiPath.Of("/nodes/{node}/vncwebsocket", node), cancellationToken);

    /// <summary>As <see cref="OpenNodeTerminalAsync"/>, on a container or on a VM that has a serial port.</summary>
    public async Task<WebSocket> OpenGuestTerminalAsync(
        string node, GuestType type, int vmid, CancellationToken cancellationToken) =>
        await OpenTerminalAsync(
            GuestPath("/termproxy", node, type, vmid), GuestPath("/vncwebsocket", node, type, vmid), cancellationToken);

    private async Task<WebSocket> OpenTerminalAsync(ApiPath proxy, ApiPath socketPath, CancellationToken cancellationToken)
    {
        var data = await WriteAsync(HttpMethod.Post, proxy, new Form(), cancellationToken);
        var ticket = Shape(data, json.TerminalTicket, HttpMethod.Post, proxy);
        var path = socketPath.With(new Form().Add("port", ticket.Port).Add("vncticket", ticket.Ticket));
        var endpoint = endpoints.InOrder()[0];
        using var limit = Limit(options.Timeout, cancellationToken);
        var socket = new ClientWebSocket();
        try
        {
            await ConnectAsync(socket, endpoint, path, limit.Token, cancellationToken);
            await socket.SendAsync(
                Encoding.UTF8.GetBytes($"{ticket.User}:{ticket.Ticket}\n"), WebSocketMessageType.Binary, true, limit.Token);
            var greeting = new byte[64];
            var heard = await socket.ReceiveAsync(greeting.AsMemory(), limit.Token);
            return Encoding.UTF8.GetString(greeting, 0, heard.Count).StartsWith("OK", StringComparison.Ordinal)
                ? socket
                : throw Broken(ProxmoxFailure.Forbidden, "the terminal refused its ticket", null);
        }
        catch (Exception failure)
        {
            var status = (int)socket.HttpStatusCode;
            socket.Dispose();
            throw failure switch
            {
                WebSocketException when status is not (0 or 101) => Broken(Failures.KindOf(status), $"no websocket, but {status}", failure, status),
                WebSocketException { InnerException: HttpRequestException broken } => Failures.OfConnection(
                    new Call(HttpMethod.Get, socketPath, endpoint, session.Redact), broken, endpoint.RefusedFingerprint),
                WebSocketException => Broken(ProxmoxFailure.Unreachable, failure.Message, failure),
                OperationCanceledException when !cancellationToken.IsCancellationRequested =>
                    Broken(ProxmoxFailure.Timeout, "the terminal did not open in time", failure),
                _ => failure,
            };
        }

        ProxmoxException Broken(ProxmoxFailure kind, string message, Exception? inner, int? status = null) =>
            new Call(HttpMethod.Get, socketPath, endpoint, session.Redact).Failure(kind, message, inner, status);
    }

    private async Task ConnectAsync(
        ClientWebSocket socket, Endpoint endpoint, ApiPath path, CancellationToken limit, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint.Address);
        await session.SignAsync(
            request, (user, password) => LogInAsync(endpoint, user, password, limit, cancellationToken), limit);
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            socket.Options.SetRequestHeader(name, values.ToString());
        }

        socket.Options.HttpVersion = HttpVersion.Version11;
        socket.Options.CollectHttpResponseDetails = true;
        var address = new UriBuilder(new Uri(endpoint.Address, "/api2/json" + path.Value)) { Scheme = Uri.UriSchemeWss };
        await socket.ConnectAsync(address.Uri, endpoint.Reads, limit);
    }
}
