using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Jarvis.Safety;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Tools;

/// <summary>What lies on the storages.</summary>
internal sealed class StorageTools(Reach reach, Backups backups, TimeProvider time)
{
    [Tool(Tier.Green, Outside = false), Description("The newest backup of each guest, and the guests without one, or without one that is young enough. When storages stand under unread, a guest without a known backup may have one there.")]
    public async Task<BackupReport> GetBackupsAsync(
        [Target(Kind.Guest, Effect = Effect.Reads)] GuestRef? guest = null, StorageId? storage = null, [Range(1, 3650)] int? maxAgeDays = null, ClusterKey? cluster = null,
        CancellationToken cancellationToken = default)
    {
        var (newest, without, unread) = (new List<NewestBackup>(), new List<GuestInShort>(), new List<Unread>());
        var asked = reach.Clusters(cluster);
        foreach (var of in asked)
        {
            if (storage is { } named && of.Current.View.Storages.All(s => s.Name != named.Value)) throw new ReadFailedException($"{of.Key} has no storage {named}.");
            var read = await backups.ReadAsync(of, guest?.Id.Value, storage?.Value, cancellationToken);
            if (read.Value is not { } files)
            {
                if (asked.Count == 1) throw new ReadFailedException(read.Refused!.Detail);
                unread.Add(new(of.Key, read.Refused!.Detail));
                continue;
            }

            unread.AddRange(files.Unread.Select(u => new Unread($"{of.Key}/{u.Storage}", u.Why)));
            var guests = of.Current.View.Guests.Where(g => !g.Missing && (guest is null || g.Vmid == guest.Value.Id.Value)).ToDictionary(g => g.Vmid);
            var all = files.Items.Where(f => f.Volume.VmId is > 0).GroupBy(f => f.Volume.VmId!.Value).ToDictionary(g => g.Key, g => Newest(of, guests, g.Key, [.. g]));
            newest.AddRange(all.Values);
            without.AddRange(guests.Values.Where(g => !g.Template && (!all.TryGetValue(g.Vmid, out var has) || has.AgeDays > maxAgeDays)).Select(g => new GuestInShort(of.Key, g.Vmid, g.Name, all.ContainsKey(g.Vmid))));
        }

        if (unread.Count > 0 && asked.Count > 1 && asked.All(c => unread.Any(u => u.What == c.Key))) throw new ReadFailedException(string.Join(' ', unread.Select(u => $"{u.What}: {u.Why}")));
        var rows = newest.OrderByDescending(b => b.AgeDays ?? double.MaxValue).ToList();
        return new([.. rows.Take(Everywhere.MostRows)], [.. without.Take(Everywhere.MostRows)], Math.Max(0, rows.Count - Everywhere.MostRows), Math.Max(0, without.Count - Everywhere.MostRows), unread);
    }

    [Tool(Tier.Green, Outside = false), Description("What lies on a storage, the newest first: images, ISO files, templates for containers, backups.")]
    public async Task<StorageListing> GetStorageContentAsync(
        StorageId storage, NodeName? node = null, VolumeKind? content = null, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var (of, place) = Find(storage, node, cluster);
        var rights = await reach.AskAsync(of, "permissions", client => client.GetPermissionsAsync(CancellationToken.None), cancellationToken);
        var sees = Access.Holds(rights, $"/storage/{place.Name}", "Datastore.Allocate") || Access.Holds(rights, $"/storage/{place.Name}", "Datastore.AllocateSpace") && Access.Holds(rights, "/vms", "VM.Backup");
        if (!sees && content is VolumeKind.Backup) throw new ReadFailedException("Proxmox shows backups only to tokens with Datastore.AllocateSpace on the storage and VM.Backup on the guests; this one lacks them.");
        var kind = content?.ToString().ToLowerInvariant();
        var rows = await reach.AskAsync(of, $"content {place.Id} {kind}", client => client.GetStorageContentAsync(place.SeenFrom!, place.Name, kind, null, CancellationToken.None), cancellationToken);
        return new(
            of.Key, place.Id, rows.Count,
            [
                .. rows.OrderByDescending(r => r.CTime ?? 0).ThenBy(r => r.VolId, StringComparer.Ordinal).Take(Everywhere.MostRows)
                    .Select(r => new VolumeRow(r.VolId, r.Content, r.Format, r.Size, Moments.Of(r.CTime), r.VmId is > 0 ? r.VmId : null, r.Protected is true)),
            ],
            Math.Max(0, rows.Count - Everywhere.MostRows),
            sees ? null : "The token may not see all: Proxmox leaves out backups, and images of guests that it may not see, without saying so.");
    }

