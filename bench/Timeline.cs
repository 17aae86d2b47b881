using System.Text.Json.Nodes;

namespace Jarvis.Bench;

/// <summary>A fault and the share of the soak during which it lasts.</summary>
internal sealed record Planned(string Kind, string? Target, double From, double Until, JsonObject? Parameters = null)
{
    private static readonly string[] Blinding =
        ["slow", "errors", "truncate", "garble", "reset", "token-revoked", "node-off", "node-reboot", "node-hang", "quorum-lost", "partition"];

    /// <summary>Whether reads may fail while it lasts.</summary>
    public bool Blinds => Blinding.Contains(Kind);
}

/// <summary>What goes wrong in a day: each kind of fault once, some over each other, and a calm end.</summary>
internal static class Timeline
{
    public static IReadOnlyList<Planned> For(HubState state)
    {
        var nodes = state.NodeNames();
        var machines = state.Running("vm");
        var containers = state.Running("container");
        var shared = state.StorageNames(shared: true)[0];
        var local = state.StorageNames(shared: false)[0].Split('/')[^1];
        return
        [
            new("guest-crash", machines[0], 0.12, 0.13),
            new("slow", "*", 0.13, 0.16, new() { ["seconds"] = 1 }),
            new("guest-poweroff", containers[0], 0.17, 0.18),
            new("errors", "*", 0.18, 0.22, new() { ["status"] = 500, ["probability"] = 0.5 }),
            new("guest-hang", machines[1], 0.22, 0.35),
            new("truncate", "*", 0.23, 0.26),
            new("garble", "*", 0.27, 0.30),
            new("guest-oom-loop", containers[1], 0.28, 0.50),
            new("stale-lock", machines[2], 0.30, 0.70),
            new("reset", "*", 0.31, 0.34),
            new("node-reboot", nodes[1], 0.36, 0.40),
            new("disk-fill", local, 0.38, 0.60, new() { ["gib-per-hour"] = 5 }),
            new("node-hang", nodes[^1], 0.42, 0.47),
            new("backup-fail", "*", 0.45, 0.70),
            new("cert-expiring", nodes[0], 0.48, 0.60),
            new("quorum-lost", "cluster", 0.50, 0.53),
            new("storage-offline", shared, 0.52, 0.57),
            new("partition", nodes[^1], 0.56, 0.61),
            new("token-revoked", "*", 0.62, 0.66),
            new("node-off", nodes[1], 0.68, 0.72),
            new("clock-jump", nodes[^1], 0.73, 0.75, new() { ["seconds"] = 3600 }),
        ];
    }
}
