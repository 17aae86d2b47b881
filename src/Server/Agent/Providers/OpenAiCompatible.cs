using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenAI;
using Wire = OpenAI.Chat;

namespace Jarvis.Server.Agent.Providers;

/// <summary>A model behind OpenAI's chat API: llama.cpp, Ollama, vLLM, or a company's.</summary>
internal sealed class OpenAiCompatible(OpenAiCompatibleOptions options, KeySource key, PriceTable prices, AgentOptions limits, TimeProvider time) : Provider, IDisposable
{
    private readonly Lazy<HttpClient> _http = new(() => ProviderHttp.NewClient(options.Name, () => key.Place, limits));

    /// <summary>Tools as this client writes them, which takes longer than sending them does.</summary>
    private readonly ConditionalWeakTable<AIFunctionDeclaration, Wire.ChatTool> _declared = [];

    private readonly Uri _endpoint = options.Endpoint ?? throw new ArgumentException("It has no endpoint.", nameof(options));

    public override string Name => options.Name;

    public override string Vendor => "openai";

    public override IReadOnlyList<ModelCard> Models =>
        [new(options.Model, options.ContextTokens, options.MaxOutputTokens, prices.Of(options.Model) ?? new(options.InputPerMillion, options.OutputPerMillion, options.InputPerMillion, options.InputPerMillion), options.CallsTools)];

    public override string? Unready => key.Expected && !key.TryRead(out _, out var mistake) ? $"{Name} has no key: {mistake}." : null;

    public override IChatClient Open(ModelCard model)
    {
        // Servers without keys take any; the client wants one.
        if (!key.TryRead(out var secret, out var mistake)) secret = key.Expected ? throw new ProviderException(Name, Trouble.Key, $"{Name} has no key: {mistake}.") : "none";
        var client = new OpenAIClient(new ApiKeyCredential(secret), new OpenAIClientOptions
        {
            Endpoint = _endpoint, Transport = new HttpClientPipelineTransport(_http.Value), RetryPolicy = new ClientRetryPolicy(0), NetworkTimeout = Timeout.InfiniteTimeSpan,
        });
        return new Turns(Name, new TimeoutClient(client.GetChatClient(model.Id).AsIChatClient(), Name, limits, time), model, _endpoint.Host == "api.openai.com", _declared);
    }

    public void Dispose()
    {
        if (_http.IsValueCreated) _http.Value.Dispose();
    }

    private sealed class Turns(string provider, IChatClient inner, ModelCard model, bool isOpenAi, ConditionalWeakTable<AIFunctionDeclaration, Wire.ChatTool> declared) : WholeTurn(provider, inner)
    {
        protected override (IEnumerable<ChatMessage> Messages, ChatOptions Options) Prepare(IReadOnlyList<ChatMessage> messages, ChatOptions options)
        {
            if (!model.CallsTools) (options.Tools, options.ToolMode) = (null, null);
            var most = options.MaxOutputTokens ?? model.MaxOutputTokens;
            options.MaxOutputTokens = isOpenAi ? most : null;
            var (tools, mode) = (options.Tools, options.ToolMode);
            options.Tools = null;
            options.RawRepresentationFactory = _ =>
            {
                var raw = new Wire.ChatCompletionOptions();
                // The client writes OpenAI's newer name for it, which other servers do not read.
                if (!isOpenAi) raw.Patch.Set("$.max_tokens"u8, most);
                if (tools is null) return raw;
                foreach (var tool in tools.OfType<AIFunctionDeclaration>()) raw.Tools.Add(declared.GetValue(tool, Wire.MicrosoftExtensionsAIChatExtensions.AsOpenAIChatTool));
                raw.ToolChoice = mode is NoneChatToolMode ? Wire.ChatToolChoice.CreateNoneChoice() : Wire.ChatToolChoice.CreateAutoChoice();
                return raw;
            };
            return (messages.Select(m => m.Contents.Any(c => c is TextReasoningContent) ? new ChatMessage(m.Role, [.. m.Contents.Where(c => c is not TextReasoningContent)]) : m), options);
        }

        protected override void Read(object raw, TurnParts parts)
        {
            if (raw is not Wire.StreamingChatCompletionUpdate update) return;
            foreach (var call in update.ToolCallUpdates)
            {
                parts.Start(call.Index, call.ToolCallId, call.FunctionName);
                if (call.FunctionArgumentsUpdate is { } json && !json.ToMemory().IsEmpty) parts.Add(call.Index, json.ToString());
            }

            if (update.FinishReason is { } finish) parts.Finish = finish switch
            {
                Wire.ChatFinishReason.Stop => ChatFinishReason.Stop,
                Wire.ChatFinishReason.ToolCalls or Wire.ChatFinishReason.FunctionCall => ChatFinishReason.ToolCalls,
                Wire.ChatFinishReason.Length => ChatFinishReason.Length,
                _ => ChatFinishReason.ContentFilter,
            };
            if (update.Usage is { } usage) parts.Tokens = new(usage.InputTokenCount, usage.InputTokenDetails?.CachedTokenCount ?? 0, 0, usage.OutputTokenCount);
        }
    }
}
