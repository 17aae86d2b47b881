namespace Jarvis.Simulator.Api;

internal static partial class EndpointTable
{
    private static IEnumerable<Endpoint> Cluster() =>
    [
        Get("/version", "all", "", ClusterApi.Version),
        Get("/cluster/status", Audit, "", ClusterApi.Status),
        Get("/cluster/resources", "all", "type?:enum(vm|storage|node|sdn)", ResourcesApi.List),
        Get("/cluster/tasks", "all", "", TasksApi.ClusterList),
        Get("/cluster/log", "all", "max?:integer(1..)", ClusterApi.Log),
        Get("/cluster/nextid", "all", "vmid?:vmid", ClusterApi.NextId),
        Get("/cluster/options", Audit, "", ClusterApi.Options),
        Put("/cluster/options", "/ Sys.Modify",
            "bwlimit? consent-text? console?:enum(applet|vv|html5|xtermjs) crs? delete? description? "
            + "email_from? fencing?:enum(watchdog|hardware|both) ha? http_proxy? "
            + "keyboard?:enum(de|de-ch|da|en-gb|en-us|es|fi|fr|fr-be|fr-ca|fr-ch|hu|is|it|ja|lt|mk|nl|no|pl|pt|pt-br|sv|sl|tr) "
            + "language?:enum(ar|ca|da|de|en|es|eu|fa|fr|hr|he|it|ja|ka|kr|nb|nl|nn|pl|pt_BR|ru|sl|sv|tr|ukr|zh_CN|zh_TW) "
            + "location? mac_prefix? max_workers?:integer(1..) migration? migration_unsecure?:boolean next-id? "
            + "notify? registered-tags? replication? tag-style? u2f? user-tag-access? webauthn?",
            ClusterApi.UpdateOptions),
        Get("/cluster/ha/status/current", Audit, "", HaApi.Current),
        Get("/cluster/ha/status/manager_status", Audit, "", HaApi.ManagerStatus),
        Get("/cluster/ha/resources", Audit, "type?:enum(ct|vm)", HaApi.List),
        Post("/cluster/ha/resources", "/ Sys.Console",
            "sid auto-rebalance?:boolean comment? failback?:boolean group? max_relocate?:integer(0..) "
            + "max_restart?:integer(0..) state?:enum(started|stopped|enabled|disabled|ignored) "
            + "type?:enum(ct|vm)",
            HaApi.Add),
        Put("/cluster/ha/resources/{sid}", "/ Sys.Console",
            "auto-rebalance?:boolean comment? delete? digest?:digest failback?:boolean group? "
            + "max_relocate?:integer(0..) max_restart?:integer(0..) "
            + "state?:enum(started|stopped|enabled|disabled|ignored)",
            HaApi.Update),
        Delete("/cluster/ha/resources/{sid}", "/ Sys.Console", "purge?:boolean", HaApi.Remove),
        Post("/cluster/ha/resources/{sid}/migrate", "/ Sys.Console", "node:node", HaApi.Migrate),
        Get("/cluster/ha/groups", Audit, "", HaApi.Groups),
        Get("/cluster/ha/rules", Audit,
            "resource? type?:enum(node-affinity|resource-affinity)",
            ClusterApi.NoRows),
        Get("/cluster/backup", Audit, "", BackupJobsApi.List),
        Post("/cluster/backup", "/ Sys.Modify",
            Dump + DumpJob
            + " id?",
            BackupJobsApi.Add),
        Put("/cluster/backup/{id}", "/ Sys.Modify",
            Dump + DumpJob
            + " delete?",
            BackupJobsApi.Update),
        Delete("/cluster/backup/{id}", "/ Sys.Modify", "", BackupJobsApi.Remove),
        Get("/cluster/backup-info/not-backed-up", Audit, "", BackupJobsApi.NotBackedUp),
        Get("/cluster/replication", "all", "", ReplicationApi.Jobs),
        Get("/cluster/ceph/status", CephSight, "", CephApi.Status),
        Get("/cluster/metrics/export", Audit,
            "history?:boolean local-only?:boolean node-list? start-time?:integer",
            MetricsApi.Export),
        Get("/cluster/config/join", Audit, "node?:node", ClusterApi.Join),
        Get("/pools", "all", "poolid? type?:enum(qemu|lxc|storage)", PoolsApi.List),
        Get("/pools/{poolid}", "/pool/{poolid} Pool.Audit", "type?:enum(qemu|lxc|storage)", PoolsApi.Read),
        Get("/cluster/config/qdevice", Audit, "", ClusterApi.NoDevice),
        Get("/cluster/config/nodes", Audit, "", ClusterApi.ConfigNodes),
        Get("/cluster/ha/resources/{sid}", Audit, "", HaApi.Read),
        Get("/cluster/backup/{id}", Audit, "", BackupJobsApi.Read),
        Post("/pools", "/pool/{poolid} Pool.Allocate", "poolid comment?", PoolsApi.Add),
        Put("/pools/{poolid}", "/pool/{poolid} Pool.Allocate",
            "allow-move?:boolean comment? delete?:boolean storage? vms?",
            PoolsApi.Update),
        Delete("/pools/{poolid}", "/pool/{poolid} Pool.Allocate", "", PoolsApi.Remove),
        Get("/cluster/sdn/zones", "all",
            "pending?:boolean running?:boolean type?:enum(evpn|faucet|qinq|simple|vlan|vxlan)",
            ClusterApi.NoRows),
        Get("/cluster/firewall/options", Audit, "", ClusterApi.FirewallOptions),
    ];
}
