namespace Jarvis.Simulator;

internal sealed record JournalLine(DateTimeOffset At, string Unit, int Pid, int Priority, string Text);

/// <summary>The newest lines of a node's journal, oldest first.</summary>
internal sealed class NodeJournal
{
    private const int Limit = 4000;
    private readonly List<JournalLine> lines = [];

    public IReadOnlyList<JournalLine> Lines => lines;

    public void Add(DateTimeOffset at, string unit, int pid, string text, int priority = 6)
    {
        lines.Add(new JournalLine(at, unit, pid, priority, text));
        if (lines.Count > Limit)
        {
            lines.RemoveRange(0, Limit / 8);
        }
    }

    /// <summary>A line as syslog prints it, in the node's own words.</summary>
    public static string Text(JournalLine line, string host) =>
        string.Create(null, $"{line.At.UtcDateTime:MMM dd HH:mm:ss} {host} {line.Unit}[{line.Pid}]: {line.Text}");
}
