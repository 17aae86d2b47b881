using System.Text.Json;

namespace Jarvis.Simulator.Tests.Api;

public sealed class TypeTests
{
    [Fact]
    public async Task Flags_are_numbers_and_absent_means_default()
    {
        await using var rig = await Rig.StartAsync();
        var template = (await rig.GetAsync("/nodes/pve1/qemu")).Row("vmid", "900");
        Assert.Equal(1, template.GetProperty("template").GetInt32());
        Assert.False((await rig.GetAsync("/nodes/pve1/qemu")).Row("vmid", "100").TryGetProperty("template", out _));
        Assert.Equal(0, (await rig.GetAsync("/cluster/resources")).Row("id",
            "qemu/100").GetProperty("template").GetInt32());
    }

    [Fact]
    public async Task The_next_id_and_load_averages_are_texts()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal("107", (await rig.GetAsync("/cluster/nextid")).Data.GetString());
        Assert.All((await rig.GetAsync("/nodes/pve1/status")).Data.GetProperty("loadavg").EnumerateArray(), l =>
            Assert.Equal(JsonValueKind.String, l.ValueKind));
    }

    [Fact]
    public async Task Memory_of_a_vm_is_a_text_in_its_configuration_and_of_a_container_a_number()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal("8192", (await rig.GetAsync("/nodes/pve2/qemu/102/config")).Data.GetProperty("memory").GetString());
        Assert.Equal(1024, (await rig.GetAsync("/nodes/pve2/lxc/103/config")).Data.GetProperty("memory").GetInt32());
    }

    [Fact]
    public async Task Pressure_of_containers_is_text_and_of_vms_a_number()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal(JsonValueKind.String,
            (await rig.GetAsync("/nodes/pve2/lxc/103/status/current")).Data.GetProperty("pressurecpusome").ValueKind);
        Assert.Equal(JsonValueKind.Number,
            (await rig.GetAsync("/nodes/pve2/qemu/102/status/current")).Data.GetProperty("pressurecpusome").ValueKind);
    }

    [Fact]
    public async Task Shared_storage_has_a_row_on_every_node_and_an_offline_one_no_numbers()
    {
        await using var rig = await Rig.StartAsync();
        var rows = (await rig.GetAsync("/cluster/resources?type=storage")).Data.EnumerateArray().Where(r =>
            r.GetProperty("storage").GetString() == "nfs").ToArray();
        Assert.Equal(3, rows.Length);
        Assert.All(rows, r => Assert.Equal((1, "available"),
            (r.GetProperty("shared").GetInt32(), r.GetProperty("status").GetString())));
        await rig.FaultAsync("storage-offline", "nfs");
        rig.Pass(12);
        var gone = (await rig.GetAsync("/cluster/resources?type=storage")).Row("id", "storage/pve1/nfs");
        Assert.Equal("unknown", gone.GetProperty("status").GetString());
        Assert.False(gone.TryGetProperty("maxdisk", out _));
        var listed = (await rig.GetAsync("/nodes/pve1/storage")).Row("storage", "nfs");
        Assert.Equal((0, 0), (listed.GetProperty("active").GetInt32(), listed.GetProperty("total").GetInt64()));
        Assert.False(listed.TryGetProperty("used_fraction", out _));
        Assert.Equal("storage 'nfs' is not online", (await rig.GetAsync("/nodes/pve1/storage/nfs/content")).Reason);
    }

    [Fact]
    public async Task Identifiers_carry_their_kind()
    {
        await using var rig = await Rig.StartAsync();
        var ids = (await rig.GetAsync("/cluster/resources")).Data.EnumerateArray().Select(r =>
            r.GetProperty("id").GetString()).ToArray();
        Assert.All(["qemu/100", "lxc/101", "node/pve1", "storage/pve1/local", "/pool/prod"], id =>
            Assert.Contains(id, ids));
    }

    [Fact]
    public async Task Privileges_are_a_text_in_the_list_and_an_object_in_the_role()
    {
        await using var rig = await Rig.StartAsync();
        var listed = (await rig.GetAsync("/access/roles")).Row("roleid",
            "PVEAuditor").GetProperty("privs").GetString()!.Split(',').Order();
        Assert.Equal(["Datastore.Audit", "Mapping.Audit", "Pool.Audit", "SDN.Audit", "Sys.Audit", "VM.Audit",
            "VM.GuestAgent.Audit"], listed);
        Assert.Equal(1, (await rig.GetAsync("/access/roles/PVEAuditor")).Data.GetProperty("Sys.Audit").GetInt32());
        var admin = (await rig.GetAsync("/access/roles/PVEAdmin")).Data;
        Assert.All(["Sys.PowerMgmt", "Sys.Modify", "Sys.Incoming", "Sys.AccessNetwork", "Realm.Allocate"], p =>
            Assert.False(admin.TryGetProperty(p, out _), p));
    }

    [Fact]
    public async Task A_snapshot_list_ends_with_the_present()
    {
        await using var rig = await Rig.StartAsync();
        var list = (await rig.GetAsync("/nodes/pve2/qemu/102/snapshot")).Data;
        var last = list[list.GetArrayLength() - 1];
        Assert.Equal(("current", "You are here!", 1),
            (last.GetProperty("name").GetString(), last.GetProperty("description").GetString(),
            last.GetProperty("running").GetInt32()));
        Assert.Equal("before-upgrade", last.GetProperty("parent").GetString());
    }

    [Fact]
    public async Task Pending_network_changes_stand_beside_the_data()
    {
        await using var rig = await Rig.StartAsync();
        Assert.False((await rig.GetAsync("/nodes/pve1/network")).Root.TryGetProperty("changes", out _));
        await rig.PostAsync("/nodes/pve1/network", ("iface", "vmbr9"), ("type", "bridge"));
        Assert.Contains("vmbr9", (await rig.GetAsync("/nodes/pve1/network")).Root.GetProperty("changes").GetString(),
            StringComparison.Ordinal);
        Assert.Equal("interface already exists",
            (await rig.PostAsync("/nodes/pve1/network", ("iface", "vmbr0"), ("type", "bridge"))).Error("iface"));
    }

    [Fact]
    public async Task The_agent_says_why_it_does_not_answer()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal("VM 105 is not running", (await rig.GetAsync("/nodes/pve3/qemu/105/agent/get-osinfo")).Reason);
        await rig.FaultAsync("guest-hang", "102");
        Assert.Equal("QEMU guest agent is not running",
            (await rig.GetAsync("/nodes/pve2/qemu/102/agent/get-osinfo")).Reason);
    }

    [Fact]
    public async Task The_fingerprints_told_are_those_served()
    {
        await using var rig = await Rig.StartAsync();
        var told = (await rig.GetAsync("/nodes")).Data.EnumerateArray().ToDictionary(n =>
            n.GetProperty("node").GetString()!, n => n.GetProperty("ssl_fingerprint").GetString()!);
        Assert.Equal(rig.Host.Fingerprints.OrderBy(f => f.Key), told.OrderBy(f => f.Key));
        var join = (await rig.GetAsync("/cluster/config/join")).Data.GetProperty("nodelist").EnumerateArray().Select(n => n.GetProperty("pve_fp").GetString());
        Assert.Equal(rig.Host.Fingerprints.Values.Order(), join.Order());
        Assert.Contains((await rig.GetAsync("/nodes/pve2/certificates/info")).Data.EnumerateArray(), c =>
            c.GetProperty("fingerprint").GetString() == rig.Host.Fingerprints["pve2"]);
    }
}
