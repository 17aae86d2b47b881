using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Jarvis.Proxmox;
using Jarvis.Safety;
using Jarvis.Server.Cluster;
using NodeStatus = Jarvis.Server.Cluster.NodeStatus;

namespace Jarvis.Server.Tools;

/// <summary>Restarts a node.</summary>
internal sealed class RebootTools(Reach reach, Tasks tasks, TimeProvider time)
{
    private const int Hour = 3600;

    /// <summary>Guests that are asked about side by side.</summary>
    private const int AtOnce = 4;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BackWithin = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan StartedWithin = TimeSpan.FromMinutes(10);

    private enum AtBoot { Starts, Managed, Stays, Unknown }

    [Tool(Tier.Orange, Outside = false, TimeoutSeconds = Hour, Plan = nameof(PlanRebootNodeAsync))]
    [Description("Shuts down what runs on a node, restarts the node, and waits until it is back with those of its guests that start by themselves. With delay_s it waits before, and can be cancelled meanwhile.")]
    public async Task<RebootReport> RebootNodeAsync(
        [Target(Kind.Node, Effect = Effect.Interrupts)] NodeName node, ToolRun run, [Description("seconds"), Range(0, 300)] int delayS = 0, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var (at, _) = Online(node, cluster);
        var client = reach.Client(at);
        var others = Others(at, node);
        var ran = await AtBootAsync(at, client, Running(at, node), cancellationToken);
        if (delayS > 0)
        {
            run.Progress($"{node} restarts in {delayS} s.");
            await WaitAsync(node, delayS, cancellationToken);
            Online(node, cluster);
            // The consent was for a cluster that had these nodes, and for these guests: others were never judged.
            if (others.Except(Others(at, node)).ToList() is [_, ..] gone) throw new InvalidOperationException($"Meanwhile {string.Join(", ", gone)} went offline: {node} was not restarted.");
            if (Running(at, node).Where(g => ran.Keys.All(r => r.Vmid != g.Vmid)).Select(Called).ToList() is [_, ..] come) throw new InvalidOperationException($"Meanwhile {string.Join(", ", come)} came to run on {node}: it was not restarted.");
        }

        var told = time.GetUtcNow();
        try
        {
            await client.RebootNodeAsync(node.Value, cancellationToken);
        }
        catch (ProxmoxException e) when (e.Kind is ProxmoxFailure.OutcomeUnknown)
        {
            throw new OutcomeUnknownException($"Whether {node} restarts is not known: {e.Message}", e);
        }

        try
        {
            return await FollowAsync(at, client, node.Value, told, ran, run, cancellationToken);
        }
        catch (OperationCanceledException) when (run.Cancelled)
        {
            throw new OutcomeUnknownException($"{node} was told to restart, which cannot be taken back; it is no longer followed.");
        }
    }

