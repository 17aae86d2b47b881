namespace Jarvis.Simulator.Tests.Api;

public sealed class ErrorTests
{
    [Theory]
    [InlineData("GET", "/nodes/pve1/qemu/4711/config",
        "Configuration file 'nodes/pve1/qemu-server/4711.conf' does not exist")]
    [InlineData("GET", "/nodes/pve1/lxc/4711/config", "Configuration file 'nodes/pve1/lxc/4711.conf' does not exist")]
    [InlineData("GET", "/nodes/pve1/qemu/102/config",
        "Configuration file 'nodes/pve1/qemu-server/102.conf' does not exist")]
    [InlineData("GET", "/nodes/nope/status",
        "hostname lookup 'nope' failed - failed to get address info for: nope: Name or service not known")]
    [InlineData("GET", "/nodes/pve1/storage/x1/status", "storage 'x1' does not exist")]
    [InlineData("GET", "/nodes/pve1/disks/zfs/none", "command '/sbin/zpool status -P none' failed: exit code 1")]
    [InlineData("GET", "/cluster/ceph/status", "binary not installed: /usr/bin/ceph-mon")]
    [InlineData("POST", "/nodes/pve1/services/pveproxy/stop", "refusing to stop essential service!")]
    [InlineData("DELETE", "/nodes/pve3/qemu/104", "VM 104 is running - destroy failed")]
    [InlineData("POST", "/nodes/pve1/wakeonlan", "'pve1' is local node, cannot wake my self!")]
    public async Task What_is_missing_or_impossible_is_a_500_in_proxmoxs_words(string method, string path,
        string reason)
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.SendAsync(rig.Request(method, path));
        Assert.Equal((500, reason), (reply.Status, reply.Reason));
    }

    [Theory]
    [InlineData("qemu", "102", "unable to create VM 102 - VM 102 already exists on node 'pve2'")]
    [InlineData("lxc", "103", "CT 103 already exists on node 'pve2'")]
    public async Task A_taken_id_is_refused(string kind, string vmid, string reason)
    {
        await using var rig = await Rig.StartAsync();
        var reply = kind == "qemu" ? await rig.PostAsync("/nodes/pve1/qemu", ("vmid", vmid))
            : await rig.PostAsync("/nodes/pve1/lxc", ("vmid", vmid),
                ("ostemplate", "local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst"));
        Assert.Equal(500, reply.Status);
        Assert.EndsWith(reason, reply.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/access/groups", "groupid", "ops",
        "create group failed: error during cfs-locked 'file-user_cfg' operation: group 'ops' already exists")]
    [InlineData("/access/users", "userid", "bob@pve",
        "create user failed: error during cfs-locked 'file-user_cfg' operation: user 'bob@pve' already exists")]
    [InlineData("/access/roles", "roleid", "Mine",
        "create role failed: error during cfs-locked 'file-user_cfg' operation: role 'Mine' already exists")]
    [InlineData("/pools", "poolid", "lab",
        "create pool failed: error during cfs-locked 'file-user_cfg' operation: pool 'lab' already exists")]
    public async Task A_taken_name_is_refused(string path, string key, string name, string reason)
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal(200, (await rig.PostAsync(path, (key, name))).Status);
        var reply = await rig.PostAsync(path, (key, name));
        Assert.Equal((500, reason), (reply.Status, reply.Reason));
    }

    [Theory]
    [InlineData("/nodes/pve1/qemu/12/config", "vmid", "invalid format - value does not look like a valid VM ID")]
    [InlineData("/nodes/pve1/rrddata", "timeframe", "property is missing and it is not optional")]
    [InlineData("/version?colour=red", "colour",
        "property is not defined in schema and the schema does not allow additional properties")]
    [InlineData("/cluster/resources?type=qemu", "type",
        "value 'qemu' does not have a value in the enumeration 'vm, storage, node, sdn'")]
    [InlineData("/nodes/pve1/tasks?limit=many", "limit", "type check ('integer') failed - got 'many'")]
    [InlineData("/nodes/pve1/tasks?limit=-1", "limit", "value must have a minimum value of 0")]
    [InlineData("/nodes/pve1/tasks?errors=perhaps", "errors", "type check ('boolean') failed - got 'perhaps'")]
    [InlineData("/cluster/nextid?vmid=100", "vmid", "VM 100 already exists")]
    [InlineData("/nodes/pve1/tasks/UPID:pve1:00000001:00000001:00000001:qmstart:100:root@pam:/status", "upid",
        "no such task")]
    public async Task A_bad_parameter_is_named_with_its_fault(string path, string parameter, string text)
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.GetAsync(path);
        Assert.Equal((400, "Parameter verification failed."), (reply.Status, reply.Reason));
        Assert.Equal(text, reply.Error(parameter));
        Assert.StartsWith("Parameter verification failed.", reply.Root.GetProperty("message").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_task_name_cannot_be_parsed()
    {
        await using var rig = await Rig.StartAsync();
        Assert.StartsWith("unable to parse worker upid",
            (await rig.GetAsync("/nodes/pve1/tasks/nonsense/status")).Error("upid"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stale_digest_is_refused()
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.PutAsync("/nodes/pve3/qemu/105/config", ("cores", "2"), ("digest", new string('0', 40)));
        Assert.Equal((500, "detected modified configuration - file changed by other user? Try again."),
            (reply.Status, reply.Reason));
        var digest = (await rig.GetAsync("/nodes/pve3/qemu/105/config")).Data.GetProperty("digest").GetString()!;
        Assert.Equal(200, (await rig.PutAsync("/nodes/pve3/qemu/105/config", ("cores", "2"),
            ("digest", digest))).Status);
    }

    [Fact]
    public async Task A_dead_node_is_595_and_a_silent_one_596_through_another()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("node-off", "pve2");
        await rig.FaultAsync("node-hang", "pve3");
        var dead = await rig.GetAsync("/nodes/pve2/status");
        var silent = await rig.GetAsync("/nodes/pve3/qemu");
        Assert.Equal((595, "No route to host", ""), (dead.Status, dead.Reason, dead.Text));
        Assert.Equal((596, "Connection timed out", ""), (silent.Status, silent.Reason, silent.Text));
    }

    [Fact]
    public async Task Snapshot_names_are_checked()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal("invalid format - invalid configuration ID '1st'",
            (await rig.PostAsync("/nodes/pve2/qemu/102/snapshot", ("snapname", "1st"))).Error("snapname"));
        var taken = await rig.PostAsync("/nodes/pve2/qemu/102/snapshot", ("snapname", "before-upgrade"));
        Assert.Contains("already used", taken.Reason + taken.Text, StringComparison.Ordinal);
        var reserved = await rig.PostAsync("/nodes/pve2/qemu/102/snapshot", ("snapname", "current"));
        Assert.Contains("unable to use reserved name 'current'", reserved.Reason + reserved.Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qemu", "102", "can't migrate running VM without --online")]
    [InlineData("lxc", "103", "can't migrate running container without --online or --restart")]
    public async Task Running_guests_migrate_only_when_told_how(string kind, string vmid, string reason)
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.PostAsync($"/nodes/pve2/{kind}/{vmid}/migrate", ("target", "pve1"));
        Assert.Equal((500, reason), (reply.Status, reply.Reason));
        Assert.Equal("target is local node.",
            (await rig.PostAsync($"/nodes/pve2/{kind}/{vmid}/migrate", ("target", "pve2"))).Error("target"));
    }
}
