namespace Jarvis.Simulator.Tests.Api;

/// <summary>One call of every endpoint in an order that works.</summary>
internal static class ReturnsTour
{
    public sealed record Step(string Method, string Path, (string, string)[] Form, bool Wait = true, string? Refused = null, bool Ticket = false);

    public static IEnumerable<Step> Steps => [.. Reads(), .. AccessSteps(), .. ClusterSteps(), .. NodeSteps(), .. GuestSteps("qemu", 105), .. GuestSteps("lxc", 106), .. Console(), .. Last()];

    private static Step Get(string path) => new("GET", path, []);

    private static Step Post(string path, params (string, string)[] form) => new("POST", path, form);

    private static Step Put(string path, params (string, string)[] form) => new("PUT", path, form);

    private static Step Delete(string path) => new("DELETE", path, []);

    private static IEnumerable<Step> Reads() =>
    [
        .. """
        /version /access/domains /access/ticket /access/permissions /access/users /access/users?full=1 /access/users/root@pam
        /access/users/root@pam/token /access/users/root@pam/token/test /access/roles /access/roles/PVEAuditor /access/acl /access/groups
        /cluster/status /cluster/resources /cluster/tasks /cluster/log /cluster/nextid /cluster/options /cluster/ha/status/current
        /cluster/ha/status/manager_status /cluster/ha/resources /cluster/ha/resources/vm:100 /cluster/ha/rules /cluster/backup
        /cluster/backup/backup-3f6c1a70-41d2 /cluster/backup-info/not-backed-up /cluster/replication /cluster/ceph/status
        /cluster/metrics/export /cluster/config/join /cluster/config/nodes /cluster/config/qdevice /cluster/sdn/zones
        /cluster/firewall/options /pools /pools?poolid=prod /pools/prod /storage /storage/nfs /nodes
        /nodes/pve1/status /nodes/pve1/version /nodes/pve1/rrddata?timeframe=hour /nodes/pve1/tasks /nodes/pve1/apt/update
        /nodes/pve1/apt/versions /nodes/pve1/services /nodes/pve1/services/pveproxy/state /nodes/pve1/network /nodes/pve1/network/vmbr0
        /nodes/pve1/config /nodes/pve1/journal /nodes/pve1/syslog /nodes/pve1/time /nodes/pve1/dns /nodes/pve1/subscription /nodes/pve1/report
        /nodes/pve1/certificates/info /nodes/pve1/firewall/options /nodes/pve1/disks/list /nodes/pve1/disks/smart?disk=/dev/sda
        /nodes/pve1/disks/smart?disk=/dev/nvme0n1 /nodes/pve1/disks/zfs /nodes/pve1/disks/zfs/tank /nodes/pve2/disks/lvm
        /nodes/pve2/disks/lvmthin /nodes/pve1/ceph/status /nodes/pve1/ceph/osd /nodes/pve1/ceph/pool /nodes/pve1/ceph/mon
        /nodes/pve1/storage?format=1 /nodes/pve1/storage/nfs/status /nodes/pve1/storage/local/content /nodes/pve1/storage/nfs/rrddata?timeframe=day
        /nodes/pve1/storage/nfs/prunebackups /nodes/pve2/replication /nodes/pve1/qemu /nodes/pve1/lxc
        /nodes/pve2/qemu/102/status/current /nodes/pve2/qemu/102/config /nodes/pve2/qemu/102/pending /nodes/pve2/qemu/102/snapshot
        /nodes/pve2/qemu/102/snapshot/before-upgrade/config /nodes/pve2/qemu/102/migrate /nodes/pve2/qemu/102/rrddata?timeframe=week
        /nodes/pve2/qemu/102/firewall/options /nodes/pve2/qemu/102/agent/network-get-interfaces /nodes/pve2/qemu/102/agent/get-osinfo
        /nodes/pve2/qemu/102/agent/get-fsinfo /nodes/pve2/qemu/102/agent/get-host-name
        /nodes/pve2/lxc/103/status/current /nodes/pve2/lxc/103/config /nodes/pve2/lxc/103/pending /nodes/pve2/lxc/103/snapshot
        /nodes/pve2/lxc/103/migrate /nodes/pve2/lxc/103/rrddata?timeframe=month /nodes/pve2/lxc/103/firewall/options /nodes/pve2/lxc/103/interfaces
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Get),
        Get("/cluster/ha/groups") with { Refused = "cannot index groups: ha groups have been migrated to rules" },
    ];

    private static IEnumerable<Step> AccessSteps() =>
    [
        Post("/access/ticket", ("username", "root@pam"), ("password", Rig.Password)),
        Post("/access/groups", ("groupid", "ops")), Get("/access/groups/ops"),
        Post("/access/roles", ("roleid", "Starter"), ("privs", "VM.PowerMgmt,VM.Audit")),
        Post("/access/users", ("userid", "ann@pve"), ("password", "long enough"), ("groups", "ops")),
        Put("/access/users/ann@pve", ("comment", "on call")),
        Put("/access/acl", ("path", "/vms/105"), ("roles", "Starter"), ("users", "ann@pve")),
        Post("/access/users/ann@pve/token/one", ("privsep", "1")) with { Ticket = true },
        Put("/access/password", ("userid", "root@pam"), ("password", Rig.Password)) with { Ticket = true },
        Put("/access/users/root@pam/token/test", ("comment", "tests")),
        Post("/access/users/root@pam/token/two"), Delete("/access/users/root@pam/token/two"),
        Delete("/access/users/ann@pve"),
    ];

    private static IEnumerable<Step> ClusterSteps() =>
    [
        Put("/cluster/options", ("description", "the lab")),
        Post("/cluster/backup", ("storage", "nfs"), ("vmid", "104"), ("schedule", "03:00"), ("id", "backup-00000001-0001")),
        Put("/cluster/backup/backup-00000001-0001", ("enabled", "0")), Delete("/cluster/backup/backup-00000001-0001"),
        Post("/cluster/ha/resources", ("sid", "ct:103")), Put("/cluster/ha/resources/ct:103", ("comment", "cache")),
        Post("/cluster/ha/resources/vm:100/migrate", ("node", "pve2")),
        Delete("/cluster/ha/resources/ct:103"),
        Post("/pools", ("poolid", "lab")), Put("/pools/lab", ("vms", "105")), Put("/pools/lab", ("vms", "105"), ("delete", "1")), Delete("/pools/lab"),
    ];

    private static IEnumerable<Step> NodeSteps() =>
    [
        Post("/nodes/pve1/apt/update"), Post("/nodes/pve1/services/cron/restart"), Post("/nodes/pve1/services/cron/stop"),
        Post("/nodes/pve1/services/cron/start"), Post("/nodes/pve1/services/cron/reload"),
        Post("/nodes/pve1/network", ("iface", "vmbr7"), ("type", "bridge")), Delete("/nodes/pve1/network"), Put("/nodes/pve1/network"),
        Put("/nodes/pve1/config", ("description", "first")), Post("/nodes/pve2/wakeonlan"),
        Get("/nodes/pve1/tasks/<upid>/status"), Get("/nodes/pve1/tasks/<upid>/log"), Delete("/nodes/pve1/tasks/<upid>"),
        Post("/nodes/pve1/storage/local/upload"),
        Post("/nodes/pve1/storage/local/download-url", ("content", "iso"), ("filename", "x.iso"), ("url", "https://mirror.example/x.iso")),
        Get("/nodes/pve1/storage/local/content/local:iso%2Ftiny.iso"),
        Put("/nodes/pve1/storage/local/content/local:iso%2Ftiny.iso", ("notes", "tiny")),
        Delete("/nodes/pve1/storage/local/content/local:iso%2Ftiny.iso"),
        Post("/nodes/pve3/vzdump", ("vmid", "105"), ("storage", "nfs")),
    ];

    private static IEnumerable<Step> GuestSteps(string kind, int vmid)
    {
        var qemu = kind == "qemu";
        var at = $"/nodes/pve3/{kind}/{vmid}";
        var disks = qemu ? at : "/nodes/pve2/lxc/103";
        Step[] steps =
        [
            Post(disks + "/snapshot", ("snapname", "one")), Get(disks + "/snapshot/one/config"), Post(disks + "/snapshot/one/rollback"), Delete(disks + "/snapshot/one"),
            Post(at + "/status/start"), Post(at + "/status/reboot"), Post(at + "/status/shutdown"),
            Post(at + "/status/start"), Post(at + "/status/stop"),
            Put(at + "/config", ("description", "changed")),
            Put(at + "/resize", ("disk", qemu ? "scsi0" : "rootfs"), ("size", "+2G")),
            Post($"{at}/{(qemu ? "move_disk" : "move_volume")}", (qemu ? "disk" : "volume", qemu ? "scsi0" : "rootfs"),
                ("storage", qemu ? "nfs" : "local-lvm"), ("delete", "1")),
            Post(at + "/clone", ("newid", $"{vmid + 200}"), ("full", "1")),
            Post($"{at}/migrate", ("target", "pve2"), (qemu ? "with-local-disks" : "restart", "1")),
            Post($"/nodes/pve2/{kind}/{vmid}/migrate", ("target", "pve3"), (qemu ? "with-local-disks" : "restart", "1")),
            Post($"/nodes/pve3/{kind}/{vmid + 200}/template"),
            Delete($"/nodes/pve3/{kind}/{vmid + 200}?purge=1"),
        ];
        return steps.Concat(qemu ? QemuOnly(at) : LxcOnly(at));
    }

    private static IEnumerable<Step> QemuOnly(string at) =>
    [
        Post(at + "/config", ("cores", "2")) with { Wait = false },
        Post(at + "/status/start"), Post(at + "/status/suspend"), Post(at + "/status/resume"), Post(at + "/status/reset"),
        Post("/nodes/pve2/qemu/102/agent/ping"), Post("/nodes/pve2/qemu/102/agent/exec", ("command", "uptime")),
        Get("/nodes/pve2/qemu/102/agent/exec-status?pid=<pid>"),
        Post("/nodes/pve3/qemu", ("vmid", "300"), ("name", "fresh"), ("memory", "512"), ("scsi0", "local-lvm:4")),
        Post(at + "/status/stop"),
    ];

    private static IEnumerable<Step> LxcOnly(string at) =>
    [
        Post("/nodes/pve3/lxc", ("vmid", "301"), ("hostname", "fresh"), ("ostemplate", "local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst"), ("rootfs", "local-lvm:4")),
        Post(at + "/status/start"), Post(at + "/status/suspend") with { Wait = false }, Post(at + "/status/resume") with { Wait = false },
    ];

    private static IEnumerable<Step> Console() =>
    [
        Post("/nodes/pve1/termproxy"),
        Post("/access/vncticket", ("authid", "root@pam!test"), ("path", "/nodes/pve1"), ("privs", "Sys.Console"), ("vncticket", "<ticket>")),
        Post("/nodes/pve1/vncshell"), Get("/nodes/pve1/vncwebsocket?port=5900&vncticket=x"),
        Post("/nodes/pve2/qemu/102/vncproxy") with { Wait = false }, Get("/nodes/pve2/qemu/102/vncwebsocket?port=5900&vncticket=x"),
        Post("/nodes/pve2/qemu/102/termproxy") with { Refused = "unable to find a serial interface" },
        Post("/nodes/pve2/lxc/103/vncproxy"), Post("/nodes/pve2/lxc/103/termproxy"), Get("/nodes/pve2/lxc/103/vncwebsocket?port=5900&vncticket=x"),
    ];

    private static IEnumerable<Step> Last() =>
    [
        Delete("/nodes/pve1/storage/nfs/prunebackups?prune-backups=keep-last%3D1"),
        Post("/nodes/pve3/migrateall", ("target", "pve2"), ("vms", "301")), Post("/nodes/pve2/startall", ("vms", "301")), Post("/nodes/pve2/stopall", ("vms", "301")),
        Post("/nodes/pve2/status", ("command", "reboot")),
    ];
}
