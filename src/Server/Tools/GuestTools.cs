using System.ComponentModel;
using Jarvis.Safety;

namespace Jarvis.Server.Tools;

/// <summary>What a guest's own node says of it.</summary>
internal sealed class GuestTools(Reach reach)
{
    private const string Mask = "********";

    [Tool(Tier.Green, Outside = true), Description("A guest's settings in Proxmox's spelling: cores, memory, disks, networks, boot order, notes. Passwords are blanked.")]
    public async Task<GuestSettings> GetGuestConfigAsync([Target(Kind.Guest, Effect = Effect.Reads)] GuestRef guest, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var to = reach.Guest(guest, cluster);
        var config = await reach.AskAsync(to.Cluster, $"config {to.Vmid}", client => client.GetGuestConfigAsync(to.Guest.Node, to.Type, to.Vmid, CancellationToken.None), cancellationToken);
        return new(to.Cluster.Key, to.Vmid, to.Guest.Name, to.Guest.Node, config.Settings
            .Where(s => s.Key != "digest").OrderBy(s => s.Key, StringComparer.Ordinal)
            .ToDictionary(s => s.Key, s => s.Key.Contains("password", StringComparison.OrdinalIgnoreCase) ? Mask : s.Value));
    }

    [Tool(Tier.Green, Outside = false), Description("What a guest is at this moment, as its node says: status, lock, uptime, use of cpu and memory.")]
    public async Task<GuestNow> GetGuestStatusAsync([Target(Kind.Guest, Effect = Effect.Reads)] GuestRef guest, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var to = reach.Guest(guest, cluster);
        var now = await reach.AskAsync(to.Cluster, $"status {to.Vmid}", client => client.GetGuestStatusAsync(to.Guest.Node, to.Type, to.Vmid, TimeSpan.Zero, CancellationToken.None), cancellationToken);
        return new(to.Cluster.Key, to.Vmid, to.Guest.Name, to.Guest.Node, now.Status, now.QmpStatus, now.Lock, now.Uptime, now.Cpu, now.Mem, now.MaxMem, now.Ha?.State);
    }

    [Tool(Tier.Green, Outside = true), Description("A guest's snapshots, the oldest first.")]
    public async Task<IReadOnlyList<SnapshotRow>> GetSnapshotsAsync([Target(Kind.Guest, Effect = Effect.Reads)] GuestRef guest, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var to = reach.Guest(guest, cluster);
        var rows = await reach.AskAsync(to.Cluster, $"snapshots {to.Vmid}", client => client.GetSnapshotsAsync(to.Guest.Node, to.Type, to.Vmid, CancellationToken.None), cancellationToken);
        return
        [
            .. rows.Where(r => r.Name != "current").OrderBy(r => r.SnapTime ?? long.MaxValue).Select(r => new SnapshotRow(
                r.Name, r.Description?.Trim(), r.SnapTime is > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(r.SnapTime.Value) : null, r.Parent, r.VmState is true)),
        ];
    }
}

public sealed record GuestSettings(string Cluster, int Vmid, string Name, string Node, IReadOnlyDictionary<string, string> Settings);

/// <summary>A guest as its node sees it; <c>Qmp</c> tells a paused VM from a running one.</summary>
public sealed record GuestNow(
    string Cluster, int Vmid, string Name, string Node, string? Status, string? Qmp, string? Lock, long? UptimeSeconds, double? CpuFraction, long? MemoryBytes, long? MaxMemoryBytes, string? HaState);

public sealed record SnapshotRow(string Name, string? Description, DateTimeOffset? At, string? Parent, bool WithMemory);
