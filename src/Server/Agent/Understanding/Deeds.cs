using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Agent.Understanding;

/// <summary>From a deed and what it is to be done to, to the calls that do it.</summary>
internal sealed partial class Deeds(Said said, IReadOnlyList<Mention> mentions, IReadOnlyList<ClusterView> clusters, DateTimeOffset now)
{
    private readonly bool _several = clusters.Count > 1;

    /// <summary>Null when it is no deed that can be done here.</summary>
    public Understood? Of(Deed deed, bool exact)
    {
        var guests = mentions.Where(m => m.Guest is not null && !IsDestination(m)).ToList();
        var nodes = mentions.Where(m => m.Node is not null && m.Guest is null && !IsDestination(m)).ToList();
        if (Group() is { } group && deed is Deed.Start or Deed.Shutdown or Deed.Stop or Deed.Restart or Deed.Snapshot or Deed.Backup) return Bulk(deed, group, exact);
        if (guests.Count == 0 && nodes.Count > 0 && deed is not Deed.Create) return OfNode(deed, nodes[0], exact);
        if (deed is Deed.Create) return new Understood.Missing("A new guest needs more than a sentence: open Tools and choose create_vm or create_container, or clone one, as in “clone web as web2”.");
        if (guests.Count == 0) return deed is Deed.Destroy && mentions is [{ Storage: not null } storage, ..] ? Named("delete_storage", new() { ["storage"] = storage.Storage!.Name }, storage, deed, exact) : new Understood.Missing(Whom(deed));
        if (deed is Deed.Destroy && said.Has("snapshot", "snapshots")) deed = Deed.DeleteSnapshot;
        return deed switch
        {
            Deed.Start or Deed.Shutdown or Deed.Stop or Deed.Restart or Deed.Suspend or Deed.Resume or Deed.Unlock or Deed.Destroy or Deed.Snapshot or Deed.Backup => Each(guests, deed, exact),
            Deed.Rollback => WithSnapshot("rollback_snapshot", guests[0], deed, exact),
            Deed.DeleteSnapshot => WithSnapshot("delete_snapshot", guests[0], deed, exact),
            Deed.Restore when said.Has("snapshot") => WithSnapshot("rollback_snapshot", guests[0], Deed.Rollback, exact),
            Deed.Restore => new Understood.Calls([new("get_backups", Guest(guests[0]))], Topic.Backups, exact) { About = guests[0], Guess = $"A backup is restored on the page of {guests[0].Guest!.Name}, or by its volume: what is there is never overwritten." },
            Deed.Migrate => Migrate(guests[0], exact),
            Deed.Clone => Clone(guests[0], exact),
            Deed.Resize or Deed.Change => OfDisk(deed) ? Resize(guests[0], exact) : Change(guests[0], exact),
            Deed.Rename => After("to", "as") is { } name ? Named("update_guest", Guest(guests[0], ("name", name)), guests[0], deed, exact) : new Understood.Missing($"What shall {guests[0].Guest!.Name} be called?"),
            _ => null,
        };
    }

    private Understood? OfNode(Deed deed, Mention node, bool exact)
    {
        var name = node.Node!.Name;
        return deed switch
        {
            Deed.Restart => Named("reboot_node", Arguments(node, ("node", name)), node, deed, exact),
            Deed.Evacuate or Deed.Migrate when deed is Deed.Evacuate || said.Has("everything", "all", "guests", "off") => Named("evacuate_node", Arguments(node, ("node", name)), node, Deed.Evacuate, exact),
            Deed.Destroy => Named("remove_node", Arguments(node, ("node", name)), node, deed, exact),
            Deed.Start => new Understood.Missing($"{name} is a node; I can't switch a machine on. Which of its guests shall I start?"),
            Deed.Shutdown or Deed.Stop => new Understood.Missing($"{name} is a node. I can restart it (“restart {name}”) or move its guests away (“evacuate {name}”), but I don't switch it off for good. If you mean its guests, say “shut down all guests on {name}”."),
            _ => new Understood.Missing(Whom(deed)),
        };
    }

    private Understood.Calls Each(List<Mention> guests, Deed deed, bool exact) =>
        new([.. guests.DistinctBy(g => (g.Cluster, g.Guest!.Vmid)).Select(g => One(g, deed))], Topic.Deed, exact && guests.All(g => g.Exact)) { About = guests[0], Deed = deed, Guess = Guessed(guests) };

