namespace Jarvis.Proxmox.Tests;

internal static class Clients
{
    public const string Secret = "5e1f0c9a-1111-4222-8333-444455556666";

    public static ProxmoxOptions Options(params HostileServer[] servers) => new()
    {
        Endpoints = [.. servers.Select(server => server.Address)],
        Credential = ProxmoxCredential.FromToken($"jarvis@pve!watch={Secret}"),
        Fingerprints = [.. servers.Select(server => server.Fingerprint)],
        Timeout = TimeSpan.FromSeconds(5),
    };

    public static ProxmoxClient Of(params HostileServer[] servers) => new(Options(servers), TimeProvider.System);

    public static async Task<ProxmoxException> FailureOfAsync(HostileServer server, CancellationToken cancellationToken)
    {
        using var client = Of(server);
        return await Assert.ThrowsAsync<ProxmoxException>(() => client.GetResourcesAsync(cancellationToken));
    }
}
