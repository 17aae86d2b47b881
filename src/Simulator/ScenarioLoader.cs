using System.Globalization;

namespace Jarvis.Simulator;

/// <summary>Builds a cluster's objects from a scenario.</summary>
internal sealed partial class ScenarioLoader(VirtualCluster cluster, Scenario scenario)
{
    private readonly DateTimeOffset now = cluster.Now;

    public void Load()
    {
        foreach (var (spec, index) in scenario.Nodes.Select((n, i) => (n, i)))
        {
            cluster.Add(Build(spec, index + 1));
        }

        foreach (var pool in scenario.Pools)
        {
            cluster.Add(new VirtualPool { Id = pool.Id, Comment = pool.Comment });
        }

        foreach (var spec in scenario.Storages)
        {
            cluster.Add(Build(spec));
        }

        foreach (var spec in scenario.Guests)
        {
            Add(spec);
        }

        AddJobs();
        AddHistory();
    }

    private ulong Key(string text) => Noise.Key(cluster.Seed, text);

    private VirtualNode Build(NodeSpec spec, int id)
    {
        var node = new VirtualNode
        {
            Name = spec.Name, NodeId = id, Ip = spec.Ip, Domain = scenario.Domain, CpuModel = spec.CpuModel,
            Sockets = spec.Sockets,
            Cores = spec.Cores, Cpus = spec.Threads, Mhz = spec.Mhz, Memory = (spec.MemoryGib * Bytes.GiB) - (430 * Bytes.MiB),
            RootSize = spec.RootGib * Bytes.GiB, RootUsed = (long)(spec.RootUsedGib * Bytes.GiB),
            ArcTarget = (long)(spec.ArcGib * Bytes.GiB),
            Kernel = scenario.Kernel, PveVersion = scenario.Version,
            RepoId = Noise.Hash(Key("repo")).ToString("x16", CultureInfo.InvariantCulture),
            Mac = spec.Mac ?? Mac(spec.Name, "d8:5e:d3"), WakeOnLan = spec.WakeOnLan, BootMode = spec.BootMode,
            Description = spec.Description,
            Load = new GuestLoad(cluster.Seed, "node/" + spec.Name, Persona.Named("idle")), DnsSearch = scenario.Domain,
            BootedAt = now - TimeSpan.FromSeconds(Math.Round(spec.UptimeDays * 86400)),
        };
        node.NextPid = 2000 + (int)(Key("pid" + spec.Name) % 900_000);
        NodeFacts.Fill(node, spec, now, Key("facts" + spec.Name));
        return node;
    }

