using System.Globalization;

namespace Jarvis.Simulator;

/// <summary>Which faults there are, what they may be aimed at and with which parameters.</summary>
internal sealed record FaultKind(string Name, string Aim, string[] Parameters)
{
    public static readonly IReadOnlyList<FaultKind> All =
    [
        new("guest-crash", "guest", []),
        new("guest-poweroff", "guest", []),
        new("guest-hang", "guest", []),
        new("guest-oom-loop", "guest", ["seconds"]),
        new("node-off", "node", []),
        new("node-reboot", "node", ["seconds"]),
        new("node-hang", "node", []),
        new("quorum-lost", "cluster", []),
        new("partition", "nodes", []),
        new("disk-fill", "storage", ["gib-per-hour", "to-percent", "node"]),
        new("storage-offline", "storage", ["node"]),
        new("smart-fail", "node", ["disk", "mode"]),
        new("zfs-degraded", "node", ["pool"]),
        new("ceph-warn", "cluster", ["health", "check"]),
        new("backup-fail", "guest or *", ["error"]),
        new("cert-expiring", "node", ["days"]),
        new("stale-lock", "guest", ["lock"]),
        new("clock-jump", "node", ["seconds"]),
        new("slow", "node or *", ["seconds", "path", "probability", "nth"]),
        new("errors", "node or *", ["status", "path", "probability", "nth"]),
        new("truncate", "node or *", ["path", "probability", "nth"]),
        new("garble", "node or *", ["path", "probability", "nth"]),
        new("reset", "node or *", ["path", "probability", "nth"]),
        new("token-revoked", "token or *", []),
    ];

    public static double Number(Fault fault, string name, double otherwise) =>
        fault.Parameters.TryGetValue(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public static void Check(VirtualCluster cluster, string kind, string target, IReadOnlyDictionary<string, string> parameters)
    {
        var known = All.FirstOrDefault(k => k.Name == kind)
            ?? throw new ArgumentException(
                $"unknown fault '{kind}'; legal are {string.Join(", ", All.Select(k => k.Name))}", nameof(kind));
        foreach (var (name, value) in parameters)
        {
            if (!known.Parameters.Contains(name))
            {
                throw new ArgumentException(known.Parameters.Length == 0
                    ? $"{kind} takes no parameters"
                    : $"{kind} takes {string.Join(", ", known.Parameters)}, not '{name}'", nameof(parameters));
            }

            CheckValue(cluster, kind, target, name, value);
        }

        CheckTarget(cluster, known, target);
    }

    private static void CheckTarget(VirtualCluster cluster, FaultKind kind, string target)
    {
        var nodes = string.Join(", ", cluster.Nodes.Keys);
        var legal = kind.Aim switch
        {
            "guest" => Guest(cluster, target) is not null,
            "guest or *" => target == "*" || Guest(cluster, target) is not null,
            "node" => cluster.Nodes.ContainsKey(target),
            "node or *" => target == "*" || cluster.Nodes.ContainsKey(target),
            "nodes" => target.Split(',').All(cluster.Nodes.ContainsKey),
            "storage" => cluster.Storages.ContainsKey(target),
            "cluster" => target is "" or "cluster" or "*",
            _ => target == "*" || target.Contains('!', StringComparison.Ordinal),
        };
        if (legal)
        {
            return;
        }

        throw new ArgumentException($"{kind.Name} cannot be aimed at '{target}'; legal: " + kind.Aim switch
        {
            "guest" => "the vmid of a guest",
            "guest or *" => "the vmid of a guest or *",
            "node" => nodes,
            "node or *" => nodes + " or *",
            "nodes" => "nodes joined by commas: " + nodes,
            "storage" => string.Join(", ", cluster.Storages.Keys),
            "cluster" => "cluster",
            _ => "a token user@realm!name or *",
        }, nameof(target));
    }

    internal static VirtualGuest? Guest(VirtualCluster cluster, string target) =>
        int.TryParse(target, NumberStyles.None, null, out var vmid) ? cluster.FindGuest(vmid) : null;

    private static void CheckValue(VirtualCluster cluster, string kind, string target, string name, string value)
    {
        var (legal, wanted) = name switch
        {
            "seconds" => (Within(value, kind == "clock-jump" ? -1e7 : 0, 1e7), "a number of seconds"),
            "gib-per-hour" => (Within(value, 0, 1e6), "a number from 0 to 1000000"),
            "to-percent" => (Within(value, 0, 100), "a number from 0 to 100"),
            "days" => (Within(value, -3650, 3650), "a number of days"),
            "probability" => (Within(value, 0, 1), "a number from 0 to 1"),
            "nth" => (int.TryParse(value, NumberStyles.None, null, out var every) && every is >= 1 and <= 1_000_000, "a whole number from 1 to 1000000"),
            "status" => (Within(value, 400, 599), "a status from 400 to 599"),
            "node" => (cluster.Nodes.ContainsKey(value), string.Join(", ", cluster.Nodes.Keys)),
            "mode" => (value is "failed" or "pending" or "gone", "failed, pending or gone"),
            "health" => (value is "HEALTH_WARN" or "HEALTH_ERR", "HEALTH_WARN or HEALTH_ERR"),
            "lock" => (value is "backup" or "clone" or "create" or "migrate" or "rollback" or "snapshot" or "snapshot-delete" or "suspending" or "suspended" or "disk" or "fstrim" or "mounted",
                "backup, clone, create, migrate, rollback, snapshot, snapshot-delete, suspending, suspended, disk, fstrim, mounted"),
            "disk" => (cluster.Nodes.TryGetValue(target, out var n) && n.Disks.Exists(d => d.Device == value),
                cluster.Nodes.TryGetValue(target, out var m) ? string.Join(", ", m.Disks.Select(d => d.Device))
                    : "a disk of the node"),
            "pool" => (cluster.Nodes.TryGetValue(target, out var p) && p.Zpools.Exists(z => z.Name == value),
                cluster.Nodes.TryGetValue(target, out var q) ? string.Join(", ", q.Zpools.Select(z => z.Name))
                    : "a pool of the node"),
            _ => (value.Length is > 0 and <= 200, "a text of 1 to 200 characters"),
        };
        if (!legal)
        {
            throw new ArgumentException($"{kind}: {name} must be {wanted}, not '{value}'", name);
        }
    }

    private static bool Within(string text, double low, double high) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var n) && n >= low && n <= high;
}
