using System.Text;
using System.Text.Json;

namespace Jarvis.Proxmox.Tests;

/// <summary>Answers in the shapes that several versions of Proxmox send.</summary>
public sealed class ShapeTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_offline_node_and_its_guests_have_no_numbers()
    {
        var rows = await ReadAsync(
            """
            {"data":[
              {"id":"node/pve3","type":"node","node":"pve3","status":"offline","cgroup-mode":2},
              {"vmid":117,"type":"qemu","id":"qemu/117","node":"pve3","status":"unknown"},
              {"id":"/pool/lab","type":"pool","pool":"lab"},
              {"id":"network/pve1/zone/localnetwork","type":"network","network":"localnetwork","network-type":"zone","node":"pve1","status":"ok"}
            ]}
            """,
            client => client.GetResourcesAsync(Now));

        Assert.Equal(["node", "qemu", "pool", "network"], rows.Select(row => row.Type));
        Assert.Null(rows[0].Cpu);
        Assert.Null(rows[1].MaxMem);
        Assert.Equal(117, rows[1].VmId);
        Assert.Equal("zone", rows[3].NetworkType);
    }

    [Fact]
    public async Task A_container_of_an_old_version_sends_texts_for_numbers()
    {
        var status = await ReadAsync(
            """
            {"data":{"vmid":"104","status":"running","name":"dns","cpus":2,"cpu":0,"maxdisk":"8350298112","disk":"702545920",
             "mem":31457280,"pid":"3578","template":"","lock":"","ha":{"managed":0},"pressurecpusome":"0.00","type":"lxc"}}
            """,
            client => client.GetGuestStatusAsync("pve", GuestType.Lxc, 104, Now));

        Assert.Equal((104, 702545920L, 3578L, false, 0.0), (status.VmId, status.Disk, status.Pid, status.Template, status.PressureCpuSome));
        Assert.False(status.Ha!.Managed);
    }

    [Fact]
    public async Task A_nodes_status_has_loads_and_clock_rates_as_texts()
    {
        var status = await ReadAsync(
            """
            {"data":{"uptime":86412,"wait":0.0021,"cpu":0.13,"loadavg":["0.15","1.20","3.00"],"pveversion":"pve-manager/9.1.6/0123",
             "cpuinfo":{"cores":8,"cpus":16,"sockets":1,"mhz":"3791.478","hvm":"1","model":"Ryzen"},
             "memory":{"total":67000000000,"used":31000000000,"free":30000000000,"available":35000000000},
             "rootfs":{"total":100,"used":40,"free":60,"avail":55},"swap":{"total":0,"used":0,"free":0},"ksm":{"shared":0},
             "boot-info":{"mode":"efi","secureboot":0},"current-kernel":{"release":"6.17.2-1-pve","machine":"x86_64"}}}
            """,
            client => client.GetNodeStatusAsync("pve1", Now));

        Assert.Equal([0.15, 1.2, 3.0], status.LoadAvg!);
        Assert.Equal(3791.478, status.CpuInfo!.Mhz);
        Assert.Equal(35000000000, status.Memory!.Available);
        Assert.Equal("6.17.2-1-pve", status.CurrentKernel!.Release);
        Assert.False(status.BootInfo!.SecureBoot);
    }

    [Fact]
    public async Task A_permission_counts_as_granted_whatever_its_propagation()
    {
        var permissions = await ReadAsync(
            """{"data":{"/":{"Sys.Audit":1,"VM.Audit":0},"/vms/100":{}}}""", client => client.GetPermissionsAsync(Now));
        Assert.True(permissions["/"]["Sys.Audit"]);
        Assert.False(permissions["/"]["VM.Audit"]);
        Assert.Empty(permissions["/vms/100"]);
    }

    [Fact]
    public async Task A_guests_config_is_read_from_property_strings()
    {
        var config = await ReadAsync(
            """
            {"data":{"name":"web-1","memory":"current=2048","cores":4,"onboot":1,"agent":"1,fstrim_cloned_disks=1","tags":"prod;web",
             "net0":"virtio=BC:24:11:AA:BB:CC,bridge=vmbr0,firewall=1","scsi0":"local-lvm:vm-100-disk-0,size=32G","scsihw":"virtio-scsi-single",
             "ide2":"none,media=cdrom","digest":"abc","numa":0,"lxc":[["lxc.cap.drop","mknod"]]}}
            """,
            client => client.GetGuestConfigAsync("pve1", GuestType.Qemu, 100, Now));

        Assert.Equal(("web-1", 2048, 4, "abc"), (config.Name, MemoryOf(config), config.Cores, config.Digest));
        Assert.True(config.OnBoot);
        Assert.True(config.HasAgent);
        Assert.Equal(["prod", "web"], config.Tags);
        Assert.Equal(["ide2", "scsi0"], config.Disks.Keys.Order());
        Assert.Equal(("local-lvm:vm-100-disk-0", "32G"), (config.Disks["scsi0"]["volume"], config.Disks["scsi0"]["size"]));
        Assert.Equal(("BC:24:11:AA:BB:CC", "vmbr0"), (config.Networks["net0"]["virtio"], config.Networks["net0"]["bridge"]));
    }

    [Theory]
    [InlineData("2048")]
    [InlineData("\"2048\"")]
    [InlineData("\"current=2048\"")]
    public async Task Memory_is_read_as_number_text_and_property_string(string memory) => Assert.Equal(2048, MemoryOf(await ReadAsync(
        $$"""{"data":{"memory":{{memory}} } }""", client => client.GetGuestConfigAsync("pve1", GuestType.Qemu, 100, Now))));

    [Fact]
    public async Task Addresses_of_a_VM_come_from_its_agent_and_those_of_a_container_from_its_host()
    {
        var vm = await ReadAsync(
            """{"data":{"result":[{"name":"eth0","hardware-address":"bc:24:11:00:00:01","ip-addresses":[{"ip-address":"10.0.0.7","ip-address-type":"ipv4","prefix":24}]}]}}""",
            client => client.GetGuestInterfacesAsync("pve1", GuestType.Qemu, 100, Now));
        var container = await ReadAsync(
            """{"data":[{"name":"eth0","hwaddr":"bc:24:11:00:00:02","inet":"10.0.0.8/24"}]}""",
            client => client.GetGuestInterfacesAsync("pve1", GuestType.Lxc, 101, Now));
        var stopped = await ReadAsync("""{"data":null}""", client => client.GetGuestInterfacesAsync("pve1", GuestType.Lxc, 101, Now));

        Assert.Equal("10.0.0.7", Assert.Single(Assert.Single(vm).IpAddresses!).Address);
        Assert.Equal("10.0.0.8/24", Assert.Single(container).Inet);
        Assert.Empty(stopped);
    }

    [Fact]
    public async Task A_history_has_rows_without_samples()
    {
        var points = await ReadAsync(
            """{"data":[{"time":1764000000},{"time":1764000060,"cpu":5.63e-05,"memused":1.5e9,"netin":12.25}]}""",
            client => client.GetNodeRrdAsync("pve1", RrdSpan.Hour, RrdFold.Average, Now),
            target => Assert.EndsWith("/nodes/pve1/rrddata?timeframe=hour&cf=AVERAGE", target, StringComparison.Ordinal));
        Assert.Null(points[0].Cpu);
        Assert.Equal((5.63e-05, 1.5e9, 12.25), (points[1].Cpu, points[1].MemUsed, points[1].NetIn));
    }

    [Fact]
    public async Task Disks_without_a_known_wear_say_so()
    {
        var disks = await ReadAsync(
            """
            {"data":[{"devpath":"/dev/sda","size":68719476736,"wearout":"N/A","rpm":"7200","osdid":-1,"osdid-list":null,"gpt":1,"health":"OK"},
             {"devpath":"/dev/nvme0n1","size":1000204886016,"wearout":97,"rpm":0,"osdid":"3","health":"PASSED","mounted":true}]}
            """,
            client => client.GetDisksAsync("pve1", false, Now));
        Assert.Null(disks[0].Wearout);
        Assert.Equal((97.0, 3, 7200L), (disks[1].Wearout, disks[1].OsdId, disks[0].Rpm));
    }

    [Fact]
    public async Task A_cluster_without_Ceph_has_none_and_that_is_no_failure()
    {
        await using var server = HostileServer.Answering("", 500, "binary not installed: /usr/bin/ceph-mon");
        using var client = Clients.Of(server);
        Assert.Null(await client.GetCephStatusAsync(Now));
    }

    [Theory]
    [InlineData("\"100\"")]
    [InlineData("100")]
    public async Task The_next_id_is_a_text_or_a_number(string id) =>
        Assert.Equal(100, await ReadAsync($$"""{"data":{{id}}}""", client => client.GetNextIdAsync(Now)));

    [Fact]
    public async Task A_journal_is_given_without_its_cursors() => Assert.Equal(
        ["Nov 22 a", "Nov 22 b"],
        await ReadAsync("""{"data":["s=1;i=2","Nov 22 a","Nov 22 b","s=1;i=4"]}""", client => client.GetJournalAsync("pve1", 2, Now)));

    [Fact]
    public async Task Ten_thousand_rows_are_read_in_one_pass_with_little_memory()
    {
        var text = new StringBuilder("{\"data\":[");
        for (var id = 100; id < 10_100; id++)
        {
            text.Append(id == 100 ? "" : ",").Append(
                $$"""{"id":"qemu/{{id}}","type":"qemu","vmid":{{id}},"node":"pve{{id % 16}}","name":"guest-{{id}}","status":"running","template":0,"cpu":0.0{{id}},"maxcpu":4,"mem":{{id}}000000,"maxmem":4294967296,"disk":0,"maxdisk":34359738368,"netin":1,"netout":2,"diskread":3,"diskwrite":4,"uptime":{{id}},"tags":"prod;web"}""");
        }

        var json = text.Append("]}").ToString();
        await using var server = HostileServer.Answering(json);
        using var client = Clients.Of(server);
        var rows = await client.GetResourcesAsync(Now);
        Assert.Equal(10_000, rows.Count);
        Assert.Equal(10_099, rows[^1].VmId);
        Assert.InRange(rows.Select(row => row.Node!).Distinct(ReferenceEqualityComparer.Instance).Count(), 16, 400);

        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var shape = ProxmoxJson.Create().EnvelopeIReadOnlyListClusterResource;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var parsed = JsonSerializer.Deserialize(stream, shape);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 4 * stream.Length);
        Assert.Equal(10_000, parsed!.Data!.Count);
    }

    private static int? MemoryOf(GuestConfig config) => config.MemoryMib;

    private static async Task<T> ReadAsync<T>(string json, Func<ProxmoxClient, Task<T>> read, Action<string>? target = null)
    {
        await using var server = HostileServer.Answering(json);
        using var client = Clients.Of(server);
        var answer = await read(client);
        target?.Invoke(Assert.Single(server.Requests).Target);
        return answer;
    }
}
