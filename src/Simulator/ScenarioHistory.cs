using System.Globalization;

namespace Jarvis.Simulator;

/// <summary>The past of a new cluster: nightly backups, daily refreshes, the odd manual action.</summary>
internal sealed partial class ScenarioLoader
{
    private void AddJobs()
    {
        foreach (var spec in scenario.BackupJobs)
        {
            cluster.Add(new BackupJob
            {
                Id = spec.Id, Storage = spec.Storage, Schedule = spec.Schedule, All = spec.All,
                Guests = [.. spec.Guests], Exclude = [.. spec.Exclude],
                Node = spec.Node, Mode = spec.Mode, Prune = spec.Prune, Comment = spec.Comment, Enabled = spec.Enabled,
            });
        }

        foreach (var spec in scenario.Replication)
        {
            cluster.Add(new ReplicationJob
            {
                Id = spec.Id, Target = spec.Target, Schedule = spec.Schedule, Comment = spec.Comment,
                LastSync = now - TimeSpan.FromMinutes(6), LastTry = now - TimeSpan.FromMinutes(6), Duration = 3.4,
            });
        }
    }

    private void AddHistory()
    {
        for (var day = scenario.HistoryDays; day >= 1; day--)
        {
            var date = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-day + 1);
            foreach (var spec in scenario.BackupJobs.Where(j => j.Enabled))
            {
                Night(spec, cluster.BackupJobs[spec.Id], date, day);
            }

            foreach (var node in cluster.Nodes.Values)
            {
                Daily(node, date);
            }
        }

        foreach (var job in cluster.BackupJobs.Values)
        {
            PruneOld(job);
        }

        foreach (var guest in cluster.Guests.Values.Where(g => g.StartedAt > now - TimeSpan.FromDays(scenario.HistoryDays)))
        {
            var node = cluster.Node(guest.Node);
            Past(node, guest.WorkerPrefix + "start", VirtualCluster.Text(guest.VmId), "root@pam",
                (guest.StartedAt ?? now) - TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), []);
        }

        cluster.SortTasks();
    }

    private void Night(BackupJobSpec spec, BackupJob job, DateTimeOffset date, int night)
    {
        var at = date + TimeSpan.Parse(job.Schedule, CultureInfo.InvariantCulture);
        if (at > now)
        {
            return;
        }

        var storage = cluster.Storage(job.Storage);
        foreach (var node in cluster.Nodes.Values)
        {
            var chosen = cluster.GuestsOn(node.Name).Where(g => job.Covers(g) && g.Created < at).ToArray();
            if (chosen.Length == 0)
            {
                continue;
            }

            var log = new List<string> { $"INFO: starting new backup job: vzdump {string.Join(' ', chosen.Select(g => g.VmId))} --storage {storage.Id} --mode {job.Mode} --quiet 1" };
            var t = at + TimeSpan.FromSeconds(3);
            var failed = false;
            foreach (var guest in chosen)
            {
                var fails = spec.FailingNights.GetValueOrDefault(VirtualCluster.Text(guest.VmId)) >= night;
                failed |= fails;
                t += BackUp(guest, storage, t, fails, log);
            }

            log.Add(failed ? "INFO: Backup job finished with errors" : "INFO: Backup job finished successfully");
            Past(node, "vzdump", chosen.Length == 1 ? VirtualCluster.Text(chosen[0].VmId) : "", "root@pam", at, t - at,
                log, failed ? "job errors" : null);
        }
    }

    private TimeSpan BackUp(VirtualGuest guest, VirtualStorage storage, DateTimeOffset at, bool fails, List<string> log)
    {
        var bytes = guest.Config.Disks().Sum(d => (long)(d.Size * guest.Load.DiskFill));
        var speed = (120 + (Key($"{guest.VmId}{at.Day}") % 90)) * (double)Bytes.MiB;
        var took = TimeSpan.FromSeconds(fails ? 41 : Math.Max(4, Math.Round(bytes / speed)));
        log.Add($"INFO: Starting Backup of {guest.Word} {guest.VmId} ({guest.TypeName})");
        log.Add($"INFO: Backup started at {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}");
        log.Add($"INFO: {guest.Word} Name: {guest.Name}");
        if (fails)
        {
            log.Add($"ERROR: Backup of {guest.Word} {guest.VmId} failed - vma_queue_write: write error - Broken pipe");
            log.Add($"INFO: Failed at {(at + took).UtcDateTime:yyyy-MM-dd HH:mm:ss}");
            return took;
        }

        var size = (long)(bytes * (storage.Type == "pbs" ? 1 : .46));
        storage.Add(VirtualCluster.NewBackup(
            storage, guest, at, VirtualCluster.BackupName(storage, guest, at, "zstd"), size, guest.Name));
        log.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"INFO: transferred {Bytes.Readable(bytes)} in {took.TotalSeconds:F0} seconds ({Bytes.Readable(speed)}/s)"));
        log.Add($"INFO: Finished Backup of {guest.Word} {guest.VmId} ({took:hh\\:mm\\:ss})");
        return took;
    }

    private void PruneOld(BackupJob job)
    {
        var storage = cluster.Storage(job.Storage);
        var groups = storage.Volumes.Where(v => v.Content == "backup").GroupBy(v => (v.Node, v.Subtype, v.VmId)).ToArray();
        foreach (var old in groups.SelectMany(g => Retention.Mark(g, job.Prune)).Where(m => m.Value == "remove").ToArray())
        {
            storage.Remove(old.Key);
        }
    }

    private void Daily(VirtualNode node, DateTimeOffset date)
    {
        var key = Key(node.Name + date.DayOfYear);
        var at = date + TimeSpan.FromSeconds(10_000 + (key % 9000));
        if (at < now && at > node.BootedAt - TimeSpan.FromDays(60))
        {
            Past(node, "aptupdate", "", "root@pam", at, TimeSpan.FromSeconds(3 + (key % 6)),
                ["starting apt-get update", "Hit:1 http://deb.debian.org/debian trixie InRelease", "Reading package lists..."]);
        }

        var noon = date + TimeSpan.FromSeconds(64_000 + (key % 12_000));
        if (key % 5 == 0 && noon < now)
        {
            Past(node, "vncshell", "", "root@pam", noon, TimeSpan.FromSeconds(60 + (key % 1500)), []);
        }
    }

    private void Past(
        VirtualNode node, string type, string id, string user, DateTimeOffset at, TimeSpan took,
        IEnumerable<string> log, string? error = null)
    {
        var jiffies = Math.Max(0, (long)((at - node.BootedAt).TotalSeconds * 100));
        var task = cluster.Enlist(
            new Upid(node.Name, cluster.NextPid(node), jiffies, at.ToUnixTimeSeconds(), type, id, user), at);
        foreach (var line in log)
        {
            task.Write(line);
        }

        task.End(at + took < now ? at + took : now, error);
    }
}
