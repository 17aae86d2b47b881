using Jarvis.Proxmox.Wire;

namespace Jarvis.Proxmox;

public sealed partial class ProxmoxClient
{
    /// <summary>Slow while disks spin up; without SMART no sleeping disk is woken.</summary>
    public Task<IReadOnlyList<DiskRow>> GetDisksAsync(string node, bool withSmart, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<DiskRow>>(
            ApiPath.Of("/nodes/{node}/disks/list", node).With(new Form().Add("skipsmart", withSmart ? null : true)),
            options.StorageAge, cancellationToken);

    public Task<SmartHealth> GetSmartAsync(string node, string disk, CancellationToken cancellationToken) =>
        ReadOnceAsync<SmartHealth>(
            ApiPath.Of("/nodes/{node}/disks/smart", node).With(new Form().Add("disk", disk)), cancellationToken);

    public Task<IReadOnlyList<ZfsPool>> GetZfsPoolsAsync(string node, CancellationToken cancellationToken) =>
        NodeAsync<IReadOnlyList<ZfsPool>>("/nodes/{node}/disks/zfs", node, options.StorageAge, cancellationToken);

    public Task<ZfsPoolDetail> GetZfsPoolAsync(string node, string pool, CancellationToken cancellationToken) =>
        ReadAsync<ZfsPoolDetail>(
            ApiPath.Of("/nodes/{node}/disks/zfs/{name}", node, pool), options.StorageAge, cancellationToken);

    public Task<IReadOnlyList<ThinPool>> GetThinPoolsAsync(string node, CancellationToken cancellationToken) =>
        NodeAsync<IReadOnlyList<ThinPool>>("/nodes/{node}/disks/lvmthin", node, options.StorageAge, cancellationToken);

    public Task<IReadOnlyList<CephPool>> GetCephPoolsAsync(string node, CancellationToken cancellationToken) =>
        NodeAsync<IReadOnlyList<CephPool>>("/nodes/{node}/ceph/pool", node, options.StorageAge, cancellationToken);

    public Task<CephOsdTree> GetCephOsdsAsync(string node, CancellationToken cancellationToken) =>
        NodeAsync<CephOsdTree>("/nodes/{node}/ceph/osd", node, options.StorageAge, cancellationToken);
}
