using System.ComponentModel;
using System.Globalization;
using Jarvis.Proxmox;
using Jarvis.Proxmox.Wire;
using Jarvis.Safety;
using GuestType = Jarvis.Proxmox.GuestType;
using TaskNames = Jarvis.Server.Cluster.TaskNames;

namespace Jarvis.Server.Tools;

/// <summary>Takes away a lock that a task left behind when it was broken off.</summary>
internal sealed class UnlockTools(Reach reach, Tasks tasks)
{
    private const int MostTasks = 500;

    [Tool(Tier.Red, Outside = true, TimeoutSeconds = 60, Plan = nameof(PlanUnlockGuestAsync))]
    [Description("Takes away the lock that a task left behind on a virtual machine, only when no task runs that could hold it. Of a container it says what to run on its node.")]
    public async Task<UnlockReport> UnlockGuestAsync(
        [Target(Kind.Guest, Effect = Effect.Changes)] GuestRef guest, ToolRun run, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var to = reach.Guest(guest, cluster);
        // Again, as late as can be: a task may have begun since the plan was made.
        var (held, _) = await LeftBehindAsync(to, cancellationToken);
        await tasks.RunAsync(
            to.Cluster, to.Client, $"Unlocking {to.Called}",
            async stop =>
            {
                await UnlockAsync(to, stop);
                return null;
            },
            run, cancellationToken);
        return new(held);
    }

    /// <exception cref="InvalidOperationException">Proxmox does not let this user do so; the message says what to do.</exception>
    internal static async Task UnlockAsync(Reached to, CancellationToken cancellationToken)
    {
        try
        {
            await to.Client.UnlockVmAsync(to.Guest.Node, to.Vmid, cancellationToken);
        }
        catch (ProxmoxException e) when (e.Kind is ProxmoxFailure.Forbidden || e.Errors.ContainsKey("skiplock"))
        {
            throw new InvalidOperationException(
                $"Proxmox lets only root@pam itself take a lock away, and none of its API tokens: {(e.Errors.TryGetValue("skiplock", out var why) ? why : e.Reason)} {Instead(to)} {to.Called} is locked still.", e);
        }
    }

    private async Task<Plan> PlanUnlockGuestAsync(GuestRef guest, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var to = reach.Guest(guest, cluster);
        var (held, last) = await LeftBehindAsync(to, cancellationToken);
        return new()
        {
            Summary = $"The lock {held} of {to.Called} is taken away.",
            Changes = [new("lock", held, null)],
            Warnings =
            [
                Meaning(held),
                last is null ? "Since when it is locked is not known: its node lists no task on it." : $"The last task on it: {Told(last)}.",
                $"Proxmox refuses this to API tokens, also to those of root@pam. {Instead(to)}",
            ],
        };
    }

    /// <summary>The lock, and the newest task that may have left it.</summary>
    /// <exception cref="WrongStateException">There is none, or it is held for a reason, or cannot be taken away from here.</exception>
    private static async Task<(string Held, ClusterTask? Last)> LeftBehindAsync(Reached to, CancellationToken cancellationToken)
    {
        // What was read a moment ago may lack the task that has just begun.
        to.Client.Forget();
        var now = await to.Client.GetGuestStatusNowAsync(to.Guest.Node, to.Type, to.Vmid, cancellationToken);
        if (now.Lock is not { } held) throw new WrongStateException($"{to.Called} is not locked.");
        if (held == Move.Hibernated) throw new WrongStateException($"{to.Called} is hibernated, and would lose what it had in memory; start it to let it go on.");
        var known = (await to.Client.GetNodeTasksAsync(to.Guest.Node, new() { Limit = MostTasks }, cancellationToken)).Where(t => MayHold(t, to.Vmid, held)).ToList();
        if (known.Find(t => t.IsRunning) is { } busy) throw new WrongStateException($"{to.Called} is locked ({held}) by what runs: {Told(busy)}. Wait for its end, or stop it.");
        if (to.Type is GuestType.Lxc) throw new WrongStateException($"The lock of a container cannot be taken away over Proxmox's API. {to.Called} is locked ({held}), and no task runs on it. {Instead(to)}");
        return (held, known.MaxBy(t => t.StartTime));
    }

    // The task of a backup of many names none of them, and that of a clone names what it copies.
    private static bool MayHold(ClusterTask task, int vmid, string held) => task.Type switch
    {
        "vncproxy" or "spiceproxy" or "termproxy" => false,
        "vzdump" => task.Id is null or "" || task.Id == Number(vmid),
        "qmclone" or "vzclone" when held == "clone" => true,
        _ => task.Id == Number(vmid),
    };

    private static string Meaning(string held) => held switch
    {
        "backup" => "A backup of it was being made, and is not whole.",
        "clone" or "create" => "It was being created, copied or restored: its disks may not be whole.",
        "migrate" => "It was moving to another node: make sure that it runs on no other, or its disks are destroyed.",
        "rollback" => "It was going back to a snapshot: its disks may be half way.",
        "snapshot" => "A snapshot of it was being made, and may not be whole.",
        "snapshot-delete" => "A snapshot of it was being deleted, and may be half there.",
        "suspending" => "It was being hibernated.",
        _ => $"Something was being done to it ({held}).",
    };

    private static string Told(ClusterTask task)
    {
        var what = TaskNames.Of(task.Type ?? "task", task.Id ?? "");
        return task.IsRunning ? $"{what} since {When(task.StartTime)} ({task.Upid})" : $"{what}, from {When(task.StartTime)} to {When(task.EndTime)}: {task.Status}";
    }

    private static string When(long? seconds) => Moments.Of(seconds)?.ToString("u", CultureInfo.InvariantCulture) ?? "an unknown time";

    private static string Instead(Reached to) => $"As root on {to.Guest.Node}: `{(to.Type is GuestType.Lxc ? "pct" : "qm")} unlock {Number(to.Vmid)}`.";

    private static string Number(int vmid) => vmid.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The lock that was there.</summary>
public sealed record UnlockReport(string Lock);
