using Jarvis.Proxmox;

namespace Jarvis.Server.Cluster;

/// <summary>A backup as its storage has it at this moment; <c>Node</c> is one that can reach it.</summary>
internal sealed record BackupVolume(string VolId, StorageView Storage, string Node, GuestType? Type, int? Vmid, DateTimeOffset? At, long? Bytes, bool Protected);

/// <summary>The backups of a cluster, read from its storages when asked.</summary>
internal sealed class BackupFacts(GuestFacts facts)
{
    private const long EndOfTime = 253_402_300_800;

    /// <summary>The backups of this name: one, or one a node where each has a storage of that name.</summary>
    /// <exception cref="ProxmoxException">A storage that may hold it cannot be read.</exception>
    public async Task<IReadOnlyList<BackupVolume>> FindAsync(LiveCluster cluster, string volume, string? node, CancellationToken cancellationToken)
    {
        var storage = volume.Split(':')[0];
        var places = Places(cluster).Where(s => s.Name == storage && (node is null || s.Node is null || s.Node == node));
        var read = await Task.WhenAll(places.Select(place => ReadAsync(cluster, place, cancellationToken)));
        return [.. read.SelectMany(b => b).Where(b => b.VolId == volume)];
    }

    /// <summary>A guest's backups, newest first, on all storages that can be read now.</summary>
    public async Task<IReadOnlyList<BackupVolume>> OfGuestAsync(LiveCluster cluster, int vmid, CancellationToken cancellationToken)
    {
        var read = await Task.WhenAll(Places(cluster).Select(async place =>
        {
            try
            {
                return await ReadAsync(cluster, place, cancellationToken);
            }
            catch (ProxmoxException)
            {
                // What cannot be read cannot be restored either: it does not count as a backup.
                return [];
            }
        }));
        return [.. read.SelectMany(b => b).Where(b => b.Vmid == vmid).OrderByDescending(b => b.At)];
    }

    /// <summary>The storages for backups that a node can use.</summary>
    public static IReadOnlyList<StorageView> StoragesOf(LiveCluster cluster, string node) => [.. Places(cluster).Where(s => s.Node is null || s.Node == node)];

    private static IEnumerable<StorageView> Places(LiveCluster cluster) =>
        cluster.Current.View.Storages.Where(s => s is { Missing: false, Status: StorageStatus.Available } && s.Content.Contains("backup", StringComparer.Ordinal));

    private async Task<IReadOnlyList<BackupVolume>> ReadAsync(LiveCluster cluster, StorageView place, CancellationToken cancellationToken)
    {
        if ((place.Node ?? place.SeenFrom) is not { } node) return [];
        var rows = await facts.Client(cluster).GetStorageContentNowAsync(node, place.Name, "backup", cancellationToken);
        return
        [
            .. rows.Select(r => new BackupVolume(
                r.VolId, place, node, r.SubType switch { "qemu" => GuestType.Vm, "lxc" => GuestType.Container, _ => null }, r.VmId,
                r.CTime is > 0 and < EndOfTime ? DateTimeOffset.FromUnixTimeSeconds(r.CTime.Value) : null, r.Size, r.Protected is true)),
        ];
    }
}
