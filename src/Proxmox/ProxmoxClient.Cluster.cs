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
}
