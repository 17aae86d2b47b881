using Jarvis.Proxmox.Wire;

namespace Jarvis.Proxmox;

public sealed partial class ProxmoxClient
{
    /// <summary>How the storages are set up.</summary>
    public Task<IReadOnlyList<StorageConfig>> GetStorageConfigAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StorageConfig>>(ApiPath.Of("/storage"), options.StorageAge, cancellationToken);

    /// <summary>How full the storages are, as one node sees them; a dead network storage makes this slow.</summary>
    public Task<IReadOnlyList<StorageStatus>> GetStoragesAsync(string node, CancellationToken cancellationToken) =>
        GetStoragesAsync(node, options.StorageAge, cancellationToken);

    public Task<IReadOnlyList<StorageStatus>> GetStoragesAsync(string node, TimeSpan maxAge, CancellationToken cancellationToken) =>
        NodeAsync<IReadOnlyList<StorageStatus>>("/nodes/{node}/storage", node, maxAge, cancellationToken);

    public Task<StorageStatus> GetStorageAsync(string node, string storage, CancellationToken cancellationToken) =>
        ReadAsync<StorageStatus>(
            ApiPath.Of("/nodes/{node}/storage/{storage}/status", node, storage), options.StorageAge, cancellationToken);

    /// <param name="node">A node that has the storage.</param>
    /// <param name="storage">The storage's id.</param>
    /// <param name="content">images, rootdir, iso, vztmpl, backup, snippets or import; null means all.</param>
    /// <param name="vmid">Only volumes of this guest.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<StorageVolume>> GetStorageContentAsync(
        string node, string storage, string? content, int? vmid, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StorageVolume>>(
            ApiPath.Of("/nodes/{node}/storage/{storage}/content", node, storage)
                .With(new Form().Add("content", content).Add("vmid", vmid)),
            options.StorageAge, cancellationToken);

    /// <summary>As it is now: no answer that began before is joined or taken.</summary>
    public Task<IReadOnlyList<StorageVolume>> GetStorageContentNowAsync(string node, string storage, string? content, CancellationToken cancellationToken) =>
        ReadOnceAsync<IReadOnlyList<StorageVolume>>(
            ApiPath.Of("/nodes/{node}/storage/{storage}/content", node, storage).With(new Form().Add("content", content)), cancellationToken);

    /// <summary>Deletes a volume, as a backup; null when it is gone already.</summary>
    public Task<Upid?> DeleteVolumeAsync(string node, string storage, string volume, CancellationToken cancellationToken) =>
        MayStartAsync(
            HttpMethod.Delete, ApiPath.Of("/nodes/{node}/storage/{storage}/content/{volume}", node, storage, volume),
            new Form(), cancellationToken);

    public Task<IReadOnlyList<RrdPoint>> GetStorageRrdAsync(
        string node, string storage, RrdSpan span, RrdFold fold, CancellationToken cancellationToken) =>
        RrdAsync(ApiPath.Of("/nodes/{node}/storage/{storage}/rrddata", node, storage), span, fold, cancellationToken);

    /// <summary>Fetches an image or template from an address onto a storage.</summary>
    public Task<Upid> DownloadToStorageAsync(
        string node, string storage, string content, string fileName, Uri source, CancellationToken cancellationToken) =>
        StartAsync(
            HttpMethod.Post, ApiPath.Of("/nodes/{node}/storage/{storage}/download-url", node, storage),
            new Form().Add("content", content).Add("filename", fileName).Add("url", source.AbsoluteUri), cancellationToken);

    /// <summary>Backs a guest up; null when there was nothing to do on this node.</summary>
    public Task<Upid?> BackUpAsync(string node, int vmid, BackupRequest request, CancellationToken cancellationToken) =>
        MayStartAsync(
            HttpMethod.Post, ApiPath.Of("/nodes/{node}/vzdump", node),
            new Form()
                .Add("vmid", vmid)
                .Add("storage", request.Storage)
                .Add("mode", request.Mode)
                .Add("compress", request.Compress)
                .Add("notes-template", request.Notes)
                .Add("protected", request.Protected)
                .Add("remove", request.Prune),
            cancellationToken);
}
