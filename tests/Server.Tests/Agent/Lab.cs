using Jarvis.Server.Cluster;

namespace Jarvis.Server.Tests.Agent;

/// <summary>A small cluster as it is last seen, for what is told from words alone.</summary>
internal static class Lab
{
    public static DateTimeOffset Now { get; } = new(2026, 11, 22, 15, 30, 0, TimeSpan.Zero);

    public static IReadOnlyList<ClusterView> Clusters { get; } =
    [
        new()
        {
            Key = "lab",
            Header = new() { Name = "lab", ObservedAt = Now, BlindSince = null, Trouble = null, Quorate = true, Version = "9.1.6", Access = null, Observer = null, CadenceSeconds = 10 },
            Nodes = [.. new[] { "pve1", "pve2", "pve3" }.Select(n => new NodeView { Name = n, Status = NodeStatus.Online, ObservedAt = Now })],
            Guests =
            [
                Guest(100, "web", "pve1", GuestType.Vm, tags: ["prod"]), Guest(101, "db", "pve1", GuestType.Vm, tags: ["prod"]), Guest(102, "nas", "pve2", GuestType.Vm), Guest(103, "plex", "pve2", GuestType.Container, tags: ["media"]),
                Guest(104, "jellyfin", "pve3", GuestType.Container, GuestStatus.Stopped, ["media"]), Guest(105, "pihole", "pve1", GuestType.Container), Guest(106, "home-assistant", "pve3", GuestType.Vm),
                Guest(107, "windows-11", "pve2", GuestType.Vm, GuestStatus.Stopped), Guest(108, "backup-server", "pve3", GuestType.Vm), Guest(109, "old-wordpress", "pve3", GuestType.Vm, GuestStatus.Stopped, pool: "lab"),
            ],
            Storages =
            [
                .. new[] { "pve1", "pve2", "pve3" }.Select(n => Storage("local", n, "dir")), .. new[] { "pve1", "pve2", "pve3" }.Select(n => Storage("local-zfs", n, "zfspool")),
                Storage("pbs", null, "pbs"), Storage("tank", null, "zfspool"),
            ],
            Tasks = [],
        },
    ];

    private static GuestView Guest(int vmid, string name, string node, GuestType type, GuestStatus status = GuestStatus.Running, string[]? tags = null, string? pool = null) =>
        new() { Vmid = vmid, Name = name, Node = node, Type = type, Status = status, Tags = tags ?? [], Pool = pool };

    private static StorageView Storage(string name, string? node, string type) =>
        new() { Id = node is null ? name : $"{node}/{name}", Name = name, Node = node, Shared = node is null, Type = type, Status = StorageStatus.Available, Content = name == "local" ? ["iso", "vztmpl"] : ["images"] };
}
