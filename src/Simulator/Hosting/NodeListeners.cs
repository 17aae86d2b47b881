using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Jarvis.Simulator.Hosting;

/// <summary>Kestrel's socket transport with listeners that can be switched off one by one.</summary>
internal sealed class NodeListeners : IConnectionListenerFactory
{
    private readonly ConcurrentDictionary<IPEndPoint, NodeListener> listeners = new();
    private readonly ConcurrentDictionary<IPEndPoint, Socket> reserved = new();
    private readonly SocketTransportFactory sockets;

    public NodeListeners(ILoggerFactory loggers)
    {
        var options = new SocketTransportOptions { IOQueueCount = 0 };
        options.CreateBoundListenSocket = endpoint =>
            reserved.TryRemove((IPEndPoint)endpoint, out var socket) ? socket : Bind((IPEndPoint)endpoint);
        sockets = new SocketTransportFactory(Options.Create(options), loggers);
    }

    /// <summary>Binds one port on all addresses; port 0 is tried until one is free everywhere.</summary>
    public IReadOnlyList<IPEndPoint> Reserve(IReadOnlyList<IPAddress> addresses, int port)
    {
        for (var attempt = 0; ; attempt++)
        {
            var bound = new List<Socket>();
            try
            {
                foreach (var address in addresses)
                {
                    bound.Add(Bind(new IPEndPoint(address, port == 0 && bound.Count > 0 ? Port(bound[0]) : port)));
                }
                var endpoints = bound.ConvertAll(s => (IPEndPoint)s.LocalEndPoint!);
                for (var i = 0; i < bound.Count; i++)
                {
                    reserved[endpoints[i]] = bound[i];
                }
                return endpoints;
            }
            catch (SocketException) when (port == 0 && attempt < 50)
            {
                bound.ForEach(s => s.Dispose());
            }
            catch (SocketException)
            {
                bound.ForEach(s => s.Dispose());
                throw;
            }
        }
    }

    public async ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var address = (IPEndPoint)endpoint;
        var listener = await sockets.BindAsync(address, cancellationToken);
        return listeners[address] = new NodeListener(sockets, address, listener);
    }

    public NodeListener this[IPEndPoint address] => listeners[address];

    private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static Socket Bind(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(endpoint);
        return socket;
    }
}
