using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Jarvis.Server.Tests.Agent;

/// <summary>A piece of what a scripted model answers.</summary>
internal abstract record Block
{
    public sealed record Say(string Text) : Block;

    public sealed record Think(string Text, string Signature) : Block;

    public sealed record ThinkHidden(string Data) : Block;

    public sealed record Call(string Id, string Name, string Arguments) : Block;
}

/// <summary>How the fake answers one request.</summary>
internal sealed record Reply(params Block[] Blocks)
{
    /// <summary>As the vendor writes it; by the blocks when null.</summary>
    public string? Stop { get; init; }

    public int Status { get; init; } = 200;

    public string? RetryAfter { get; init; }

    /// <summary>The vendor's words in an error.</summary>
    public string Words { get; init; } = "scripted";

    /// <summary>Bytes after which the connection is lost, or the answer ends as if it were whole.</summary>
    public int? CutAt { get; init; }

    public bool EndsCleanly { get; init; }

    /// <summary>Text after which nothing comes until <see cref="Go"/> is set.</summary>
    public string? PauseAfter { get; init; }

    public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Each byte is a packet of its own.</summary>
    public bool Drips { get; init; }

    /// <summary>What is sent in place of the stream.</summary>
    public string? Instead { get; init; }

    /// <summary>Says nothing of what it took, as some servers do.</summary>
    public bool HidesUsage { get; init; }
}

/// <summary>A request that was taken or refused.</summary>
internal sealed record Asked(string Path, string Text, JsonObject Body, DateTimeOffset At);

/// <summary>The Anthropic Messages API and the OpenAI chat API on loopback: as strict as the vendors', answering from a script.</summary>
internal sealed class FakeLlm : IAsyncDisposable
{
    public const string Key = "sk-test-0123456789-very-secret";
    private const int LargestRequest = 32 * 1024 * 1024;
    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly LlmRules _rules = new();
    private readonly Channel<Asked> _arrived = Channel.CreateUnbounded<Asked>();

    private FakeLlm(TimeProvider time)
    {
        _time = time;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(o => o.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.MapPost("/v1/messages", c => HandleAsync(c, anthropic: true));
        _app.MapPost("/v1/chat/completions", c => HandleAsync(c, anthropic: false));
    }

    /// <summary>Answers in order; a request beyond the last is refused.</summary>
    public ConcurrentQueue<Reply> Script { get; } = new();

    /// <summary>Every request, refused ones too.</summary>
    public ConcurrentQueue<Asked> Seen { get; } = new();

    public Uri Address => new(_app.Urls.Single());

    public static async Task<FakeLlm> StartAsync(TimeProvider? time = null)
    {
        var fake = new FakeLlm(time ?? TimeProvider.System);
        await fake._app.StartAsync(TestContext.Current.CancellationToken);
        return fake;
    }

    public void Add(params ReadOnlySpan<Reply> replies)
    {
        foreach (var reply in replies) Script.Enqueue(reply);
    }

    /// <summary>Waits for the next request.</summary>
    public Task<Asked> NextAsync() => _arrived.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var reply in Script) reply.Go.TrySetResult();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context, bool anthropic)
    {
        var (text, length) = await ReadAsync(context.Request);
        if (length > LargestRequest)
        {
            await RefuseAsync(context, 413, "request_too_large", "Request exceeds the maximum size");
            return;
        }

        var body = JsonNode.Parse(text) as JsonObject ?? [];
        var asked = new Asked(context.Request.Path, text, body, _time.GetUtcNow());
        Seen.Enqueue(asked);
        _arrived.Writer.TryWrite(asked);
        if (context.Request.Headers.Authorization != $"Bearer {Key}" && context.Request.Headers["x-api-key"] != Key)
            await RefuseAsync(context, 401, "authentication_error", $"invalid x-api-key {context.Request.Headers.Authorization}");
        else if ((anthropic ? _rules.Anthropic(body, context.Request.Headers) : LlmRules.OpenAi(body)) is { } wrong)
            await RefuseAsync(context, 400, "invalid_request_error", wrong);
        else if (!Script.TryDequeue(out var reply))
            await RefuseAsync(context, 400, "invalid_request_error", "the script is at its end");
        else if (reply.Status != 200)
        {
            if (reply.RetryAfter is { } after) context.Response.Headers.RetryAfter = after;
            await RefuseAsync(context, reply.Status, reply.Status == 529 ? "overloaded_error" : "api_error", reply.Words);
        }
        else
        {
            _rules.Issue(reply);
            await StreamAsync(context, LlmWire.Bytes(reply, anthropic, $"{body["model"]}"), reply);
        }
    }

    private static async Task StreamAsync(HttpContext context, byte[] bytes, Reply reply)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.StartAsync();
        var end = Math.Min(reply.CutAt ?? bytes.Length, bytes.Length);
        var pause = reply.PauseAfter is { } mark ? Encoding.UTF8.GetString(bytes).IndexOf(mark, StringComparison.Ordinal) + mark.Length : -1;
        if (reply.Drips)
        {
            for (var i = 0; i < end; i++)
            {
                await context.Response.Body.WriteAsync(bytes.AsMemory(i, 1));
                await context.Response.Body.FlushAsync();
            }
        }
        else if (pause >= 0)
        {
            await context.Response.Body.WriteAsync(bytes.AsMemory(0, pause));
            await context.Response.Body.FlushAsync();
            using var gone = context.RequestAborted.Register(() => reply.Go.TrySetResult());
            await reply.Go.Task;
            if (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(bytes.AsMemory(pause, end - pause));
        }
        else
        {
            await context.Response.Body.WriteAsync(bytes.AsMemory(0, end));
            await context.Response.Body.FlushAsync();
        }

        if (reply.CutAt is not null && !reply.EndsCleanly) context.Abort();
    }

    private static async Task<(string Text, long Length)> ReadAsync(HttpRequest request)
    {
        using var memory = new MemoryStream();
        await request.Body.CopyToAsync(memory);
        return (Encoding.UTF8.GetString(memory.ToArray()), memory.Length);
    }

    private static Task RefuseAsync(HttpContext context, int status, string type, string words)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["type"] = type, ["message"] = words } }.ToJsonString());
    }
}
