using System.Text.Json;
using Jarvis.Proxmox.Wire;

namespace Jarvis.Proxmox;

public sealed partial class ProxmoxClient
{
    /// <summary>Nodes, guests, storages and pools in one answer, up to 10 s old at Proxmox.
    /// A token without rights sees an empty list.</summary>
    public Task<IReadOnlyList<ClusterResource>> GetResourcesAsync(CancellationToken cancellationToken) =>
        GetResourcesAsync(options.StatusAge, cancellationToken);

    /// <summary>As above; <paramref name="maxAge"/> says how old a kept answer may be, zero asks Proxmox.</summary>
    public Task<IReadOnlyList<ClusterResource>> GetResourcesAsync(TimeSpan maxAge, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ClusterResource>>(ApiPath.Of("/cluster/resources"), maxAge, cancellationToken);

    public Task<IReadOnlyList<ClusterStatusRow>> GetClusterStatusAsync(CancellationToken cancellationToken) =>
        GetClusterStatusAsync(options.StatusAge, cancellationToken);

    public Task<IReadOnlyList<ClusterStatusRow>> GetClusterStatusAsync(TimeSpan maxAge, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ClusterStatusRow>>(ApiPath.Of("/cluster/status"), maxAge, cancellationToken);

    /// <summary>Running tasks of all nodes and about 25 finished ones of each.</summary>
    public Task<IReadOnlyList<ClusterTask>> GetClusterTasksAsync(CancellationToken cancellationToken) =>
        GetClusterTasksAsync(options.TasksAge, cancellationToken);

    public Task<IReadOnlyList<ClusterTask>> GetClusterTasksAsync(TimeSpan maxAge, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ClusterTask>>(ApiPath.Of("/cluster/tasks"), maxAge, cancellationToken);

    public Task<VersionInfo> GetVersionAsync(CancellationToken cancellationToken) =>
        ReadAsync<VersionInfo>(ApiPath.Of("/version"), options.StatusAge, cancellationToken);

    public Task<IReadOnlyList<ClusterLogRow>> GetClusterLogAsync(int most, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ClusterLogRow>>(
            ApiPath.Of("/cluster/log").With(new Form().Add("max", most)), options.TasksAge, cancellationToken);

    /// <summary>A vmid that is free now; creating with it may still lose a race.</summary>
    public Task<int> GetNextIdAsync(CancellationToken cancellationToken) =>
        ReadOnceAsync<int>(ApiPath.Of("/cluster/nextid"), cancellationToken);

    /// <summary>The datacenter's options, as Proxmox has them.</summary>
    public Task<IReadOnlyDictionary<string, JsonElement>> GetClusterOptionsAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyDictionary<string, JsonElement>>(
            ApiPath.Of("/cluster/options"), options.StorageAge, cancellationToken);

    public Task<IReadOnlyList<HaStatusRow>> GetHaStatusAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<HaStatusRow>>(ApiPath.Of("/cluster/ha/status/current"), options.StatusAge, cancellationToken);

    public Task<IReadOnlyList<HaResource>> GetHaResourcesAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<HaResource>>(ApiPath.Of("/cluster/ha/resources"), options.StorageAge, cancellationToken);

    /// <summary>From Proxmox VE 9; <see cref="ProxmoxFailure.NotSupported"/> before.</summary>
    public Task<IReadOnlyList<HaRule>> GetHaRulesAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<HaRule>>(ApiPath.Of("/cluster/ha/rules"), options.StorageAge, cancellationToken);

    public Task<IReadOnlyList<BackupJob>> GetBackupJobsAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<BackupJob>>(ApiPath.Of("/cluster/backup"), options.StorageAge, cancellationToken);

    public Task<IReadOnlyList<UncoveredGuest>> GetUncoveredGuestsAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<UncoveredGuest>>(
            ApiPath.Of("/cluster/backup-info/not-backed-up"), options.StorageAge, cancellationToken);

    public Task<IReadOnlyList<ReplicationJob>> GetReplicationJobsAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ReplicationJob>>(ApiPath.Of("/cluster/replication"), options.StorageAge, cancellationToken);

    /// <summary>Null where Ceph is not installed or not set up.</summary>
    public async Task<CephStatus?> GetCephStatusAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync<CephStatus>(ApiPath.Of("/cluster/ceph/status"), options.StorageAge, cancellationToken);
        }
        catch (ProxmoxException failure) when (failure is { Kind: ProxmoxFailure.ServerError, Reason: { } reason }
            && (reason.Contains("not installed", StringComparison.Ordinal)
                || reason.Contains("not initialized", StringComparison.Ordinal)))
        {
            return null;
        }
    }

    /// <summary>Addresses and certificate fingerprints of all nodes.</summary>
    public Task<JoinInfo> GetJoinInfoAsync(CancellationToken cancellationToken) =>
        ReadAsync<JoinInfo>(ApiPath.Of("/cluster/config/join"), options.StorageAge, cancellationToken);

    public Task<IReadOnlyList<PoolRow>> GetPoolsAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<PoolRow>>(ApiPath.Of("/pools"), options.StorageAge, cancellationToken);

    public Task<PoolRow> GetPoolAsync(string pool, CancellationToken cancellationToken) =>
        ReadAsync<PoolRow>(ApiPath.Of("/pools/{pool}", pool), options.StorageAge, cancellationToken);
}
