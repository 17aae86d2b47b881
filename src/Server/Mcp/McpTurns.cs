using System.Collections.Concurrent;
using Jarvis.Safety;

namespace Jarvis.Server.Mcp;

/// <summary>The turn of a call. A protocol without sessions has no conversation to which text from outside could be counted:
/// whatever a client read through here within a quarter of an hour counts to all it does.</summary>
internal sealed class McpTurns(TimeProvider time)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(15);
    private readonly ConcurrentDictionary<string, Read> _read = new(StringComparer.Ordinal);

    private sealed record Read(IReadOnlyList<string> Sources, long At);

    public Turn Begin(Caller.McpClient client, Action<string, double?>? progress = null)
    {
        var turn = new Turn("mcp", client.Key) { Progress = progress };
        if (_read.TryGetValue(client.Key, out var read) && time.GetElapsedTime(read.At) < Remembered)
        {
            foreach (var source in read.Sources) turn.Mark(source);
        }
        return turn;
    }

    /// <summary>Keeps what the turn has read; <paramref name="fresh"/> says that it read something just now.</summary>
    public void End(Caller.McpClient client, Turn turn, bool fresh)
    {
        if (fresh && turn.Tainted) _read[client.Key] = new([.. turn.Taints.TakeLast(8)], time.GetTimestamp());
    }
}
