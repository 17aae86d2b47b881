using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Agent.Understanding;

/// <summary>From a question about something to the reads that answer it.</summary>
internal sealed class Topics(Said said, IReadOnlyList<Mention> mentions, IReadOnlyList<ClusterView> clusters, DateTimeOffset now)
{
    private readonly Mention? _guest = mentions.FirstOrDefault(m => m.Guest is not null);
    private readonly Mention? _node = mentions.FirstOrDefault(m => m.Node is not null);
    private readonly Mention? _storage = mentions.FirstOrDefault(m => m.Storage is not null);

    /// <summary>Null when nothing here answers it.</summary>
    public Understood.Calls? Of() =>
        Find() ?? Log() ?? Then() ?? Backups() ?? Snapshots() ?? OnStorage() ?? Node() ?? Tasks() ?? Happened() ?? History() ?? Slow() ?? Most() ?? Full() ?? OfGuest() ?? Lists() ?? OfNode() ?? OfStorage() ?? Everything();

    /// <summary>The same question about something else, or another about the same: "and its disks?", "and hermes?".</summary>
    public Understood.Calls? Follow(Topic topic) => Of(topic, _guest ?? _node ?? _storage);

    private Understood.Calls? Of(Topic topic, Mention? about)
    {
        if (about is null) return null;
        if (about.Guest is not null && (_storage is null || topic is not (Topic.Full or Topic.Content)))
        {
            return topic switch
            {
                Topic.Disk or Topic.Disks or Topic.Settings => Read("get_guest_config", topic is Topic.Settings ? topic : Topic.Disk, about, Guest(about)),
                Topic.Snapshots => Read("get_snapshots", topic, about, Guest(about)),
                Topic.Backups or Topic.NoBackup => Read("get_backups", Topic.Backups, about, Guest(about)),
                Topic.Tasks or Topic.FailedTasks => Read("get_recent_tasks", topic, about, topic is Topic.Tasks ? Guest(about) : Guest(about, ("errors_only", true))),
                Topic.Events => Read("get_events", topic, about, new() { ["target"] = $"guest/{about.Guest.Vmid}" }),
                Topic.Slow => SlowGuest(about),
                Topic.Memory or Topic.Cpu or Topic.Uptime or Topic.Place or Topic.Address or Topic.Network => Read("get_guest_status", topic, about, Guest(about)),
                _ => Read("get_guest_status", Topic.Status, about, Guest(about)),
            };
        }

        if (about.Node is not null) return NodeTool(topic) is { } tool ? Read(tool, topic, about, OnNode(about)) : Read("get_node_status", topic, about, OnNode(about));
        return about.Storage is null ? null : topic is Topic.Content ? Read("get_storage_content", topic, about, new() { ["storage"] = about.Storage.Name })
            : topic is Topic.Backups ? Read("get_backups", topic, about, new() { ["storage"] = about.Storage.Name }) : Read("get_storage", Topic.Full, about, []) with { Focus = new() { Storage = about.Storage.Name } };
    }

    private static string? NodeTool(Topic topic) => topic switch
    {
        Topic.Disk or Topic.Disks => "get_disks",
        Topic.Updates => "get_updates",
        Topic.Services => "get_services",
        Topic.Journal => "get_journal",
        Topic.Certificates => "get_certificates",
        Topic.Zfs => "get_zfs_pools",
        Topic.Ceph => "get_ceph_status",
        Topic.Ha => "get_ha_status",
        Topic.Replication => "get_replication",
        Topic.Network => "get_network",
        Topic.Tasks => "get_recent_tasks",
        Topic.Events => "get_events",
        _ => null,
    };

    private Understood.Calls? Find()
    {
        if (said.Words.FirstOrDefault(w => IPAddress.TryParse(w, out _) && w.Any(c => c is '.' or ':')) is { } address) return Read("find_resource", Topic.Found, null, new() { ["query"] = address });
        if (!said.Begins("find", "search for", "search", "locate", "look for") || mentions.Any(m => m.Exact) && !said.Begins("search for")) return null;
        // What is looked for is as it was said, also where it is like a name.
        var query = string.Join(' ', Said.Of(said.Text).Words.Skip(1).Where(w => !Vocabulary.Common(w) && w is not ("vm" or "container" or "guest" or "guests" or "vms" or "anything" or "called" or "named")));
        return query.Length is > 0 and <= 100 ? Read("find_resource", Topic.Found, null, new() { ["query"] = query }) : null;
    }

    private Understood.Calls? Log() =>
        said.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(w => w.StartsWith("UPID:", StringComparison.OrdinalIgnoreCase)) is { } upid
            ? Read("get_task_log", Topic.TaskLog, null, new() { ["upid"] = upid.TrimEnd('?', '.', '!', ',', '"') }) : null;

