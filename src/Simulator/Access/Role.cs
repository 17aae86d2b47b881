namespace Jarvis.Simulator.Access;

/// <summary>A named set of privileges; the built-in ones cannot be changed.</summary>
internal sealed record Role(string Id, Privileges Privileges, bool Special)
{
    public const string NoAccess = "NoAccess";
    public const string Administrator = "Administrator";

    private static readonly string[] RootOnly =
        ["Sys.PowerMgmt", "Sys.Modify", "Sys.Incoming", "Sys.AccessNetwork", "Realm.Allocate", "Permissions.Modify"];

    private static readonly string[] VmUser =
        ["VM.Audit", "VM.GuestAgent.Audit", "VM.Backup", "VM.Config.CDROM", "VM.Config.Cloudinit", "VM.Console",
            "VM.PowerMgmt"];

    public static IEnumerable<Role> BuiltIn()
    {
        yield return new(Administrator, Privileges.All, true);
        yield return new(NoAccess, Privileges.None, true);
        yield return Make("PVEAdmin", p => !RootOnly.Contains(p));
        yield return Make("PVEAuditor", p => p.EndsWith(".Audit", StringComparison.Ordinal));
        yield return Make("PVEDatastoreAdmin", p => p.StartsWith("Datastore.", StringComparison.Ordinal));
        yield return Make("PVEDatastoreUser", p => p is "Datastore.AllocateSpace" or "Datastore.Audit");
        yield return Make("PVEMappingAdmin", p => p.StartsWith("Mapping.", StringComparison.Ordinal));
        yield return Make("PVEMappingAuditor", p => p == "Mapping.Audit");
        yield return Make("PVEMappingUser", p => p is "Mapping.Audit" or "Mapping.Use");
        yield return Make("PVEPoolAdmin", p => p.StartsWith("Pool.", StringComparison.Ordinal));
        yield return Make("PVEPoolUser", p => p == "Pool.Audit");
        yield return Make("PVESDNAdmin", p => p.StartsWith("SDN.", StringComparison.Ordinal));
        yield return Make("PVESDNUser", p => p is "SDN.Audit" or "SDN.Use");
        yield return Make("PVESysAdmin", p => p is "Sys.Audit" or "Sys.Console" or "Sys.Syslog");
        yield return Make("PVETemplateUser", p => p is "VM.Audit" or "VM.Clone");
        yield return Make("PVEUserAdmin", p => p is "Group.Allocate" or "Realm.AllocateUser" or "User.Modify");
        yield return Make("PVEVMAdmin", p => p.StartsWith("VM.", StringComparison.Ordinal));
        yield return Make("PVEVMUser", VmUser.Contains);
    }

    private static Role Make(string id, Func<string, bool> take) => new(id, Privileges.Where(take), true);
}
