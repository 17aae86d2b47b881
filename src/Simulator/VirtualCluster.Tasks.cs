using System.Globalization;

namespace Jarvis.Simulator;

internal sealed partial class VirtualCluster
{
    private const int TaskLimit = 6000;
    private const int LogLimit = 1000;
    private readonly List<ClusterLogEntry> log = [];
    private readonly List<VirtualTask> tasks = [];
    private readonly Dictionary<string, VirtualTask> tasksById = new(StringComparer.Ordinal);

    /// <summary>All nodes' tasks, oldest first.</summary>
    public IReadOnlyList<VirtualTask> Tasks => tasks;

    /// <summary>The cluster's log, oldest first.</summary>
    public IReadOnlyList<ClusterLogEntry> ClusterLog => log;

    public VirtualTask? FindTask(string upid) => tasksById.GetValueOrDefault(upid);

    public IEnumerable<VirtualTask> TasksOn(string node) => tasks.Where(t => t.Upid.Node == node);

    /// <summary>Sends SIGTERM to a worker.</summary>
    public void StopTask(string upid)
    {
        var task = FindTask(upid) ?? throw PveException.Parameter("upid", "no such task");
        LiveNode(task.Upid.Node);
        if (task.Running)
        {
            task.OnAbort?.Invoke();
            task.Write("received interrupt");
            task.End(Now, "interrupted by signal");
            Ended(task);
        }
    }

    internal void Ended(VirtualTask task) => Record(task.Upid.Node, task.Upid.User, "pvedaemon",
        $"end task {task.Id} {task.ExitStatus}", task.ExitStatus == "OK" || task.Warnings > 0 ? 6 : 3);

    internal void Record(string node, string user, string tag, string message, int priority = 6)
    {
        log.Add(new ClusterLogEntry(
            log.Count == 0 ? 1 : log[^1].Uid + 1, Now, node, user, tag, 800 + (int)(Noise.Key(Seed, node + tag) % 1500),
            priority, message));
        if (log.Count > LogLimit)
        {
            log.RemoveRange(0, LogLimit / 5);
        }
    }

    internal int NextPid(VirtualNode node)
    {
        node.NextPid += dice.Between(2, 41);
        if (node.NextPid >= 4_194_304)
        {
            node.NextPid = 1200;
        }

        return node.NextPid;
    }

    /// <summary>Forks a worker; the body runs at once and what it throws ends the task.</summary>
    internal string Launch(VirtualNode node, string type, string id, string user, Action<TaskRun> body)
    {
        var jiffies = (long)((Now - node.BootedAt).TotalSeconds * 100);
        var task = Enlist(new Upid(node.Name, NextPid(node), Math.Max(0, jiffies), Epoch, type, id, user), Now);
        Log(node, "pvedaemon", $"<{user}> starting task {task.Id}");
        Record(node.Name, user, "pvedaemon", $"starting task {task.Id}");
        var run = new TaskRun(this, task);
        run.Guard(() => body(run));
        return task.Id;
    }

    internal VirtualTask Enlist(Upid upid, DateTimeOffset started)
    {
        var task = new VirtualTask(upid, started);
        tasks.Add(task);
        tasksById[task.Id] = task;
        if (tasks.Count > TaskLimit)
        {
            var old = tasks.FindAll(t => !t.Running);
            foreach (var gone in old.Take(TaskLimit / 6))
            {
                tasksById.Remove(gone.Id);
            }

            tasks.RemoveAll(t => !tasksById.ContainsKey(t.Id));
        }

        return task;
    }

    internal void SortTasks() => tasks.Sort((a, b) => a.Started.CompareTo(b.Started));

    /// <summary>Workers of a node that lost power die without a last word and leave their locks behind.</summary>
    internal void KillTasks(string node)
    {
        foreach (var task in tasks.Where(t => t.Running && t.Upid.Node == node))
        {
            task.Kill(Now);
        }
    }

    internal static string Text(int vmid) => vmid.ToString(CultureInfo.InvariantCulture);
}

internal sealed record ClusterLogEntry(
    long Uid, DateTimeOffset At, string Node, string User, string Tag, int Pid, int Priority, string Message);

/// <summary>The inside of a running worker.</summary>
internal sealed class TaskRun(VirtualCluster cluster, VirtualTask task)
{
    public VirtualTask Task => task;
    public DateTimeOffset Now => cluster.Now;
    public bool Running => task.Running;

    public void Log(string line) => task.Write(line);

    public void OnAbort(Action cleanUp) => task.OnAbort = cleanUp;

    public void After(TimeSpan delay, Action step) => cluster.After(delay, () => Continue(step));

    /// <summary>For a step that only writes a line.</summary>
    public void AfterQuietly(TimeSpan delay, Action step) => cluster.AfterQuietly(delay, () => Continue(step));

    private void Continue(Action step)
    {
        if (task.Running)
        {
            Guard(step);
        }
    }

    public void Done() => Fail(null);

    public void Fail(string? error)
    {
        task.End(cluster.Now, error);
        cluster.Ended(task);
    }

    public void Guard(Action step)
    {
        try
        {
            step();
        }
        catch (PveException e)
        {
            task.OnAbort?.Invoke();
            Fail(e.Reason);
        }
    }

    /// <summary>Waits up to ten seconds for the guest's configuration file to be free, as Proxmox does.</summary>
    public void WithLock(VirtualGuest guest, Action step)
    {
        Try(10);

        void Try(int left)
        {
            if (guest.Holder is not { Running: true } holder || holder == task)
            {
                guest.Holder = task;
                step();
            }
            else if (left == 0)
            {
                Fail("can't lock file '" + (guest.Kind == GuestKind.Qemu
                    ? $"/var/lock/qemu-server/lock-{guest.VmId}.conf"
                    : $"/run/lock/lxc/pve-config-{guest.VmId}.lock") + "' - got timeout");
            }
            else
            {
                if (left == 10)
                {
                    Log("trying to acquire lock...");
                }

                After(TimeSpan.FromSeconds(1), () => Try(left - 1));
            }
        }
    }
}
