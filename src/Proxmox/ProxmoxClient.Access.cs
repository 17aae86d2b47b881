namespace Jarvis.Proxmox;

public sealed partial class ProxmoxClient
{
    /// <summary>What the credential may do: privileges by path. A privilege that is listed is granted;
    /// its value says whether it holds below that path too.</summary>
    public Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>>> GetPermissionsAsync(
        CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>>>(
            ApiPath.Of("/access/permissions"), options.StatusAge, cancellationToken);
}
