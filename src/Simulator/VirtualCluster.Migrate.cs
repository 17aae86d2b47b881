using System.Globalization;

namespace Jarvis.Simulator;

internal sealed record MigrationCheck(
    bool Running, IReadOnlyList<string> AllowedNodes, IReadOnlyDictionary<string,
        IReadOnlyList<string>> MissingStorages, IReadOnlyList<GuestDisk> LocalDisks);

internal sealed record MigrationOptions
{
    public bool Online { get; init; }

    /// <summary>Containers: stop, move, start.</summary>
    public bool Restart { get; init; }
    public bool WithLocalDisks { get; init; }
    public string? TargetStorage { get; init; }

    /// <summary>KiB/s; 0 is unlimited.</summary>
    public int BandwidthLimit { get; init; }
}

internal sealed partial class VirtualCluster
{
    public MigrationCheck CheckMigration(VirtualGuest guest)
    {
        var disks = guest.Config.Disks().Where(d => storages.ContainsKey(d.Storage)).ToArray();
        var missing = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var allowed = new List<string>();
        foreach (var node in nodes.Values.Where(n => n.Name != guest.Node && n.Answers && n.Member))
        {
            var lacking = disks.Select(d => d.Storage).Distinct().Where(s => !storages[s].Active(node.Name)).ToArray();
            if (lacking.Length > 0)
            {
                missing[node.Name] = lacking;
            }
            else
            {
                allowed.Add(node.Name);
            }
        }

        return new MigrationCheck(guest.Running, allowed, missing, [.. disks.Where(d => !storages[d.Storage].Shared)]);
    }

    public string Migrate(VirtualGuest guest, string target, string user, MigrationOptions options)
    {
        RequireQuorum(guest.Node);
        if (target == guest.Node)
        {
            throw PveException.Parameter("target", "target is local node.");
        }

        if (!nodes.TryGetValue(target, out var goal))
        {
            throw PveException.Failed($"no such cluster node '{target}'");
        }

        CheckLock(guest, false);
        if (guest.Running && guest.Kind == GuestKind.Qemu && !options.Online)
        {
            throw PveException.Failed("can't migrate running VM without --online");
        }

        if (guest.Running && guest.Kind == GuestKind.Lxc && !options.Online && !options.Restart)
        {
            throw PveException.Failed("can't migrate running container without --online or --restart");
        }

        if (Managed(guest) is { } ha)
        {
            return Launch(LiveNode(guest.Node), "hamigrate", Text(guest.VmId), user, run =>
            {
                run.Log($"Requesting HA migration for {guest.Word} {guest.VmId} to node {target}");
                run.After(dice.Seconds(.5, 1.1), () =>
                {
                    ha.MigrateTo = target;
                    run.Done();
                    PokeHa();
                });
            });
        }

        return MigrateWorker(guest, goal, user, options, null);
    }

