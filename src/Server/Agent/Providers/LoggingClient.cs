using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent.Providers;

/// <summary>One line a turn: who, how long, how much; never what.</summary>
internal sealed partial class LoggingClient(IChatClient inner, string provider, string model, TimeProvider time, ILogger log) : StreamingClient(inner)
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var began = time.GetTimestamp();
        var (usage, finish, calls) = ((UsageDetails?)null, (ChatFinishReason?)null, 0);
        await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await updates.MoveNextAsync()) break;
            }
            catch (ProviderException e)
            {
                var after = Since(began);
                LogFailed(provider, model, e.Trouble, e.Status, after);
                throw;
            }

            usage = updates.Current.Contents.OfType<UsageContent>().FirstOrDefault()?.Details ?? usage;
            finish = updates.Current.FinishReason ?? finish;
            calls += updates.Current.Contents.OfType<FunctionCallContent>().Count();
            yield return updates.Current;
        }

        var ms = Since(began);
        LogAnswered(provider, model, ms, usage?.InputTokenCount, usage?.CachedInputTokenCount, usage?.OutputTokenCount, calls, finish?.Value);
    }

    private long Since(long began) => (long)time.GetElapsedTime(began).TotalMilliseconds;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Provider} {Model} answered in {Ms} ms: {Input} tokens in ({Cached} cached), {Output} out, {Calls} calls, {Finish}")]
    private partial void LogAnswered(string provider, string model, long ms, long? input, long? cached, long? output, int calls, string? finish);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Provider} {Model} gave no whole answer: {Trouble}, status {Status}, after {Ms} ms")]
    private partial void LogFailed(string provider, string model, Trouble trouble, int? status, long ms);
}
