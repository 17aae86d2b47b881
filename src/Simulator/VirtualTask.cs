namespace Jarvis.Simulator;

/// <summary>A worker process: runs, writes a log, ends with a text.</summary>
internal sealed class VirtualTask(Upid upid, DateTimeOffset started)
{
    private readonly List<string> log = [];

    public Upid Upid => upid;
    public string Id { get; } = upid.ToString();
    public DateTimeOffset Started => started;
    public DateTimeOffset? Ended { get; private set; }
    public bool Running => Ended is null;

    /// <summary>OK, WARNINGS: n or the error text; null while it runs.</summary>
    public string? ExitStatus { get; private set; }
    public IReadOnlyList<string> Log => log;
    public int Warnings { get; private set; }

    internal Action? OnAbort { get; set; }

    public void Write(string line)
    {
        if (Running && log.Count < 5000)
        {
            log.Add(line);
        }
    }

    public void Warn(string line)
    {
        Write("WARN: " + line);
        Warnings++;
    }

    /// <summary>Ends without a final line, as when the machine under it goes away.</summary>
    public void Kill(DateTimeOffset at)
    {
        ExitStatus = "unexpected status";
        Ended = at;
        OnAbort = null;
    }

    public void End(DateTimeOffset at, string? error = null)
    {
        if (!Running)
        {
            return;
        }

        ExitStatus = error ?? (Warnings > 0 ? $"WARNINGS: {Warnings}" : "OK");
        log.Add(error is not null ? "TASK ERROR: " + error : Warnings > 0 ? $"TASK WARNINGS: {Warnings}" : "TASK OK");
        Ended = at;
        OnAbort = null;
    }
}