    internal string MigrateWorker(
        VirtualGuest guest, VirtualNode goal, string user, MigrationOptions options, Action<bool>? finished) =>
        Worker(guest, "migrate", user, run => run.WithLock(guest, () =>
        {
            var begun = Now;
            var source = guest.Node;
            var live = guest.Running && guest.Kind == GuestKind.Qemu;
            void Say(string text) =>
                run.Log($"{Now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} {text}");
            Say($"starting migration of {guest.Word} {guest.VmId} to node '{goal.Name}' ({goal.Ip})");
            run.OnAbort(() => Abandon());
            if (!goal.Answers || !goal.Member)
            {
                throw PveException.Failed($"migration aborted (duration 00:00:03): can't connect to remote host '{goal.Ip}'");
            }

            var local = guest.Config.Disks()
                .Where(d => storages.TryGetValue(d.Storage, out var s) && !s.Shared).ToArray();
            if (local.FirstOrDefault(d => d.IsCdrom && !d.IsCloudInit) is { } inserted)
            {
                throw PveException.Failed($"can't migrate local disk '{inserted.Volume}': local cdrom image");
            }

            foreach (var disk in guest.Config.Disks().Where(d => storages.ContainsKey(d.Storage)))
            {
                var place = options.TargetStorage is { } named && named != "1"
                    && !storages[disk.Storage].Shared ? named : disk.Storage;
                if (!Storage(place).Active(goal.Name))
                {
                    throw PveException.Failed($"storage '{place}' is not available on node '{goal.Name}'");
                }
            }

            if (live && local.Length > 0 && !options.WithLocalDisks)
            {
                throw PveException.Failed("can't live migrate attached local disks without with-local-disks option");
            }

            // What is replicated to the other node is there already, snapshots and all.
            if (live && local.Any(d => !d.IsCloudInit) && guest.Snapshots.Count > 0
                && !replicationJobs.Values.Any(r => r.VmId == guest.VmId && r.Target == goal.Name))
            {
                throw PveException.Failed("online storage migration not possible if snapshot exists");
            }

            guest.Lock = "migrate";
            var restart = guest.Running && guest.Kind == GuestKind.Lxc;
            if (restart)
            {
                Say("shutdown CT " + Text(guest.VmId));
                ShutDown(run, guest, 180, true, Move);
            }
            else
            {
                Move();
            }

            void Move()
            {
                var bytes = local.Sum(d => (long)(d.Size * guest.Load.DiskFill)) + (live ? guest.Sample(Now).Memory : 0);
                if (live)
                {
                    Say($"starting VM {guest.VmId} on remote node '{goal.Name}'");
                    Say("start remote tunnel");
                    Say($"starting online/live migration on unix:/run/qemu-server/{guest.VmId}.migrate");
                }

                foreach (var disk in local)
                {
                    Say($"found local disk '{disk.Volume}' (attached)");
                }

                var speed = options.BandwidthLimit > 0 ? options.BandwidthLimit * 1024.0
                    : dice.Between(96.0, 114.0) * Bytes.MiB;
                var total = TimeSpan.FromSeconds(Math.Round(dice.Between(1.2, 3.2) + (bytes / speed), 1));
                var steps = Math.Clamp((int)(total.TotalSeconds / 4), 1, 60);
                Step(1);

                void Step(int i)
                {
                    if (i < steps)
                    {
                        run.AfterQuietly(total / steps, () => Take(i));
                    }
                    else
                    {
                        run.After(total / steps, () => Take(i));
                    }
                }

                void Take(int i)
                {
                    if (!goal.Answers)
                    {
                        Fail("lost connection to target node");
                        return;
                    }

                    if (bytes > 0)
                    {
                        Say($"migration active, transferred {Bytes.Readable(bytes * (double)i / steps)} of {Bytes.Readable(bytes)}{(live ? " VM-state" : "")}, {Bytes.Readable(speed)}/s");
                    }

                    if (i < steps)
                    {
                        Step(i + 1);
                        return;
                    }

                    Arrive();
                }
            }

            void Arrive()
            {
                Relocate(guest, goal.Name, options.TargetStorage is "1" ? null : options.TargetStorage);
                guest.Lock = null;
                if (live)
                {
                    Say(string.Create(
                        CultureInfo.InvariantCulture,
                        $"average migration speed: {dice.Between(96, 114)}.0 MiB/s - downtime {dice.Between(18, 140)} ms"));
                    Say("migration status: completed");
                }

                if (restart)
                {
                    Say("start container on target node");
                    PowerOn(guest);
                }

                Say($"migration finished successfully (duration {Now - begun:hh\\:mm\\:ss})");
                run.Done();
                finished?.Invoke(true);
            }

            void Abandon()
            {
                if (guest.Lock == "migrate")
                {
                    guest.Lock = null;
                }

                finished?.Invoke(false);
            }

            void Fail(string why)
            {
                Say("ERROR: " + why);
                Abandon();
                run.Fail($"migration aborted (duration {Now - begun:hh\\:mm\\:ss}): {why}");
            }
        }));

    /// <summary>Moves a guest and its local volumes to another node; a running VM goes on there as a new process.</summary>
    internal void Relocate(VirtualGuest guest, string node, string? storage)
    {
        var source = guest.Node;
        foreach (var disk in guest.Config.Disks().ToArray())
        {
            if (!storages.TryGetValue(disk.Storage, out var from) || from.Shared
                || from.Find(disk.Volume, source) is not { } volume)
            {
                continue;
            }

            from.Remove(volume);
            volume.Node = node;
            if (storage is null || storage == from.Id)
            {
                from.Add(volume);
            }
            else
            {
                guest.Node = node;
                Allocate(guest, disk.Slot, storages[storage], disk.Size, 0, Now, guest.Load.DiskFill, disk.Rest);
            }
        }

        guest.Node = node;
        if (guest.Running)
        {
            guest.Finish(Now);
            guest.Begin(Now, NextPid(nodes[node]));
        }

        if (haResources.TryGetValue(guest.Sid, out var ha))
        {
            ha.Node = node;
        }
    }
}
