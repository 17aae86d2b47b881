namespace Jarvis.Simulator;

internal sealed partial class VirtualCluster
{
    private static readonly TimeSpan HaRound = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FenceDelay = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RecoveryDelay = TimeSpan.FromSeconds(110);

    /// <summary>active, idle, maintenance mode, old timestamp - dead? … as the LRM row of a node says.</summary>
    public string LrmState(VirtualNode node) => node.LostAt is { } lost
        && Now - lost > TimeSpan.FromSeconds(30) ? "old timestamp - dead?"
        : node.Maintenance ? "maintenance mode"
        : haResources.Values.Any(h => h.Node == node.Name && h.Requested != "ignored") ? "active" : "idle";

    /// <summary>online, unknown, fence, maintenance or gone as the CRM keeps it.</summary>
    public string CrmNodeState(VirtualNode node) => node.Member ? node.Maintenance ? "maintenance" : "online"
        : haResources.Values.Any(h => h.Node == node.Name && h.State == "fence") ? "fence" : "unknown";

    internal void PokeHa() => After(TimeSpan.FromSeconds(1), HaStep);

    private void HaLoop()
    {
        if (!Calm())
        {
            HaStep();
            StallOnFullStorage();
        }

        AtQuietly(Now + HaRound, HaLoop);
    }

    // Most rounds have nothing to do; a jump of the clock runs through thousands of them.
    private bool Calm()
    {
        if (Faults.Active.Count > 0)
        {
            return false;
        }

        foreach (var node in nodes.Values)
        {
            if (node.Power != NodePower.On || !node.Member)
            {
                return false;
            }
        }

        foreach (var resource in haResources.Values)
        {
            var settled = guests.TryGetValue(resource.VmId, out var guest) && resource.MigrateTo is null
                && resource.Node == guest.Node && (guest.Running
                    ? resource is { Requested: "started", State: "started" } && nodes[guest.Node].WatchdogArmed
                    : resource is { Requested: "stopped", State: "stopped" });
            if (!settled && resource.Requested != "ignored")
            {
                return false;
            }
        }

        return true;
    }

    private void HaStep()
    {
        foreach (var resource in haResources.Values.Where(r => Quorate && r.Requested != "ignored").ToArray())
        {
            if (guests.TryGetValue(resource.VmId, out var guest))
            {
                Manage(resource, guest);
            }
        }

        foreach (var node in nodes.Values)
        {
            Watchdog(node);
        }
    }

    // A virtual machine whose image can't grow is stopped by QEMU until somebody makes room and resumes it.
    private void StallOnFullStorage()
    {
        foreach (var storage in Faults.Of("disk-fill").Select(f => storages[f.Target]))
        {
            foreach (var guest in guests.Values.Where(g => g is { Running: true, Kind: GuestKind.Qemu, Stall: null }
                && storage.UsedOn(g.Node, Now) >= storage.TotalOn(g.Node)
                    && (storage.FillNode is null || storage.FillNode == g.Node)
                && g.Config.Disks().Any(d => d.Storage == storage.Id && !d.IsCdrom)))
            {
                CatchUpView(Now);
                guest.Pause(Now);
                guest.Stall = "io-error";
                Log(nodes[guest.Node], "kernel", $"EXT4-fs error: no space left on device ({storage.Id})", 3);
            }
        }
    }

    // A node with HA services that loses quorum, or hangs, is reset by its own watchdog.
    private void Watchdog(VirtualNode node)
    {
        var alone = node.Power == NodePower.Hung || (node.Answers && !QuorateAt(node.Name));
        node.AloneSince = alone ? node.AloneSince ?? (node.Power == NodePower.Hung ? node.LostAt : Now) : null;
        if (!alone)
        {
            node.WatchdogArmed = node.Answers && haResources.Values.Any(h => h.Node == node.Name && h.State == "started");
        }
        else if (node.WatchdogArmed && Now - node.AloneSince >= FenceDelay)
        {
            CatchUpView(Now);
            node.WatchdogArmed = false;
            Faults.Drop("node-hang", node.Name);
            foreach (var resource in haResources.Values.Where(h => h.Node == node.Name && h.State == "started"))
            {
                resource.State = "fence";
            }

            Record(HaMaster, Root, "pve-ha-crm", $"node '{node.Name}': state changed from 'unknown' => 'fence'", 4);
            LosePower(node);
            Boot(node);
        }
    }

