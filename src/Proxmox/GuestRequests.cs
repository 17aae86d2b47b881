namespace Jarvis.Proxmox;

public enum ServiceAction
{
    Start,
    Stop,
    Restart,
    Reload,
}

/// <summary>How to make a backup; what is null is left to Proxmox.</summary>
public sealed record BackupRequest
{
    public string? Storage { get; init; }

    /// <summary>snapshot, suspend or stop.</summary>
    public string? Mode { get; init; }

    /// <summary>zstd, gzip, lzo or 0.</summary>
    public string? Compress { get; init; }

    /// <summary>A template, in which <c>{{guestname}}</c> and the like are filled in.</summary>
    public string? Notes { get; init; }

    public bool? Protected { get; init; }

    /// <summary>Whether older backups are removed as the storage's rules say.</summary>
    public bool? Prune { get; init; } = false;
}

public sealed record MigrationRequest
{
    public required string Target { get; init; }

    /// <summary>Running VMs move live; running containers restart on the target.</summary>
    public bool Online { get; init; }

    public bool WithLocalDisks { get; init; }

    public string? TargetStorage { get; init; }
}

public sealed record CloneRequest
{
    public required int NewId { get; init; }

    public string? Name { get; init; }

    public string? Target { get; init; }

    /// <summary>Null lets Proxmox choose: linked for templates, full for others.</summary>
    public bool? Full { get; init; }

    public string? Storage { get; init; }

    public string? Snapshot { get; init; }

    public string? Description { get; init; }
}

/// <summary>The settings of a guest that change; null ones stay.</summary>
public sealed record GuestChange
{
    public int? Cores { get; init; }

    public int? MemoryMib { get; init; }

    /// <summary>Of VMs: the least memory the balloon leaves.</summary>
    public int? BalloonMib { get; init; }

    public string? Name { get; init; }

    /// <summary>Separated by semicolons.</summary>
    public string? Tags { get; init; }

    public string? Description { get; init; }

    public bool? OnBoot { get; init; }

    /// <summary>The digest of the config that was read; Proxmox refuses the change if it is another by now.</summary>
    public string? Digest { get; init; }
}
