using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Jarvis.Bench.Chat;

/// <summary>What the server adds to a model's own time, with many conversations streaming at once.</summary>
internal static class ChatBench
{
    private const int Conversations = 100;
    private const int Pieces = 120;
    private static readonly TimeSpan Thinks = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(4);

    public static IEnumerable<Scenario> Scenarios => [new("chat", ["chat-first-p99", "chat-first-p50", "chat-piece-p99"], StreamsAsync)];

    private static async Task<IReadOnlyList<Figure>> StreamsAsync(Rig rig, CancellationToken cancellationToken)
    {
        await using var model = await ScriptedModel.StartAsync(cancellationToken);
        await using var simulator = await SimulatorProcess.FleetAsync(rig, 3, 30, cancellationToken);
        await using var server = await ServerProcess.WatchingAsync(
            rig, simulator, new Dictionary<string, string>
            {
                ["Jarvis__RateLimits__PerUser"] = "100000", ["Jarvis__RateLimits__UserBurst"] = "100000", ["Jarvis__RateLimits__PerAddress"] = "100000", ["Jarvis__RateLimits__AddressBurst"] = "100000",
                ["Jarvis__Agent__OpenAiCompatible__0__Name"] = "Scripted", ["Jarvis__Agent__OpenAiCompatible__0__Endpoint"] = $"{model.Address}v1", ["Jarvis__Agent__OpenAiCompatible__0__Model"] = "scripted",
            },
            cancellationToken);
        await server.SignInAsync(cancellationToken);
        var (rounds, random) = (rig.Quick ? 2 : 6, new Random(1));
        List<double> first = [];
        List<double> between = [];
        var at = 0;
        // The first round is there to have everything in use at once, and is not counted.
        await Task.WhenAll(Enumerable.Range(0, Conversations).Select(async conversation =>
        {
            string? session = null;
            await Rig.PauseAsync(Spread * random.NextDouble(), cancellationToken);
            for (var round = 0; round <= rounds; round++)
            {
                var answer = await AskAsync(server, model, $"tale {Interlocked.Increment(ref at)}", session, cancellationToken);
                session = answer.Session;
                if (round == 0) continue;
                lock (first)
                {
                    first.Add(answer.First);
                    between.AddRange(answer.Later);
                }
            }
        }));
        var note = string.Create(CultureInfo.InvariantCulture, $"{Conversations} conversations, {first.Count} answers of {Pieces} pieces, none lost or out of order; most at once {model.Most}");
        return
        [
            new("chat-first-p99", first.Percentile(0.99), note),
            new("chat-first-p50", first.Median()),
            new("chat-piece-p99", between.Percentile(0.99), "of the later pieces, which are told at most every 16 ms"),
        ];
    }

    private sealed record Heard(string Session, double First, IReadOnlyList<double> Later);

    private static async Task<Heard> AskAsync(ServerProcess server, ScriptedModel model, string message, string? session, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/chat") { Content = new StringContent(JsonSerializer.Serialize(new { message, sessionId = session, provider = "Scripted" }), Encoding.UTF8, "application/json") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        var sent = Stopwatch.GetTimestamp();
        using var answer = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var (next, first, later) = (0, double.NaN, new List<double>());
        await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync(cancellationToken)).EnumerateAsync(cancellationToken))
        {
            var now = Stopwatch.GetTimestamp();
            using var told = JsonDocument.Parse(item.Data);
            var happened = told.RootElement.GetProperty("happened");
            var kind = happened.GetProperty("$type").GetString();
            if (kind == "begun") session = happened.GetProperty("sessionId").GetString();
            if (kind == "failed") throw new InvalidOperationException(item.Data);
            if (kind != "token") continue;
            foreach (var piece in happened.GetProperty("text").GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = piece.Split(':');
                if (int.Parse(parts[0], CultureInfo.InvariantCulture) != next++) throw new InvalidOperationException($"{message}: piece {parts[0]} came as number {next - 1}.");
                var late = Stopwatch.GetElapsedTime(long.Parse(parts[1], CultureInfo.InvariantCulture), now).TotalMilliseconds;
                // What the server takes before it asks is its own as well.
                if (next == 1) first = late + Stopwatch.GetElapsedTime(sent, model.AskedAt(message)).TotalMilliseconds;
                else later.Add(late);
            }
        }

        return next == Pieces ? new(session!, first, later) : throw new InvalidOperationException($"{message}: {next} of {Pieces} pieces came.");
    }

    /// <summary>OpenAI's chat API, whose every piece tells its number and when it was sent.</summary>
    private sealed class ScriptedModel : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly ConcurrentDictionary<string, long> _asked = new(StringComparer.Ordinal);
        private int _now;

        private ScriptedModel()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.MapPost("/v1/chat/completions", AnswerAsync);
        }

        public Uri Address => new(_app.Urls.Single());

        public int Most { get; private set; }

        public static async Task<ScriptedModel> StartAsync(CancellationToken cancellationToken)
        {
            var model = new ScriptedModel();
            await model._app.StartAsync(cancellationToken);
            return model;
        }

        public long AskedAt(string message) => _asked[message];

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task AnswerAsync(HttpContext context)
        {
            var arrived = Stopwatch.GetTimestamp();
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var last = body.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content");
            _asked[last.ValueKind == JsonValueKind.String ? last.GetString()! : last[0].GetProperty("text").GetString()!] = arrived;
            Most = Math.Max(Most, Interlocked.Increment(ref _now));
            context.Response.ContentType = "text/event-stream";
            await Rig.PauseAsync(Thinks, context.RequestAborted);
            for (var i = 0; i < Pieces; i++)
            {
                await SayAsync(context, string.Create(CultureInfo.InvariantCulture, $$"""{"content":"{{i}}:{{Stopwatch.GetTimestamp()}} "}"""), "null");
                await Rig.PauseAsync(Between, context.RequestAborted);
            }

            await SayAsync(context, "{}", "\"stop\"");
            await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
            Interlocked.Decrement(ref _now);
        }

        private static async Task SayAsync(HttpContext context, string delta, string finish)
        {
            await context.Response.WriteAsync($$$"""data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"scripted","choices":[{"index":0,"delta":{{{delta}}},"finish_reason":{{{finish}}}}]}""" + "\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
