namespace Jarvis.Proxmox;

/// <summary>Which of a node's tasks to list.</summary>
public sealed record TaskFilter
{
    public int Limit { get; init; } = 50;

    /// <summary>Proxmox hides running tasks unless asked.</summary>
    public bool IncludeRunning { get; init; } = true;

    public bool ErrorsOnly { get; init; }

    public int? VmId { get; init; }

    /// <summary>A worker type, as <c>vzdump</c>.</summary>
    public string? Type { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }
}