    private string Mac(string what, string prefix)
    {
        var h = Key("mac" + what);
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}:{h & 255:x2}:{(h >> 8) & 255:x2}:{(h >> 16) & 255:x2}");
    }

    private VirtualStorage Build(StorageSpec spec)
    {
        var storage = new VirtualStorage
        {
            Id = spec.Id, Type = spec.Type, Content = spec.Content, Shared = spec.Shared, Nodes = spec.Nodes,
            Settings = spec.Settings,
            Key = Key("storage" + spec.Id), GrowthPerDay = spec.GrowthGibPerDay * Bytes.GiB, Origin = now,
            Digest = Noise.Hash(Key("digest" + spec.Id)).ToString("x16", CultureInfo.InvariantCulture),
        };
        IEnumerable<string> places = spec.Shared ? [""] : cluster.Nodes.Keys.Where(storage.OnNode);
        foreach (var place in places)
        {
            storage.Total[place] = (long)(spec.TotalGibOn.GetValueOrDefault(place, spec.TotalGib) * Bytes.GiB);
            storage.BaseUsed[place] = (long)(spec.UsedGib * Bytes.GiB);
            foreach (var file in spec.Files)
            {
                storage.Add(new StorageVolume
                {
                    VolId = $"{spec.Id}:{file.Content}/{file.Name}", Content = file.Content,
                    Node = place.Length == 0 ? null : place,
                    Format = file.Content == "iso" ? "iso" : file.Name.EndsWith(".tar.zst", StringComparison.Ordinal)
                        ? "tzst" : "txz",
                    Size = (long)(file.SizeMib * Bytes.MiB), Used = (long)(file.SizeMib * Bytes.MiB),
                    Created = now - TimeSpan.FromDays(20 + (Key(file.Name) % 200)),
                });
            }
        }

        return storage;
    }

    private void Add(GuestSpec spec)
    {
        var kind = spec.Type switch
        {
            "qemu" => GuestKind.Qemu,
            "lxc" => GuestKind.Lxc,
            _ => throw new ArgumentException($"guest {spec.Id}: type must be qemu or lxc, not '{spec.Type}'"),
        };
        var persona = spec.Persona is null ? Persona.Guess(spec.Name) : Persona.Named(spec.Persona);
        var guest = new VirtualGuest
        {
            VmId = spec.Id, Kind = kind, Node = cluster.Node(spec.Node).Name, Os = spec.Os, Ip = spec.Ip,
            Pool = spec.Pool, Lock = spec.Lock,
            Load = new GuestLoad(cluster.Seed, string.Create(CultureInfo.InvariantCulture, $"{spec.Type}/{spec.Id}"), persona),
            Created = now - TimeSpan.FromDays(spec.AgeDays),
        };
        Configure(guest, spec);
        guest.Refresh();
        cluster.Add(guest);
        foreach (var snapshot in spec.Snapshots)
        {
            guest.Snapshots.Add(new GuestSnapshot(snapshot.Name, snapshot.Parent ?? guest.SnapshotParent,
                now - TimeSpan.FromDays(snapshot.DaysAgo), snapshot.Description, snapshot.Memory, guest.Config.Copy()));
            guest.SnapshotParent = snapshot.Name;
        }

        if (spec.Running && !spec.Template)
        {
            Run(guest, spec);
        }

        if (spec.Ha is not null)
        {
            cluster.SeedHa(guest, spec.Ha);
        }
    }

    private void Run(VirtualGuest guest, GuestSpec spec)
    {
        var node = cluster.Node(spec.Node);
        var start = now - TimeSpan.FromSeconds(Math.Round(spec.UptimeDays * 86400));
        if (start < node.BootedAt)
        {
            start = node.BootedAt + TimeSpan.FromSeconds(25 + (spec.Id % 40));
        }

        guest.Begin(start, cluster.NextPid(node));
        var rest = TimeSpan.FromSeconds(70 + (spec.Id % 90));
        if (start - rest > guest.Created)
        {
            guest.Remember(new GuestRun(guest.Node, guest.Created, start - rest));
        }
    }

    private void Configure(VirtualGuest guest, GuestSpec spec)
    {
        var c = guest.Config;
        var id = spec.Id.ToString(CultureInfo.InvariantCulture);
        if (guest.Kind == GuestKind.Qemu)
        {
            var windows = spec.Os == "windows";
            c["agent"] = spec.Agent ?? true ? "1" : null;
            c["boot"] = "order=scsi0;net0";
            c["cores"] = spec.Cores.ToString(CultureInfo.InvariantCulture);
            c["cpu"] = windows ? "host" : "x86-64-v2-AES";
            c["machine"] = windows ? "pc-q35-9.2+pve1" : null;
            c["memory"] = spec.MemoryMib.ToString(CultureInfo.InvariantCulture);
            c["meta"] = "creation-qemu=10.1.2,ctime=" + guest.Created.ToUnixTimeSeconds().ToString(
                CultureInfo.InvariantCulture);
            c["name"] = spec.Name;
            c["net0"] = $"virtio={Mac(id, "BC:24:11").ToUpperInvariant()},bridge=vmbr0,firewall=1";
            c["numa"] = "0";
            c["ostype"] = windows ? "win11" : "l26";
            c["scsihw"] = "virtio-scsi-single";
            c["sockets"] = "1";
            var g = Noise.Hash(Key("uuid" + id)).ToString("x16", CultureInfo.InvariantCulture);
            c["smbios1"] = $"uuid={g[..8]}-{g[8..12]}-4{g[13..16]}-8{g[1..4]}-{g[..12]}";
            c["vmgenid"] = $"{g[8..16]}-{g[..4]}-4{g[5..8]}-9{g[9..12]}-{g[4..16]}";
        }
        else
        {
            c["arch"] = "amd64";
            c["cores"] = spec.Cores.ToString(CultureInfo.InvariantCulture);
            c["features"] = "nesting=1";
            c["hostname"] = spec.Name;
            c["memory"] = spec.MemoryMib.ToString(CultureInfo.InvariantCulture);
            c["net0"] = $"name=eth0,bridge=vmbr0,firewall=1,hwaddr={Mac(id, "BC:24:11").ToUpperInvariant()},ip=dhcp,type=veth";
            c["ostype"] = spec.Os;
            c["swap"] = "512";
            c["unprivileged"] = "1";
        }

        c["description"] = spec.Description;
        c["onboot"] = spec.Onboot && !spec.Template ? "1" : null;
        c["startup"] = spec.Startup;
        c["tags"] = spec.Tags;
        c["template"] = spec.Template ? "1" : null;
        guest.Refresh();
        AddDisk(guest, guest.Kind == GuestKind.Qemu ? "scsi0" : "rootfs", spec.Storage, spec.DiskGib, 0);
        if (spec.DataDiskGib > 0)
        {
            AddDisk(guest, guest.Kind == GuestKind.Qemu ? "scsi1" : "mp0", spec.DataStorage ?? spec.Storage,
                spec.DataDiskGib, 1);
        }
    }

    private void AddDisk(VirtualGuest guest, string slot, string storage, int gib, int number) =>
        VirtualCluster.Allocate(
            guest, slot, cluster.Storage(storage), gib * Bytes.GiB, number, guest.Created, guest.Load.DiskFill);
}