    private Understood.Calls? Then()
    {
        if (!said.HasPhrase("cluster at", "like at", "looked at", "look at", "state at", "running at", "status at", "cluster look", "was the cluster", "were things at", "how was everything at") || Spans.MomentIn(said, now) is not { } moment) return null;
        return Read("get_cluster_at", Topic.Then, null, new() { ["time"] = Spans.Text(moment) });
    }

    private Understood.Calls? Backups()
    {
        if (!said.Has("backup", "backups", "backed", "restorable", "vzdump")) return null;
        var lacking = said.HasPhrase("no backup", "no backups", "without backup", "without a backup", "without backups", "not backed", "never backed", "missing backup", "missing backups", "not have a backup", "not have backups", "lack", "lacks", "unprotected", "lacking", "have no", "has no", "without any", "not being backed", "no recent backup", "not protected", "need a backup", "needs a backup", "need backing up");
        if (said.Has("failed", "fail", "failing", "errors", "error", "succeed", "succeeded", "successful", "work", "worked", "ran") && _guest is null) return Read("get_recent_tasks", Topic.FailedTasks, null, new() { ["errors_only"] = true });
        var made = _guest is { } guest && !lacking ? Guest(guest) : [];
        var storage = mentions.FirstOrDefault(m => m.Storage is not null && m.At > 0 && said.Words[m.At - 1] is "on" or "in" or "at" or "the" or "from" or "to" && (m.Guest is null || m != _guest || said.HasPhrase($"on {said.Words[m.At]}", $"in {said.Words[m.At]}")));
        if (storage is not null && (storage.Guest is null || storage.Guest == _guest?.Guest)) made = new() { ["storage"] = storage.Storage!.Name };
        if (Spans.DaysIn(said) is { } days) made["max_age_days"] = days;
        return Read("get_backups", lacking || Spans.DaysIn(said) is not null ? Topic.NoBackup : Topic.Backups, _guest, made);
    }

    private Understood.Calls? Snapshots() => said.Has("snapshot", "snapshots") && _guest is { } guest ? Read("get_snapshots", Topic.Snapshots, guest, Guest(guest)) : null;

    private Understood.Calls? OnStorage()
    {
        var kind = said.Has("iso", "isos") || said.HasPhrase("install image", "install images", "installation media") ? "iso" : said.Has("template", "templates") && !said.HasPhrase("vm template") ? "vztmpl" : said.Has("images") && _storage is not null ? "images" : null;
        var what = kind is not null || said.HasPhrase("what is on", "what is stored", "what lies", "contents of", "content of", "stored on", "files on", "whats on", "what do we have on", "what is in");
        if (!what) return null;
        if (_storage is { } storage) return Read("get_storage_content", Topic.Content, storage, kind is null ? new() { ["storage"] = storage.Storage!.Name } : new() { ["storage"] = storage.Storage!.Name, ["content"] = kind });
        if (kind is null) return null;
        var holders = clusters.SelectMany(c => c.Storages).Where(s => !s.Missing && s.Content.Contains(kind, StringComparer.Ordinal)).Select(s => s.Name).Distinct(StringComparer.Ordinal).Take(4).ToList();
        return holders.Count == 0 ? null : new([.. holders.Select(h => new Wanted("get_storage_content", new() { ["storage"] = h, ["content"] = kind }))], Topic.Content, true);
    }

