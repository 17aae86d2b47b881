namespace Jarvis.Simulator.Api;

internal static partial class EndpointTable
{
    private static IEnumerable<Endpoint> Lxc() =>
    [
        Get("/nodes/{node}/lxc", "all", "", GuestsApi.List),
        Get("/nodes/{node}/lxc/{vmid}/status/current", GuestAudit, "", GuestsApi.Current),
        Post("/nodes/{node}/lxc/{vmid}/status/start", GuestPower,
            "debug?:boolean skiplock?:boolean",
            PowerApi.Start),
        Post("/nodes/{node}/lxc/{vmid}/status/stop", GuestPower,
            "overrule-shutdown?:boolean skiplock?:boolean",
            PowerApi.Stop),
        Post("/nodes/{node}/lxc/{vmid}/status/shutdown", GuestPower,
            "forceStop?:boolean timeout?:integer(0..)",
            PowerApi.Shutdown),
        Post("/nodes/{node}/lxc/{vmid}/status/reboot", GuestPower, "timeout?:integer(0..)", PowerApi.Reboot),
        Post("/nodes/{node}/lxc/{vmid}/status/suspend", GuestPower, "", PowerApi.Suspend),
        Post("/nodes/{node}/lxc/{vmid}/status/resume", GuestPower, "", PowerApi.Resume),
        Get("/nodes/{node}/lxc/{vmid}/config", GuestAudit, "current?:boolean snapshot?", ConfigApi.Read),
        Put("/nodes/{node}/lxc/{vmid}/config", ConfigRights,
            LxcConfig
            + " delete? digest?:digest revert?",
            ConfigApi.Update),
        Post("/nodes/{node}/lxc", "all",
            LxcConfig
            + " ostemplate vmid:vmid bwlimit?:number(0..) force?:boolean ha-managed?:boolean "
            + "ignore-unpack-errors?:boolean password? pool? restore?:boolean ssh-public-keys? start?:boolean "
            + "storage?:storage unique?:boolean",
            LifecycleApi.Create),
        Delete("/nodes/{node}/lxc/{vmid}", "/vms/{vmid} VM.Allocate",
            "destroy-unreferenced-disks?:boolean force?:boolean purge?:boolean",
            LifecycleApi.Destroy),
        Get("/nodes/{node}/lxc/{vmid}/snapshot", GuestAudit, "", SnapshotsApi.List),
        Post("/nodes/{node}/lxc/{vmid}/snapshot", "/vms/{vmid} VM.Snapshot",
            "snapname:snapname description?",
            SnapshotsApi.Create),
        Post("/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/rollback", "/vms/{vmid} VM.Snapshot|VM.Snapshot.Rollback",
            "start?:boolean",
            SnapshotsApi.Rollback),
        Delete("/nodes/{node}/lxc/{vmid}/snapshot/{snapname}", "/vms/{vmid} VM.Snapshot",
            "force?:boolean",
            SnapshotsApi.Remove),
        Post("/nodes/{node}/lxc/{vmid}/migrate", "/vms/{vmid} VM.Migrate",
            "target:node bwlimit?:number(0..) online?:boolean restart?:boolean target-storage? "
            + "timeout?:integer",
            MigrateApi.Start),
        Post("/nodes/{node}/lxc/{vmid}/clone", "/vms/{vmid} VM.Clone and /vms/{newid} VM.Allocate or /pool/{pool} VM.Allocate",
            "newid:vmid bwlimit?:number(0..) description? full?:boolean hostname?:dns pool? "
            + "snapname?:snapname storage?:storage target?:node",
            LifecycleApi.Clone),
        Put("/nodes/{node}/lxc/{vmid}/resize", "/vms/{vmid} VM.Config.Disk",
            "disk:slot size digest?:digest",
            ConfigApi.Resize),
        Get("/nodes/{node}/lxc/{vmid}/interfaces", GuestAudit, "", AgentApi.ContainerInterfaces),
        Get("/nodes/{node}/lxc/{vmid}/rrddata", GuestAudit,
            "timeframe:enum(hour|day|week|month|year) cf?:enum(AVERAGE|MAX)",
            MetricsApi.Guest) with { Place = Place.Here },
        Post("/nodes/{node}/lxc/{vmid}/termproxy", "/vms/{vmid} VM.Console", "", ConsoleApi.GuestTerminal),
        Get("/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/config", "/vms/{vmid} VM.Snapshot|VM.Snapshot.Rollback|VM.Audit",
            "",
            SnapshotsApi.Read),
        Get("/nodes/{node}/lxc/{vmid}/migrate", "/vms/{vmid} VM.Migrate", "target?:node", MigrateApi.Preview),
        Post("/nodes/{node}/lxc/{vmid}/template", "/vms/{vmid} VM.Allocate", "", LifecycleApi.Template),
        Post("/nodes/{node}/lxc/{vmid}/move_volume", "/vms/{vmid} VM.Config.Disk",
            "volume:slot bwlimit?:number(0..) delete?:boolean digest?:digest storage?:storage target-digest? "
            + "target-vmid?:vmid target-volume?:slot",
            ConfigApi.MoveDisk),
        Get("/nodes/{node}/lxc/{vmid}/pending", GuestAudit, "", ConfigApi.Pending),
        Post("/nodes/{node}/lxc/{vmid}/vncproxy", "/vms/{vmid} VM.Console",
            "height?:integer(16..2160) websocket?:boolean width?:integer(16..4096)",
            ConsoleApi.Guest),
        Get("/nodes/{node}/lxc/{vmid}/vncwebsocket", "/vms/{vmid} VM.Console",
            "port:integer(5900..5999) vncticket",
            ConsoleApi.Socket) with { Socket = true },
        Get("/nodes/{node}/lxc/{vmid}/firewall/options", GuestAudit, "", ClusterApi.FirewallOptions),
    ];
}
