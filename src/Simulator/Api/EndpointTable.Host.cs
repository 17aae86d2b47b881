namespace Jarvis.Simulator.Api;

internal static partial class EndpointTable
{
    private static IEnumerable<Endpoint> Host() =>
    [
        Get("/nodes/{node}/apt/update", NodeModify, "", HostApi.Updates),
        Post("/nodes/{node}/apt/update", NodeModify, "notify?:boolean quiet?:boolean", HostApi.RefreshUpdates),
        Get("/nodes/{node}/apt/versions", NodeAudit, "", HostApi.Packages),
        Get("/nodes/{node}/services", NodeAudit, "", ServicesApi.List),
        Get("/nodes/{node}/services/{service}/state", NodeAudit, "", ServicesApi.State),
        Post("/nodes/{node}/services/{service}/restart", NodeModify, "", ServicesApi.Act),
        Get("/nodes/{node}/network", "all",
            " "
            + "type?:enum(bridge|bond|eth|alias|vlan|fabric|OVSBridge|OVSBond|OVSPort|OVSIntPort|vnet|any_bridge|any_local_bridge|include_sdn)",
            NetworkApi.List),
        Post("/nodes/{node}/network", NodeModify,
            "iface "
            + "type:enum(bridge|bond|eth|alias|vlan|fabric|OVSBridge|OVSBond|OVSPort|OVSIntPort|vnet|unknown) "
            + "address? address6? autostart?:boolean bond-primary? "
            + "bond_mode?:enum(balance-rr|active-backup|balance-xor|broadcast|802.3ad|balance-tlb|balance-alb|balance-slb|lacp-balance-slb|lacp-balance-tcp) "
            + "bond_xmit_hash_policy?:enum(layer2|layer2+3|layer3+4) bridge_ports? bridge_vids? "
            + "bridge_vlan_aware?:boolean cidr? cidr6? comments? comments6? gateway? gateway6? "
            + "mtu?:integer(1280..65520) netmask? netmask6?:integer(0..128) ovs_bonds? ovs_bridge? "
            + "ovs_options? ovs_ports? ovs_tag?:integer(1..4094) slaves? vlan-id?:integer(1..4094) "
            + "vlan-raw-device?",
            NetworkApi.Add),
        Put("/nodes/{node}/network", NodeModify, "regenerate-frr?:boolean", NetworkApi.Apply),
        Delete("/nodes/{node}/network", NodeModify, "", NetworkApi.Revert),
        Get("/nodes/{node}/config", Audit,
            " "
            + "property?:enum(acme|acmedomain0|acmedomain1|acmedomain2|acmedomain3|acmedomain4|acmedomain5|ballooning-target|description|location|startall-onboot-delay|wakeonlan)",
            HostApi.Config),
        Get("/nodes/{node}/report", NodeAudit, "", HostApi.Report),
        Get("/nodes/{node}/journal", "/nodes/{node} Sys.Syslog",
            "endcursor? lastentries?:integer(0..) since?:integer(0..) startcursor? until?:integer(0..)",
            HostApi.Journal),
        Get("/nodes/{node}/syslog", "/nodes/{node} Sys.Syslog",
            "limit?:integer(0..) service? since? start?:integer(0..) until?",
            HostApi.Syslog),
        Get("/nodes/{node}/time", NodeAudit, "", HostApi.Time),
        Get("/nodes/{node}/dns", NodeAudit, "", HostApi.Dns),
        Get("/nodes/{node}/subscription", "all", "", HostApi.Subscription),
        Get("/nodes/{node}/certificates/info", "all", "", HostApi.Certificates),
        Get("/nodes/{node}/disks/list", "/ Sys.Audit or /nodes/{node} Sys.Audit",
            "include-partitions?:boolean skipsmart?:boolean type?:enum(unused|journal_disks)",
            DisksApi.List),
        Get("/nodes/{node}/disks/smart", Audit, "disk healthonly?:boolean", DisksApi.Smart),
        Get("/nodes/{node}/disks/zfs", Audit, "", DisksApi.Pools),
        Get("/nodes/{node}/disks/zfs/{name}", Audit, "", DisksApi.Pool),
        Get("/nodes/{node}/disks/lvm", Audit, "", DisksApi.Lvm),
        Get("/nodes/{node}/disks/lvmthin", Audit, "", DisksApi.LvmThin),
        Get("/nodes/{node}/ceph/status", CephSight, "", CephApi.Status),
        Get("/nodes/{node}/ceph/osd", CephSight, "", CephApi.Osds),
        Get("/nodes/{node}/ceph/pool", CephSight, "", CephApi.Pools),
        Get("/nodes/{node}/ceph/mon", CephSight, "", CephApi.Monitors),
        Post("/nodes/{node}/services/{service}/start", NodeModify, "", ServicesApi.Act),
        Post("/nodes/{node}/services/{service}/stop", NodeModify, "", ServicesApi.Act),
        Post("/nodes/{node}/services/{service}/reload", NodeModify, "", ServicesApi.Act),
        Put("/nodes/{node}/config", "/ Sys.Modify",
            "acme? acmedomain[n]? ballooning-target?:integer(0..100) delete? description? digest?:digest "
            + "location? startall-onboot-delay?:integer(0..300) wakeonlan?",
            HostApi.UpdateConfig),
        Get("/nodes/{node}/network/{iface}", NodeAudit, "", NetworkApi.Read),
        Get("/nodes/{node}/firewall/options", NodeAudit, "", ClusterApi.FirewallOptions),
    ];
}
