using System.Globalization;

namespace Jarvis.Simulator;

/// <summary>A vzdump schedule.</summary>
internal sealed class BackupJob
{
    public required string Id { get; init; }
    public required string Storage { get; set; }

    /// <summary>A time of day, as 02:30.</summary>
    public string Schedule { get; set; } = "02:30";
    public bool All { get; set; }
    public List<int> Guests { get; init; } = [];
    public List<int> Exclude { get; init; } = [];
    public string? Node { get; set; }
    public string? Pool { get; set; }
    public string Mode { get; set; } = "snapshot";
    public string Prune { get; set; } = "keep-last=3";
    public string? Comment { get; set; }
    public string? NotesTemplate { get; set; } = "{{guestname}}";
    public bool Enabled { get; set; } = true;
    public DateTimeOffset? NextRun { get; set; }

    public bool Covers(VirtualGuest guest) => !guest.Template
        && (All ? !Exclude.Contains(guest.VmId) : Pool is not null ? guest.Pool == Pool : Guests.Contains(guest.VmId))
        && (Node is null || Node == guest.Node);
}

/// <summary>A replication of a guest's volumes to another node; the id is vmid-number.</summary>
internal sealed class ReplicationJob
{
    public required string Id { get; init; }
    public required string Target { get; init; }
    public string Schedule { get; set; } = "*/15";
    public string? Comment { get; set; }
    public bool Disabled { get; set; }
    public DateTimeOffset? LastSync { get; set; }
    public DateTimeOffset? LastTry { get; set; }
    public DateTimeOffset? NextSync { get; set; }
    public double Duration { get; set; }
    public int FailCount { get; set; }
    public string? Error { get; set; }
    public int VmId => int.Parse(Id.AsSpan(0, Id.IndexOf('-', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
    public int Number => int.Parse(Id.AsSpan(Id.IndexOf('-', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
}

internal sealed partial class VirtualCluster
{
    private readonly SortedDictionary<string, BackupJob> backupJobs = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ReplicationJob> replicationJobs = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, BackupJob> BackupJobs => backupJobs;
    public IReadOnlyDictionary<string, ReplicationJob> ReplicationJobs => replicationJobs;

    internal void Add(BackupJob job) => backupJobs.Add(job.Id, job);

    internal void Add(ReplicationJob job) => replicationJobs.Add(job.Id, job);
}