    private Wanted One(Mention of, Deed deed)
    {
        var kind = of.Guest!.Type is GuestType.Vm ? "vm" : "container";
        return deed switch
        {
            Deed.Start when of.Guest.Status is GuestStatus.Paused or GuestStatus.Suspended && kind == "vm" => new("resume_vm", Guest(of)),
            Deed.Start => new($"start_{kind}", Guest(of)),
            Deed.Shutdown when IsForced() => new($"stop_{kind}", Guest(of)),
            Deed.Shutdown => new($"shutdown_{kind}", Guest(of)),
            Deed.Stop => new($"stop_{kind}", Guest(of)),
            Deed.Restart => new($"restart_{kind}", Guest(of)),
            Deed.Suspend => new("suspend_vm", Guest(of)),
            Deed.Resume => new("resume_vm", Guest(of)),
            Deed.Unlock => new("unlock_guest", Guest(of)),
            Deed.Destroy => new($"destroy_{kind}", Guest(of)),
            Deed.Snapshot => new("create_snapshot", Snapshot(of)),
            _ => new("backup_guest", Backup(of)),
        };
    }

    private JsonObject Snapshot(Mention of)
    {
        var occasion = Occasion();
        var made = Guest(of, ("name", After("called", "named", "as", "name", "name:") is { } given && SnapshotName(given) is { } named ? named : occasion is null ? $"jarvis-{now.UtcDateTime.ToString("yyyyMMdd-HHmm", CultureInfo.InvariantCulture)}" : SnapshotName(occasion)!));
        if (said.HasPhrase("with memory", "including memory", "with ram", "with its memory", "including ram") && of.Guest!.Type is GuestType.Vm) made["with_memory"] = true;
        return made;
    }

    private JsonObject Backup(Mention of)
    {
        var made = Guest(of);
        if (mentions.FirstOrDefault(m => m.Storage is not null && m != of && IsDestination(m)) is { } to) made["storage"] = to.Storage!.Name;
        if (said.Has("stop") && said.Has("mode")) made["mode"] = "stop";
        else if (said.Has("suspend") && said.Has("mode")) made["mode"] = "suspend";
        return made;
    }

    private Understood.Calls WithSnapshot(string tool, Mention guest, Deed deed, bool exact)
    {
        var name = After("called", "named", "snapshot", "to", "point") is { } one && !Vocabulary.Common(one) && one is not ("snapshot" or "last" or "latest" or "of" or "previous") ? one
            : deed is Deed.DeleteSnapshot && Before("snapshot") is { } before && !Vocabulary.Common(before) && !Vocabulary.Knows(before) ? before : null;
        return name is not null ? Named(tool, Guest(guest, ("name", name)), guest, deed, exact)
            : new Understood.Calls([new("get_snapshots", Guest(guest))], Topic.Snapshots, exact) { About = guest, Guess = $"Name the one that is meant, as in “{(deed is Deed.Rollback ? "roll" : "delete the snapshot NAME of")} {guest.Guest!.Name}{(deed is Deed.Rollback ? " back to NAME" : "")}”." };
    }

    private Understood Migrate(Mention guest, bool exact)
    {
        var to = mentions.FirstOrDefault(m => m.Node is not null && m != guest && IsDestination(m)) ?? mentions.LastOrDefault(m => m.Node is not null && m != guest && !IsOrigin(m));
        if (to is null) return new Understood.Missing($"To which node shall {guest.Guest!.Name} move?");
        var made = Guest(guest, ("target_node", to.Node!.Name));
        if (said.HasPhrase("offline")) made["online"] = false;
        return Named("migrate_guest", made, guest, Deed.Migrate, exact && to.Exact);
    }

    private Understood Clone(Mention guest, bool exact)
    {
        if (After("called", "named", "as", "to", "name") is not { } name || Vocabulary.Common(name)) return new Understood.Missing($"What shall the copy of {guest.Guest!.Name} be called?");
        var made = Guest(guest, ("name", name));
        if (mentions.FirstOrDefault(m => m.Node is not null && m != guest && said.Words.ElementAtOrDefault(m.At - 1) is "on" or "onto") is { } on) made["target_node"] = on.Node!.Name;
        return Named("clone_guest", made, guest, Deed.Clone, exact);
    }

    private Understood Resize(Mention guest, bool exact)
    {
        if (Gibibytes() is not { } add) return new Understood.Missing($"By how many GiB shall the disk of {guest.Guest!.Name} grow?");
        var disk = said.Words.FirstOrDefault(w => DiskName().IsMatch(w)) ?? (guest.Guest!.Type is GuestType.Container ? "rootfs" : null);
        return disk is null
            ? new Understood.Calls([new("get_guest_config", Guest(guest))], Topic.Disk, exact) { About = guest, Guess = $"Name the disk too, as in “add {add} GiB to scsi0 of {guest.Guest!.Name}”." }
            : Named("resize_disk", Guest(guest, ("disk", disk), ("add_gib", add)), guest, Deed.Resize, exact);
    }

