using System.Numerics;

namespace Jarvis.Simulator.Access;

/// <summary>A set of privileges as bits; the names are those of PVE 9.</summary>
internal readonly record struct Privileges(ulong Bits)
{
    private static readonly string[] Known =
    [
        "Datastore.Allocate", "Datastore.AllocateSpace", "Datastore.AllocateTemplate", "Datastore.Audit",
        "Group.Allocate", "Mapping.Audit", "Mapping.Modify", "Mapping.Use", "Permissions.Modify",
        "Pool.Allocate", "Pool.Audit", "Realm.Allocate", "Realm.AllocateUser",
        "SDN.Allocate", "SDN.Audit", "SDN.Use",
        "Sys.AccessNetwork", "Sys.Audit", "Sys.Console", "Sys.Incoming", "Sys.Modify", "Sys.PowerMgmt", "Sys.Syslog",
        "User.Modify", "VM.Allocate", "VM.Audit", "VM.Backup", "VM.Clone",
        "VM.Config.CDROM", "VM.Config.CPU", "VM.Config.Cloudinit", "VM.Config.Disk", "VM.Config.HWType",
        "VM.Config.Memory", "VM.Config.Network", "VM.Config.Options", "VM.Console",
        "VM.GuestAgent.Audit", "VM.GuestAgent.FileRead", "VM.GuestAgent.FileSystemMgmt", "VM.GuestAgent.FileWrite",
        "VM.GuestAgent.Unrestricted", "VM.Migrate", "VM.PowerMgmt", "VM.Replicate", "VM.Snapshot",
            "VM.Snapshot.Rollback",
    ];

    public static Privileges None => default;
    public static Privileges All { get; } = new((1UL << Known.Length) - 1);
    public bool IsEmpty => Bits == 0;

    public IEnumerable<string> Names
    {
        get
        {
            for (var rest = Bits; rest != 0; rest &= rest - 1)
            {
                yield return Known[BitOperations.TrailingZeroCount(rest)];
            }
        }
    }

    public static Privileges Of(params ReadOnlySpan<string> names)
    {
        var bits = 0UL;
        foreach (var name in names)
        {
            var index = Array.IndexOf(Known, name);
            bits |= index >= 0 ? 1UL << index : throw PveException.Parameter("privs", $"invalid privilege '{name}'");
        }
        return new(bits);
    }

    public static Privileges Where(Func<string, bool> take) => Of([.. Known.Where(take)]);

    public bool Any(Privileges wanted) => (Bits & wanted.Bits) != 0;
    public bool Has(Privileges wanted) => (Bits & wanted.Bits) == wanted.Bits;

    public static Privileges operator |(Privileges a, Privileges b) => new(a.Bits | b.Bits);
    public static Privileges operator &(Privileges a, Privileges b) => new(a.Bits & b.Bits);
}
