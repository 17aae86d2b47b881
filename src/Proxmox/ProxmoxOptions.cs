namespace Jarvis.Proxmox;

/// <summary>How to reach one Proxmox cluster.</summary>
public sealed record ProxmoxOptions
{
    /// <summary>https addresses of the cluster's nodes, usually port 8006; the first healthy one is used until it fails.</summary>
    public required IReadOnlyList<Uri> Endpoints { get; init; }

    public required ProxmoxCredential Credential { get; init; }

    /// <summary>SHA-256 fingerprints of leaf certificates that are accepted; colons and case do not matter.</summary>
    public IReadOnlyCollection<string> Fingerprints { get; init; } = [];

    /// <summary>Addresses that the cluster itself named earlier, to stand in for the given ones.</summary>
    public IReadOnlyList<Uri> LearnedEndpoints { get; init; } = [];

    /// <summary>Fingerprints that the cluster itself named earlier; replaced as soon as it names them again.</summary>
    public IReadOnlyCollection<string> LearnedFingerprints { get; init; } = [];

    /// <summary>PEM file of the cluster's own CA. Without it and without fingerprints, public CAs decide.</summary>
    public string? CaFile { get; init; }

    /// <summary>Limit of one request, its whole answer included; on the system clock. A call that goes on to other endpoints
    /// ends within twice this.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Limit of opening a connection, TLS included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a failed endpoint is left alone at first; doubles with each failure up to eightfold.</summary>
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Largest answer, counted after decompression.</summary>
    public long MaxAnswerBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Most requests under way at once.</summary>
    public int MaxParallelCalls { get; init; } = 16;

    /// <summary>How old an answer about nodes, guests or the cluster may be when the caller does not say.</summary>
    public TimeSpan StatusAge { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan StorageAge { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan TasksAge { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a task's node may be silent before the task's outcome counts as unknown; on the system clock.</summary>
    public TimeSpan TaskPatience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Told of every finished request, on the thread that finished it.</summary>
    public Action<FinishedCall>? CallFinished { get; init; }
}
