using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Jarvis.Server.Mcp;

/// <summary>Tells a client that asked for it how far its call is, in order, and nothing after the answer.</summary>
internal sealed class McpProgress(RequestContext<CallToolRequestParams> request)
{
    private readonly Lock _gate = new();
    private Task _sent = Task.CompletedTask;
    private float _last;
    private bool _over;

    /// <summary>A share that falls back, or is not known, still has to grow on the wire.</summary>
    public void Tell(string what, double? share)
    {
        if (request.Params?.ProgressToken is not { } token) return;
        lock (_gate)
        {
            if (_over) return;
            _last = share is { } part && (float)part > _last ? (float)part : MathF.BitIncrement(_last);
            _sent = SendAsync(_sent, token, new() { Progress = _last, Total = share is null ? null : 1, Message = what });
        }
    }

    public Task SentAsync()
    {
        lock (_gate)
        {
            _over = true;
            return _sent;
        }
    }

    private async Task SendAsync(Task before, ProgressToken token, ProgressNotificationValue value)
    {
        await before;
        try
        {
            await request.Server.NotifyProgressAsync(token, value);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The client has gone; the call itself ends as it would.
        }
    }
}
