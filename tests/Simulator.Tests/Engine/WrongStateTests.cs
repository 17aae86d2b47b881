namespace Jarvis.Simulator.Tests.Engine;

public sealed class WrongStateTests
{
    private const int RunningVm = 102;
    private const int StoppedVm = 105;
    private const int RunningCt = 101;
    private const int StoppedCt = 106;
    private const int Template = 900;
    private readonly Lab lab = new();

    [Fact]
    public void Starting_a_running_vm_fails_in_the_task() =>
        Assert.Equal("VM 102 already running", lab.Do(c => c.Start(lab.Guest(RunningVm), Lab.Root)));

    [Fact]
    public void Starting_a_running_container_fails_at_once() =>
        Assert.Equal("CT 101 already running", Lab.Refused(() => lab.Cluster.Start(lab.Guest(RunningCt), Lab.Root)).Reason);

    [Fact]
    public void Stopping_a_stopped_vm_is_a_successful_no_op() =>
        Assert.Equal("OK", lab.Do(c => c.Stop(lab.Guest(StoppedVm), Lab.Root)));

    [Fact]
    public void Shutting_down_a_stopped_vm_is_a_successful_no_op() =>
        Assert.Equal("OK", lab.Do(c => c.Shutdown(lab.Guest(StoppedVm), Lab.Root)));

    [Fact]
    public void Stopping_or_shutting_down_a_stopped_container_is_an_error()
    {
        Assert.Equal("CT 106 not running", Lab.Refused(() => lab.Cluster.Stop(lab.Guest(StoppedCt), Lab.Root)).Reason);
        Assert.Equal("CT 106 not running", Lab.Refused(() => lab.Cluster.Shutdown(lab.Guest(StoppedCt), Lab.Root)).Reason);
        Assert.Equal("CT 106 not running", Lab.Refused(() => lab.Cluster.Suspend(lab.Guest(StoppedCt), Lab.Root)).Reason);
    }

    [Fact]
    public void Rebooting_a_stopped_container_speaks_of_a_vm() =>
        Assert.Equal("VM 106 not running", Lab.Refused(() => lab.Cluster.Reboot(lab.Guest(StoppedCt), Lab.Root)).Reason);

    [Fact]
    public void A_stopped_vm_cannot_be_rebooted_reset_suspended_or_resumed()
    {
        var guest = lab.Guest(StoppedVm);
        Action[] actions =
        [
            () => lab.Cluster.Reboot(guest, Lab.Root), () => lab.Cluster.Reset(guest, Lab.Root),
            () => lab.Cluster.Suspend(guest, Lab.Root), () => lab.Cluster.Resume(guest, Lab.Root),
        ];
        Assert.All(actions, a => Assert.Equal("VM 105 not running", Lab.Refused(a).Reason));
    }

    [Fact]
    public void A_paused_vm_cannot_be_shut_down_until_it_is_resumed()
    {
        var guest = lab.Guest(RunningVm);
        Assert.Equal("OK", lab.Do(c => c.Suspend(guest, Lab.Root)));
        Assert.Equal(("running", "paused"), (guest.Status, guest.QmpStatus));
        Assert.Equal("VM is paused - cannot shutdown", Lab.Refused(() => lab.Cluster.Shutdown(guest, Lab.Root)).Reason);
        Assert.Equal("OK", lab.Do(c => c.Resume(guest, Lab.Root)));
        Assert.Equal("OK", lab.Do(c => c.Shutdown(guest, Lab.Root)));
        Assert.Equal("stopped", guest.Status);
    }

