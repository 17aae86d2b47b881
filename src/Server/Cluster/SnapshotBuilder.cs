using Jarvis.Proxmox.Wire;

namespace Jarvis.Server.Cluster;

/// <summary>Makes the next view from the last one and a reading. Rows that Proxmox stops listing stay, marked; what it
/// does not tell is null. Only the memory of counters is kept between calls.</summary>
internal sealed class SnapshotBuilder
{
    /// <summary>Proxmox's cache lags up to 10 s, so a start time that moves less than this has not moved.</summary>
    private static readonly TimeSpan StartJitter = TimeSpan.FromSeconds(30);

    /// <summary>A large cluster lists thousands; the newest are what a screen can use.</summary>
    private const int MostTasks = 200;

    private const long LongestUptime = 100L * 365 * 86_400;
    private const long LatestSecond = 253_402_300_800;
    private static readonly TimeSpan ProxmoxLag = TimeSpan.FromSeconds(30);

    private readonly GuestRates _rates = new();
    private DateTimeOffset _listedAt;
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);

    public ClusterView Next(ClusterView before, ClusterReading reading)
    {
        var nodes = Nodes(before, reading);
        var tasks = reading.Tasks is { } read ? Tasks(before.Tasks, read) : before.Tasks;
        var guests = before.Guests;
        var storages = before.Storages;
        if (reading.Resources is { } rows)
        {
            guests = Guests(before.Guests, rows, nodes, tasks, reading.At);
            storages = Storages(before.Storages, rows, nodes);
        }
        else if (!ReferenceEquals(nodes, before.Nodes))
        {
            var dark = Dark(nodes);
            guests = [.. before.Guests.Select(g => dark.Contains(g.Node) ? Unknown(g) : g)];
        }

        return before with { Nodes = nodes, Guests = guests, Storages = storages, Tasks = tasks };
    }

    private IReadOnlyList<NodeView> Nodes(ClusterView before, ClusterReading reading)
    {
        if (reading.Resources is null && reading.Status is null && reading.Details.Count == 0) return before.Nodes;

        var next = new SortedDictionary<string, NodeView>(StringComparer.Ordinal);
        foreach (var node in before.Nodes) next[node.Name] = node;
        var listed = new HashSet<string>(StringComparer.Ordinal);

        foreach (var row in reading.Resources ?? [])
        {
            if (row is not { Type: "node", Node: { } name }) continue;
            listed.Add(name);
            var old = next.GetValueOrDefault(name);
            var status = row.Status switch { "online" => NodeStatus.Online, "offline" => NodeStatus.Offline, _ => NodeStatus.Unknown };
            next[name] = (old ?? new NodeView { Name = Word(name), Status = status, ObservedAt = reading.At }) with
            {
                Status = status,
                Missing = false,
                ObservedAt = reading.At,
                Cpu = row.Cpu,
                MaxCpu = (int?)row.MaxCpu,
                Memory = row.Mem,
                MaxMemory = row.MaxMem,
                RootUsed = row.Disk,
                RootTotal = row.MaxDisk,
                StartedAt = Started(old?.StartedAt, row.Uptime, reading.At),
            };
        }

        foreach (var row in reading.Status ?? [])
        {
            if (row.Type != "node") continue;
            listed.Add(row.Name);
            // The membership is corosync's own word and is ahead of the cached list.
            var old = next.GetValueOrDefault(row.Name) ?? new NodeView { Name = Word(row.Name), Status = NodeStatus.Unknown, ObservedAt = reading.At };
            next[row.Name] = old with
            {
                Missing = false,
                ObservedAt = reading.At,
                Status = row.Online switch { false => NodeStatus.Offline, true when old.Status is NodeStatus.Offline && reading.Resources is null => NodeStatus.Online, _ => old.Status },
            };
        }

        foreach (var (name, detail) in reading.Details)
        {
            if (next.GetValueOrDefault(name) is { } node) next[name] = Detailed(node, detail);
        }

        foreach (var name in next.Keys.ToArray())
        {
            var node = next[name];
            if (reading.Resources is not null && !listed.Contains(name)) node = node with { Missing = true, Status = NodeStatus.Unknown };
            next[name] = node.Status is NodeStatus.Online ? node : node with
            {
                Cpu = null,
                Memory = null,
                Swap = null,
                IoWait = null,
                Load = null,
                RootUsed = null,
                StartedAt = null,
            };
        }

        return [.. next.Values];
    }

    private static NodeView Detailed(NodeView node, Proxmox.Wire.NodeStatus detail) => node with
    {
        Swap = detail.Swap?.Used,
        MaxSwap = detail.Swap?.Total,
        IoWait = detail.Wait,
        Load = detail.LoadAvg,
        Version = detail.PveVersion?.Split('/') is [_, var version, ..] ? version : detail.PveVersion,
        Kernel = detail.CurrentKernel?.Release ?? detail.KVersion,
        CpuModel = detail.CpuInfo?.Model,
    };

    private GuestView[] Guests(
        IReadOnlyList<GuestView> before, IReadOnlyList<ClusterResource> rows, IReadOnlyList<NodeView> nodes,
        IReadOnlyList<TaskView> tasks, DateTimeOffset at)
    {
        var dark = Dark(nodes);
        var next = new List<GuestView>(before.Count + 8);
        var seen = new HashSet<int>(before.Count + 8);
        foreach (var row in rows)
        {
            // A guest on the move can be listed on both nodes at once; the first row wins until it settles.
            if (row is not { Type: "qemu" or "lxc", VmId: { } vmid, Node: { } node } || !seen.Add(vmid)) continue;
            var old = ClusterSnapshot.Find(before, g => g.Vmid.CompareTo(vmid));
            var guest = Guest(old, row, vmid, node, at);
            next.Add(dark.Contains(node) ? Unknown(guest) : guest);
        }

        foreach (var old in before)
        {
            if (seen.Contains(old.Vmid)) continue;
            _rates.Forget(old.Vmid);
            if (Destruction(old.Vmid, tasks) is { } destroyed)
            {
                // While it is being destroyed it is neither there nor missing; the row waits for the task to end.
                if (destroyed.State is TaskState.Running) next.Add(old);
                if (destroyed.State is TaskState.Running or TaskState.Ok or TaskState.Warning) continue;
            }

            next.Add(old.Missing ? old : Unknown(old) with { Missing = true });
        }

        _listedAt = at;
        next.Sort(static (a, b) => a.Vmid.CompareTo(b.Vmid));
        return [.. next];
    }

    private GuestView Guest(GuestView? old, ClusterResource row, int vmid, string node, DateTimeOffset at)
    {
        var type = row.Type == "lxc" ? GuestType.Container : GuestType.Vm;
        var status = row switch
        {
            { Status: "running", Lock: "suspended" or "suspending" } => GuestStatus.Suspended,
            { Status: "running" } => GuestStatus.Running,
            { Status: "paused" } => GuestStatus.Paused,
            { Status: "stopped", Lock: "suspended" } => GuestStatus.Suspended,
            { Status: "stopped" } => GuestStatus.Stopped,
            _ => GuestStatus.Unknown,
        };
        var running = status is GuestStatus.Running or GuestStatus.Paused;
        var rates = _rates.Update(vmid, row);
        var same = old is not null && old.Type == type ? old : null;
        return new()
        {
            Vmid = vmid,
            Name = row.Name is { Length: > 0 } name ? same?.Name == name ? same.Name : name : same?.Name ?? $"{vmid}",
            Node = Word(node),
            Type = type,
            Status = status,
            Cpu = running ? row.Cpu : null,
            MaxCpu = row.MaxCpu,
            Memory = running ? row.Mem : null,
            MaxMemory = row.MaxMem,
            MemoryHost = running && row.MemHost is > 0 ? row.MemHost : null,
            // Proxmox does not know how full a VM's disks are and says 0.
            Disk = type is GuestType.Container ? row.Disk : null,
            MaxDisk = row.MaxDisk,
            NetIn = rates.NetIn,
            NetOut = rates.NetOut,
            DiskRead = rates.DiskRead,
            DiskWrite = rates.DiskWrite,
            StartedAt = running ? Started(same?.StartedAt, row.Uptime, at) : null,
            Tags = Tags(same?.Tags, row.Tags),
            Pool = Word(row.Pool),
            Lock = Word(row.Lock),
            HaState = Word(row.HaState),
            Template = row.Template ?? false,
        };
    }

    private StorageView[] Storages(IReadOnlyList<StorageView> before, IReadOnlyList<ClusterResource> rows, IReadOnlyList<NodeView> nodes)
    {
        var dark = Dark(nodes);
        var next = new SortedDictionary<string, StorageView>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (row is not { Type: "storage", Storage: { } name, Node: { } node }) continue;
            var shared = row.Shared ?? false;
            var id = shared ? name : $"{node}/{name}";
            var status = dark.Contains(node) ? StorageStatus.Unknown : row.Status switch
            {
                "available" => StorageStatus.Available,
                "unknown" or null => StorageStatus.Unknown,
                _ => StorageStatus.Unavailable,
            };
            // A shared storage is one: it is as available as the best of the nodes that see it.
            if (next.TryGetValue(id, out var seen) && seen.Status <= status) continue;
            var old = ClusterSnapshot.Find(before, s => string.CompareOrdinal(s.Id, id));
            var known = status is StorageStatus.Available;
            next[id] = new()
            {
                Id = old?.Id ?? id,
                Name = Word(name),
                Node = shared ? null : Word(node),
                SeenFrom = Word(node),
                Shared = shared,
                Type = Word(row.PluginType) ?? "unknown",
                Status = status,
                Content = old is not null && old.Content.SequenceEqual(Content(row.Content)) ? old.Content : [.. Content(row.Content)],
                Used = known ? row.Disk : null,
                Total = known ? row.MaxDisk : null,
            };
        }

        foreach (var old in before)
        {
            if (!next.ContainsKey(old.Id))
            {
                next[old.Id] = old.Missing ? old : old with { Missing = true, Status = StorageStatus.Unknown, Used = null, Total = null };
            }
        }

        return [.. next.Values];
    }

    private TaskView[] Tasks(IReadOnlyList<TaskView> before, IReadOnlyList<ClusterTask> rows)
    {
        var old = before.ToDictionary(t => t.Upid, StringComparer.Ordinal);
        return
        [
            .. rows.Select(TaskOf).OfType<TaskView>()
                .OrderByDescending(t => t.State is TaskState.Running).ThenByDescending(t => t.StartedAt)
                .DistinctBy(t => t.Upid).Take(MostTasks)
                .Select(t => old.GetValueOrDefault(t.Upid) is { } same && same == t ? same : t)
                .OrderBy(t => t.Upid, StringComparer.Ordinal),
        ];
    }

    private TaskView? TaskOf(ClusterTask row)
    {
        if (!Proxmox.Upid.TryParse(row.Upid, out var upid)) return null;
        var state = row.IsRunning ? TaskState.Running : row.Status switch
        {
            "OK" => TaskState.Ok,
            null or "unexpected status" => TaskState.Unknown,
            var s when s.StartsWith("WARNINGS", StringComparison.Ordinal) => TaskState.Warning,
            _ => TaskState.Failed,
        };
        return new(
            row.Upid, Word(upid.Node), Word(upid.Type), upid.Id, Word(upid.User), upid.StartTime,
            row.EndTime is { } end and >= 0 and < LatestSecond ? DateTimeOffset.FromUnixTimeSeconds(end) : null, state, row.IsRunning ? null : Word(row.Status));
    }

    private static HashSet<string> Dark(IReadOnlyList<NodeView> nodes) =>
        nodes.Where(n => n.Status is not NodeStatus.Online).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>What was last known of a guest whose node cannot be seen: that it exists.</summary>
    private static GuestView Unknown(GuestView guest) => guest with
    {
        Status = GuestStatus.Unknown,
        Cpu = null,
        Memory = null,
        MemoryHost = null,
        NetIn = null,
        NetOut = null,
        DiskRead = null,
        DiskWrite = null,
        StartedAt = null,
    };

    /// <summary>The newest task that destroys this guest and ran since it was last listed; an older one meant another
    /// guest of that number.</summary>
    private TaskView? Destruction(int vmid, IReadOnlyList<TaskView> tasks) =>
        tasks.Where(t => t.Type is "qmdestroy" or "vzdestroy" && t.Target == $"{vmid}" && !(t.EndedAt < _listedAt - ProxmoxLag)).MaxBy(t => t.StartedAt);

    private static DateTimeOffset? Started(DateTimeOffset? old, long? uptime, DateTimeOffset at)
    {
        if (uptime is not (> 0 and < LongestUptime)) return null;
        var started = DateTimeOffset.FromUnixTimeSeconds(at.AddSeconds(-uptime.Value).ToUnixTimeSeconds());
        return old is { } before && (started - before).Duration() < StartJitter ? before : started;
    }

    private static IReadOnlyList<string> Tags(IReadOnlyList<string>? old, string? tags)
    {
        if (string.IsNullOrEmpty(tags)) return [];
        var read = tags.Split([';', ',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return old is not null && old.SequenceEqual(read) ? old : read;
    }

    private static IEnumerable<string> Content(string? content) => (content ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);

    /// <summary>One instance of each word that recurs in thousands of rows.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(word))]
    private string? Word(string? word)
    {
        if (word is null) return null;
        if (_words.TryGetValue(word, out var known)) return known;
        if (_words.Count < 10_000) _words[word] = word;
        return word;
    }
}