    private (LiveCluster Cluster, StorageView Storage) Find(StorageId storage, NodeName? node, ClusterKey? cluster)
    {
        if (node is { } at) reach.Node(at, cluster);
        var found = reach.Clusters(cluster).SelectMany(c => c.Current.View.Storages
            .Where(s => !s.Missing && s.Name == storage.Value && (node is null || s.Shared || s.Node == node.Value.Value)).Select(s => (Cluster: c, Storage: s))).ToList();
        var one = found switch
        {
            [var only] => only,
            [] => throw new ReadFailedException(
                $"There is no storage {storage}{(node is null ? "" : $" on {node}")}; there are: {string.Join(", ", reach.Clusters(cluster).SelectMany(c => c.Current.View.Storages).Select(s => s.Name).Distinct().Order(StringComparer.Ordinal))}."),
            _ when found.Select(f => f.Cluster).Distinct().Count() > 1 => throw new ReadFailedException($"Several clusters have a storage {storage}: {string.Join(", ", found.Select(f => f.Cluster.Key).Distinct())}; name the cluster."),
            _ => throw new ReadFailedException($"Each node has a storage {storage} of its own; name the node: {string.Join(", ", found.Select(f => f.Storage.Node))}."),
        };
        return one.Storage is { Status: StorageStatus.Available } ? one
            : throw new ReadFailedException($"The storage {one.Storage.Id} is not available, or its state is not known: what lies on it cannot be told.");
    }

    private NewestBackup Newest(LiveCluster of, Dictionary<int, GuestView> guests, int vmid, IReadOnlyList<BackupFile> all)
    {
        var (storage, volume) = all[0];
        var at = Moments.Of(volume.CTime);
        return new(
            of.Key, vmid, guests.GetValueOrDefault(vmid)?.Name, at, at is { } then ? Math.Round((time.GetUtcNow() - then).TotalDays, 1) : null,
            volume.VolId, storage, volume.Size, volume.Protected is true, volume.Verification?.State, all.Count);
    }
}

/// <summary>What volumes are for.</summary>
public enum VolumeKind { Iso, Vztmpl, Backup, Images, Rootdir, Snippets, Import }

/// <summary>The newest backup of each guest, the oldest of these first, and guests that have none, or only such as are too old.</summary>
public sealed record BackupReport(IReadOnlyList<NewestBackup> Newest, IReadOnlyList<GuestInShort> WithoutBackup, int NewestNotShown, int WithoutNotShown, IReadOnlyList<Unread> Unread);

/// <summary>A guest's newest backup; <c>Name</c> is null when there is no such guest any more.</summary>
public sealed record NewestBackup(
    string Cluster, int Vmid, string? Name, DateTimeOffset? At, double? AgeDays, string Volume, string Storage, long? Bytes, bool Protected, string? Verified, int Backups);

/// <summary>A guest without a backup, or with <c>HasOlder</c> with one that is older than was asked for.</summary>
public sealed record GuestInShort(string Cluster, int Vmid, string Name, bool HasOlder);

/// <summary>What lies on a storage (<c>NAME</c> when shared, else <c>NODE/NAME</c>); <c>Partial</c> says why it may not be all.</summary>
public sealed record StorageListing(string Cluster, string Storage, int Total, IReadOnlyList<VolumeRow> Items, int NotShown, string? Partial);

public sealed record VolumeRow(string Volume, string? Kind, string? Format, long? SizeBytes, DateTimeOffset? At, int? Vmid, bool Protected);
