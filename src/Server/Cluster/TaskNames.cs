using System.Collections.Frozen;

namespace Jarvis.Server.Cluster;

/// <summary>Types of tasks in words, for sentences: "Backup of 102 failed on pve1".</summary>
internal static class TaskNames
{
    private static readonly FrozenDictionary<string, string> _named = new Dictionary<string, string>
    {
        ["aptupdate"] = "Update of package lists",
        ["download"] = "Download",
        ["imgcopy"] = "Copy of an image",
        ["resize"] = "Resize",
        ["srvreload"] = "Reload",
        ["srvrestart"] = "Restart",
        ["srvstart"] = "Start",
        ["srvstop"] = "Stop",
        ["startall"] = "Start of all guests",
        ["stopall"] = "Stop of all guests",
        ["vncproxy"] = "Console",
        ["vncshell"] = "Shell",
        ["vzdump"] = "Backup",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // The same of a VM and of a container, by their prefixes.
    private static readonly FrozenDictionary<string, string> _ofGuests = new Dictionary<string, string>
    {
        ["clone"] = "Clone",
        ["config"] = "Change",
        ["create"] = "Creation",
        ["destroy"] = "Removal",
        ["igrate"] = "Migration",
        ["migrate"] = "Migration",
        ["reboot"] = "Reboot",
        ["reset"] = "Reset",
        ["restore"] = "Restore",
        ["resume"] = "Resume",
        ["rollback"] = "Rollback",
        ["shutdown"] = "Shutdown",
        ["snapshot"] = "Snapshot",
        ["delsnapshot"] = "Removal of a snapshot",
        ["start"] = "Start",
        ["stop"] = "Stop",
        ["suspend"] = "Suspend",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What was done to what; Proxmox's own word where there is none.</summary>
    public static string Of(string type, string target) => (Word(type), target) switch
    {
        (null, "") => type,
        (null, _) => $"{type} {target}",
        ({ } word, "") => word,
        ({ } word, _) => $"{word} of {target}",
    };

    private static string? Word(string type)
    {
        if (_named.TryGetValue(type, out var word)) return word;
        var ofGuest = type.StartsWith("qm", StringComparison.Ordinal) || type.StartsWith("vz", StringComparison.Ordinal);
        return ofGuest ? _ofGuests.GetValueOrDefault(type[2..]) : null;
    }
}