    [Fact]
    public void A_paused_vm_is_stopped_when_its_shutdown_is_forced()
    {
        var guest = lab.Guest(RunningVm);
        Assert.Equal("OK", lab.Do(c => c.Suspend(guest, Lab.Root)));
        var upid = lab.Cluster.Read(c => c.Shutdown(guest, Lab.Root, timeout: 600, forceStop: true));
        Assert.True(lab.PassUntil(() => !guest.Running, 10));
        Assert.DoesNotContain("got timeout", lab.Finish(upid), StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_does_not_start() =>
        Assert.Equal("you can't start a vm if it's a template", lab.Do(c => c.Start(lab.Guest(Template), Lab.Root)));

    [Fact]
    public void A_locked_guest_fails_in_the_task_for_power_and_at_once_for_changes()
    {
        var vm = lab.Guest(StoppedVm);
        vm.Lock = "backup";
        Assert.Equal("VM is locked (backup)", lab.Do(c => c.Start(vm, Lab.Root)));
        Assert.Equal(
            "VM is locked (backup)",
            Lab.Refused(() => lab.Cluster.UpdateConfig(vm, new Dictionary<string, string> { ["cores"] = "4" })).Reason);
        Assert.Equal("VM is locked (backup)", Lab.Refused(() => lab.Cluster.CreateSnapshot(vm, "now", Lab.Root)).Reason);
        Assert.Equal("VM is locked (backup)", Lab.Refused(() => lab.Cluster.Migrate(vm, "pve1", Lab.Root, new())).Reason);
        lab.Guest(RunningCt).Lock = "backup";
        Assert.Equal("CT is locked (backup)", lab.Do(c => c.Stop(lab.Guest(RunningCt), Lab.Root)));
        Assert.Equal("OK", lab.Do(c => c.Start(vm, Lab.Root, skiplock: true)));
    }

    [Fact]
    public void Root_unlocks_by_deleting_the_lock_with_skiplock()
    {
        var vm = lab.Guest(StoppedVm);
        vm.Lock = "backup";
        lab.Cluster.UpdateConfig(vm, new Dictionary<string, string>(), ["lock"], skiplock: true);
        Assert.Null(vm.Lock);
        Assert.Equal("OK", lab.Do(c => c.Start(vm, Lab.Root)));
    }

    [Fact]
    public void A_shutdown_that_is_not_obeyed_fails_after_its_timeout_and_can_be_forced()
    {
        var guest = lab.Guest(RunningVm);
        lab.Cluster.Faults.Add("guest-hang", "102");
        var begun = lab.Clock.GetUtcNow();
        Assert.Equal("VM quit/powerdown failed - got timeout", lab.Do(c => c.Shutdown(guest, Lab.Root)));
        Assert.InRange((lab.Clock.GetUtcNow() - begun).TotalSeconds, 59, 63);
        Assert.True(guest.Running);
        Assert.Equal("OK", lab.Do(c => c.Shutdown(guest, Lab.Root, timeout: 10, forceStop: true)));
        Assert.False(guest.Running);
    }

    [Fact]
    public void A_second_action_waits_ten_seconds_for_the_configuration_lock()
    {
        var guest = lab.Guest(RunningVm);
        lab.Cluster.Faults.Add("guest-hang", "102");
        lab.Cluster.Read(c => c.Shutdown(guest, Lab.Root));
        Assert.Equal(
            "can't lock file '/var/lock/qemu-server/lock-102.conf' - got timeout", lab.Do(c => c.Stop(guest, Lab.Root)));
        Assert.Equal("OK", lab.Do(c => c.Stop(guest, Lab.Root, overruleShutdown: true)));
        Assert.False(guest.Running);
    }

    [Fact]
    public void Nothing_is_written_without_quorum()
    {
        lab.Cluster.Faults.Add("quorum-lost", "");
        Assert.False(lab.Cluster.Quorate);
        Assert.Equal(
            "cluster not ready - no quorum?", Lab.Refused(() => lab.Cluster.Start(lab.Guest(StoppedVm), Lab.Root)).Reason);
        Assert.Equal("cluster not ready - no quorum?",
            Lab.Refused(() =>
                lab.Cluster.UpdateConfig(lab.Guest(StoppedVm), new Dictionary<string, string> { ["cores"] = "1" })).Reason);
    }

    [Fact]
    public void Missing_things_are_reported_in_proxmox_words()
    {
        Assert.Equal(
            "Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist",
            Lab.Refused(() => lab.Cluster.GuestOn("pve1", GuestKind.Qemu, 999)).Reason);
        Assert.Equal(
            "Configuration file 'nodes/pve1/lxc/102.conf' does not exist",
            Lab.Refused(() => lab.Cluster.GuestOn("pve1", GuestKind.Lxc, 102)).Reason);
        Assert.StartsWith(
            "hostname lookup 'nope' failed", Lab.Refused(() => lab.Cluster.LiveNode("nope")).Reason, StringComparison.Ordinal);
        Assert.Equal("storage 'nope' does not exist", Lab.Refused(() => lab.Cluster.Storage("nope")).Reason);
    }

    [Fact]
    public void A_stopped_task_is_interrupted_and_releases_its_lock()
    {
        var upid = lab.Cluster.Read(c => c.Backup("pve2", [102], new BackupOptions { Storage = "nfs" }, Lab.Root));
        lab.Pass(3);
        Assert.Equal("backup", lab.Guest(RunningVm).Lock);
        lab.Cluster.StopTask(upid);
        Assert.Equal("interrupted by signal", lab.Finish(upid));
        Assert.Null(lab.Guest(RunningVm).Lock);
        Assert.False(lab.Node("pve2").BackupRunning);
    }

    [Fact]
    public void A_upid_survives_a_round_trip()
    {
        var text = lab.Cluster.Read(c => c.Stop(lab.Guest(StoppedVm), "mon@pve!tok"));
        var upid = Upid.Parse(text);
        Assert.NotNull(upid);
        Assert.Equal(text, upid.Value.ToString());
        Assert.Equal(
            ("pve3", "qmstop", "105", "mon@pve!tok"), (upid.Value.Node, upid.Value.Type, upid.Value.Id, upid.Value.User));
        Assert.Matches("^UPID:pve3:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:qmstop:105:mon@pve!tok:$", text);
        Assert.Null(Upid.Parse("UPID:pve3:xyz"));
    }
}
