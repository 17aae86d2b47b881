namespace Jarvis.Simulator;

/// <summary>images, rootdir, iso, vztmpl, backup, snippets, import.</summary>
internal sealed class StorageVolume
{
    public required string VolId { get; init; }
    public required string Content { get; init; }
    public required string Format { get; init; }
    public required long Size { get; set; }
    public required long Used { get; set; }
    public required DateTimeOffset Created { get; init; }

    /// <summary>The node that holds it; null on shared storage.</summary>
    public string? Node { get; set; }
    public int? VmId { get; set; }
    public string? Subtype { get; init; }
    public string? Notes { get; set; }
    public bool Protected { get; set; }
    public string? Parent { get; set; }

    /// <summary>The guest's configuration at the time of a backup.</summary>
    public GuestConfig? SavedConfig { get; init; }

    /// <summary>ok or failed on a backup server; null elsewhere.</summary>
    public string? Verification { get; set; }
}

/// <summary>A storage of the cluster's configuration with what each node sees of it.</summary>
internal sealed class VirtualStorage
{
    private readonly Dictionary<string, long> usedByVolumes = new(StringComparer.Ordinal);
    private readonly List<StorageVolume> volumes = [];

    public required string Id { get; init; }

    /// <summary>dir, lvmthin, zfspool, nfs, pbs …</summary>
    public required string Type { get; init; }
    public required string Content { get; set; }
    public required bool Shared { get; init; }
    public required ulong Key { get; init; }

    /// <summary>Restricted to these nodes; empty means all.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>path, pool, server, export, vgname, thinpool, datastore … as configured.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
    public bool Enabled { get; set; } = true;

    /// <summary>Total by node ("" where shared).</summary>
    public Dictionary<string, long> Total { get; } = new(StringComparer.Ordinal);

    /// <summary>Used by other things than the volumes, by node.</summary>
    public Dictionary<string, long> BaseUsed { get; } = new(StringComparer.Ordinal);
    public double GrowthPerDay { get; init; }
    public DateTimeOffset Origin { get; init; }

    /// <summary>Nodes on which it is unreachable ("*" for all).</summary>
    public HashSet<string> OfflineOn { get; } = new(StringComparer.Ordinal);

    /// <summary>What filled it beyond its own growth: bytes already there and the rate since.</summary>
    public long FillBytes { get; set; }
    public double FillPerSecond { get; set; }
    public DateTimeOffset FillSince { get; set; }
    public string? FillNode { get; set; }
    public string Digest { get; set; } = "";

    public IReadOnlyList<StorageVolume> Volumes => volumes;
    public bool SupportsSnapshots => Type is "zfspool" or "lvmthin" or "rbd" or "btrfs" or "nfs" or "dir";
    public bool IsFile => Type is "dir" or "nfs" or "cifs" or "cephfs";

    public bool OnNode(string node) => Nodes.Count == 0 || Nodes.Contains(node);

    public bool Active(string node) => Enabled && OnNode(node) && !OfflineOn.Contains("*") && !OfflineOn.Contains(node);

    public bool Holds(string content) => Content.Split(',').Contains(content);

    public long TotalOn(string node) => Total.GetValueOrDefault(Shared ? "" : node);

    public long UsedOn(string node, DateTimeOffset at)
    {
        var place = Shared ? "" : node;
        var total = Total.GetValueOrDefault(place);
        var days = (at - Origin).TotalDays;
        var used = BaseUsed.GetValueOrDefault(place) + usedByVolumes.GetValueOrDefault(place) + (GrowthPerDay * days)
            + (total * .0012 * Noise.Smooth(Key + (ulong)place.Length, VirtualGuest.Seconds(at), 20_000));
        if (FillNode is null || FillNode == node)
        {
            used += FilledAt(at);
        }

        return (long)Math.Clamp(used, total * .001, total);
    }

    public double FilledAt(DateTimeOffset at) =>
        FillBytes + (FillPerSecond > 0 && at > FillSince ? FillPerSecond * (at - FillSince).TotalSeconds : 0);

    public StorageVolume? Find(string volid, string node) =>
        volumes.Find(v => v.VolId == volid && (v.Node is null || v.Node == node));

    public IEnumerable<StorageVolume> On(string node) => volumes.Where(v => v.Node is null || v.Node == node);

    public void Add(StorageVolume volume)
    {
        volumes.Add(volume);
        Count(volume, 1);
    }

    public void Remove(StorageVolume volume)
    {
        if (volumes.Remove(volume))
        {
            Count(volume, -1);
        }
    }

    public void Resize(StorageVolume volume, long size)
    {
        Count(volume, -1);
        volume.Used += (long)((size - volume.Size) * .02);
        volume.Size = size;
        Count(volume, 1);
    }

    private void Count(StorageVolume volume, int sign)
    {
        var place = volume.Node ?? "";
        usedByVolumes[place] = usedByVolumes.GetValueOrDefault(place) + (sign * volume.Used);
    }
}
