using System.ComponentModel;
using System.Globalization;
using System.Net;
using Jarvis.Safety;
using GuestInterface = Jarvis.Proxmox.Wire.GuestInterface;

namespace Jarvis.Server.Tools;

/// <summary>What a guest's own node says of it.</summary>
internal sealed class GuestTools(Reach reach, TimeProvider time)
{
    private const string Mask = "********";
    private const int MostParts = 40;
    private static readonly TimeSpan AgentAnswersWithin = TimeSpan.FromSeconds(12);

    [Tool(Tier.Green, Outside = true), Description("A guest's settings in Proxmox's spelling: cores, memory, disks, networks, boot order, notes. Passwords are blanked.")]
    public async Task<GuestSettings> GetGuestConfigAsync([Target(Kind.Guest, Effect = Effect.Reads)] GuestRef guest, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var to = reach.Guest(guest, cluster);
        var config = await reach.AskAsync(to.Cluster, $"config {to.Vmid}", client => client.GetGuestConfigAsync(to.Guest.Node, to.Type, to.Vmid, CancellationToken.None), cancellationToken);
        return new(to.Cluster.Key, to.Vmid, to.Guest.Name, to.Guest.Node, config.Settings
            .Where(s => s.Key != "digest").OrderBy(s => s.Key, StringComparer.Ordinal)
            .ToDictionary(s => s.Key, s => s.Key.Contains("password", StringComparison.OrdinalIgnoreCase) ? Mask : s.Value));
    }

    [Tool(Tier.Green, Outside = true), Description("What a guest is at this moment, as its node says: status, lock, uptime, use of cpu and memory; and its addresses and file systems where they can be asked.")]
    public async Task<GuestNow> GetGuestStatusAsync([Target(Kind.Guest, Effect = Effect.Reads)] GuestRef guest, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var to = reach.Guest(guest, cluster);
        var now = await reach.AskAsync(to.Cluster, $"status {to.Vmid}", client => client.GetGuestStatusAsync(to.Guest.Node, to.Type, to.Vmid, TimeSpan.Zero, CancellationToken.None), cancellationToken);
        var running = now.Status == "running";
        var inside = running && (to.Type == Proxmox.GuestType.Lxc || now.Agent is true)
            ? await reach.AskAsync(to.Cluster, $"inside {to.Vmid}", client => InsideAsync(client, to), 2, cancellationToken)
            : new(!running ? "It does not run." : "No agent is set up for this VM: only from within could its addresses and file systems be told.", [], []);
        return new(
            to.Cluster.Key, to.Vmid, to.Guest.Name, to.Guest.Node, now.Status, now.QmpStatus, now.Lock, now.Uptime, now.Cpu, now.Mem, now.MaxMem, now.Ha?.State,
            inside.Trouble, inside.Addresses, to.Type == Proxmox.GuestType.Lxc && now.MaxDisk is > 0 ? [new("/", null, now.Disk, now.MaxDisk)] : inside.FileSystems);
    }

    /// <summary>What the guest itself says; that it says nothing is told, and hides nothing of what its node knows.</summary>
    private async Task<Inside> InsideAsync(Proxmox.ProxmoxClient client, Reached to)
    {
        using var limit = new CancellationTokenSource(AgentAnswersWithin, time);
        try
        {
            var addresses = Addresses.Of(await client.GetGuestInterfacesAsync(to.Guest.Node, to.Type, to.Vmid, limit.Token));
            var systems = to.Type == Proxmox.GuestType.Lxc ? [] : await client.GetGuestFileSystemsAsync(to.Guest.Node, to.Vmid, limit.Token);
            return new(
                null, [.. addresses.Where(a => !IPAddress.IsLoopback(a.Address)).Take(MostParts).Select(a => $"{a.Address}/{a.Prefix} on {a.Interface}")],
                [.. systems.Take(MostParts).Select(f => new FileSystemRow(f.MountPoint, f.Type, f.UsedBytes, f.TotalBytes))]);
        }
        catch (Proxmox.ProxmoxException e)
        {
            return new($"It was asked and did not say: {e.Message}", [], []);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new($"It was asked and did not answer within {AgentAnswersWithin.TotalSeconds:0} s.", [], []);
        }
    }

    private sealed record Inside(string? Trouble, IReadOnlyList<string> Addresses, IReadOnlyList<FileSystemRow> FileSystems);

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

/// <summary>A guest as its node sees it; <c>Qmp</c> tells a paused VM from a running one, <c>InsideUnknown</c> why its addresses and file systems are not known.</summary>
public sealed record GuestNow(
    string Cluster, int Vmid, string Name, string Node, string? Status, string? Qmp, string? Lock, long? UptimeSeconds, double? CpuFraction, long? MemoryBytes, long? MaxMemoryBytes, string? HaState,
    string? InsideUnknown, IReadOnlyList<string> Addresses, IReadOnlyList<FileSystemRow> FileSystems);

public sealed record FileSystemRow(string MountPoint, string? Type, long? UsedBytes, long? TotalBytes);

/// <summary>An address of an interface inside a guest.</summary>
internal sealed record GuestAddressRow(IPAddress Address, int? Prefix, string Interface);

/// <summary>Reads addresses from what an agent says of a VM, or the host of a container.</summary>
internal static class Addresses
{
    public static IEnumerable<GuestAddressRow> Of(IReadOnlyList<GuestInterface> interfaces) =>
        from i in interfaces
        from a in i.IpAddresses is { Count: > 0 } listed ? listed.Select(l => (Text: l.Address, l.Prefix)) : new[] { i.Inet, i.Inet6 }.Select(Split)
        where a.Text is not null && IPAddress.TryParse(a.Text, out _)
        select new GuestAddressRow(IPAddress.Parse(a.Text), a.Prefix, i.Name);

    private static (string? Text, int? Prefix) Split(string? withPrefix) =>
        withPrefix?.Split('/') is [var address, var prefix] && int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? (address, length) : (withPrefix, null);
}

public sealed record SnapshotRow(string Name, string? Description, DateTimeOffset? At, string? Parent, bool WithMemory);
