using System.Globalization;

namespace Jarvis.Simulator;

/// <summary>The hardware and software inventory of a new node.</summary>
internal static class NodeFacts
{
    private static readonly (string Name, string Text, string State, string Active, string Unit)[] Services =
    [
        ("chrony", "chrony, an NTP client/server", "running", "active", "enabled"),
        ("corosync", "Corosync Cluster Engine", "running", "active", "enabled"),
        ("cron", "Regular background program processing daemon", "running", "active", "enabled"),
        ("ksmtuned", "Kernel Samepage Merging (KSM) Tuning Daemon", "running", "active", "enabled"),
        ("lxcfs", "FUSE filesystem for LXC", "running", "active", "enabled"),
        ("postfix", "Postfix Mail Transport Agent", "running", "active", "enabled"),
        ("proxmox-firewall", "Proxmox nftables firewall", "running", "active", "enabled"),
        ("pve-cluster", "The Proxmox VE cluster filesystem", "running", "active", "enabled"),
        ("pve-firewall", "Proxmox VE firewall", "running", "active", "enabled"),
        ("pve-ha-crm", "PVE Cluster HA Resource Manager Daemon", "running", "active", "enabled"),
        ("pve-ha-lrm", "PVE Local HA Resource Manager Daemon", "running", "active", "enabled"),
        ("pve-lxc-syscalld", "Proxmox VE LXC Syscall Daemon", "running", "active", "enabled"),
        ("pvedaemon", "PVE API Daemon", "running", "active", "enabled"),
        ("pvefw-logger", "Proxmox VE firewall logger", "running", "active", "static"),
        ("pveproxy", "PVE API Proxy Server", "running", "active", "enabled"),
        ("pvescheduler", "Proxmox VE scheduler", "running", "active", "enabled"),
        ("pvestatd", "PVE Status Daemon", "running", "active", "enabled"),
        ("qmeventd", "PVE Qemu Event Daemon", "running", "active", "enabled"),
        ("spiceproxy", "PVE SPICE Proxy Server", "running", "active", "enabled"),
        ("sshd", "OpenBSD Secure Shell server", "running", "active", "enabled"),
        ("systemd-journald", "Journal Service", "running", "active", "static"),
        ("systemd-timesyncd", "Network Time Synchronization", "dead", "inactive", "not-found"),
    ];

    private static readonly PackageUpdate[] Updates =
    [
        new("openssl", "Secure Sockets Layer toolkit", "3.5.1-1", "3.5.1-1+deb13u1", "Debian", "utils", "optional",
            "This package is part of the OpenSSL project's implementation of TLS."),
        new("pve-manager", "Proxmox Virtual Environment Management Tools", "9.1.6", "9.1.7", "Proxmox", "admin",
            "optional", "This package contains the Proxmox Virtual Environment management tools."),
        new("qemu-server", "Qemu Server Tools", "9.1.4", "9.1.5", "Proxmox", "admin", "optional",
            "This package contains the Qemu Server tools used by Proxmox VE."),
        new("proxmox-kernel-6.17", "Latest Proxmox Kernel Image", "6.17.4-2", "6.17.9-1", "Proxmox", "kernel",
            "optional", "This is a metapackage which will install the latest available proxmox kernel."),
        new("libc6", "GNU C Library: Shared libraries", "2.41-12", "2.41-12+deb13u1", "Debian", "libs", "optional",
            "Contains the standard libraries that are used by nearly all programs."),
        new("pve-container", "Proxmox VE Container management tool", "6.0.18", "6.0.19", "Proxmox", "perl", "optional",
            "Tool to manage Linux Containers on Proxmox VE."),
        new("libpve-storage-perl", "Proxmox VE storage management library", "9.1.0", "9.1.2", "Proxmox", "perl",
            "optional", "This package contains the storage management library used by Proxmox VE."),
        new("curl", "command line tool for transferring data with URL syntax", "8.14.1-2", "8.14.1-2+deb13u2", "Debian",
            "web", "optional", "curl is a command line tool for transferring data with URL syntax."),
    ];