    // To enlarge is of a disk unless memory or cores are named; to change is of a disk only where one is named.
    private bool OfDisk(Deed deed) =>
        !said.Has("memory", "ram", "cores", "core", "cpus", "cpu", "vcpus", "processors") && (deed is Deed.Resize || said.Has("disk", "storage", "space", "rootfs") || said.Words.Any(w => DiskName().IsMatch(w)));

    private Understood Change(Mention guest, bool exact)
    {
        var made = Guest(guest);
        if (said.Has("memory", "ram") && Mebibytes() is { } memory) made["memory_mib"] = memory;
        if (said.Has("cores", "core", "cpus", "cpu", "processors", "vcpus") && Before("cores", "core", "cpus", "cpu", "processors", "vcpus") is { } cores && int.TryParse(cores, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) made["cores"] = count;
        else if (said.Has("cores", "cpus") && After("to") is { } to && int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out count)) made["cores"] = count;
        if (made.Count == 1 && Mebibytes() is { } bare && said.Has("gb", "gib", "mb", "mib", "gigs", "gig") | said.Words.Any(w => SizeWord().IsMatch(w))) made["memory_mib"] = bare;
        if (said.HasPhrase("at boot", "on boot", "autostart", "start at boot")) made["onboot"] = !said.Has("not", "off", "no");
        return made.Count > (_several ? 2 : 1) ? Named("update_guest", made, guest, Deed.Change, exact) : new Understood.Missing($"What shall be changed of {guest.Guest!.Name}? I can set its cores and its memory, as in “give {guest.Guest!.Name} 4 cores” or “set the memory of {guest.Guest!.Name} to 8 GB”.");
    }

    private Understood.Calls Bulk(Deed deed, JsonObject group, bool exact) =>
        new([new("bulk_guests", new() { ["action"] = deed switch { Deed.Start => "start", Deed.Shutdown when IsForced() => "stop", Deed.Shutdown => "shutdown", Deed.Stop => "stop", Deed.Restart => "restart", Deed.Snapshot => "snapshot", _ => "backup" }, ["selector"] = group })], Topic.Deed, exact) { Deed = deed };

    // All guests of something: "everything on pico", "all vms tagged media", "the media pool".
    private JsonObject? Group()
    {
        if (mentions.FirstOrDefault(m => m.Tag is not null && m.Guest is null && m.Node is null) is { } tag && !said.Has("pool")) return new() { ["tag"] = tag.Tag };
        if (mentions.FirstOrDefault(m => m.Pool is not null && m.Guest is null && m.Node is null) is { } pool) return new() { ["pool"] = pool.Pool };
        return mentions is [{ Node: { } node, Guest: null }] && said.Has("everything", "all", "every", "guests", "vms", "containers", "machines") && said.Has("on", "of", "from", "in") ? new() { ["node"] = node.Name } : null;
    }

    private static Understood.Calls Named(string tool, JsonObject arguments, Mention about, Deed deed, bool exact) =>
        new([new(tool, arguments)], Topic.Deed, exact && about.Exact) { About = about, Deed = deed, Guess = Guessed([about]) };

    private JsonObject Guest(Mention of, params ReadOnlySpan<(string Name, JsonNode? Value)> more) => GuestArguments(of, clusters, more);

    private JsonObject Arguments(Mention of, params ReadOnlySpan<(string Name, JsonNode? Value)> more) => With([], of, _several, more);

    /// <summary>A guest by its name, or by its number where others have that name too.</summary>
    internal static JsonObject GuestArguments(Mention of, IReadOnlyList<ClusterView> clusters, params ReadOnlySpan<(string Name, JsonNode? Value)> more)
    {
        var guest = of.Guest!;
        var named = clusters.First(c => c.Key == of.Cluster).Guests.Count(g => !g.Missing && g.Name == guest.Name) == 1 && !guest.Name.All(char.IsAsciiDigit);
        return With(new() { ["guest"] = named ? guest.Name : guest.Vmid }, of, clusters.Count > 1, more);
    }

    private static JsonObject With(JsonObject made, Mention of, bool several, ReadOnlySpan<(string Name, JsonNode? Value)> more)
    {
        foreach (var (name, value) in more) made[name] = value;
        if (several) made["cluster"] = of.Cluster;
        return made;
    }

