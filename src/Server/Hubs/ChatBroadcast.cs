using System.Collections.Concurrent;
using System.Threading.Channels;
using Jarvis.Server.Agent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Hubs;

/// <summary>Hands answers and changes to the screens of their person. A screen that is slow gets longer pieces, and holds up nobody.</summary>
internal sealed class ChatBroadcast : IDisposable
{
    private const int QueueLength = 256;
    private const int MostFollowed = 16;
    private readonly IHubContext<ChatHub, IChatClient> _hub;
    private readonly ChatRuns _runs;
    private readonly HubsOptions _limits;
    private readonly ConcurrentDictionary<string, Reader> _screens = new(StringComparer.Ordinal);

    public ChatBroadcast(IHubContext<ChatHub, IChatClient> hub, ChatRuns runs, IOptions<HubsOptions> limits)
    {
        (_hub, _runs, _limits) = (hub, runs, limits.Value);
        _runs.Changed += Tell;
    }

    public bool Join(HubCallerContext context, string person)
    {
        var session = context.User?.FindFirst("sid")?.Value;
        if (_screens.Count >= _limits.MaxConnections || session is not null && _screens.Values.Count(s => s.Session == session) >= _limits.MaxConnectionsPerSession) return false;
        var changes = Channel.CreateBounded<ChatChange>(new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        _screens[context.ConnectionId] = new(person, session, changes);
        _ = PumpAsync(context, changes.Reader.ReadAllAsync(context.ConnectionAborted), (client, change) => client.Changed(change));
        return true;
    }

    public void Leave(string connectionId) => _screens.TryRemove(connectionId, out _);

    /// <summary>False when this screen follows too many already.</summary>
    public bool Follow(HubCallerContext context, ChatRun run, long cursor)
    {
        if (!_screens.TryGetValue(context.ConnectionId, out var screen)) return false;
        if (Interlocked.Increment(ref screen.Followed) > MostFollowed)
        {
            Interlocked.Decrement(ref screen.Followed);
            return false;
        }

        _ = FollowAsync();
        return true;

        async Task FollowAsync()
        {
            await PumpAsync(context, run.ReadAsync(cursor, context.ConnectionAborted), (client, told) => client.Told(told));
            Interlocked.Decrement(ref screen.Followed);
        }
    }

    public void Dispose() => _runs.Changed -= Tell;

    private async Task PumpAsync<T>(HubCallerContext context, IAsyncEnumerable<T> from, Func<IChatClient, T, Task> tell)
    {
        var client = _hub.Clients.Client(context.ConnectionId);
        try
        {
            await foreach (var one in from) await tell(client, one);
        }
        catch (OperationCanceledException)
        {
            // The screen is gone; what it did not see it may ask for again.
        }
    }

    private void Tell(string person, ChatChange change)
    {
        foreach (var screen in _screens.Values.Where(s => s.Person == person)) screen.Changes.Writer.TryWrite(change);
    }

    private sealed class Reader(string person, string? session, Channel<ChatChange> changes)
    {
        public int Followed;

        public string Person => person;

        public string? Session => session;

        public Channel<ChatChange> Changes => changes;
    }
}
