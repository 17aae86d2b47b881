using Jarvis.Proxmox;
using Jarvis.Proxmox.Wire;

namespace Jarvis.Server.Cluster;

/// <summary>A backup as its storage lists it.</summary>
internal sealed record BackupFile(string Storage, StorageVolume Volume);

/// <summary>What could be read, and which storages may hold more.</summary>
internal sealed record BackupFiles(IReadOnlyList<BackupFile> Items, IReadOnlyList<UnreadStorage> Unread);

/// <summary>Reads the backups on all storages of a cluster: what cannot be read on one must not hide what can be on another, and
/// is never taken for none.</summary>
internal sealed class Backups(Lookups lookups)
{
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepRights = TimeSpan.FromMinutes(10);

    /// <param name="cluster">Whose backups.</param>
    /// <param name="vmid">Those of one guest alone; null for all.</param>
    /// <param name="storage">Those on one storage alone; null for all.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<Outcome<BackupFiles>> ReadAsync(LiveCluster cluster, int? vmid, string? storage, CancellationToken cancellationToken)
    {
        var view = cluster.Current.View;
        var places = view.Storages.Where(s => s.Content.Contains("backup") && (storage is null || s.Name == storage)).ToList();
        if (await HiddenAsync(cluster, vmid, [.. places.Select(p => p.Name).Distinct()], cancellationToken) is { } hidden) return hidden;
        var readable = places.Where(p => p.Status is StorageStatus.Available).ToList();
        var away = places.Except(readable).Select(p => new UnreadStorage(p.Id, WhyAway(p, view))).ToList();
        if (readable.Count == 0 && away.Count > 0) return Unreadable(away);
        var asked = await lookups.AskAsync(
            cluster, $"backups {vmid} {storage}", Keep, Math.Max(1, readable.Count),
            async client => await Task.WhenAll(readable.Select(place => ReadAsync(client, place, vmid))), cancellationToken);
        if (asked.Value is not { } answers) return asked.Refused!;
        UnreadStorage[] unread = [.. answers.Select(a => a.Unread).OfType<UnreadStorage>(), .. away];
        if (unread.Length > 0 && answers.All(a => a.Unread is not null)) return Unreadable(unread);
        return new BackupFiles(
            [.. answers.SelectMany(a => a.Items).DistinctBy(b => (b.Storage, b.Volume.VolId, b.Volume.CTime)).OrderByDescending(b => b.Volume.CTime ?? 0)],
            [.. unread.OrderBy(u => u.Storage, StringComparer.Ordinal)]);
    }

    private static async Task<(IReadOnlyList<BackupFile> Items, UnreadStorage? Unread)> ReadAsync(ProxmoxClient client, StorageView place, int? vmid)
    {
        try
        {
            var rows = await client.GetStorageContentAsync(place.SeenFrom!, place.Name, "backup", vmid, CancellationToken.None);
            return ([.. rows.Select(v => new BackupFile(place.Name, v))], null);
        }
        catch (ProxmoxException failure) when (failure.Kind is not ProxmoxFailure.Forbidden)
        {
            return ([], new(place.Id, failure.Message));
        }
    }

    private static string WhyAway(StorageView place, ClusterView view) =>
        place.Missing ? "Proxmox lists it no longer."
        : place.Node is { } on && view.Nodes.FirstOrDefault(n => n.Name == on) is not { Status: NodeStatus.Online } ? $"The node {on} is not online."
        : place.Status is StorageStatus.Unavailable ? "Proxmox says that it is not available."
        : "Proxmox does not know its state.";

    private static Refusal Unreadable(IEnumerable<UnreadStorage> unread) => new(StatusCodes.Status502BadGateway, "STORAGE_UNREADABLE",
        $"No storage for backups can be read now, so it is not known which there are. {string.Join(' ', unread.Select(u => $"{u.Storage}: {u.Why}"))}");

    /// <summary>Proxmox leaves out what a token may not see and says nothing, and no backup must never be read from that.</summary>
    private async Task<Refusal?> HiddenAsync(LiveCluster cluster, int? vmid, IReadOnlyList<string> storages, CancellationToken cancellationToken)
    {
        var guests = vmid is { } one ? $"/vms/{one}" : "/vms";
        foreach (var keep in (TimeSpan[])[KeepRights, Keep])
        {
            var asked = await lookups.AskAsync(cluster, "permissions", keep, 1, client => client.GetPermissionsAsync(CancellationToken.None), cancellationToken);
            if (asked.Value is not { } rights) return asked.Refused;
            if (storages.Count == 0 ? Access.Judge(rights, "").CanSeeStorage : storages.All(s => Access.Holds(rights, $"/storage/{s}", "Datastore.Allocate")
                || Access.Holds(rights, $"/storage/{s}", "Datastore.AllocateSpace") && Access.Holds(rights, guests, "VM.Backup"))) return null;
        }

        string[] cure = [.. Access.ToSeeBackups(lookups.TokenIdOf(cluster))];
        return new(StatusCodes.Status403Forbidden, "PROXMOX_FORBIDDEN",
            $"Proxmox shows backups only to tokens with Datastore.AllocateSpace on the storage and VM.Backup on the guest; this one lacks them. Paste on a node, as root: {string.Join(" ; ", cure)}", cure);
    }
}
