using Jarvis.Server.Events;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace Jarvis.Server.Hubs;

/// <summary><c>/hubs/events</c>: what happens, as it is stored.</summary>
[Authorize]
internal sealed class EventsHub(EventBroadcast broadcast, EventLog events) : Hub<IEventsClient>, IEventsHub
{
    private const int MostRows = 1_000;

    public override async Task OnConnectedAsync()
    {
        CallLimit.Begin(Context);
        if (broadcast.Join(Context)) return;
        await FailAsync("TOO_MANY_CONNECTIONS", "Too many live connections; close some screens first.");
        Context.Abort();
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        broadcast.Leave(Context.ConnectionId);
        CallLimit.End(Context);
        return Task.CompletedTask;
    }

    public async Task<MissedEvents> Since(long eventId)
    {
        if (!CallLimit.Allows(Context))
        {
            await FailAsync("RATE_LIMITED", CallLimit.Legal);
            return new([], true);
        }

        try
        {
            var rows = await events.SinceAsync(Math.Max(0, eventId), MostRows, Context.ConnectionAborted);
            return new([.. rows.Select(EventView.From)], rows.Count == MostRows);
        }
        catch (EventLogUnavailableException unavailable)
        {
            await FailAsync("EVENTS_UNAVAILABLE", unavailable.Message);
            return new([], false);
        }
    }

    private Task FailAsync(string code, string message) =>
        Clients.Caller.Failed(code, message, System.Diagnostics.Activity.Current?.Id ?? Context.ConnectionId);
}