    public static void Fill(VirtualNode node, NodeSpec spec, DateTimeOffset now, ulong key)
    {
        foreach (var s in Services)
        {
            node.Services.Add(
                new VirtualService(s.Name, s.Text) { State = s.State, ActiveState = s.Active, UnitState = s.Unit });
        }

        foreach (var (disk, i) in spec.Disks.Select((d, i) => (d, i)))
        {
            node.Disks.Add(new VirtualDisk
            {
                Device = disk.Device, Model = disk.Model, Type = disk.Type, Size = (long)(disk.SizeGb * 1e9), Used = disk.Used,
                Serial = "S" + Noise.Hash(key + (ulong)i).ToString("X16", CultureInfo.InvariantCulture)[..13],
                Wwn = disk.Type == "nvme"
                    ? "eui.002538" + Noise.Hash(key + 40 + (ulong)i).ToString("x16", CultureInfo.InvariantCulture)[..10]
                    : "0x5000c500" + Noise.Hash(key + 40 + (ulong)i).ToString("x16", CultureInfo.InvariantCulture)[..8],
                Vendor = disk.Type == "nvme" ? "unknown" : "ATA", Wearout = disk.Wearout ?? (disk.Type == "hdd" ? null : 98),
                PendingSectors = disk.PendingSectors, Temperature = disk.Temperature, PowerOnHours = disk.PowerOnHours,
            });
        }

        foreach (var pool in spec.Zpools)
        {
            node.Zpools.Add(new VirtualZpool
            {
                Name = pool.Name, Size = (long)(pool.SizeGib * Bytes.GiB),
                Allocated = (long)(pool.AllocatedGib * Bytes.GiB), Layout = pool.Layout,
                Devices = pool.Devices, Fragmentation = 5 + (int)(Noise.Hash(key + 7) % 30),
                Scan = string.Create(
                    CultureInfo.InvariantCulture,
                    $"scrub repaired 0B in 00:41:17 with 0 errors on {now.AddDays(-9).UtcDateTime:ddd MMM d HH:mm:ss yyyy}"),
            });
        }

        node.Interfaces.Add(new VirtualInterface("lo", "loopback") { Method = "loopback", Priority = 1 });
        node.Interfaces.Add(new VirtualInterface("enp2s0", "eth") { Mac = node.Mac, Autostart = false, Priority = 2 });
        node.Interfaces.Add(new VirtualInterface("vmbr0", "bridge")
        {
            Method = "static", Cidr = node.Ip + "/24", Gateway = node.Ip[..node.Ip.LastIndexOf('.')] + ".1",
            BridgePorts = "enp2s0", Mac = node.Mac, Priority = 4,
        });
        node.Updates.AddRange(Updates.Take(Math.Min(spec.Updates, Updates.Length)));
        node.UpdatesUpstream.AddRange(Updates.Skip(node.Updates.Count).Take(2));
        AddCertificates(node, now, key);
    }

    private static void AddCertificates(VirtualNode node, DateTimeOffset now, ulong key)
    {
        var issued = now - TimeSpan.FromDays(200);
        const string Authority = "/CN=Proxmox Virtual Environment/OU=PVE Cluster Manager CA/O=Proxmox Virtual Environment";
        node.Certificates.Add(new VirtualCertificate
        {
            FileName = "pve-root-ca.pem", Subject = Authority, Issuer = Authority, NotBefore = issued - TimeSpan.FromDays(300),
            NotAfter = issued + TimeSpan.FromDays(3350), San = [], Fingerprint = Fingerprint(key >> 3),
        });
        node.Certificates.Add(new VirtualCertificate
        {
            FileName = "pve-ssl.pem",
            Subject = $"/OU=PVE Cluster Node/O=Proxmox Virtual Environment/CN={node.Name}.{node.Domain}", Issuer = Authority,
            NotBefore = issued, NotAfter = issued + TimeSpan.FromDays(730),
            San = ["127.0.0.1", "::1", "localhost", node.Ip, node.Name, $"{node.Name}.{node.Domain}"],
            Fingerprint = Fingerprint(key),
        });
    }

    private static string Fingerprint(ulong key) => string.Join(':',
        Enumerable.Range(0, 32).Select(i => (Noise.Hash(key + (ulong)i) & 255).ToString("X2", CultureInfo.InvariantCulture)));
}
