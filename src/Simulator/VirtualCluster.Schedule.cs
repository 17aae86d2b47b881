using System.Globalization;

namespace Jarvis.Simulator;

internal sealed partial class VirtualCluster
{
    private static readonly TimeSpan ReplicationStep = TimeSpan.FromMinutes(15);

    private void ScheduleDaily()
    {
        AtQuietly(Now + HaRound, HaLoop);
        foreach (var job in backupJobs.Values)
        {
            Plan(job);
        }

        foreach (var job in replicationJobs.Values)
        {
            Plan(job);
        }
    }

    public BackupJob AddBackupJob(BackupJob job)
    {
        RequireQuorum(HaMaster);
        Storage(job.Storage);
        if (!backupJobs.TryAdd(job.Id, job))
        {
            throw PveException.Failed($"Job '{job.Id}' already exists");
        }

        Plan(job);
        return job;
    }

    public BackupJob FindBackupJob(string id) => backupJobs.GetValueOrDefault(id)
        ?? throw PveException.Failed($"No such job '{id}'");

    /// <summary>Recomputes the next run after a job's properties were changed.</summary>
    public void UpdateBackupJob(string id) => Plan(FindBackupJob(id));

    public void RemoveBackupJob(string id)
    {
        RequireQuorum(HaMaster);
        backupJobs.Remove(FindBackupJob(id).Id);
    }

    /// <summary>Guests that no enabled backup job covers.</summary>
    public IEnumerable<VirtualGuest> NotBackedUp() => guests.Values
        .Where(g => !g.Template && !backupJobs.Values.Any(j => j.Enabled && j.Covers(g)));

    public ReplicationJob AddReplication(ReplicationJob job)
    {
        RequireQuorum(HaMaster);
        Node(job.Target);
        if (!guests.ContainsKey(job.VmId) || !replicationJobs.TryAdd(job.Id, job))
        {
            throw PveException.Failed(
                guests.ContainsKey(job.VmId) ? $"replication job '{job.Id}' already exists"
                    : $"guest '{job.VmId}' does not exist");
        }

        Plan(job);
        return job;
    }

    public void RemoveReplication(string id)
    {
        RequireQuorum(HaMaster);
        if (!replicationJobs.Remove(id))
        {
            throw PveException.Failed($"no such replication job '{id}'");
        }
    }

    private void Plan(BackupJob job)
    {
        var time = TimeSpan.TryParse(job.Schedule, CultureInfo.InvariantCulture, out var at)
            && at < TimeSpan.FromDays(1) ? at : new TimeSpan(2, 30, 0);
        var next = new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero) + time;
        if (next <= Now)
        {
            next += TimeSpan.FromDays(1);
        }

        job.NextRun = next;
        At(next, () =>
        {
            if (backupJobs.GetValueOrDefault(job.Id) == job && job.NextRun == next)
            {
                Run(job);
                Plan(job);
            }
        });
    }

    private void Run(BackupJob job)
    {
        foreach (var node in nodes.Values.Where(n => job.Enabled && n.Answers && (job.Node is null || job.Node == n.Name)))
        {
            var chosen = GuestsOn(node.Name).Where(job.Covers).Select(g => g.VmId).ToArray();
            if (chosen.Length > 0)
            {
                Quietly(() => Backup(node.Name, chosen, new BackupOptions
                {
                    Storage = job.Storage, Mode = job.Mode, Notes = job.NotesTemplate, Prune = job.Prune, JobId = job.Id,
                }, Root));
            }
        }
    }

    private void Plan(ReplicationJob job)
    {
        var ticks = ReplicationStep.Ticks;
        var next = new DateTimeOffset(((Now.UtcTicks / ticks) + 1) * ticks, TimeSpan.Zero);
        job.NextSync = next;
        AtQuietly(next, () =>
        {
            if (replicationJobs.GetValueOrDefault(job.Id) == job)
            {
                Replicate(job);
                Plan(job);
            }
        });
    }

    private void Replicate(ReplicationJob job)
    {
        if (job.Disabled || !guests.TryGetValue(job.VmId, out var guest) || !nodes[guest.Node].Answers
            || guest.Node == job.Target)
        {
            return;
        }

        job.LastTry = Now;
        var target = nodes[job.Target];
        if (!target.Answers || !target.Member)
        {
            job.FailCount++;
            job.Error = $"command 'set -o pipefail && pvesm export ...' failed: exit code 255: ssh: connect to host {target.Ip} port 22: No route to host";
            Log(nodes[guest.Node], "pvescheduler", $"{job.Id}: got unexpected replication job error - {job.Error}", 3);
            return;
        }

        job.FailCount = 0;
        job.Error = null;
        job.LastSync = Now;
        job.Duration = Math.Round(dice.Between(1.8, 9.0), 3);
    }
}
