namespace Jarvis.Server.Cluster;

/// <summary>Reads what a token may do from <c>/access/permissions</c> (path → privilege → propagates).</summary>
internal static class Access
{
    private static readonly string[] Watching = ["Sys.Audit", "VM.Audit", "Datastore.Audit"];

    public static AccessView Judge(IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>> permissions, string tokenId)
    {
        bool Anywhere(string privilege) => permissions.Values.Any(p => p.ContainsKey(privilege));
        bool Everywhere(string privilege) => permissions.TryGetValue("/", out var root) && root.TryGetValue(privilege, out var propagates) && propagates;

        var missing = Watching.Where(p => !Everywhere(p) && !EachOf(permissions, p)).ToArray();
        return new(
            CanSeeNodes: Anywhere("Sys.Audit"),
            CanSeeGuests: Anywhere("VM.Audit"),
            CanSeeStorage: Anywhere("Datastore.Audit"),
            Missing: missing,
            Cure: missing.Length == 0 ? [] : Cure(tokenId));
    }

    /// <summary>Whether a privilege is held on a path, be it from above.</summary>
    public static bool Holds(IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>> permissions, string path, string privilege)
    {
        if (permissions.TryGetValue(path, out var own)) return own.ContainsKey(privilege);
        for (var above = path; above.Length > 1;)
        {
            above = above.LastIndexOf('/') is > 0 and var cut ? above[..cut] : "/";
            // The nearest path that is listed says all: it holds what comes from above it too.
            if (permissions.TryGetValue(above, out var held)) return held.TryGetValue(privilege, out var propagates) && propagates;
        }

        return false;
    }

    /// <summary>Granted on the whole sub-tree it matters for, though not on the root.</summary>
    private static bool EachOf(IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>> permissions, string privilege)
    {
        var tree = privilege switch { "VM.Audit" => "/vms", "Sys.Audit" => "/nodes", _ => "/storage" };
        var onTree = permissions.TryGetValue(tree, out var held) && held.TryGetValue(privilege, out var propagates) && propagates;
        // Quorum and membership are asked on the root itself, whatever is granted below.
        return onTree && (privilege != "Sys.Audit" || permissions.TryGetValue("/", out var root) && root.ContainsKey(privilege));
    }

    /// <summary>As below, for backups, which no read-only role of Proxmox shows.</summary>
    public static IReadOnlyList<string> ToSeeBackups(string tokenId) =>
    [
        "pveum role add BackupReader --privs 'Datastore.AllocateSpace VM.Backup'",
        $"pveum acl modify / --roles BackupReader --users '{tokenId.Split('!')[0]}'",
        $"pveum acl modify / --roles BackupReader --tokens '{tokenId}'",
    ];

    /// <summary>The lines to paste on any node, as root. A token with privilege separation needs its own grant beside the user's.</summary>
    private static string[] Cure(string tokenId)
    {
        var user = tokenId.Split('!')[0];
        return
        [
            $"pveum acl modify / --roles PVEAuditor --users '{user}'",
            $"pveum acl modify / --roles PVEAuditor --tokens '{tokenId}'",
        ];
    }
}
