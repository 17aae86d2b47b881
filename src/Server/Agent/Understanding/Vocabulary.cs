using System.Collections.Frozen;

namespace Jarvis.Server.Agent.Understanding;

/// <summary>What somebody may want done.</summary>
internal enum Deed { Start, Shutdown, Stop, Restart, Suspend, Resume, Snapshot, Rollback, DeleteSnapshot, Backup, Migrate, Clone, Resize, Change, Rename, Evacuate, Unlock, Destroy, Restore, Create }

/// <summary>The words that mean something here, and those that mean nothing.</summary>
internal static class Vocabulary
{
    private static readonly FrozenSet<string> Empty = FrozenSet.ToFrozenSet(
        [
            "a", "an", "the", "my", "our", "your", "his", "their", "its", "it", "that", "this", "these", "those", "them", "they", "one", "ones", "other", "i", "me", "we", "us", "you",
            "is", "are", "was", "were", "be", "been", "being", "am", "do", "does", "did", "done", "has", "have", "had", "will", "would", "shall", "should", "can", "could", "may", "might", "must",
            "to", "of", "on", "in", "at", "by", "for", "from", "with", "without", "into", "onto", "over", "under", "about", "than", "as", "if", "or", "and", "but", "not", "no", "yes",
            "what", "which", "who", "where", "when", "why", "how", "there", "here", "any", "all", "every", "each", "some", "most", "least", "more", "less", "much", "many", "few",
            "up", "down", "out", "off", "so", "too", "very", "just", "now", "then", "again", "still", "yet", "ever", "never", "please", "up-to-date", "us",
        ], StringComparer.Ordinal);

    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
        [
            "show", "tell", "give", "list", "find", "check", "look", "get", "display", "print", "count", "explain", "describe", "search", "locate",
            "running", "stopped", "paused", "offline", "online", "alive", "healthy", "down", "working", "okay", "fine", "broken", "wrong", "slow", "fast", "full", "empty", "free", "used", "left", "using",
            "vm", "vms", "container", "containers", "guest", "guests", "machine", "machines", "node", "nodes", "host", "hosts", "server", "servers", "cluster", "storage", "storages", "disk", "disks", "drive", "drives",
            "pool", "pools", "snapshot", "snapshots", "backup", "backups", "task", "tasks", "job", "jobs", "event", "events", "alert", "alerts", "log", "logs", "journal", "update", "updates", "upgrade", "package", "packages",
            "service", "services", "certificate", "certificates", "network", "interface", "interfaces", "bridge", "ceph", "zfs", "replication", "memory", "processor", "cores", "core", "load", "uptime", "version", "kernel",
            "space", "usage", "size", "status", "state", "health", "config", "configuration", "settings", "address", "addresses", "tag", "tags", "tagged", "name", "named", "called",
            "start", "stop", "shut", "restart", "pause", "suspend", "resume", "unlock", "lock", "move", "migrate", "clone", "copy", "restore", "delete", "remove", "destroy", "create", "make", "take", "roll", "back", "revert",
            "turn", "switch", "power", "boot", "kill", "force", "bring", "spin", "fire", "launch", "halt", "evacuate", "drain", "resize", "grow", "add", "set", "change", "rename", "increase", "undo", "wake",
            "today", "yesterday", "tonight", "night", "morning", "week", "month", "year", "hour", "hours", "minutes", "days", "day", "last", "recent", "recently", "newest", "latest", "past", "since", "ago", "before", "after",
            "hello", "help", "thanks", "everything", "anything", "something", "nothing", "problem", "problems", "error", "errors", "failed", "failing", "trouble", "issue", "issues", "quorum", "going", "happened", "happening",
        ], StringComparer.Ordinal);

    // What questions are about; a word of none of these lists may be what matters in a message.
    private static readonly FrozenSet<string> Topical = FrozenSet.ToFrozenSet(
        (string[])[
            .. "active address alarm alarms allocated am assigned autostart availability average backed bandwidth big biggest bios bond bonds bridges busiest busy capacity cert certificate certs chart consumers consuming contents".Split(' '),
            .. "corosync cpu cpus critical cron ct cts daemon daemons daily dead doing dying eating enough ever expire expires fail failover failure failures fill filling graph greediest growing grown".Split(' '),
            .. "ha hanging hard hardware hdd hdds heaviest high highest history hog hogging hosted hot hungriest hypervisors idle idlest image images incident incidents install installation installed ip ips iso".Split(' '),
            .. "isos kernels ksmtuned lagging laggy largest limit load long look looked looks lowest lxc lxcs media metric metrics miss missed missing nearly need needed needs networks newer nic".Split(' '),
            .. "nics notes now number nvme old oldest onboot order osd osds outdated outgoing overloaded overview patch patched patches peak pending percent physical pm postfix powered protected pve-cluster pve-firewall".Split(' '),
            .. "pve-ha-crm pve-ha-lrm pvedaemon pveproxy pvestatd quorate ram ran range rebooted replicas replicated replicating report resilver resources restarted restorable right run runs scrub sent situation slowly sluggish smallest smart".Split(' '),
            .. "spiceproxy ssd ssds ssh sshd ssl started stored struggling stuck succeed succeeded successful summary suspended swap syslog systemd takes taking temperature template templates time tls top total traffic".Split(' '),
            .. "trend trending trends type units unprotected unresponsive up-to-date updated updates upgraded upgrades upid uptimes use uses valid vcpus virtual vlan vlans volume volumes vzdump vztmpl warning warnings wear".Split(' '),
            .. "wearout weekly well work worked workload workloads works worn zpool zpools".Split(' '),
        ], StringComparer.Ordinal);

    // In the third person nobody asks for anything: what starts and backups are is a question.
    private static readonly FrozenDictionary<string, Deed> Verbs = Forms(
        (Deed.Start, "start started starting boot booted booting launch launched launching"),
        (Deed.Shutdown, "stop stopped stopping halt halted halting"),
        (Deed.Stop, "kill killed killing force-stop hard-stop"),
        (Deed.Restart, "restart restarted restarting bounce bounced bouncing power-cycle"),
        (Deed.Suspend, "suspend suspended suspending pause paused pausing freeze freezing hibernate"),
        (Deed.Resume, "resume resumed resuming unpause unpaused unpausing unfreeze unsuspend"),
        (Deed.Snapshot, "snapshot snapshotted snapshotting snap"),
        (Deed.Rollback, "revert reverted reverting"),
        (Deed.Backup, "backup"),
        (Deed.Restore, "restore restored restoring"),
        (Deed.Migrate, "migrate migrated migrating move moved moving relocate relocated relocating"),
        (Deed.Clone, "clone cloned cloning duplicate duplicated duplicating copy copying"),
        (Deed.Resize, "resize resizing grow growing enlarge enlarging extend extending expand expanding"),
        (Deed.Change, "change changing set setting give giving increase increasing decrease lower raise reduce assign"),
        (Deed.Rename, "rename renaming renamed"),
        (Deed.Evacuate, "evacuate evacuating evacuated drain draining vacate"),
        (Deed.Unlock, "unlock unlocking unlocked"),
        (Deed.Create, "create creating deploy deploying provision"),
        (Deed.Destroy, "destroy destroying destroyed delete deleting deleted remove removing removed wipe erase purge"));

    /// <summary>Verbs of two words, the second of which may stand behind the object: turn jellyfin off.</summary>
    private static readonly (string First, string Second, Deed Deed)[] Pairs =
    [
        ("shut", "down", Deed.Shutdown), ("shutting", "down", Deed.Shutdown), ("power", "down", Deed.Shutdown), ("power", "off", Deed.Shutdown), ("powering", "off", Deed.Shutdown),
        ("powered", "off", Deed.Shutdown), ("powered", "down", Deed.Shutdown), ("powered", "on", Deed.Start),
        ("powering", "down", Deed.Shutdown), ("turn", "off", Deed.Shutdown), ("turning", "off", Deed.Shutdown), ("turned", "off", Deed.Shutdown), ("switch", "off", Deed.Shutdown), ("switching", "off", Deed.Shutdown), ("switched", "off", Deed.Shutdown),
        ("bring", "down", Deed.Shutdown), ("bringing", "down", Deed.Shutdown), ("take", "down", Deed.Shutdown), ("taking", "down", Deed.Shutdown), ("take", "offline", Deed.Shutdown),
        ("turn", "on", Deed.Start), ("turning", "on", Deed.Start), ("turned", "on", Deed.Start), ("switch", "on", Deed.Start), ("switching", "on", Deed.Start), ("switched", "on", Deed.Start),
        ("power", "on", Deed.Start), ("powering", "on", Deed.Start), ("power", "up", Deed.Start), ("spin", "up", Deed.Start), ("spinning", "up", Deed.Start), ("fire", "up", Deed.Start), ("firing", "up", Deed.Start),
        ("bring", "up", Deed.Start), ("bringing", "up", Deed.Start), ("bring", "back", Deed.Start), ("bring", "online", Deed.Start), ("get", "running", Deed.Start), ("get", "up", Deed.Start), ("get", "started", Deed.Start), ("wake", "up", Deed.Start),
        ("roll", "back", Deed.Rollback), ("rolling", "back", Deed.Rollback), ("rolled", "back", Deed.Rollback), ("go", "back", Deed.Rollback), ("reset", "to", Deed.Rollback),
        ("back", "up", Deed.Backup), ("backing", "up", Deed.Backup), ("backed", "up", Deed.Backup), ("make", "backup", Deed.Backup), ("take", "backup", Deed.Backup), ("run", "backup", Deed.Backup), ("do", "backup", Deed.Backup), ("create", "backup", Deed.Backup), ("start", "backup", Deed.Backup),
        ("taking", "backup", Deed.Backup), ("making", "backup", Deed.Backup),
        ("take", "snapshot", Deed.Snapshot), ("make", "snapshot", Deed.Snapshot), ("create", "snapshot", Deed.Snapshot), ("taking", "snapshot", Deed.Snapshot), ("making", "snapshot", Deed.Snapshot), ("creating", "snapshot", Deed.Snapshot), ("do", "snapshot", Deed.Snapshot), ("add", "snapshot", Deed.Snapshot),
        ("delete", "snapshot", Deed.DeleteSnapshot), ("remove", "snapshot", Deed.DeleteSnapshot), ("deleting", "snapshot", Deed.DeleteSnapshot), ("removing", "snapshot", Deed.DeleteSnapshot), ("drop", "snapshot", Deed.DeleteSnapshot),
        ("restore", "snapshot", Deed.Rollback), ("revert", "snapshot", Deed.Rollback),
        ("want", "snapshot", Deed.Snapshot), ("need", "snapshot", Deed.Snapshot), ("like", "snapshot", Deed.Snapshot), ("want", "backup", Deed.Backup), ("need", "backup", Deed.Backup), ("like", "backup", Deed.Backup),
        ("power", "cycle", Deed.Restart), ("make", "copy", Deed.Clone), ("empty", "node", Deed.Evacuate), ("pull", "plug", Deed.Stop), ("force", "off", Deed.Stop), ("hard", "stop", Deed.Stop), ("force", "stop", Deed.Stop),
        ("move", "everything", Deed.Evacuate), ("move", "off", Deed.Evacuate), ("clear", "out", Deed.Evacuate), ("put", "maintenance", Deed.Evacuate), ("add", "memory", Deed.Change), ("add", "ram", Deed.Change), ("add", "cores", Deed.Change), ("add", "core", Deed.Change),
    ];

    private static readonly FrozenSet<string> Units = FrozenSet.ToFrozenSet(["gb", "gib", "g", "mb", "mib", "m", "tb", "tib", "gigs", "gig", "gigabytes", "megabytes", "cores", "core", "cpus", "cpu", "hours", "hour", "days", "day", "minutes", "minute", "weeks", "lines", "percent", "%", "seconds"], StringComparer.Ordinal);

    /// <summary>A word that says nothing by itself, and is a thing's name only beside others.</summary>
    public static bool Common(string word) => Empty.Contains(word);

    /// <summary>A word of this language, and hardly somebody's spelling of a name.</summary>
    public static bool Knows(string word) => Empty.Contains(word) || Known.Contains(word) || Verbs.ContainsKey(word) || Units.Contains(word);

    /// <summary>A word that nothing was passed over with when it is in a question.</summary>
    public static bool Covers(string word) => Knows(word) || Topical.Contains(word);

    public static bool IsUnit(string word) => Units.Contains(word);

    /// <summary>The deed that words ask for, and where its word stands; the last is what decides: take a snapshot, start a backup.</summary>
    public static (Deed Deed, int At)? DeedIn(IReadOnlyList<string> words)
    {
        (Deed, int)? found = null;
        for (var at = 0; at < words.Count && found is null; at++)
        {
            foreach (var (first, second, deed) in Pairs)
            {
                if (words[at] != first) continue;
                for (var behind = at + 1; behind < words.Count && behind <= at + 7 && found is null; behind++)
                {
                    if (words[behind] == second || second.Length > 3 && words[behind] == second + "s") found = (deed, at);
                }
                if (found is not null) break;
            }

            if (found is null && words[at] == "add" && at + 1 < words.Count && char.IsAsciiDigit(words[at + 1].FirstOrDefault())) found = (Deed.Resize, at);
            if (found is null && Verbs.TryGetValue(words[at], out var one) && !IsNoun(words, at)) found = (one, at);
        }

        return found;
    }

    // The backup, a snapshot, boot order, backup jobs; and "give me" wants to be told.
    private static bool IsNoun(IReadOnlyList<string> words, int at)
    {
        var (before, behind) = (at > 0 ? words[at - 1] : "", at + 1 < words.Count ? words[at + 1] : "");
        return words[at] switch
        {
            "give" => behind is "me" or "us",
            "backup" or "snapshot" => before is "the" or "a" or "an" or "last" or "latest" or "newest" or "any" or "no" or "recent" or "every" or "our" or "my" or "its" or "previous" or "good" or "without" or "have" or "has" or "failed" or "which"
                || behind is "status" or "job" or "jobs" or "report" or "overview" or "history" or "list" or "storage" or "schedule" or "server" or "age" or "coverage" or "health" or "failed" or "fail" or "tasks" or "task" or "audit" or "state",
            "boot" or "start" => behind is "order" or "time" or "disk" or "log" or "device" or "mode",
            "change" or "move" or "copy" => before is "a" or "the" or "any" or "this",
            _ => false,
        };
    }

    /// <summary>Whether the word, with those behind it, is one that asks for a deed.</summary>
    public static bool IsDeed(IReadOnlyList<string> words, int at) => at < words.Count && DeedIn([.. words.Skip(at)]) is { At: 0 };

    private static FrozenDictionary<string, Deed> Forms(params (Deed Deed, string Words)[] verbs) =>
        verbs.SelectMany(v => v.Words.Split(' ').Select(w => (w, v.Deed))).ToFrozenDictionary(p => p.w, p => p.Deed, StringComparer.Ordinal);
}
