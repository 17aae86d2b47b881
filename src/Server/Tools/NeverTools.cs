using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Jarvis.Safety;

namespace Jarvis.Server.Tools;

/// <summary>What is never done from here, declared so that a refusal can say why, and where it is done.</summary>
internal sealed class NeverTools
{
    [Tool(Tier.Black, Outside = false), Description("Destroys a virtual machine with its disks. Never done from here: remove it in Proxmox itself, after a backup.")]
    public string DestroyVm([Target(Kind.Guest)] GuestRef guest, ClusterKey? cluster = null) => throw Refused(guest, cluster);

    [Tool(Tier.Black, Outside = false), Description("Destroys a container with its disks. Never done from here: remove it in Proxmox itself, after a backup.")]
    public string DestroyContainer([Target(Kind.Guest)] GuestRef guest, ClusterKey? cluster = null) => throw Refused(guest, cluster);

    [Tool(Tier.Black, Outside = false), Description("Wipes a disk of a node. Never done from here: do it in Proxmox itself, when you are sure which disk it is.")]
    public string WipeDisk([Target(Kind.Node)] NodeName node, [MaxLength(100)] string disk, ClusterKey? cluster = null) => throw Refused(node, disk, cluster);

    [Tool(Tier.Black, Outside = false), ClusterWide, Description("Removes a storage from a cluster. Never done from here: do it in Proxmox itself, when no guest and no backup lies on it.")]
    public string DeleteStorage(StorageId storage, ClusterKey? cluster = null) => throw Refused(storage, cluster);

    [Tool(Tier.Black, Outside = false), Description("Removes a node from its cluster. Never done from here: do it on another node, when this one is off for good.")]
    public string RemoveNode([Target(Kind.Node)] NodeName node, ClusterKey? cluster = null) => throw Refused(node, cluster);

    private static NotSupportedException Refused(params object?[] what) => new($"Never done from here: {string.Join(' ', what)}.");
}
