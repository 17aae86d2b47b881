namespace Jarvis.Simulator;

internal sealed partial class VirtualCluster
{
    private static readonly TimeSpan CorosyncDelay = TimeSpan.FromSeconds(2);

    /// <summary>Raised under the gate when a node starts or stops answering, so that its listener can follow.</summary>
    public event Action<VirtualNode>? PowerChanged;

    /// <summary>reboot or shutdown, carried out two seconds later.</summary>
    public void Command(string nodeName, string command, string user)
    {
        var node = LiveNode(nodeName);
        if (command is not ("reboot" or "shutdown"))
        {
            throw PveException.Parameter(
                "command", $"value '{command}' does not have a value in the enumeration 'reboot, shutdown'");
        }

        Log(node, "pvedaemon", $"<{user}> {command} requested");
        After(TimeSpan.FromSeconds(2), () => GoDown(node, command == "reboot"));
    }

    /// <summary>Guests are shut down, then the machine goes; a reboot comes back by itself.</summary>
    internal void GoDown(VirtualNode node, bool comeBack, TimeSpan? boot = null)
    {
        if (!node.Answers)
        {
            return;
        }

        node.Power = NodePower.ShuttingDown;
        node.Maintenance = true;
        foreach (var resource in haResources.Values.Where(h => h.Node == node.Name && h.State == "started" && comeBack))
        {
            resource.State = "freeze";
        }

        var longest = 3.0;
        foreach (var guest in GuestsOn(node.Name).Where(g => g.Running))
        {
            var needs = guest.Kind == GuestKind.Lxc ? dice.Between(.8, 4.0) : dice.Between(4.0, 16.0);
            longest = Math.Max(longest, needs);
            After(TimeSpan.FromSeconds(Math.Round(needs, 1)), () =>
            {
                if (guest.Running && guest.Node == node.Name)
                {
                    PowerOff(guest);
                }
            });
        }

        After(TimeSpan.FromSeconds(Math.Round(longest + 2, 1)), () =>
        {
            LosePower(node, true);
            if (comeBack)
            {
                Boot(node, boot);
            }
        });
    }

    /// <summary>The machine stops at once.</summary>
    internal void LosePower(VirtualNode node, bool orderly = false)
    {
        if (node.Power is NodePower.Off or NodePower.Booting)
        {
            return;
        }

        node.Power = NodePower.Off;
        node.LostAt ??= Now;
        node.BackupRunning = false;
        foreach (var guest in GuestsOn(node.Name).Where(g => g.Running).ToArray())
        {
            guest.Finish(Now);
        }

        KillTasks(node.Name);
        if (!orderly)
        {
            node.Maintenance = false;
        }

        LeaveMembership(node);
        PowerChanged?.Invoke(node);
    }

    /// <summary>The machine hangs: it keeps its power, answers nothing and does nothing.</summary>
    internal void Hang(VirtualNode node)
    {
        if (node.Answers)
        {
            node.Power = NodePower.Hung;
            node.LostAt = Now;
            LeaveMembership(node);
            PowerChanged?.Invoke(node);
        }
    }

    internal void Unhang(VirtualNode node)
    {
        if (node.Power == NodePower.Hung)
        {
            Remember(node);
            node.Power = NodePower.On;
            node.LostAt = null;
            After(CorosyncDelay, () => SetMember(node));
            PowerChanged?.Invoke(node);
        }
    }

    private void Remember(VirtualNode node)
    {
        node.Outages.Add((node.LostAt ?? Now, Now));
        if (node.Outages.Count > 200)
        {
            node.Outages.RemoveAt(0);
        }
    }

    internal void Boot(VirtualNode node, TimeSpan? duration = null)
    {
        if (node.Power != NodePower.Off)
        {
            return;
        }

        node.Power = NodePower.Booting;
        After(duration ?? dice.Seconds(48, 95), () =>
        {
            if (node.Power != NodePower.Booting)
            {
                return;
            }

            Remember(node);
            node.Power = NodePower.On;
            node.LostAt = null;
            node.BootedAt = Now;
            node.Maintenance = false;
            node.NextPid = 1400;
            Log(node, "kernel", $"Linux version {node.Kernel} (build@proxmox) #1 SMP PREEMPT_DYNAMIC PMX");
            Log(node, "systemd", "Startup finished. Reached target multi-user.target.");
            PowerChanged?.Invoke(node);
            After(CorosyncDelay, () =>
            {
                SetMember(node);
                AfterBoot(node);
            });
        });
    }

    private void AfterBoot(VirtualNode node)
    {
        foreach (var resource in haResources.Values
            .Where(h => h.Node == node.Name && node.Member && h.State is "freeze" or "fence"))
        {
            resource.State = resource.Requested == "started" ? "starting" : "stopped";
        }

        StartAllWhenQuorate(node, node.BootedAt);
        PokeHa();
    }

    private void StartAllWhenQuorate(VirtualNode node, DateTimeOffset boot)
    {
        if (node.Power != NodePower.On || node.BootedAt != boot)
        {
            return;
        }

        if (QuorateAt(node.Name))
        {
            StartAll(node.Name, Root);
        }
        else
        {
            After(TimeSpan.FromSeconds(10), () => StartAllWhenQuorate(node, boot));
        }
    }

    /// <summary>Brings the membership in line with who answers and who is cut off.</summary>
    internal void SetMember(VirtualNode node)
    {
        node.Member = node.Answers && !Faults.Cut(node.Name);
        node.GoneSince = node.Member ? null : node.GoneSince ?? node.LostAt ?? Now;
    }

