namespace Jarvis.Proxmox;

public sealed partial class ProxmoxClient
{
    public Task<Upid> StartGuestAsync(string node, GuestType type, int vmid, CancellationToken cancellationToken) =>
        PowerAsync("/status/start", node, type, vmid, new Form(), cancellationToken);

    /// <summary>Pulls the plug.</summary>
    public Task<Upid> StopGuestAsync(string node, GuestType type, int vmid, CancellationToken cancellationToken) =>
        PowerAsync("/status/stop", node, type, vmid, new Form(), cancellationToken);

    /// <summary>Asks the guest to shut down; with <paramref name="forceAfter"/> pulls the plug when it does not in time.</summary>
    public Task<Upid> ShutDownGuestAsync(
        string node, GuestType type, int vmid, TimeSpan limit, bool forceAfter, CancellationToken cancellationToken) =>
        PowerAsync(
            "/status/shutdown", node, type, vmid,
            new Form().Add("timeout", (long)limit.TotalSeconds).Add("forceStop", forceAfter ? true : null), cancellationToken);

    public Task<Upid> RebootGuestAsync(string node, GuestType type, int vmid, TimeSpan limit, CancellationToken cancellationToken) =>
        PowerAsync("/status/reboot", node, type, vmid, new Form().Add("timeout", (long)limit.TotalSeconds), cancellationToken);

    /// <summary>The reset button of a VM.</summary>
    public Task<Upid> ResetVmAsync(string node, int vmid, CancellationToken cancellationToken) =>
        PowerAsync("/status/reset", node, GuestType.Qemu, vmid, new Form(), cancellationToken);

    /// <summary>Pauses a VM in memory, or hibernates it to disk.</summary>
    public Task<Upid> SuspendVmAsync(string node, int vmid, bool toDisk, CancellationToken cancellationToken) =>
        PowerAsync(
            "/status/suspend", node, GuestType.Qemu, vmid, new Form().Add("todisk", toDisk ? true : null), cancellationToken);

    public Task<Upid> ResumeVmAsync(string node, int vmid, CancellationToken cancellationToken) =>
        PowerAsync("/status/resume", node, GuestType.Qemu, vmid, new Form(), cancellationToken);

    public Task<Upid> CreateSnapshotAsync(
        string node, GuestType type, int vmid, string name, string? description, bool withMemory,
        CancellationToken cancellationToken) =>
        PowerAsync(
            "/snapshot", node, type, vmid,
            new Form().Add("snapname", name).Add("description", description)
                .Add("vmstate", withMemory && type == GuestType.Qemu ? true : null),
            cancellationToken);

    /// <summary>Goes back to a snapshot; the guest stops, and starts again when <paramref name="start"/> says so.</summary>
    public Task<Upid> RollBackSnapshotAsync(
        string node, GuestType type, int vmid, string name, bool start, CancellationToken cancellationToken) =>
        StartAsync(
            HttpMethod.Post, GuestPath("/snapshot/{snapname}/rollback", node, type, vmid, name),
            new Form().Add("start", start ? true : null), cancellationToken);

    public Task<Upid> DeleteSnapshotAsync(
        string node, GuestType type, int vmid, string name, CancellationToken cancellationToken) =>
        StartAsync(
            HttpMethod.Delete, GuestPath("/snapshot/{snapname}", node, type, vmid, name), new Form(), cancellationToken);

    public Task<Upid> MigrateGuestAsync(
        string node, GuestType type, int vmid, MigrationRequest request, CancellationToken cancellationToken)
    {
        var form = new Form().Add("target", request.Target);
        form = type == GuestType.Qemu
            ? form.Add("online", request.Online ? true : null)
                .Add("with-local-disks", request.WithLocalDisks ? true : null)
                .Add("targetstorage", request.TargetStorage)
            : form.Add("restart", request.Online ? true : null).Add("target-storage", request.TargetStorage);
        return PowerAsync("/migrate", node, type, vmid, form, cancellationToken);
    }

    public Task<Upid> CloneGuestAsync(
        string node, GuestType type, int vmid, CloneRequest request, CancellationToken cancellationToken) =>
        PowerAsync(
            "/clone", node, type, vmid,
            new Form()
                .Add("newid", request.NewId)
                .Add(type == GuestType.Qemu ? "name" : "hostname", request.Name)
                .Add("target", request.Target)
                .Add("full", request.Full)
                .Add("storage", request.Storage)
                .Add("snapname", request.Snapshot)
                .Add("description", request.Description),
            cancellationToken);

    public Task ChangeGuestAsync(
        string node, GuestType type, int vmid, GuestChange change, CancellationToken cancellationToken) =>
        WriteAsync(
            HttpMethod.Put, GuestPath("/config", node, type, vmid),
            new Form()
                .Add("cores", change.Cores)
                .Add("memory", change.MemoryMib)
                .Add("balloon", type == GuestType.Qemu ? change.BalloonMib : null)
                .Add(type == GuestType.Qemu ? "name" : "hostname", change.Name)
                .Add("tags", change.Tags)
                .Add("description", change.Description)
                .Add("onboot", change.OnBoot)
                .Add("digest", change.Digest),
            cancellationToken);

    /// <summary>Removes a lock that was left behind on a VM; Proxmox lets root@pam alone do so.</summary>
    public Task UnlockVmAsync(string node, int vmid, CancellationToken cancellationToken) =>
        WriteAsync(
            HttpMethod.Put, GuestPath("/config", node, GuestType.Qemu, vmid),
            new Form().Add("delete", "lock").Add("skiplock", true), cancellationToken);

    /// <summary>Makes a disk larger; null when an older Proxmox has done it at once.</summary>
    public Task<Upid?> GrowDiskAsync(
        string node, GuestType type, int vmid, string disk, int addGib, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(addGib);
        return MayStartAsync(
            HttpMethod.Put, GuestPath("/resize", node, type, vmid),
            new Form().Add("disk", disk).Add("size", $"+{addGib}G"), cancellationToken);
    }

    /// <summary>Creates a guest, or restores one: a VM from <c>archive</c>, a container from <c>ostemplate</c> with
    /// <c>restore=1</c>. Settings are in Proxmox's spelling.</summary>
    public Task<Upid> CreateGuestAsync(
        string node, GuestType type, int vmid, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var form = new Form().Add("vmid", vmid);
        foreach (var (name, value) in settings)
        {
            form.Add(name, value);
        }

        return StartAsync(
            HttpMethod.Post,
            ApiPath.Of(type == GuestType.Qemu ? "/nodes/{node}/qemu" : "/nodes/{node}/lxc", node), form, cancellationToken);
    }

    private Task<Upid> PowerAsync(
        string rest, string node, GuestType type, int vmid, Form form, CancellationToken cancellationToken) =>
        StartAsync(HttpMethod.Post, GuestPath(rest, node, type, vmid), form, cancellationToken);
}
