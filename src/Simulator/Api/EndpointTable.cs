namespace Jarvis.Simulator.Api;

/// <summary>Every endpoint that is simulated, with what it asks for.</summary>
internal static partial class EndpointTable
{
    private const string Audit = "/ Sys.Audit";
    private const string CephSight = "/ Sys.Audit|Datastore.Audit";
    private const string NodeAudit = "/nodes/{node} Sys.Audit";
    private const string NodeModify = "/nodes/{node} Sys.Modify";
    private const string StorageSight = "/storage/{storage} Datastore.Audit|Datastore.AllocateSpace";
    private const string GuestAudit = "/vms/{vmid} VM.Audit";
    private const string GuestPower = "/vms/{vmid} VM.PowerMgmt";
    private const string AgentSight = "/vms/{vmid} VM.GuestAgent.Audit|VM.GuestAgent.Unrestricted";
    private const string ConfigRights = "/vms/{vmid} VM.Config.Disk|VM.Config.CDROM|VM.Config.CPU|VM.Config.Memory|"
        + "VM.Config.Network|VM.Config.HWType|VM.Config.Options|VM.Config.Cloudinit";

    private static readonly Endpoint[] Endpoints =
        [.. Cluster(), .. Access(), .. Nodes(), .. Host(), .. Storages(), .. Qemu(), .. Lxc()];

    private static readonly Endpoint QemuSettings = Endpoints.First(e =>
        e is { Method: "PUT", Path: "/nodes/{node}/qemu/{vmid}/config" });
    private static readonly Endpoint LxcSettings = Endpoints.First(e =>
        e is { Method: "PUT", Path: "/nodes/{node}/lxc/{vmid}/config" });

    public static IReadOnlyList<Endpoint> All() => Endpoints;

    /// <summary>How a key of a guest's configuration is typed.</summary>
    public static Parameter? ConfigParameter(GuestKind kind, string key) =>
        (kind == GuestKind.Qemu ? QemuSettings : LxcSettings).Find(key);

    private static Endpoint Get(string path, string privileges, string parameters, Handler handler) =>
        New("GET", path, privileges, parameters, handler);

    private static Endpoint Post(string path, string privileges, string parameters, Handler handler) =>
        New("POST", path, privileges, parameters, handler);

    private static Endpoint Put(string path, string privileges, string parameters, Handler handler) =>
        New("PUT", path, privileges, parameters, handler);

    private static Endpoint Delete(string path, string privileges, string parameters, Handler handler) =>
        New("DELETE", path, privileges, parameters, handler);

    private static Endpoint New(string method, string path, string privileges, string parameters, Handler handler) =>
        new(method, path, privileges, parameters, handler)
        {
            Place = path.StartsWith("/nodes/{node}/", StringComparison.Ordinal) ? Place.Node : Place.Here,
        };
}
