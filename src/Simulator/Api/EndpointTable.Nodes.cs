namespace Jarvis.Simulator.Api;

internal static partial class EndpointTable
{
    private static IEnumerable<Endpoint> Nodes() =>
    [
        Get("/nodes", "all", "", NodesApi.List),
        Get("/nodes/{node}/status", NodeAudit, "", NodesApi.Status),
        Post("/nodes/{node}/status", "/nodes/{node} Sys.PowerMgmt",
            "command:enum(reboot|shutdown)",
            NodesApi.Power),
        Get("/nodes/{node}/rrddata", NodeAudit,
            "timeframe:enum(hour|day|week|month|year|decade) cf?:enum(AVERAGE|MAX)",
            MetricsApi.Node) with { Place = Place.Here },
        Get("/nodes/{node}/version", "all", "", ClusterApi.Version),
        Get("/nodes/{node}/tasks", "all",
            "errors?:boolean limit?:integer(0..) since?:integer source?:enum(archive|active|all) "
            + "start?:integer(0..) statusfilter? typefilter? until?:integer userfilter? vmid?:vmid",
            TasksApi.List),
        Get("/nodes/{node}/tasks/{upid}/status", "all", "", TasksApi.Status),
        Get("/nodes/{node}/tasks/{upid}/log", "all",
            "download?:boolean limit?:integer(0..) start?:integer(0..)",
            TasksApi.Log),
        Delete("/nodes/{node}/tasks/{upid}", "all", "", TasksApi.Stop),
        Post("/nodes/{node}/wakeonlan", "/nodes/{node} Sys.PowerMgmt", "", NodesApi.Wake) with { Place = Place.Here },
        Post("/nodes/{node}/termproxy", "/nodes/{node} Sys.Console",
            "cmd?:enum(ceph_install|login|upgrade) cmd-opts?",
            ConsoleApi.Terminal),
        Get("/nodes/{node}/vncwebsocket", "/nodes/{node} Sys.Console",
            "port:integer(5900..5999) vncticket",
            ConsoleApi.Socket) with { Socket = true },
        Post("/nodes/{node}/vncshell", "/nodes/{node} Sys.Console",
            "cmd?:enum(ceph_install|login|upgrade) cmd-opts? height?:integer(16..2160) websocket?:boolean "
            + "width?:integer(16..4096)",
            ConsoleApi.Terminal),
        Post("/nodes/{node}/startall", "all",
            "force?:boolean max-workers?:integer(1..64) vms?",
            NodesApi.StartAll),
        Post("/nodes/{node}/stopall", "all",
            "force-stop?:boolean max-workers?:integer(1..64) timeout?:integer(0..7200) vms?",
            NodesApi.StopAll),
        Post("/nodes/{node}/migrateall", "all",
            "target:node max-workers?:integer(1..64) maxworkers?:integer(1..64) vms? "
            + "with-local-disks?:boolean",
            NodesApi.MigrateAll),
        Get("/nodes/{node}/replication", "all", "guest?:integer(100..999999999)", ReplicationApi.OnNode),
    ];
}
