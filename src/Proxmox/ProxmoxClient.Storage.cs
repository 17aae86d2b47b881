using Jarvis.Proxmox.Wire;

namespace Jarvis.Proxmox;

public sealed partial class ProxmoxClient
{
    public Task<IReadOnlyList<RrdPoint>> GetStorageRrdAsync(
        string node, string storage, RrdSpan span, RrdFold fold, CancellationToken cancellationToken) =>
        RrdAsync(ApiPath.Of("/nodes/{node}/storage/{storage}/rrddata", node, storage), span, fold, cancellationToken);
}
