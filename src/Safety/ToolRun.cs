namespace Jarvis.Safety;

/// <summary>What a running tool is told, and tells; take it as a parameter.</summary>
public sealed class ToolRun
{
    private readonly Action<string> _upid;
    private readonly Action<string, double?> _progress;

    private readonly Func<bool> _cancelled;

    internal ToolRun(string auditId, Caller caller, Turn turn, IReadOnlyList<Touched> targets, Action<string> upid, Action<string, double?> progress, Func<bool> cancelled)
    {
        (AuditId, Caller, Turn, Targets) = (auditId, caller, turn, targets);
        (_upid, _progress, _cancelled) = (upid, progress, cancelled);
    }

    /// <summary>Somebody wants it stopped, and what it began with it; the end of this server or of its time does not.</summary>
    public bool Cancelled => _cancelled();

    public string AuditId { get; }

    public Caller Caller { get; }

    public Turn Turn { get; }

    /// <summary>What the gate judged, in the order of the parameters.</summary>
    public IReadOnlyList<Touched> Targets { get; }

    /// <summary>The name of the snapshot made before, if one was.</summary>
    public string? Snapshot { get; internal set; }

    /// <summary>The task that Proxmox has accepted; stored at once, so that its end can be read after a crash.</summary>
    public void Started(string upid) => _upid(upid);

    public void Progress(string what, double? share = null) => _progress(what, share);
}

/// <summary>Thrown by a plan: what is asked for cannot be, as its target is now. The call is refused.</summary>
public sealed class WrongStateException(string message) : Exception(message);

/// <summary>Thrown by a tool that cannot know whether what it asked for happened.</summary>
public sealed class OutcomeUnknownException(string message, Exception? inner = null) : Exception(message, inner);