    private void Manage(HaResource resource, VirtualGuest guest)
    {
        var node = nodes[guest.Node];
        resource.Node = guest.Node;
        if (!node.Member && resource.State != "freeze")
        {
            FollowLoss(resource, guest, node);
            return;
        }

        if (!node.Member || node.Power != NodePower.On || resource.State is "error" or "freeze"
            || guest.Holder is { Running: true })
        {
            return;
        }

        if (resource.MigrateTo is { } target)
        {
            resource.MigrateTo = null;
            resource.State = "migrate";
            var online = guest.Kind == GuestKind.Qemu;
            Quietly(() => MigrateWorker(
                guest, nodes[target], Root, new MigrationOptions { Online = online, Restart = !online, WithLocalDisks = true }, ok =>
                resource.State = guest.Running ? "started" : "stopped"));
            return;
        }

        if (resource.Requested is "started" or "enabled")
        {
            KeepRunning(resource, guest);
        }
        else if (guest.Running)
        {
            resource.State = "request_stop";
            var user = Root;
            Quietly(() => Worker(
                guest, "shutdown", user, run => run.WithLock(guest, () => ShutDown(run, guest, 60, true, run.Done))));
        }
        else
        {
            resource.State = resource.Requested == "disabled" ? "disabled" : "stopped";
        }
    }

    private void KeepRunning(HaResource resource, VirtualGuest guest)
    {
        if (guest.Running)
        {
            resource.State = "started";
            return;
        }

        if (resource.State == "started" && ++resource.Failures > resource.MaxRestart)
        {
            resource.State = "error";
            Log(nodes[guest.Node], "pve-ha-lrm",
                $"unable to start service {resource.Sid} after {resource.MaxRestart} tries", 3);
            return;
        }

        resource.State = "starting";
        Quietly(() => StartWorker(guest, Root, false));
    }

    private void FollowLoss(HaResource resource, VirtualGuest guest, VirtualNode node)
    {
        var gone = Now - (node.GoneSince ?? Now);
        if (resource.Requested is not ("started" or "enabled"))
        {
            return;
        }

        if (gone >= RecoveryDelay && !(guest.Running && node.Answers))
        {
            resource.State = "recovery";
            var refuge = nodes.Values.Where(n => n.Answers && n.Member && !n.Maintenance && !Faults.Cut(n.Name)
                    && guest.Config.Disks().All(
                        d => !storages.TryGetValue(d.Storage, out var s) || (s.Shared && s.Active(n.Name))))
                .OrderBy(n => GuestsOn(n.Name).Count(g => g.Running)).ThenBy(n => n.NodeId).FirstOrDefault();
            if (refuge is null)
            {
                return;
            }

            CatchUpView(Now);
            Log(refuge, "pve-ha-crm",
                $"recover service '{resource.Sid}' from fenced node '{node.Name}' to node '{refuge.Name}'", 5);
            guest.Finish(Now);
            guest.Lock = null;
            guest.Node = resource.Node = refuge.Name;
            resource.State = "starting";
            Quietly(() => StartWorker(guest, Root, false));
        }
        else if (gone >= FenceDelay)
        {
            resource.State = "fence";
        }
    }

    private void Quietly(Action act)
    {
        try
        {
            act();
        }
        catch (PveException e)
        {
            Log(nodes[HaMaster], "pve-ha-lrm", e.Reason, 3);
        }
    }
}
