namespace Jarvis.Simulator.Api;

internal static partial class EndpointTable
{
    private static IEnumerable<Endpoint> Storages() =>
    [
        Get("/storage", "all",
            "type?:enum(btrfs|cephfs|cifs|dir|esxi|iscsi|iscsidirect|lvm|lvmthin|nfs|pbs|rbd|zfs|zfspool)",
            StorageApi.Configured),
        Get("/nodes/{node}/storage", "all",
            "content? enabled?:boolean format?:boolean storage?:storage target?:node",
            StorageApi.List),
        Get("/nodes/{node}/storage/{storage}/status", StorageSight, "", StorageApi.Status),
        Get("/nodes/{node}/storage/{storage}/content", StorageSight, "content? vmid?:vmid", ContentApi.List),
        Delete("/nodes/{node}/storage/{storage}/content/{volume*}", "all",
            "delay?:integer(1..30)",
            ContentApi.Remove),
        Get("/nodes/{node}/storage/{storage}/rrddata", StorageSight,
            "timeframe:enum(hour|day|week|month|year) cf?:enum(AVERAGE|MAX)",
            MetricsApi.Storage) with { Place = Place.Here },
        Post("/nodes/{node}/storage/{storage}/upload", "/storage/{storage} Datastore.AllocateTemplate",
            "content:enum(iso|vztmpl|import) filename checksum? "
            + "checksum-algorithm?:enum(md5|sha1|sha224|sha256|sha384|sha512) tmpfilename?",
            ContentApi.Upload) with { Upload = true },
        Post("/nodes/{node}/storage/{storage}/download-url",
            "/storage/{storage} Datastore.AllocateTemplate and / Sys.Audit+Sys.Modify or /nodes/{node} Sys.AccessNetwork",
            "content:enum(iso|vztmpl|import) filename url checksum? "
            + "checksum-algorithm?:enum(md5|sha1|sha224|sha256|sha384|sha512) compression? "
            + "verify-certificates?:boolean",
            ContentApi.Download),
        Get("/nodes/{node}/storage/{storage}/prunebackups", StorageSight,
            "prune-backups? type?:enum(qemu|lxc) vmid?:vmid",
            ContentApi.PrunePlan),
        Post("/nodes/{node}/vzdump", "all",
            Dump
            + " job-id? stdout?:boolean",
            BackupApi.Start),
        Get("/nodes/{node}/storage/{storage}/content/{volume*}", "all", "", ContentApi.Read),
        Put("/nodes/{node}/storage/{storage}/content/{volume*}", "all",
            "notes? protected?:boolean",
            ContentApi.Update),
        Delete("/nodes/{node}/storage/{storage}/prunebackups", "all",
            "prune-backups? type?:enum(qemu|lxc) vmid?:vmid",
            ContentApi.Prune),
        Get("/storage/{storage}", "/storage/{storage} Datastore.Allocate", "", StorageApi.Configuration),
    ];
}