    /// <summary>What belongs to a node, or to all of them.</summary>
    private Understood.Calls? Node()
    {
        var topic = said.Has("update", "updates", "updated", "upgrade", "upgrades", "outdated", "patches", "patch", "packages", "package", "up-to-date", "patched") ? Topic.Updates
            : said.Has("certificate", "certificates", "cert", "certs", "tls", "ssl") ? Topic.Certificates
            : said.Has("service", "services", "daemon", "daemons", "pvedaemon", "pveproxy", "corosync", "sshd", "pvestatd", "systemd", "units") ? Topic.Services
            : said.Has("journal", "syslog", "dmesg") || said.Has("log", "logs") && _guest is null && _node is not null ? Topic.Journal
            : said.Has("smart", "wearout", "ssd", "ssds", "nvme", "hdd", "hdds", "wear") || said.HasPhrase("physical disk", "physical disks", "disk health", "hard drive", "hard drives", "health of the disks") || said.Has("disk", "disks", "drive", "drives") && _guest is null && (_node is not null || said.Has("health", "healthy", "dying", "failing", "worn")) ? Topic.Disks
            : said.Has("zfs", "zpool", "zpools", "scrub", "resilver") ? Topic.Zfs
            : said.Has("ceph", "osd", "osds") ? Topic.Ceph
            : said.Has("ha") || said.HasPhrase("high availability", "failover") ? Topic.Ha
            : said.Has("replication", "replicated", "replicating", "replicas") ? Topic.Replication
            : said.Has("bridge", "bridges", "vlan", "vlans", "nic", "nics", "bond", "bonds", "interface", "interfaces") || said.Has("network", "networks") && _guest is null ? Topic.Network : (Topic?)null;
        if (topic is not { } what || NodeTool(what) is not { } tool) return null;
        // Of these one asks as a whole; the others need a node, and without one all are asked.
        if (_node is null && _guest is { Guest: { } guest } && what is Topic.Ha or Topic.Replication) return Read(tool, what, _guest, []);
        if (_node is null && what is Topic.Zfs or Topic.Ceph or Topic.Ha or Topic.Replication or Topic.Network) return Read(tool, what, null, []);
        if (_guest is not null && _node is null && what is not Topic.Disks) return null;
        return new([.. Nodes().Select(n => new Wanted(tool, With(n, what)))], what, true) { About = _node };
    }

    private JsonObject With(Mention node, Topic topic)
    {
        var made = OnNode(node);
        if (topic is Topic.Services or Topic.Journal && said.Words.FirstOrDefault(w => w is "pvedaemon" or "pveproxy" or "corosync" or "sshd" or "ssh" or "pvestatd" or "cron" or "postfix" or "chrony" or "pve-cluster" or "pve-firewall" or "pve-ha-lrm" or "pve-ha-crm" or "spiceproxy" or "ksmtuned" || w.EndsWith(".service", StringComparison.Ordinal)) is { } unit) made["unit"] = unit;
        if (topic is Topic.Journal && Spans.LinesIn(said) is { } lines) made["lines"] = lines;
        return made;
    }

    private Understood.Calls? Tasks()
    {
        var failed = said.Has("failed", "fail", "failing", "errors", "failures");
        if (!said.Has("task", "tasks", "job", "jobs") && !(failed && said.HasPhrase("what failed", "anything failed", "did anything fail", "has anything failed", "what has failed"))) return null;
        var made = _guest is { } guest ? Guest(guest) : _node is { } node ? OnNode(node) : [];
        if (failed) made["errors_only"] = true;
        if (Spans.NumberBefore(said, "tasks", "jobs") is { } limit) made["limit"] = limit;
        return Read("get_recent_tasks", failed ? Topic.FailedTasks : Topic.Tasks, _guest ?? _node, made);
    }

    private Understood.Calls? Happened()
    {
        var problems = said.Has("alert", "alerts", "alarm", "alarms", "warning", "warnings", "incident", "incidents", "errors");
        if (!problems && !said.Has("event", "events", "happened", "happening", "occurred", "changed") && !said.HasPhrase("what did i miss", "what have i missed", "what went wrong", "anything new", "what is new", "what has been going on", "what was going on")) return null;
        var made = new JsonObject();
        if (problems || said.HasPhrase("went wrong")) made["at_least"] = "warning";
        if (said.Has("critical")) made["at_least"] = "critical";
        if (_guest is { } guest) made["target"] = $"guest/{guest.Guest!.Vmid}";
        else if (_node is { } node) made["node"] = node.Node!.Name;
        if (Spans.FromIn(said, now) is { } from) made["from"] = Spans.Text(from);
        return Read("get_events", problems ? Topic.Problems : Topic.Events, _guest ?? _node, made);
    }

    private Understood.Calls? History()
    {
        var about = _guest ?? _node ?? _storage;
        var range = Spans.RangeIn(said);
        if (about is null || range is null && !said.Has("history", "trend", "trends", "trending", "graph", "chart", "growing", "grown", "average", "peak", "over")) return null;
        var metric = said.Has("cpu", "processor", "load") ? "cpu" : said.Has("memory", "ram") ? "memory" : said.Has("disk", "space", "storage", "usage", "full") ? about.Storage is not null && about.Guest is null ? "disk" : said.HasPhrase("cpu usage") ? "cpu" : "disk" : said.Has("network", "traffic", "bandwidth") ? said.Has("out", "outgoing", "upload", "sent") ? "net_out" : "net_in" : about.Storage is not null && about.Guest is null && about.Node is null ? "disk" : null;
        if (metric is null) return null;
        var made = new JsonObject { ["target"] = about.Guest is { } guest ? $"guest/{guest.Vmid}" : about.Node is { } node ? $"node/{node.Name}" : $"storage/{about.Storage!.Id}", ["metric"] = metric };
        if (range is not null) made["range"] = range;
        return Read("get_metrics_history", Topic.History, about, made);
    }

