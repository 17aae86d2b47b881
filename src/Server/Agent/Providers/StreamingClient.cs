using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent.Providers;

/// <summary>A client through whose stream everything goes, so that there is one path to get right.</summary>
internal abstract class StreamingClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public sealed override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);
}
