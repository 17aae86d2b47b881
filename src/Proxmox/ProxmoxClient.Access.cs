using Jarvis.Proxmox.Wire;

namespace Jarvis.Proxmox;

public sealed partial class ProxmoxClient
{
    /// <summary>What the credential may do: privileges by path. A privilege that is listed is granted;
    /// its value says whether it holds below that path too.</summary>
    public Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>>> GetPermissionsAsync(
        CancellationToken cancellationToken) =>
        ReadOnceAsync<IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>>>(
            ApiPath.Of("/access/permissions"), cancellationToken);

    public Task<IReadOnlyList<UserRow>> GetUsersAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<UserRow>>(ApiPath.Of("/access/users"), options.StorageAge, cancellationToken);

    public Task<IReadOnlyList<TokenRow>> GetTokensAsync(string user, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<TokenRow>>(
            ApiPath.Of("/access/users/{userid}/token", user), options.StorageAge, cancellationToken);

    public Task<IReadOnlyList<RoleRow>> GetRolesAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<RoleRow>>(ApiPath.Of("/access/roles"), options.StorageAge, cancellationToken);

    public Task<IReadOnlyList<AclRow>> GetAclAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<AclRow>>(ApiPath.Of("/access/acl"), options.StorageAge, cancellationToken);

    public Task<IReadOnlyList<RealmRow>> GetRealmsAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<RealmRow>>(ApiPath.Of("/access/domains"), options.StorageAge, cancellationToken);
}
