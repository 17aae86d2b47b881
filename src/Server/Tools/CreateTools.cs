using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.RegularExpressions;
using Jarvis.Proxmox;
using Jarvis.Safety;
using Jarvis.Server.Cluster;
using GuestType = Jarvis.Proxmox.GuestType;
using NodeStatus = Jarvis.Server.Cluster.NodeStatus;

namespace Jarvis.Server.Tools;

/// <summary>Makes new guests, under the next free number; they are not started.</summary>
internal sealed partial class CreateTools(Reach reach, Tasks tasks)
{
    private const int Hour = 3600;
    private const int LongestKey = 3000;

    [Tool(Tier.Red, Outside = true, TimeoutSeconds = Hour, Plan = nameof(PlanCreateContainerAsync))]
    [Description("Makes a container (unprivileged, address by DHCP) from a template that lies on a storage; it is not started.")]
    public async Task<CreateReport> CreateContainerAsync(
        [Target(Kind.Node, Effect = Effect.Adds)] NodeName node, [Length(1, 63)] string name, [Description("as local:vztmpl/debian-….tar.zst")] VolumeId template, ToolRun run,
        [Range(1, 512)] int cores = 1, [Range(64, 8_388_608)] int memoryMib = 512, [Range(1, 16_384)] int diskGib = 8, [Description("for its disk; one of the node when left out")] StorageId? storage = null,
        [Length(1, 15)] string bridge = "vmbr0", [Description("who may sign in as root; nobody can without"), MaxLength(20)] IReadOnlyList<string>? sshPublicKeys = null,
        ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var (at, client) = reach.Cluster(cluster);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["hostname"] = name, ["ostemplate"] = template.Value, ["cores"] = Number(cores), ["memory"] = Number(memoryMib),
            ["rootfs"] = $"{Onto(at, node, storage, "rootdir").Name}:{Number(diskGib)}", ["net0"] = $"name=eth0,bridge={bridge},ip=dhcp", ["unprivileged"] = "1", ["features"] = "nesting=1",
        };
        if (sshPublicKeys is { Count: > 0 }) settings["ssh-public-keys"] = string.Join('\n', sshPublicKeys);
        return await CreateAsync(at, client, node, GuestType.Lxc, name, settings, run, cancellationToken);
    }

    [Tool(Tier.Red, Outside = true, TimeoutSeconds = Hour, Plan = nameof(PlanCreateVmAsync))]
    [Description("Makes a virtual machine with an empty disk and an installation image in its drive; it is not started.")]
    public async Task<CreateReport> CreateVmAsync(
        [Target(Kind.Node, Effect = Effect.Adds)] NodeName node, [Length(1, 63)] string name, [Description("as local:iso/debian-….iso")] VolumeId iso, ToolRun run,
        [Range(1, 512)] int cores = 2, [Range(64, 8_388_608)] int memoryMib = 2048, [Range(1, 16_384)] int diskGib = 32, [Description("for its disk; one of the node when left out")] StorageId? storage = null,
        [Length(1, 15)] string bridge = "vmbr0", ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var (at, client) = reach.Cluster(cluster);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = name, ["cores"] = Number(cores), ["memory"] = Number(memoryMib), ["scsihw"] = "virtio-scsi-single", ["scsi0"] = $"{Onto(at, node, storage, "images").Name}:{Number(diskGib)}",
            ["ide2"] = $"{iso.Value},media=cdrom", ["net0"] = $"virtio,bridge={bridge}", ["ostype"] = "l26", ["agent"] = "1", ["boot"] = "order=scsi0;ide2",
        };
        return await CreateAsync(at, client, node, GuestType.Qemu, name, settings, run, cancellationToken);
    }

    private async Task<CreateReport> CreateAsync(
        LiveCluster at, ProxmoxClient client, NodeName node, GuestType type, string name, Dictionary<string, string> settings, ToolRun run, CancellationToken cancellationToken)
    {
        var vmid = await client.GetNextIdAsync(cancellationToken);
        return new(vmid, await tasks.RunAsync(at, client, $"Making {name}", async stop => await client.CreateGuestAsync(node.Value, type, vmid, settings, stop), run, cancellationToken));
    }

    private Task<Plan> PlanCreateContainerAsync(
        NodeName node, string name, VolumeId template, int cores, int memoryMib, int diskGib, StorageId? storage, string bridge, IReadOnlyList<string>? sshPublicKeys, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        if (sshPublicKeys?.Any(k => k.Length > LongestKey || !PublicKey().IsMatch(k)) is true) throw new WrongStateException("One of the keys is no public key of SSH: each is one line, as 'ssh-ed25519 AAAA… name'.");
        return PlanAsync("Container", node, name, template, "vztmpl", cores, memoryMib, diskGib, storage, "rootdir", bridge,
            sshPublicKeys is { Count: > 0 } ? [] : ["No SSH key is given: nobody can sign in but from the console of the node."], cluster, cancellationToken);
    }

    private Task<Plan> PlanCreateVmAsync(
        NodeName node, string name, VolumeId iso, int cores, int memoryMib, int diskGib, StorageId? storage, string bridge, ClusterKey? cluster, CancellationToken cancellationToken) =>
        PlanAsync("VM", node, name, iso, "iso", cores, memoryMib, diskGib, storage, "images", bridge, [], cluster, cancellationToken);

    private async Task<Plan> PlanAsync(
        string kind, NodeName node, string name, VolumeId source, string content, int cores, int memoryMib, int diskGib, StorageId? storage, string disks, string bridge,
        IReadOnlyList<string> warnings, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var (at, client) = reach.Cluster(cluster);
        if (at.Current.Node(node.Value) is not { Status: NodeStatus.Online } row) throw new WrongStateException($"The node {node} is not online.");
        Names.CheckGuest(name);
        if (!Bridge().IsMatch(bridge)) throw new WrongStateException($"'{bridge}' is no bridge: a letter, then letters, digits, dots, dashes and underscores, at most 15.");
        var bridges = (await client.GetNetworkAsync(node.Value, cancellationToken)).Where(n => n.Type is "bridge" or "OVSBridge" or "vnet").Select(n => n.Iface).ToList();
        if (!bridges.Contains(bridge)) throw new WrongStateException($"{node} has no bridge {bridge}; it has {(bridges.Count == 0 ? "none" : string.Join(", ", bridges))}.");
        var from = Places.For(at, node.Value, StorageId.TryParse(source.Value.Split(':')[0], out var named) ? named : default, content);
        var volumes = await client.GetStorageContentNowAsync(node.Value, from.Name, content, cancellationToken);
        if (!volumes.Any(v => v.VolId == source.Value)) throw new WrongStateException($"{from.Name} on {node} has no {source}; it has {(volumes.Count == 0 ? "none" : string.Join(", ", volumes.Take(20).Select(v => v.VolId)))}.");
        var onto = Onto(at, node, storage, disks);
        var vmid = await client.GetNextIdAsync(cancellationToken);
        return new()
        {
            Summary = $"{kind} {Number(vmid)} ({name}) is made on {node} from {source}: {Number(cores)} core{(cores == 1 ? "" : "s")}, {Number(memoryMib)} MiB, a disk of {Number(diskGib)} GiB on {onto.Name}, at {bridge}.",
            Changes = [new($"{kind} {Number(vmid)} ({name})", null, "stopped")],
            Warnings =
            [
                "The number is the next that is free when it begins.", .. warnings,
                .. onto.Total - onto.Used < diskGib * (1L << 30) ? (string[])[$"{onto.Name} has only {Sizes.Gib(onto.Total - onto.Used)} free."] : [],
                .. row.MaxMemory - row.Memory < memoryMib * (1L << 20) ? (string[])[$"{node} has only {Sizes.Gib(row.MaxMemory - row.Memory)} of memory free."] : [],
            ],
            Undo = "remove it by hand",
        };
    }

    /// <summary>The storage that is named, or else the first that the node has for itself, or shares.</summary>
    private static StorageView Onto(LiveCluster at, NodeName node, StorageId? storage, string content) =>
        storage is { } named ? Places.For(at, node.Value, named, content)
        : Places.Of(at, node.Value, content).OrderBy(s => s.Shared).ThenBy(s => s.Name, StringComparer.Ordinal).FirstOrDefault() ?? throw new WrongStateException($"{node} has no storage for {content} that is available.");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A[a-zA-Z][a-zA-Z0-9_.\-]{0,14}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Bridge();

    [GeneratedRegex(@"\A(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com) [A-Za-z0-9+/]+={0,3}(?: [^\r\n]*)?\z", RegexOptions.NonBacktracking)]
    private static partial Regex PublicKey();
}

/// <summary>The new guest, and how its task ended.</summary>
public sealed record CreateReport(int Vmid, TaskReport Task);
