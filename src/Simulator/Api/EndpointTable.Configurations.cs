namespace Jarvis.Simulator.Api;

internal static partial class EndpointTable
{
    private const string QemuConfig =
        "acpi?:boolean affinity? agent? allow-ksm?:boolean amd-sev? arch?:enum(x86_64|aarch64) args? audio0? "
        + "autostart?:boolean balloon?:integer(0..) bios?:enum(seabios|ovmf) boot? bootdisk? cdrom? cicustom? "
        + "cipassword? citype?:enum(configdrive2|nocloud|opennebula) ciupgrade?:boolean ciuser? "
        + "cores?:integer(1..) cpu? cpulimit?:number(0..128) cpuunits?:integer(1..262144) description? "
        + "efidisk0? force?:boolean freeze?:boolean hookscript? hostpci[n]? hotplug? "
        + "hugepages?:enum(any|2|1024) ide[n]? intel-tdx? ipconfig[n]? ivshmem? keephugepages?:boolean "
        + "keyboard?:enum(de|de-ch|da|en-gb|en-us|es|fi|fr|fr-be|fr-ca|fr-ch|hu|is|it|ja|lt|mk|nl|no|pl|pt|pt-br|sv|sl|tr) "
        + "kvm?:boolean localtime?:boolean "
        + "lock?:enum(backup|clone|create|migrate|rollback|snapshot|snapshot-delete|suspending|suspended) "
        + "machine? memory? migrate_downtime?:number(0..) migrate_speed?:integer(0..) name?:dns nameserver? "
        + "net[n]? numa?:boolean numa[n]? onboot?:boolean "
        + "ostype?:enum(other|wxp|w2k|w2k3|w2k8|wvista|win7|win8|win10|win11|l24|l26|solaris) parallel[n]? "
        + "protection?:boolean reboot?:boolean rng0? sata[n]? scsi[n]? "
        + "scsihw?:enum(lsi|lsi53c810|virtio-scsi-pci|virtio-scsi-single|megasas|pvscsi) searchdomain? "
        + "serial[n]? shares?:integer(0..50000) smbios1? smp?:integer(1..) sockets?:integer(1..) "
        + "spice_enhancements? sshkeys? startdate? startup? tablet?:boolean tags? tdf?:boolean "
        + "template?:boolean tpmstate0? unused[n]? usb[n]? vcpus?:integer(1..) vga? virtio[n]? virtiofs[n]? "
        + "vmgenid? vmstatestorage?:storage watchdog?";

    private const string LxcConfig =
        "arch?:enum(amd64|i386|arm64|armhf|riscv32|riscv64) cmode?:enum(shell|console|tty) console?:boolean "
        + "cores?:integer(1..8192) cpulimit?:number(0..8192) cpuunits?:integer(0..500000) debug?:boolean "
        + "description? dev[n]? entrypoint? env? features? hookscript? hostname?:dns "
        + "lock?:enum(backup|create|destroyed|disk|fstrim|migrate|mounted|rollback|snapshot|snapshot-delete) "
        + "memory?:integer(16..) mp[n]? nameserver? net[n]? onboot?:boolean "
        + "ostype?:enum(debian|devuan|ubuntu|centos|fedora|opensuse|archlinux|alpine|gentoo|nixos|unmanaged) "
        + "protection?:boolean rootfs? searchdomain? startup? swap?:integer(0..) tags? template?:boolean "
        + "timezone? tty?:integer(0..6) unprivileged?:boolean unused[n]?";

    private const string Dump =
        "all?:boolean bwlimit?:integer(0..) compress?:enum(0|1|gzip|lzo|zstd) dumpdir? exclude-path?:array "
        + "exclude? fleecing? ionice?:integer(0..8) lockwait?:integer(0..) "
        + "mailnotification?:enum(always|failure) mailto? mode?:enum(snapshot|suspend|stop) notes-template? "
        + "notification-mode?:enum(auto|legacy-sendmail|notification-system) "
        + "pbs-change-detection-mode?:enum(legacy|data|metadata) performance? pigz?:integer pool? "
        + "protected?:boolean prune-backups? quiet?:boolean remove?:boolean script? stdexcludes?:boolean "
        + "stop?:boolean stopwait?:integer(0..) storage?:storage tmpdir? vmid? zstd?:integer";

    private const string DumpJob =
        "comment? dow? enabled?:boolean node?:node repeat-missed?:boolean schedule? starttime?";
}
