using System.Collections.Concurrent;
using System.Threading.Channels;
using Jarvis.Server.Events;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Hubs;

/// <summary>Follows the event log and hands each row to every connection's own queue. One that is too slow loses the
/// oldest rows; ids have no gaps, so it sees that and asks <see cref="IEventsHub.Since"/>.</summary>
internal sealed partial class EventBroadcast(EventLog events, IHubContext<EventsHub, IEventsClient> hub, IOptions<HubsOptions> options, HubMeters meters, TimeProvider time, ILogger<EventBroadcast> logger)
    : BackgroundService
{
    private const int QueueLength = 256;
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Reader> _queues = new(StringComparer.Ordinal);

    public bool Join(HubCallerContext context)
    {
        var session = context.User?.FindFirst("sid")?.Value;
        var limits = options.Value;
        if (_queues.Count >= limits.MaxConnections
            || session is not null && _queues.Values.Count(q => q.Session == session) >= limits.MaxConnectionsPerSession) return false;
        var queue = Channel.CreateBounded<EventView>(new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => meters.DroppedEvent());
        _queues[context.ConnectionId] = new(session, queue);
        meters.ReaderCame();
        _ = PumpAsync(queue, context);
        return true;
    }

    public void Leave(string connectionId)
    {
        if (_queues.TryRemove(connectionId, out _)) meters.ReaderLeft();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => ForwardAsync(events.FollowAsync, stoppingToken);

    /// <summary>Follows again whenever following ends or fails, until told to stop.</summary>
    internal async Task ForwardAsync(Func<CancellationToken, IAsyncEnumerable<EventRow>> follow, CancellationToken stoppingToken)
    {
        var troubled = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var row in follow(stoppingToken))
                {
                    troubled = false;
                    if (_queues.IsEmpty) continue;
                    var view = EventView.From(row);
                    foreach (var reader in _queues.Values) reader.Queue.Writer.TryWrite(view);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (FollowerLaggedException lagged)
            {
                LogLagged(lagged.Message);
            }
            catch (Exception failure)
            {
                if (!troubled) LogNotFollowed(failure, failure.Message);
                troubled = true;
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

    private sealed record Reader(string? Session, Channel<EventView> Queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events came faster than they could be handed out; screens replay what they missed: {Why}")]
    private partial void LogLagged(string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Events cannot be handed out, trying again: {Why}")]
    private partial void LogNotFollowed(Exception failure, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Connection {ConnectionId} could not be fed with events and was closed.")]
    private partial void LogConnectionFailed(Exception failure, string connectionId);
}
