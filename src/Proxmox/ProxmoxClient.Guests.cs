using System.Globalization;
using System.Text.Json;
using Jarvis.Proxmox.Wire;

namespace Jarvis.Proxmox;

public sealed partial class ProxmoxClient
{
    /// <summary>The guests of one kind on a node.</summary>
    public Task<IReadOnlyList<GuestStatus>> GetGuestsAsync(string node, GuestType type, CancellationToken cancellationToken) =>
        NodeAsync<IReadOnlyList<GuestStatus>>(
            type == GuestType.Qemu ? "/nodes/{node}/qemu" : "/nodes/{node}/lxc", node, options.StatusAge, cancellationToken);

    public Task<GuestStatus> GetGuestStatusAsync(string node, GuestType type, int vmid, CancellationToken cancellationToken) =>
        GetGuestStatusAsync(node, type, vmid, options.StatusAge, cancellationToken);

    public Task<GuestStatus> GetGuestStatusAsync(
        string node, GuestType type, int vmid, TimeSpan maxAge, CancellationToken cancellationToken) =>
        ReadAsync<GuestStatus>(GuestPath("/status/current", node, type, vmid), maxAge, cancellationToken);

    /// <summary>The guest's settings with pending changes applied.</summary>
    public async Task<GuestConfig> GetGuestConfigAsync(string node, GuestType type, int vmid, CancellationToken cancellationToken) =>
        new(await ReadAsync<IReadOnlyDictionary<string, JsonElement>>(
            GuestPath("/config", node, type, vmid), options.StatusAge, cancellationToken));

    /// <summary>As it is now: no answer that began before is joined or taken.</summary>
    public async Task<GuestConfig> GetGuestConfigNowAsync(string node, GuestType type, int vmid, CancellationToken cancellationToken) =>
        new(await ReadOnceAsync<IReadOnlyDictionary<string, JsonElement>>(GuestPath("/config", node, type, vmid), cancellationToken));

    /// <summary>As it is now: no answer that began before is joined or taken.</summary>
    public Task<GuestStatus> GetGuestStatusNowAsync(string node, GuestType type, int vmid, CancellationToken cancellationToken) =>
        ReadOnceAsync<GuestStatus>(GuestPath("/status/current", node, type, vmid), cancellationToken);

    /// <summary>Settings with what they will be after the next start.</summary>
    public Task<IReadOnlyList<PendingValue>> GetPendingAsync(string node, GuestType type, int vmid, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<PendingValue>>(GuestPath("/pending", node, type, vmid), options.StatusAge, cancellationToken);

    /// <summary>The snapshots; the last one by kind is <c>current</c>, the present state.</summary>
    public Task<IReadOnlyList<Snapshot>> GetSnapshotsAsync(string node, GuestType type, int vmid, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<Snapshot>>(GuestPath("/snapshot", node, type, vmid), options.StatusAge, cancellationToken);

    public Task<IReadOnlyList<RrdPoint>> GetGuestRrdAsync(
        string node, GuestType type, int vmid, RrdSpan span, RrdFold fold, CancellationToken cancellationToken) =>
        RrdAsync(GuestPath("/rrddata", node, type, vmid), span, fold, cancellationToken);

    /// <summary>Where a VM may move and what holds it back.</summary>
    public Task<MigrationCheck> CheckMigrationAsync(string node, int vmid, string? target, CancellationToken cancellationToken) =>
        ReadOnceAsync<MigrationCheck>(
            GuestPath("/migrate", node, GuestType.Qemu, vmid).With(new Form().Add("target", target)), cancellationToken);

    /// <summary>Network interfaces inside a guest. A VM needs its agent running; a stopped container has none.</summary>
    public async Task<IReadOnlyList<GuestInterface>> GetGuestInterfacesAsync(
        string node, GuestType type, int vmid, CancellationToken cancellationToken)
    {
        if (type == GuestType.Qemu)
        {
            return await AgentAsync<IReadOnlyList<GuestInterface>>("/agent/network-get-interfaces", node, vmid, cancellationToken);
        }

        var path = GuestPath("/interfaces", node, type, vmid);
        var data = await ReadOnceAsync<JsonElement>(path, cancellationToken);
        return data.ValueKind == JsonValueKind.Null
            ? []
            : Shape(data, json.IReadOnlyListGuestInterface, HttpMethod.Get, path);
    }

    public Task<GuestOs> GetGuestOsAsync(string node, int vmid, CancellationToken cancellationToken) =>
        AgentAsync<GuestOs>("/agent/get-osinfo", node, vmid, cancellationToken);

    public Task<IReadOnlyList<GuestFileSystem>> GetGuestFileSystemsAsync(string node, int vmid, CancellationToken cancellationToken) =>
        AgentAsync<IReadOnlyList<GuestFileSystem>>("/agent/get-fsinfo", node, vmid, cancellationToken);

    /// <summary>Fails unless the agent answers.</summary>
    public Task PingAgentAsync(string node, int vmid, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Post, GuestPath("/agent/ping", node, GuestType.Qemu, vmid), new Form(), cancellationToken);

    /// <summary>Starts a command inside a VM through its agent; returns its process id there.</summary>
    public async Task<int> ExecuteInGuestAsync(
        string node, int vmid, IReadOnlyList<string> command, string? input, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(command.Count);
        var answer = await WriteAsync(
            HttpMethod.Post, GuestPath("/agent/exec", node, GuestType.Qemu, vmid),
            new Form().Add("command", command).Add("input-data", input), cancellationToken);
        return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("pid", out var pid)
            && int.TryParse(pid.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ProxmoxException(ProxmoxFailure.OutcomeUnknown, $"VM {vmid} runs the command, but named no process.");
    }

    public Task<AgentExecution> GetExecutionAsync(string node, int vmid, int pid, CancellationToken cancellationToken) =>
        ReadOnceAsync<AgentExecution>(
            GuestPath("/agent/exec-status", node, GuestType.Qemu, vmid).With(new Form().Add("pid", pid)), cancellationToken);

    private static ApiPath GuestPath(string rest, string node, GuestType type, int vmid, params ReadOnlySpan<string> more) =>
        ApiPath.Of(
            (type == GuestType.Qemu ? "/nodes/{node}/qemu/{vmid}" : "/nodes/{node}/lxc/{vmid}") + rest,
            [node, vmid.ToString(CultureInfo.InvariantCulture), .. more]);

    private async Task<T> AgentAsync<T>(string rest, string node, int vmid, CancellationToken cancellationToken) =>
        (await ReadOnceAsync<AgentAnswer<T>>(GuestPath(rest, node, GuestType.Qemu, vmid), cancellationToken)).Result;
}
