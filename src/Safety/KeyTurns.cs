using System.Collections.Concurrent;

namespace Jarvis.Safety;

/// <summary>What programs have read. A channel without sessions has no conversation to which text from outside could be counted:
/// whatever a key's holder read, over REST or MCP, within a quarter of an hour counts to all it does.</summary>
public sealed class KeyTurns(TimeProvider time)
{
    private const int MostSources = 8;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(15);
    private readonly ConcurrentDictionary<string, Read> _read = new(StringComparer.Ordinal);

    private sealed record Read(IReadOnlyList<string> Sources, long At);

    /// <summary>Marks the turn with what was read before.</summary>
    public Turn Begin(string key, Turn turn)
    {
        if (_read.TryGetValue(key, out var read) && time.GetElapsedTime(read.At) < Remembered)
        {
            foreach (var source in read.Sources) turn.Mark(source);
        }

        return turn;
    }

    /// <summary>Keeps what the turn has read; <paramref name="fresh"/> says that it read something just now.</summary>
    public void End(string key, Turn turn, bool fresh)
    {
        if (fresh && turn.Tainted) _read[key] = new([.. turn.Taints.TakeLast(MostSources)], time.GetTimestamp());
    }

    /// <summary>The same for a call of a tool, which had <paramref name="before"/> marks; what came of it may have been read by another turn, as when an
    /// approval was used.</summary>
    public void End(string key, Turn turn, int before, Tool? tool, ToolOutcome outcome)
    {
        var outside = tool is { Outside: true } && outcome is ToolOutcome.Completed or ToolOutcome.Failed;
        if (outside && !turn.Tainted) turn.Mark(tool!.Name);
        End(key, turn, outside || turn.Taints.Count > before);
    }
}