    // Where a guest is sent: what stands behind "to" beside a guest, and can hold one.
    private bool IsDestination(Mention of) => of.At > 0 && said.Words[of.At - 1] is "to" or "onto" or "on" && (of.Node is not null || of.Storage is not null) && mentions.Any(m => m != of && m.Guest is not null);

    private bool IsOrigin(Mention of) => of.At > 0 && said.Words[of.At - 1] is "from";

    private bool IsForced() => said.Has("force", "forcefully", "forcibly", "hard") || said.HasPhrase("pull the plug");

    private string? After(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            var at = said.Words.ToList().LastIndexOf(word);
            if (at >= 0 && at + 1 < said.Words.Count && mentions.All(m => m.At != at + 1)) return said.Words[at + 1];
        }

        return null;
    }

    private string? Before(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            var at = said.Words.ToList().IndexOf(word);
            if (at > 0 && mentions.All(m => m.At != at - 1)) return said.Words[at - 1];
        }

        return null;
    }

    private long? Mebibytes() => Size() is { } size ? (long)(size.Number * (size.Unit[0] is 't' ? 1048576 : size.Unit[0] is 'm' ? 1 : 1024)) : null;

    private int? Gibibytes() => Size() is { } size ? (int)Math.Ceiling(size.Number * (size.Unit[0] is 't' ? 1024 : size.Unit[0] is 'm' ? 1.0 / 1024 : 1)) : null;

    private (double Number, string Unit)? Size()
    {
        for (var i = 0; i < said.Words.Count; i++)
        {
            if (mentions.Any(m => i >= m.At && i < m.At + m.Length)) continue;
            var whole = SizeWord().Match(said.Words[i]);
            if (whole.Success) return (double.Parse(whole.Groups[1].Value, CultureInfo.InvariantCulture), whole.Groups[2].Value);
            if (double.TryParse(said.Words[i], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && i + 1 < said.Words.Count && said.Words[i + 1] is var unit && unit is "gb" or "gib" or "g" or "mb" or "mib" or "m" or "tb" or "tib" or "gigs" or "gig" or "gigabytes" or "megabytes" or "terabytes") return (number, unit);
        }

        return null;
    }

    // "before I upgrade it" → before-upgrade
    private string? Occasion()
    {
        var at = said.Words.ToList().IndexOf("before");
        if (at < 0) return null;
        var rest = said.Words.Skip(at + 1).Where(w => !Vocabulary.Common(w) && w is not ("start" or "begin" or "going" or "my")).Take(3).ToList();
        return rest.Count == 0 ? null : $"before-{string.Join('-', rest.Select(Stem))}";
    }

    private static string Stem(string word) => word is "upgrading" or "upgraded" ? "upgrade" : word is "updating" ? "update" : word;

    /// <summary>As Proxmox takes it: a letter first, then letters, digits, dashes and underscores, 40 at most.</summary>
    private static string? SnapshotName(string text)
    {
        var name = string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '-')).Trim('-');
        if (name.Length > 0 && !char.IsAsciiLetter(name[0])) name = "s" + name;
        return name.Length < 2 ? null : name.Length > 40 ? name[..40].TrimEnd('-') : name;
    }

    private static string? Guessed(IReadOnlyList<Mention> mentions) => mentions.FirstOrDefault(m => !m.Exact) is { } one ? $"I take it that you mean {one.Guest?.Name ?? one.Node?.Name ?? one.Storage?.Name}." : null;

    private static string Whom(Deed deed) => deed switch
    {
        Deed.Snapshot => "Of which guest shall I make a snapshot?",
        Deed.Backup => "Which guest shall I back up?",
        Deed.Evacuate => "Which node shall I empty?",
        Deed.Rollback => "Which guest shall go back, and to which snapshot?",
        Deed.DeleteSnapshot => "Which snapshot of which guest shall I delete?",
        _ => $"Which guest shall I {deed.ToString().ToLowerInvariant().Replace("shutdown", "shut down", StringComparison.Ordinal)}? Name it, or give its number.",
    };

    [GeneratedRegex(@"\A(\d+(?:\.\d+)?)(gb|gib|g|mb|mib|m|tb|tib|t)\z")]
    private static partial Regex SizeWord();

    [GeneratedRegex(@"\A(?:scsi|virtio|sata|ide|mp)\d{1,2}\z|\Arootfs\z")]
    private static partial Regex DiskName();
}