    private void LeaveMembership(VirtualNode node) => After(CorosyncDelay, () =>
    {
        if (!node.Answers)
        {
            SetMember(node);
            foreach (var other in nodes.Values.Where(n => n.Answers))
            {
                Log(other, "corosync", $"[TOTEM ] A processor failed, forming new configuration: left {node.NodeId}", 4);
            }
        }
    });

    /// <summary>Sends a magic packet from one living node to another; the MAC address it went to.</summary>
    public string WakeOnLan(string target, string from)
    {
        var node = Node(target);
        if (target == from)
        {
            throw PveException.Failed($"'{target}' is local node, cannot wake my self!");
        }

        if (!node.WakeOnLan)
        {
            throw PveException.Failed($"No wake on LAN MAC address defined for '{target}'!");
        }

        Wake(node.Mac);
        return node.Mac;
    }

    /// <summary>A magic packet arrived on the network; false if no machine has this address.</summary>
    public bool Wake(string mac)
    {
        var node = nodes.Values
            .FirstOrDefault(n => string.Equals(n.Mac, mac.Replace('-', ':'), StringComparison.OrdinalIgnoreCase));
        if (node is null)
        {
            return false;
        }

        Faults.Drop("node-off", node.Name);
        Boot(node);
        return true;
    }

    public string StartAll(string nodeName, string user, bool force = false, IReadOnlyCollection<int>? vmids = null)
    {
        RequireQuorum(nodeName);
        return Launch(LiveNode(nodeName), "startall", "", user, run =>
        {
            var queue = new Queue<VirtualGuest>(GuestsOn(nodeName)
                .Where(g => !g.Template && !g.Running && (vmids is null ? force || g.Onboot : vmids.Contains(g.VmId))
                    && Managed(g) is null)
                .OrderBy(StartOrder).ThenBy(g => g.VmId));
            Next();

            void Next()
            {
                if (!queue.TryDequeue(out var guest))
                {
                    run.Done();
                    return;
                }

                if (!guest.Running && Here(guest, nodeName))
                {
                    run.Log($"Starting {guest.Word} {guest.VmId}");
                    StartWorker(guest, user, false);
                }

                run.After(dice.Seconds(1.5, 3.5) + StartDelay(guest), Next);
            }
        });
    }

    public string StopAll(
        string nodeName, string user, IReadOnlyCollection<int>? vmids = null, int timeout = 180, bool force = true) =>
        ForAll(nodeName, "stopall", user, vmids, true, (run, guest) =>
        {
            run.Log($"Stopping {guest.Word} {guest.VmId} (timeout = {timeout} seconds)");
            if (guest.Running)
            {
                Shutdown(guest, user, timeout, force);
            }
        });

    public string MigrateAll(
        string nodeName, string target, string user, IReadOnlyCollection<int>? vmids = null, bool withLocalDisks = false)
    {
        Node(target);
        if (target == nodeName)
        {
            throw PveException.Parameter("target", "target is local node.");
        }

        return ForAll(nodeName, "migrateall", user, vmids, false, (run, guest) =>
        {
            run.Log($"Migrating {guest.Word} {guest.VmId}");
            try
            {
                Migrate(guest, target, user,
                    new MigrationOptions
                    {
                        Online = guest.Kind == GuestKind.Qemu, Restart = guest.Kind == GuestKind.Lxc,
                        WithLocalDisks = withLocalDisks
                    });
            }
            catch (PveException e)
            {
                run.Task.Warn(e.Reason);
            }
        });
    }

    private string ForAll(
        string nodeName, string type, string user, IReadOnlyCollection<int>? vmids, bool runningOnly, Action<TaskRun,
        VirtualGuest> act)
    {
        RequireQuorum(nodeName);
        return Launch(LiveNode(nodeName), type, "", user, run =>
        {
            var waiting = new Queue<VirtualGuest>(GuestsOn(nodeName)
                .Where(g => !g.Template && (g.Running || !runningOnly) && (vmids is null || vmids.Contains(g.VmId)))
                    .OrderByDescending(StartOrder).ThenBy(g => g.VmId));
            Next();

            void Next()
            {
                if (!waiting.TryDequeue(out var guest))
                {
                    run.Done();
                }
                else if (Here(guest, nodeName))
                {
                    act(run, guest);
                    Wait(guest, 900);
                }
                else
                {
                    Next();
                }
            }

            void Wait(VirtualGuest guest, int left)
            {
                if (guest.Holder is not { Running: true } || left == 0)
                {
                    Next();
                }
                else
                {
                    run.AfterQuietly(TimeSpan.FromSeconds(1), () => Wait(guest, left - 1));
                }
            }
        });
    }

    private bool Here(VirtualGuest guest, string node) => guest.Node == node && guests.GetValueOrDefault(guest.VmId) == guest;

    private static int StartOrder(VirtualGuest guest) => StartupNumber(guest, "order=") ?? int.MaxValue;

    private static TimeSpan StartDelay(VirtualGuest guest) => TimeSpan.FromSeconds(StartupNumber(guest, "up=") ?? 0);

    private static int? StartupNumber(VirtualGuest guest, string key)
    {
        var part = guest.Config["startup"]?.Split(',').FirstOrDefault(p => p.StartsWith(key, StringComparison.Ordinal));
        return part is not null && int.TryParse(part[key.Length..], out var n) ? n : null;
    }
}
