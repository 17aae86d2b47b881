namespace Jarvis.Simulator;

internal sealed partial class VirtualCluster
{
    private const string Root = "root@pam";

    public string Start(VirtualGuest guest, string user, bool skiplock = false)
    {
        RequireQuorum(guest.Node);
        if (guest.Kind == GuestKind.Lxc && guest.Running)
        {
            throw PveException.Failed($"CT {guest.VmId} already running");
        }

        return Managed(guest) is { } ha ? RequestHa(guest, ha, "started", "hastart", user) : StartWorker(guest, user, skiplock);
    }

    public string Stop(VirtualGuest guest, string user, bool skiplock = false, bool overruleShutdown = false)
    {
        RequireQuorum(guest.Node);
        RequireRunningContainer(guest);
        if (Managed(guest) is { } ha)
        {
            return RequestHa(guest, ha, "stopped", "hastop", user);
        }

        if (overruleShutdown && guest.Holder is { Running: true } holder && holder.Upid.Type is ("qmshutdown" or "vzshutdown"))
        {
            StopTask(guest.Holder.Id);
        }

        return Worker(guest, "stop", user, run => run.WithLock(guest, () =>
        {
            CheckLock(guest, skiplock);
            if (!guest.Running)
            {
                run.Done();
                return;
            }

            run.After(dice.Seconds(.6, 2.2), () =>
            {
                PowerOff(guest);
                run.Done();
            });
        }));
    }

    public string Shutdown(VirtualGuest guest, string user, int? timeout = null, bool forceStop = false, bool skiplock = false)
    {
        RequireQuorum(guest.Node);
        RequireRunningContainer(guest);
        // What is paused hears nothing; a forced shutdown does not even ask.
        var paused = guest.Kind == GuestKind.Qemu && guest.PausedAt is not null;
        if (paused && !forceStop)
        {
            throw PveException.Failed("VM is paused - cannot shutdown");
        }

        if (Managed(guest) is { } ha)
        {
            return RequestHa(guest, ha, "stopped", "hastop", user);
        }

        return Worker(guest, "shutdown", user, run => run.WithLock(guest, () =>
        {
            CheckLock(guest, skiplock);
            if (!guest.Running)
            {
                run.Done();
                return;
            }

            if (paused)
            {
                run.Log("WARN: VM is paused - stop instead of shutdown");
            }

            ShutDown(run, guest, paused ? 0 : timeout ?? ShutdownTimeout(guest), forceStop, run.Done);
        }));
    }

    public string Reboot(VirtualGuest guest, string user, int? timeout = null)
    {
        RequireQuorum(guest.Node);
        RequireRunning(guest);
        return Worker(guest, "reboot", user, run => run.WithLock(guest, () =>
        {
            CheckLock(guest, false);
            ShutDown(run, guest, timeout ?? ShutdownTimeout(guest), false, () => run.After(dice.Seconds(.5, 1.5), () =>
            {
                PowerOn(guest);
                run.Done();
            }));
        }));
    }

    public string Reset(VirtualGuest guest, string user, bool skiplock = false)
    {
        RequireQuorum(guest.Node);
        RequireRunning(guest);
        return Worker(guest, "reset", user, run =>
        {
            CheckLock(guest, skiplock);
            run.After(dice.Seconds(.2, .6), () =>
            {
                guest.HungSince = null;
                guest.Stall = null;
                guest.Resume(Now);
                run.Done();
            });
        });
    }

    public string Suspend(VirtualGuest guest, string user, bool toDisk = false, bool skiplock = false)
    {
        RequireQuorum(guest.Node);
        if (guest.Kind == GuestKind.Lxc)
        {
            RequireRunningContainer(guest);
            return Worker(guest, "suspend", user, run => run.After(dice.Seconds(.5, 1.2), () =>
                run.Fail($"command 'lxc-checkpoint -n {guest.VmId} -s -D /var/lib/vz/dump' failed: exit code 1")));
        }

        RequireRunning(guest);
        if (!toDisk)
        {
            return Launch(Node(guest.Node), "qmpause", Text(guest.VmId), user, run =>
            {
                CheckLock(guest, skiplock);
                run.After(dice.Seconds(.2, .5), () =>
                {
                    guest.Pause(Now);
                    run.Done();
                });
            });
        }

        return Worker(guest, "suspend", user, run => run.WithLock(guest, () =>
        {
            CheckLock(guest, skiplock);
            guest.Lock = "suspending";
            guest.Pause(Now);
            run.OnAbort(() =>
            {
                guest.Lock = null;
                guest.Resume(Now);
            });
            run.Log($"State storage: {guest.BootDisk()?.Storage}");
            run.After(TimeSpan.FromSeconds(1 + (guest.Sample(Now).Memory / (400.0 * Bytes.MiB))), () =>
            {
                PowerOff(guest);
                guest.Lock = "suspended";
                run.Done();
            });
        }));
    }

