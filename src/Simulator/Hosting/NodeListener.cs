using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Jarvis.Simulator.Hosting;

/// <summary>A node's address: it can stop listening and drop its connections, as a machine without power does.</summary>
internal sealed class NodeListener(
    IConnectionListenerFactory sockets, IPEndPoint address, IConnectionListener first) : IConnectionListener
{
    private readonly ConcurrentDictionary<ConnectionContext, byte> open = new();
    private readonly SemaphoreSlim gate = new(1, 1);
    private IConnectionListener? current = first;
    private TaskCompletionSource up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool closed;

    public EndPoint EndPoint => address;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (!closed)
        {
            var (listener, wake) = (current, up.Task);
            if (listener is null)
            {
                await wake.WaitAsync(cancellationToken);
                continue;
            }
            try
            {
                if (await listener.AcceptAsync(cancellationToken) is { } connection)
                {
                    return Track(connection);
                }
            }
            catch (SocketException) when (current != listener)
            {
            }
            catch (ObjectDisposedException) when (current != listener)
            {
            }
        }
        return null;
    }

    /// <summary>Listens or stops listening; going down resets what is open.</summary>
    public async Task SwitchAsync(bool on, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (closed || on == (current is not null))
            {
                return;
            }
            if (on)
            {
                current = await sockets.BindAsync(address, cancellationToken);
                Interlocked.Exchange(ref up, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
                return;
            }
            var old = Interlocked.Exchange(ref current, null);
            await old!.UnbindAsync(cancellationToken);
            await old.DisposeAsync();
            DropConnections("the node lost power");
        }
        finally
        {
            gate.Release();
        }
    }

    public void DropConnections(string reason)
    {
        foreach (var connection in open.Keys)
        {
            connection.Abort(new ConnectionAbortedException(reason));
        }
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        closed = true;
        up.TrySetResult();
        if (current is { } listener)
        {
            await listener.UnbindAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        closed = true;
        up.TrySetResult();
        if (current is { } listener)
        {
            await listener.DisposeAsync();
        }
        gate.Dispose();
    }

    private ConnectionContext Track(ConnectionContext connection)
    {
        open[connection] = 0;
        connection.ConnectionClosed.Register(() => open.TryRemove(connection, out _));
        return connection;
    }
}
