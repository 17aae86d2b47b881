namespace Jarvis.Proxmox.Wire;

/// <summary><c>GET /nodes/{node}/tasks/{upid}/status</c>.</summary>
public sealed record TaskState
{
    public string? Upid { get; init; }

    /// <summary>running or stopped.</summary>
    public required string Status { get; init; }

    public string? ExitStatus { get; init; }

    public string? Type { get; init; }

    public string? Id { get; init; }

    public string? User { get; init; }

    public string? Node { get; init; }

    public long? StartTime { get; init; }
}

public sealed record TaskLogLine
{
    /// <summary>From 1.</summary>
    public required long N { get; init; }

    public string? T { get; init; }
}