    public string Resume(VirtualGuest guest, string user, bool skiplock = false)
    {
        RequireQuorum(guest.Node);
        if (guest.Kind == GuestKind.Qemu && guest is { Running: false, Lock: "suspended" })
        {
            return StartWorker(guest, user, true);
        }

        RequireRunning(guest);
        return Worker(guest, "resume", user, run =>
        {
            CheckLock(guest, skiplock);
            run.After(dice.Seconds(.1, .4), () =>
            {
                guest.Resume(Now);
                run.Done();
            });
        });
    }

    internal string StartWorker(VirtualGuest guest, string user, bool skiplock) =>
        Worker(guest, "start", user, run => run.WithLock(guest, () => Bring(run, guest, skiplock, run.Done)));

    /// <summary>The checks and the wait of a start inside any worker.</summary>
    internal void Bring(TaskRun run, VirtualGuest guest, bool skiplock, Action then)
    {
        if (guest.Template)
        {
            throw PveException.Failed($"you can't start a {(guest.Kind == GuestKind.Qemu ? "vm" : "CT")} if it's a template");
        }

        var hibernated = guest.Lock == "suspended";
        CheckLock(guest, skiplock || hibernated);
        if (guest.Running)
        {
            throw PveException.Failed($"{guest.Word} {guest.VmId} already running");
        }

        foreach (var disk in guest.Config.Disks())
        {
            if (storages.TryGetValue(disk.Storage, out var storage) && !storage.Active(guest.Node))
            {
                throw PveException.Failed($"storage '{disk.Storage}' is not online");
            }
        }

        CheckMemory(guest);
        var wait = guest.Kind == GuestKind.Qemu ? dice.Seconds(1, 3.5) : dice.Seconds(.8, 1.8);
        run.After(wait, () =>
        {
            if (hibernated)
            {
                run.Log("Resuming suspended VM");
                guest.Lock = null;
            }

            PowerOn(guest);
            then();
        });
    }

    internal void PowerOn(VirtualGuest guest)
    {
        guest.Config.ApplyPending();
        guest.Refresh();
        var node = Node(guest.Node);
        guest.Begin(Now, NextPid(node));
        Log(node, "systemd", $"Started {guest.VmId}.scope.");
        Faults.OnStarted(guest);
    }

    internal void PowerOff(VirtualGuest guest)
    {
        guest.Finish(Now);
        Log(Node(guest.Node), "systemd", $"{guest.VmId}.scope: Deactivated successfully.");
    }

    /// <summary>Asks the guest to power down; the guest may not obey.</summary>
    internal void ShutDown(TaskRun run, VirtualGuest guest, int timeout, bool force, Action then)
    {
        var obeys = guest.HungSince is null && guest.Stall is null && guest.PausedAt is null;
        var needs = guest.Kind == GuestKind.Lxc ? dice.Between(.8, 5.0) : guest.Os == "windows"
            ? dice.Between(12.0, 38.0) : dice.Between(4.0, 14.0);
        if (obeys && needs < timeout)
        {
            run.After(TimeSpan.FromMilliseconds(Math.Round(needs * 1000)), () =>
            {
                PowerOff(guest);
                then();
            });
            return;
        }

        run.After(TimeSpan.FromSeconds(timeout), () =>
        {
            if (!force)
            {
                run.Fail(guest.Kind == GuestKind.Qemu
                    ? "VM quit/powerdown failed - got timeout"
                    : $"command 'lxc-stop -n {guest.VmId} --nokill --timeout {timeout}' failed: exit code 1");
                return;
            }

            run.Log($"{guest.Word} still running - terminating now with SIGTERM");
            PowerOff(guest);
            then();
        });
    }

    internal static void CheckLock(VirtualGuest guest, bool skip)
    {
        if (guest.Lock is { } held && !skip)
        {
            throw PveException.Failed($"{guest.Word} is locked ({held})");
        }
    }

    private string Worker(VirtualGuest guest, string verb, string user, Action<TaskRun> body) =>
        Launch(LiveNode(guest.Node), guest.WorkerPrefix + verb, Text(guest.VmId), user, body);

    private void CheckMemory(VirtualGuest guest)
    {
        var node = Node(guest.Node);
        var used = GuestsOn(guest.Node).Where(g => g.Running && g.Kind == GuestKind.Qemu).Sum(g => g.Sample(Now).Memory);
        if (guest.Kind == GuestKind.Qemu && used + (guest.MaxMemory / 4) > node.Memory)
        {
            throw PveException.Failed("start failed: QEMU exited with code 1");
        }
    }

    private static int ShutdownTimeout(VirtualGuest guest)
    {
        var down = guest.Config["startup"]?.Split(',').FirstOrDefault(p => p.StartsWith("down=", StringComparison.Ordinal));
        return down is not null && int.TryParse(down[5..], out var seconds) ? seconds : 60;
    }

    private static void RequireRunning(VirtualGuest guest)
    {
        if (!guest.Running)
        {
            throw PveException.Failed($"VM {guest.VmId} not running");
        }
    }

    private static void RequireRunningContainer(VirtualGuest guest)
    {
        if (guest.Kind == GuestKind.Lxc && !guest.Running)
        {
            throw PveException.Failed($"CT {guest.VmId} not running");
        }
    }
}
