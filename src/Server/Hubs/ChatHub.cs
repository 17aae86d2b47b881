using Jarvis.Server.Agent;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace Jarvis.Server.Hubs;

/// <summary><c>/hubs/chat</c>: conversations as they go on. Answers belong to the server: a connection that is lost loses none of them.</summary>
[Authorize("viewer")]
internal sealed class ChatHub(ChatDesk desk, ChatBroadcast broadcast) : Hub<IChatClient>, IChatHub
{
    private const string Legal = "At most ten requests at once and then two a second.";

    public override async Task OnConnectedAsync()
    {
        CallLimit.Begin(Context, atOnce: 10, perSecond: 2);
        if (desk.PersonOf(Context.User) is not { } person || !broadcast.Join(Context, person))
        {
            await FailAsync("TOO_MANY_CONNECTIONS", "Too many live connections, or nobody who may chat; close some screens first.");
            Context.Abort();
        }
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        broadcast.Leave(Context.ConnectionId);
        CallLimit.End(Context);
        return Task.CompletedTask;
    }

    public async Task<ChatBegun> Send(ChatRequest request)
    {
        if (!CallLimit.Allows(Context)) return new(null, null, Legal);
        var (run, refused) = await desk.AskAsync(Context.User, request, Context.ConnectionAborted);
        return new(run?.Session, run?.Id, refused?.Message);
    }

    public async Task<bool> Attach(string runId, long cursor)
    {
        if (!await AllowedAsync() || desk.Find(runId, Context.User) is not { } run) return false;
        if (broadcast.Follow(Context, run, cursor)) return true;
        await FailAsync("TOO_MANY_ANSWERS", "Too many answers are followed by this screen at once.");
        return false;
    }

    public async Task<bool> Cancel(string runId) => await AllowedAsync() && desk.Find(runId, Context.User)?.Cancel() is true;

    private async Task<bool> AllowedAsync()
    {
        if (CallLimit.Allows(Context)) return true;
        await FailAsync("RATE_LIMITED", Legal);
        return false;
    }

    private Task FailAsync(string code, string message) => Clients.Caller.Failed(code, message, System.Diagnostics.Activity.Current?.Id ?? Context.ConnectionId);
}
