namespace Jarvis.Simulator.Tests.Api;

public sealed class WrongStateTests
{
    [Fact]
    public async Task Starting_a_running_vm_is_accepted_and_the_task_fails()
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.PostAsync("/nodes/pve1/qemu/100/status/start");
        Assert.Equal(200, reply.Status);
        Assert.StartsWith("UPID:pve1:", reply.Data.GetString(), StringComparison.Ordinal);
        var other = await rig.PostAsync("/nodes/pve2/qemu/102/status/start");
        Assert.Equal("VM 102 already running", await rig.FinishAsync(other));
    }

    [Fact]
    public async Task Starting_a_running_container_is_refused_at_once()
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.PostAsync("/nodes/pve1/lxc/101/status/start");
        Assert.Equal((500, "CT 101 already running"), (reply.Status, reply.Reason));
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("shutdown")]
    public async Task Stopping_a_stopped_vm_is_a_task_that_ends_well(string action)
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal("OK", await rig.FinishAsync(await rig.PostAsync($"/nodes/pve3/qemu/105/status/{action}")));
    }

    [Theory]
    [InlineData("stop", "CT 106 not running")]
    [InlineData("shutdown", "CT 106 not running")]
    [InlineData("suspend", "CT 106 not running")]
    [InlineData("reboot", "VM 106 not running")]
    public async Task A_stopped_container_refuses_at_once(string action, string text)
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.PostAsync($"/nodes/pve3/lxc/106/status/{action}");
        Assert.Equal((500, text), (reply.Status, reply.Reason));
    }

    [Theory]
    [InlineData("reboot")]
    [InlineData("reset")]
    [InlineData("suspend")]
    [InlineData("resume")]
    public async Task A_stopped_vm_refuses_what_needs_it_running(string action)
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.PostAsync($"/nodes/pve3/qemu/105/status/{action}");
        Assert.Equal((500, "VM 105 not running"), (reply.Status, reply.Reason));
    }

    [Fact]
    public async Task A_paused_vm_cannot_be_shut_down()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal("OK", await rig.FinishAsync(await rig.PostAsync("/nodes/pve2/qemu/102/status/suspend")));
        var current = await rig.GetAsync("/nodes/pve2/qemu/102/status/current");
        Assert.Equal("running", current.Data.GetProperty("status").GetString());
        Assert.Equal("paused", current.Data.GetProperty("qmpstatus").GetString());
        var reply = await rig.PostAsync("/nodes/pve2/qemu/102/status/shutdown");
        Assert.Equal((500, "VM is paused - cannot shutdown"), (reply.Status, reply.Reason));
    }

    [Fact]
    public async Task A_template_cannot_be_started()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal("you can't start a vm if it's a template",
            await rig.FinishAsync(await rig.PostAsync("/nodes/pve1/qemu/900/status/start")));
    }

    [Fact]
    public async Task A_container_template_cannot_be_started()
    {
        await using var rig = await Rig.StartAsync();
        var made = await rig.PostAsync("/nodes/pve3/lxc/106/template");
        Assert.Equal(200, made.Status);
        rig.Pass(30);
        Assert.Equal("you can't start a CT if it's a template",
            await rig.FinishAsync(await rig.PostAsync("/nodes/pve3/lxc/106/status/start")));
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("start")]
    public async Task A_locked_vm_fails_the_task(string action)
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("stale-lock", "105", ("lock", "backup"));
        Assert.Equal("VM is locked (backup)",
            await rig.FinishAsync(await rig.PostAsync($"/nodes/pve3/qemu/105/status/{action}")));
    }

    [Fact]
    public async Task A_locked_container_fails_the_task()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("stale-lock", "106", ("lock", "backup"));
        Assert.Equal("CT is locked (backup)",
            await rig.FinishAsync(await rig.PostAsync("/nodes/pve3/lxc/106/status/start")));
    }

    [Fact]
    public async Task A_locked_vm_refuses_configuration_migration_and_snapshots_at_once()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("stale-lock", "105", ("lock", "backup"));
        var config = await rig.PutAsync("/nodes/pve3/qemu/105/config", ("cores", "3"));
        var migrate = await rig.PostAsync("/nodes/pve3/qemu/105/migrate", ("target", "pve1"));
        var snapshot = await rig.PostAsync("/nodes/pve3/qemu/105/snapshot", ("snapname", "one"));
        Assert.All([config, migrate, snapshot], r =>
            Assert.Equal((500, "VM is locked (backup)"), (r.Status, r.Reason)));
    }

    [Fact]
    public async Task An_ignored_shutdown_fails_after_its_timeout_and_the_vm_runs_on()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("guest-hang", "102");
        var reply = await rig.PostAsync("/nodes/pve2/qemu/102/status/shutdown", ("timeout", "60"));
        Assert.Equal("VM quit/powerdown failed - got timeout", await rig.FinishAsync(reply));
        Assert.Equal("running", (await rig.GetAsync("/nodes/pve2/qemu/102/status/current")).Data.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Force_stop_kills_a_vm_that_ignores_the_shutdown()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("guest-hang", "102");
        var reply = await rig.PostAsync("/nodes/pve2/qemu/102/status/shutdown", ("timeout", "60"), ("forceStop", "1"));
        Assert.Matches("^(OK|WARNINGS: [0-9]+)$", await rig.FinishAsync(reply));
        Assert.Equal("stopped", (await rig.GetAsync("/nodes/pve2/qemu/102/status/current")).Data.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("/nodes/pve2/qemu/102/status/stop")]
    [InlineData("/nodes/pve2/lxc/103/status/stop")]
    [InlineData("/nodes/pve3/qemu/105/status/start")]
    public async Task Without_quorum_nothing_is_started_or_stopped(string path)
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("quorum-lost", "cluster");
        var reply = await rig.PostAsync(path);
        Assert.Equal((500, "cluster not ready - no quorum?"), (reply.Status, reply.Reason));
        Assert.Equal(0, (await rig.GetAsync("/cluster/status")).Row("type",
            "cluster").GetProperty("quorate").GetInt32());
    }

    [Fact]
    public async Task A_busy_configuration_lock_times_out_after_ten_seconds()
    {
        await using var rig = await Rig.StartAsync();
        await rig.FaultAsync("guest-hang", "102");
        await rig.PostAsync("/nodes/pve2/qemu/102/status/shutdown", ("timeout", "120"));
        rig.Pass(1);
        Assert.Equal("can't lock file '/var/lock/qemu-server/lock-102.conf' - got timeout",
            await rig.FinishAsync(await rig.PostAsync("/nodes/pve2/qemu/102/status/stop"), 15));
    }

    [Fact]
    public async Task A_guest_under_ha_only_gets_a_request()
    {
        await using var rig = await Rig.StartAsync();
        var reply = await rig.PostAsync("/nodes/pve1/qemu/100/status/stop");
        Assert.Contains(":hastop:100:", reply.Data.GetString(), StringComparison.Ordinal);
        Assert.Equal("OK", await rig.FinishAsync(reply, 5));
    }
}