    /// <summary>Until then nothing was sent, and whoever cancels is told so.</summary>
    private async Task WaitAsync(NodeName node, int seconds, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"{node} was not restarted: it was stopped before its time.");
        }
    }

    private async Task<RebootReport> FollowAsync(
        LiveCluster at, ProxmoxClient client, string node, DateTimeOffset told, IReadOnlyDictionary<GuestView, AtBoot> ran, ToolRun run, CancellationToken cancellationToken)
    {
        run.Progress($"{node} shuts its guests down.");
        var wentDown = false;
        while (at.Current.Node(node) is not { Status: NodeStatus.Online, StartedAt: { } started } || started <= told)
        {
            if (!wentDown && at.Current.Node(node) is not { Status: NodeStatus.Online })
            {
                wentDown = true;
                run.Progress($"{node} is down.");
            }

            if (time.GetUtcNow() - told > BackWithin)
            {
                throw new OutcomeUnknownException(wentDown ? $"{node} went down, and after {BackWithin.TotalMinutes:0} minutes is not back." : $"{node} was told to restart, and after {BackWithin.TotalMinutes:0} minutes has not gone down.");
            }

            await Task.Delay(Look, time, cancellationToken);
        }

        var back = time.GetUtcNow();
        run.Progress($"{node} is back, and its guests start.");
        await tasks.SeenAsync(at, client);
        var expected = ran.Where(g => g.Value is AtBoot.Starts or AtBoot.Managed).Select(g => g.Key.Vmid).ToHashSet();
        while (Missing().Count > 0 && time.GetUtcNow() - back <= StartedWithin) await Task.Delay(Look, time, cancellationToken);
        var missing = Missing();
        return missing.Count == 0
            ? new(node, Math.Round((back - told).TotalSeconds), [.. ran.Keys.Where(g => expected.Contains(g.Vmid)).Select(Called)], [.. ran.Keys.Where(g => !expected.Contains(g.Vmid) && !Runs(g.Vmid)).Select(Called)])
            : throw new TaskFailedException($"{node} was restarted, and after {StartedWithin.TotalMinutes:0} minutes some of its guests do not run: {string.Join(", ", missing)}.");

        bool Runs(int vmid) => at.Current.Guest(vmid) is { Status: GuestStatus.Running };

        List<string> Missing() => [.. ran.Keys.Where(g => expected.Contains(g.Vmid) && !Runs(g.Vmid)).Select(Called)];
    }

    private async Task<Plan> PlanRebootNodeAsync(NodeName node, int delayS, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var (at, _) = Online(node, cluster);
        var client = reach.Client(at);
        var running = await AtBootAsync(at, client, Running(at, node), cancellationToken);
        var busy = (await client.GetNodeTasksAsync(node.Value, new() { IncludeRunning = true, Limit = 100 }, cancellationToken)).Where(t => t.IsRunning).Select(t => TaskNames.Of(t.Type ?? "task", t.Id ?? "")).ToList();
        return new()
        {
            Summary = $"{node} restarts{(delayS > 0 ? $" in {delayS} s" : "")}; {(running.Count switch { 0 => "no guest runs on it", 1 => "1 guest that runs on it is shut down before", var n => $"{n} guests that run on it are shut down before" })}.",
            Changes = [.. running.Select(g => new Change(Called(g.Key), "running", After(g.Value)))],
            Warnings = [.. busy.Select(t => $"It is broken off: {t}."), .. running.Any(g => g.Value is AtBoot.Managed) ? new[] { "The shutdown policy of high availability says where its guests run meanwhile: by default they wait for the node." } : []],
            Duration = "some minutes",
        };
    }

    private static string After(AtBoot what) => what switch
    {
        AtBoot.Starts => "starts again with the node",
        AtBoot.Managed => "started again by high availability",
        AtBoot.Stays => "stays off: it does not start with its node",
        _ => "whether it starts with its node could not be read",
    };

    private (LiveCluster Cluster, NodeView Node) Online(NodeName node, ClusterKey? cluster)
    {
        var found = reach.Node(node, cluster);
        return found.Node is { Status: NodeStatus.Online, Missing: false } ? found : throw new WrongStateException($"The node {node} is not online.");
    }

    private static List<string> Others(LiveCluster at, NodeName node) => [.. at.Current.View.Nodes.Where(n => n is { Missing: false, Status: NodeStatus.Online } && n.Name != node.Value).Select(n => n.Name)];

    private static List<GuestView> Running(LiveCluster at, NodeName node) =>
        [.. at.Current.View.Guests.Where(g => g.Node == node.Value && g.MayRun()).OrderBy(g => g.Vmid)];

    private static async Task<IReadOnlyDictionary<GuestView, AtBoot>> AtBootAsync(LiveCluster at, ProxmoxClient client, List<GuestView> guests, CancellationToken cancellationToken)
    {
        var found = new ConcurrentDictionary<GuestView, AtBoot>();
        await Parallel.ForEachAsync(guests, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (guest, stop) =>
            found[guest] = guest.HaState is not (null or "ignored") ? AtBoot.Managed : await BootsAsync(client, guest, stop));
        return guests.ToDictionary(g => g, g => found[g]);
    }

    private static async Task<AtBoot> BootsAsync(ProxmoxClient client, GuestView guest, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetGuestConfigAsync(guest.Node, Lookups.TypeOf(guest), guest.Vmid, cancellationToken)).OnBoot ? AtBoot.Starts : AtBoot.Stays;
        }
        catch (ProxmoxException)
        {
            return AtBoot.Unknown;
        }
    }

    private static string Called(GuestView guest) => $"{guest.Name} ({guest.Vmid})";
}

/// <summary>A node that was restarted; <c>StayedOff</c> are those of its guests that ran before and do not start with it.</summary>
public sealed record RebootReport(string Node, double Seconds, IReadOnlyList<string> RunAgain, IReadOnlyList<string> StayedOff);
