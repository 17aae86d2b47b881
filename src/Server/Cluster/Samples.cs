using Jarvis.Server.Cluster.History;

namespace Jarvis.Server.Cluster;

/// <summary>The numbers of a view as a tick of history. Names of targets are made once.</summary>
internal sealed class Samples
{
    private readonly Dictionary<int, string> _guests = [];
    private readonly Dictionary<string, string> _others = new(StringComparer.Ordinal);
    private readonly List<HistoryPoint> _points = [];

    /// <summary>Valid until the next call.</summary>
    public HistorySample Of(ClusterView view)
    {
        _points.Clear();
        foreach (var node in view.Nodes)
        {
            if (node.Status is NodeStatus.Online) _points.Add(new(Other("node/", node.Name), node.Cpu, node.Memory, node.RootUsed));
        }

        foreach (var guest in view.Guests)
        {
            if (guest.Status is GuestStatus.Unknown || guest.Template) continue;
            if (!_guests.TryGetValue(guest.Vmid, out var target)) _guests[guest.Vmid] = target = $"guest/{guest.Vmid}";
            _points.Add(guest.Status is GuestStatus.Running
                ? new(target, guest.Cpu, guest.Memory, guest.Disk, guest.NetIn, guest.NetOut, guest.DiskRead, guest.DiskWrite)
                : new(target, Disk: guest.Disk));
        }

        foreach (var storage in view.Storages)
        {
            if (storage.Used is { } used) _points.Add(new(Other("storage/", storage.Id), Disk: used));
        }

        return new(view.Key, view.Header.ObservedAt ?? default, _points);
    }

    private string Other(string prefix, string name)
    {
        if (!_others.TryGetValue(name, out var target) || !target.StartsWith(prefix, StringComparison.Ordinal)) _others[name] = target = prefix + name;
        return target;
    }
}