    private Understood.Calls? Slow()
    {
        if (!said.Has("slow", "slowly", "sluggish", "lagging", "laggy", "unresponsive", "hanging", "stuck", "struggling", "hot", "overloaded")) return null;
        return _guest is { } guest ? SlowGuest(guest) : _node is { } node ? new([new("get_node_status", OnNode(node)), new("get_cluster_resources", new() { ["type"] = "vm" })], Topic.Slow, true) { About = node, Focus = new() { Node = node.Node!.Name, Measure = Topic.Cpu } }
            : new([new("get_cluster_status", []), new("get_cluster_resources", new() { ["type"] = "vm" })], Topic.Slow, true) { Focus = new() { Measure = Topic.Cpu } };
    }

    private Understood.Calls SlowGuest(Mention guest) =>
        new([new("get_guest_status", Guest(guest)), new("get_node_status", new() { ["node"] = guest.Guest!.Node })], Topic.Slow, guest.Exact) { About = guest };

    private Understood.Calls? Most()
    {
        var least = said.Has("least", "lowest", "idle", "idlest", "smallest");
        if (!least && !said.Has("most", "highest", "biggest", "largest", "top", "hungriest", "busiest", "heaviest", "hogging", "hog", "eating", "consuming", "greediest") && !said.HasPhrase("what is using", "who is using", "which is using", "using up", "uses up", "taking up")) return null;
        if (_guest is not null && _node is null) return null;
        var measure = said.Has("cpu", "processor", "busiest", "load", "compute", "busy") ? Topic.Cpu : said.Has("disk", "space", "storage") ? Topic.Disk : Topic.Memory;
        var kind = said.Has("node", "nodes", "host", "hosts", "server", "servers") && _node is null ? "node" : said.Has("storage", "storages", "pool", "pools") && measure is Topic.Disk && !said.Has("vm", "vms", "guest", "guests", "container", "containers", "what") ? "storage" : "vm";
        if (measure is Topic.Memory && !said.Has("memory", "ram", "resources") && kind == "vm" && !said.Has("biggest", "largest", "smallest", "most", "top", "hungriest", "least")) return null;
        return Read("get_cluster_resources", Topic.Most, _node, new() { ["type"] = kind }) with { Focus = new() { Node = _node?.Node?.Name, Least = least, Measure = measure, Type = TypeSaid() } };
    }

    private Understood.Calls? Full() =>
        (said.Has("full", "space", "capacity", "fill", "filling", "filled") || said.Has("storage", "storages") && !said.Has("vm", "vms", "status of the vms")) && (_guest is null || _storage is not null)
            ? Read("get_storage", Topic.Full, _storage ?? _node, _node is { } node && _storage is null ? OnNode(node) : []) with { Focus = new() { Storage = _storage?.Storage?.Name } } : null;

    private Understood.Calls? OfGuest()
    {
        if (_guest is not { } guest) return null;
        return Of(
            said.Has("disk", "disks", "drive", "drives", "volume", "volumes") && !said.HasPhrase("disk usage", "disk space", "disk full") ? Topic.Disk
            : said.Has("config", "configuration", "configured", "settings", "setting", "cores", "core", "vcpus", "cpus", "boot", "onboot", "autostart", "assigned", "allocated", "hardware", "tags", "notes", "description", "bios", "machine") && !said.Has("running") ? Topic.Settings
            : said.Has("ip", "ips", "address", "addresses") ? Topic.Address
            : said.Has("memory", "ram") ? Topic.Memory
            : said.Has("cpu", "processor", "load", "busy") ? Topic.Cpu
            : said.Has("network", "traffic") ? Topic.Network
            : said.Has("uptime") || said.HasPhrase("how long has", "how long", "since when", "been up", "last started", "last restarted", "last rebooted", "when did", "when was") ? Topic.Uptime
            : said.Has("where") || said.HasPhrase("which node", "what node", "which host", "what host", "which server", "on which") ? Topic.Place
            : Topic.Status, guest) is { } calls ? calls with { Focus = calls.Focus with { Claim = ClaimIn() } } : null;
    }

