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

    /// <summary>Granted on the whole sub-tree it matters for, though not on the root.</summary>
    private static bool EachOf(IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>> permissions, string privilege)
    {
        var tree = privilege switch { "VM.Audit" => "/vms", "Sys.Audit" => "/nodes", _ => "/storage" };
        var onTree = permissions.TryGetValue(tree, out var held) && held.TryGetValue(privilege, out var propagates) && propagates;
        // Quorum and membership are asked on the root itself, whatever is granted below.
        return onTree && (privilege != "Sys.Audit" || permissions.TryGetValue("/", out var root) && root.ContainsKey(privilege));
    }

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
