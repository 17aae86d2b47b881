using Jarvis.Server.Auth;
using Microsoft.AspNetCore.SignalR;

namespace Jarvis.Server.Hubs;

/// <summary>Ties each connection to the session that opened it: it outlives access tokens and ends with the session.</summary>
internal sealed class SessionEnds(Sessions sessions) : IHubFilter
{
    private const string Item = "session-end";

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var user = CurrentUser.From(context.Context.User);
        var session = user is null ? null : await sessions.FindAsync(user.Session, context.Context.ConnectionAborted);
        if (session is null)
        {
            context.Context.Abort();
            return;
        }

        context.Context.Items[Item] = session.Ended.Register(context.Context.Abort);
        await next(context);
    }

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        if (context.Context.Items.TryGetValue(Item, out var registered) && registered is CancellationTokenRegistration registration) await registration.DisposeAsync();
        await next(context, exception);
    }
}
