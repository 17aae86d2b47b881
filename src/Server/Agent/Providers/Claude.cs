using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent.Providers;

/// <summary>Claude over the Messages API, by Anthropic's own client.</summary>
internal sealed class Claude(ClaudeOptions options, KeySource key, PriceTable prices, AgentOptions limits, TimeProvider time) : Provider, IDisposable
{
    // US dollars for a million tokens as published in November 2025; later or other prices stand in Agent:Prices.
    private static readonly (string Model, decimal Input, decimal Output)[] Published =
        [("claude-opus-4-5", 5, 25), ("claude-opus-4-1", 15, 75), ("claude-sonnet-4-5", 3, 15), ("claude-sonnet-4-0", 3, 15), ("claude-haiku-4-5", 1, 5)];

    private readonly Lazy<HttpClient> _http = new(() => ProviderHttp.NewClient("Claude", () => key.Place, limits));

    public override string Name => "Claude";

    public override string Vendor => "anthropic";

    public override IReadOnlyList<ModelCard> Models => PriceOf(options.Model) is { } price
        ? [new(options.Model, options.ContextTokens, options.MaxOutputTokens, price, CallsTools: true)] : [];

    public override string? Unready =>
        !key.TryRead(out _, out var mistake) ? $"Claude has no key: {mistake}."
        : Models.Count == 0 ? $"Claude was not asked: the price of {options.Model} is not known; give it in Agent:Prices."
        : null;

    public override IChatClient Open(ModelCard model)
    {
        if (!key.TryRead(out var secret, out var mistake)) throw new ProviderException(Name, Trouble.Key, $"Claude has no key: {mistake}.");
        var client = new AnthropicClient
        {
            ApiKey = secret, AuthToken = null, BaseUrl = options.BaseUrl.AbsoluteUri.TrimEnd('/'), HttpClient = _http.Value,
            MaxRetries = 0, Timeout = Timeout.InfiniteTimeSpan,
        };
        return new Turns(new TimeoutClient(client.AsIChatClient(model.Id, model.MaxOutputTokens), Name, limits, time), model);
    }

    public void Dispose()
    {
        if (_http.IsValueCreated) _http.Value.Dispose();
    }

    // A model's dated id costs what its alias does.
    private Price? PriceOf(string model) =>
        prices.Of(model) ?? (Published.FirstOrDefault(p => model == p.Model || model.StartsWith($"{p.Model}-20", StringComparison.Ordinal)) is { Model: not null } known
            ? new(known.Input, known.Output, known.Input * 0.1m, known.Input * 1.25m) : null);

    private sealed class Turns(IChatClient inner, ModelCard model) : WholeTurn("Claude", inner)
    {
        protected override (IEnumerable<ChatMessage> Messages, ChatOptions Options) Prepare(IReadOnlyList<ChatMessage> messages, ChatOptions options)
        {
            if (options.Tools is { } tools) options.Tools = [.. tools.OfType<AIFunctionDeclaration>().Select((tool, i) => Declared(tool, last: i == tools.Count - 1))];
            // The rest of the conversation is kept too, from its newest message backwards.
            options.RawRepresentationFactory = _ => new MessageCreateParams
            {
                Model = model.Id, MaxTokens = options.MaxOutputTokens ?? model.MaxOutputTokens, Messages = [], CacheControl = new(),
            };
            var system = messages.FirstOrDefault(m => m.Role == ChatRole.System);
            return (messages.Select(m => m == system ? Kept(m) : m.Role == ChatRole.Assistant ? Own(m) : m), options);
        }

        protected override void Read(object raw, TurnParts parts)
        {
            switch ((raw as RawMessageStreamEvent)?.Value)
            {
                case RawMessageStartEvent { Message.Usage: { } usage }:
                    var (read, written) = (usage.CacheReadInputTokens ?? 0, usage.CacheCreationInputTokens ?? 0);
                    parts.Tokens = new(usage.InputTokens + read + written, read, written, 0);
                    break;
                case RawContentBlockStartEvent { ContentBlock.Value: ToolUseBlock call } start:
                    parts.Start(start.Index, call.ID, call.Name);
                    break;
                case RawContentBlockDeltaEvent { Delta.Value: InputJsonDelta json } delta:
                    parts.Add(delta.Index, json.PartialJson);
                    break;
                case RawMessageDeltaEvent end:
                    if (end.Delta.StopReason is { } reason) parts.Finish = TurnParts.FinishOf(reason.Raw());
                    parts.Tokens = (parts.Tokens ?? new(0, 0, 0, 0)) with { Output = end.Usage.OutputTokens };
                    break;
            }
        }

        protected override ProviderException Meaning(Exception e) => e is AnthropicSseException
            ? e.Message.Contains("overloaded_error", StringComparison.Ordinal) || e.Message.Contains("rate_limit_error", StringComparison.Ordinal)
                ? new("Claude", Trouble.Busy, "Claude is overloaded and ended its answer.")
                : new("Claude", Trouble.Down, "Claude failed within itself and ended its answer.")
            : base.Meaning(e);

        private static AITool Declared(AIFunctionDeclaration tool, bool last) => new ToolUnion(new Tool
        {
            Name = tool.Name,
            Description = tool.Description,
            InputSchema = new(tool.JsonSchema.EnumerateObject().ToDictionary(p => p.Name, p => p.Value)),
            CacheControl = last ? new() : null,
        }).AsAITool();

        // What comes first is what stays: the rules; what a later system message says of the moment is not kept.
        private static ChatMessage Kept(ChatMessage system) =>
            new(ChatRole.System, [.. system.Contents.Select((c, i) => c is TextContent text && i == 0 ? new TextContent(text.Text).WithCacheControl(new CacheControlEphemeral()) : c)]);

        // Thoughts of other models are not signed, and Claude takes none that are not.
        private static ChatMessage Own(ChatMessage message) =>
            message.Contents.Any(Foreign) ? new(message.Role, [.. message.Contents.Where(c => !Foreign(c))]) : message;

        private static bool Foreign(AIContent content) => content is TextReasoningContent { ProtectedData: null or "" };
    }
}
