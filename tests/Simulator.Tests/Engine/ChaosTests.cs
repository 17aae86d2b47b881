namespace Jarvis.Simulator.Tests.Engine;

public sealed class ChaosTests
{
    /// <summary>A few, among them those that once found something; <c>./test.sh --long</c> takes a hundred more.</summary>
    public static TheoryData<int> Seeds =>
        [1, 2, 3, 4, 65, 67, 590, .. Environment.GetEnvironmentVariable("JARVIS_LONG") == "1" ? Enumerable.Range(1000, 100) : []];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_is_done_to_a_cluster_it_stays_consistent_and_comes_to_rest(int seed)
    {
        var lab = new Lab(seed);
        var dice = new Dice((ulong)seed * 77);
        for (var step = 0; step < 250; step++)
        {
            try
            {
                Act(lab, dice, step);
            }
            catch (PveException e)
            {
                Assert.InRange(e.Status, 400, 599);
                Assert.NotEmpty(e.Reason);
            }

            lab.Pass(dice.Between(0, 40));
            Check(lab.Cluster);
        }

        foreach (var fault in lab.Cluster.Faults.List())
        {
            lab.Cluster.Faults.Remove(fault.Id);
        }

        lab.Pass(120);
        foreach (var node in lab.Cluster.Nodes.Values)
        {
            lab.Cluster.Read(c => c.Wake(node.Mac));
        }

        lab.Pass(4 * 3600);
        Check(lab.Cluster);
        Assert.All(lab.Cluster.Nodes.Values, n => Assert.True(n is { Power: NodePower.On, Member: true }, n.Name));
        Assert.True(lab.Cluster.Quorate);
        Assert.DoesNotContain(lab.Cluster.Tasks, t => t.Running);
        Assert.All(lab.Cluster.Tasks,
            t => Assert.True(t.ExitStatus == "unexpected status" || t.Log[^1].StartsWith("TASK ", StringComparison.Ordinal)));
    }

    private static void Act(Lab lab, Dice dice, int step)
    {
        var all = lab.Cluster.Guests.Values.ToArray();
        var guest = all[dice.Between(0, all.Length)];
        var node = "pve" + dice.Between(1, 4);
        using var scope = lab.Cluster.Enter();
        var c = lab.Cluster;
        var snapshot = guest.Snapshots.Count > 0 ? guest.Snapshots[dice.Between(0, guest.Snapshots.Count)].Name : "none";
        var faults = c.Faults.Active;
        Action[] choices =
        [
            () => c.Start(guest, Lab.Root), () => c.Stop(guest, Lab.Root), () =>
                c.Shutdown(guest, Lab.Root, 20, forceStop: true),
            () => c.Reboot(guest, Lab.Root), () => c.Reset(guest, Lab.Root), () =>
                c.Suspend(guest, Lab.Root, toDisk: step % 2 == 0),
            () => c.Resume(guest, Lab.Root), () => c.CreateSnapshot(guest, "s" + step, Lab.Root, memory: step % 3 == 0),
            () => c.DeleteSnapshot(guest, snapshot, Lab.Root), () => c.Rollback(guest, snapshot, Lab.Root, step % 2 == 0),
            () => c.Clone(guest, 1000 + step, Lab.Root, "clone" + step), () =>
                c.Destroy(guest, Lab.Root, purge: true, force: true),
            () => c.Migrate(guest, node, Lab.Root, new() { Online = true, Restart = true, WithLocalDisks = true }),
            () => c.Backup(guest.Node, [guest.VmId], new BackupOptions { Storage = "nfs", Prune = "keep-last=2" }, Lab.Root),
            () => c.Resize(guest, "scsi0", "+1G", Lab.Root), () =>
                c.UpdateConfig(guest, new Dictionary<string, string> { ["cores"] = "3", ["memory"] = "1500" }),
            () => c.Command(node, step % 2 == 0 ? "reboot" : "shutdown", Lab.Root), () => c.WakeOnLan(node, "pve1"), () =>
                c.WakeOnLan(node, "pve2"),
            () => c.StopAll(node, Lab.Root), () => c.StartAll(node, Lab.Root, force: true), () =>
                c.MigrateAll(node, "pve1", Lab.Root),
            () => c.AddHa(guest.Sid), () => c.RemoveHa(guest.Sid), () =>
                c.StopTask(c.Tasks.Last(t => t.Running || t.Started < Lab.Noon).Id),
            () => c.Faults.Add("guest-crash", VirtualCluster.Text(guest.VmId)), () =>
                c.Faults.Add("guest-hang", VirtualCluster.Text(guest.VmId)),
            () => c.Faults.Add("guest-oom-loop", VirtualCluster.Text(guest.VmId)), () => c.Faults.Add("node-off", node),
            () => c.Faults.Add("node-hang", node), () => c.Faults.Add("node-reboot", node), () =>
                c.Faults.Add("partition", node),
            () => c.Faults.Add("quorum-lost", "cluster"), () => c.Faults.Add("storage-offline", "nfs"), () =>
                c.Faults.Add("stale-lock", VirtualCluster.Text(guest.VmId)),
        ];
        choices[dice.Between(0, choices.Length)]();
        if (faults.Count > 0 && dice.Next() < .3)
        {
            c.Faults.Remove(faults[0].Id);
        }
    }

    private static void Check(VirtualCluster cluster)
    {
        using var scope = cluster.Enter();
        foreach (var guest in cluster.Guests.Values)
        {
            Assert.True(!guest.Running
                || cluster.Nodes[guest.Node].Power is NodePower.On or NodePower.ShuttingDown or NodePower.Hung,
                $"{guest.VmId} runs on {guest.Node}");
            Assert.Equal(guest.Running, guest.Runs.Count > 0 && guest.Runs[^1].End is null);
            Assert.All(guest.Runs.Zip(guest.Runs.Skip(1)), r => Assert.True(r.First.End <= r.Second.Start));
            Assert.False(guest.Template && guest.Running);
            var sample = cluster.Sample(guest);
            Assert.True(sample is { Cpu: >= 0 and <= 1, Memory: >= 0, NetIn: >= 0, DiskWrite: >= 0, Uptime: >= 0 }
                && sample.Memory <= guest.MaxMemory, sample.ToString());
            foreach (var disk in guest.Config.Disks()
                .Where(d => d.Volume.Contains(':', StringComparison.Ordinal) && !d.IsCdrom))
            {
                Assert.NotNull(cluster.Storages[disk.Storage].Find(disk.Volume, guest.Node));
            }
        }

        Assert.All(cluster.HaResources.Values,
            h => Assert.True(!cluster.Guests.TryGetValue(h.VmId, out var g) || g.Sid == h.Sid));
        Assert.Equal(cluster.Tasks.Count, cluster.Tasks.Select(t => t.Id).Distinct().Count());
        Assert.Equal(cluster.Guests.Count, cluster.View.Guests.Count);
        Assert.All(cluster.Storages.Values,
            s => Assert.All(
                cluster.Nodes.Keys.Where(s.OnNode), n => Assert.InRange(s.UsedOn(n, cluster.Now), 0, s.TotalOn(n))));
        Assert.NotEmpty(cluster.CanonicalState().Hash);
    }
}