    private Understood.Calls? Lists()
    {
        var (vms, containers) = (said.Has("vm", "vms") || said.HasPhrase("virtual machine", "virtual machines", "machines"), said.Has("container", "containers", "lxc", "lxcs", "ct", "cts"));
        var guests = said.Has("guest", "guests", "workloads") || said.Has("everything") && said.Has("list", "show", "runs", "running", "stopped");
        var status = said.Has("running", "up", "online", "started", "active") && !said.HasPhrase("up to", "not up", "not running") || said.Words[^1] is "on" ? "running" : said.Has("stopped", "down", "offline", "off", "dead") || said.HasPhrase("not running", "not up", "shut down", "powered off") ? "stopped" : said.Has("paused", "suspended") ? "paused" : null;
        if (!vms && !containers && !guests && (status is not null && _node is not null && said.Has("what", "which") || said.HasPhrase("what runs", "what is running", "what do i run", "what do we run", "what is stopped", "what is down", "what is off", "runs on", "hosted on"))) guests = true;
        if (!vms && !containers && !guests)
        {
            return said.Has("nodes", "hosts", "servers", "hypervisors") ? Read("get_cluster_resources", Count() ? Topic.Count : Topic.List, null, new() { ["type"] = "node" })
                : said.Has("pools") ? Read("get_cluster_resources", Count() ? Topic.Count : Topic.List, null, new() { ["type"] = "pool" }) : null;
        }

        var filter = new JsonObject();
        if (_node is { } node) filter["node"] = node.Node!.Name;
        if (status is not null) filter["status"] = status;
        if (mentions.FirstOrDefault(m => m.Tag is not null) is { } tag && !said.Has("pool")) filter["tag"] = tag.Tag;
        else if (mentions.FirstOrDefault(m => m.Pool is not null) is { } pool) filter["pool"] = pool.Pool;
        var topic = Count() ? Topic.Count : Topic.List;
        if (vms && containers || !vms && !containers)
        {
            return filter.Count == 0 ? Read("get_cluster_resources", topic, null, new() { ["type"] = "vm" })
                : new([new("get_vms", filter), new("get_containers", (JsonObject)filter.DeepClone())], topic, true) { About = _node };
        }

        return Read(vms ? "get_vms" : "get_containers", topic, _node, filter);

        bool Count() => said.HasPhrase("how many", "number of", "count of", "count");
    }

    private Understood.Calls? OfNode() => _node is { } node
        ? Of(said.Has("memory", "ram") ? Topic.Memory : said.Has("cpu", "load", "busy", "processor") ? Topic.Cpu : said.Has("uptime") || said.HasPhrase("how long", "since when", "been up") ? Topic.Uptime : said.Has("version", "kernel") ? Topic.Version : Topic.Status, node) is { } calls
            ? calls with { Focus = calls.Focus with { Claim = ClaimIn() } } : null
        : null;

    private Understood.Calls? OfStorage() => _storage is { } storage ? Of(Topic.Full, storage) : null;

    private Understood.Calls? Everything() =>
        said.Has("status", "health", "healthy", "overview", "summary", "report", "quorum", "quorate", "problem", "problems", "issue", "issues", "trouble", "version", "cluster", "everything", "anything", "wrong", "broken") || said.HasPhrase("how are things", "how is it going", "all good", "all right", "all well", "what is up", "how are we", "is it all", "situation")
            ? Read("get_cluster_status", said.Has("quorum", "quorate") ? Topic.Quorum : said.Has("version") ? Topic.Version : Topic.Status, null, []) : null;

    private string? ClaimIn() => said.Words.FirstOrDefault(w => w is "running" or "up" or "online" or "down" or "stopped" or "off" or "offline" or "alive" or "okay" or "healthy" or "paused" or "working" or "started" or "fine");

    private GuestType? TypeSaid() => said.Has("vm", "vms") ? GuestType.Vm : said.Has("container", "containers", "lxc", "lxcs") ? GuestType.Container : null;

    private IEnumerable<Mention> Nodes() => _node is { } one ? [one] : clusters.SelectMany(c => c.Nodes.Where(n => !n.Missing).Select(n => new Mention(0, 0, true, c.Key, Node: n))).Take(8);

    private JsonObject Guest(Mention of, params ReadOnlySpan<(string Name, JsonNode? Value)> more) => Deeds.GuestArguments(of, clusters, more);

    private JsonObject OnNode(Mention of) => clusters.Count > 1 ? new() { ["node"] = of.Node!.Name, ["cluster"] = of.Cluster } : new() { ["node"] = of.Node!.Name };

    private static Understood.Calls Read(string tool, Topic topic, Mention? about, JsonObject arguments) => new([new(tool, arguments)], topic, about?.Exact ?? true)
    {
        About = about, Guess = about is { Exact: false } ? string.Create(CultureInfo.InvariantCulture, $"I take it that you mean {about.Guest?.Name ?? about.Node?.Name ?? about.Storage?.Name}.") : null,
    };
}
