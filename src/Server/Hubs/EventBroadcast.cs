using System.Collections.Concurrent;
using System.Threading.Channels;
using Jarvis.Server.Events;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Hubs;

/// <summary>Follows the event log and hands each row to every connection's own queue. One that is too slow loses the
/// oldest rows; ids have no gaps, so it sees that and asks <see cref="IEventsHub.Since"/>.</summary>
internal sealed partial class EventBroadcast(EventLog events, IHubContext<EventsHub, IEventsClient> hub, IOptions<HubsOptions> options, ILogger<EventBroadcast> logger)
    : BackgroundService
{
    private const int QueueLength = 256;

    private readonly ConcurrentDictionary<string, Channel<EventView>> _queues = new(StringComparer.Ordinal);

    public bool Join(HubCallerContext context)
    {
        if (_queues.Count >= options.Value.MaxConnections) return false;
        var queue = Channel.CreateBounded<EventView>(new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        _queues[context.ConnectionId] = queue;
        _ = PumpAsync(queue, context);
        return true;
    }

    public void Leave(string connectionId) => _queues.TryRemove(connectionId, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var row in events.FollowAsync(stoppingToken))
                {
                    if (_queues.IsEmpty) continue;
                    var view = EventView.From(row);
                    foreach (var queue in _queues.Values) queue.Writer.TryWrite(view);
                }

                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (FollowerLaggedException lagged)
            {
                LogLagged(lagged.Message);
            }
        }
    }

    private async Task PumpAsync(Channel<EventView> queue, HubCallerContext context)
    {
        var client = hub.Clients.Client(context.ConnectionId);
        try
        {
            await foreach (var view in queue.Reader.ReadAllAsync(context.ConnectionAborted)) await client.Happened(view);
        }
        catch (OperationCanceledException)
        {
            // The connection ended.
        }
        catch (Exception failure)
        {
            LogConnectionFailed(failure, context.ConnectionId);
            context.Abort();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events came faster than they could be handed out; screens replay what they missed: {Why}")]
    private partial void LogLagged(string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Connection {ConnectionId} could not be fed with events and was closed.")]
    private partial void LogConnectionFailed(Exception failure, string connectionId);
}
