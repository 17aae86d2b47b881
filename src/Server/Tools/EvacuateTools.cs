using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Jarvis.Proxmox;
using Jarvis.Safety;
using Jarvis.Server.Cluster;
using NodeStatus = Jarvis.Server.Cluster.NodeStatus;

namespace Jarvis.Server.Tools;

/// <summary>Empties a node for its maintenance.</summary>
internal sealed class EvacuateTools(Reach reach, Moving moving)
{
    private const int Day = 86_400;

    /// <summary>Guests that are asked about side by side.</summary>
    private const int AtOnce = 4;

    [Tool(Tier.Red, Outside = true, TimeoutSeconds = Day, Plan = nameof(PlanEvacuateNodeAsync))]
    [Description("Moves all guests of a node to others, one after another, for its maintenance. Those that cannot move stay, and are named. It stops at the first that fails.")]
    public async Task<EvacuationReport> EvacuateNodeAsync(
        [Target(Kind.Node, Effect = Effect.Changes)] NodeName node, ToolRun run, [Description("any that are online when left out"), MaxLength(50)] IReadOnlyList<NodeName>? targetNodes = null,
        ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var (at, _) = reach.Node(node, cluster);
        // What the consent was for; whoever came since stays.
        var meant = run.Targets.Where(t => t.State.Target.Kind is Kind.Guest).Select(t => t.State.Target.Id).ToHashSet(StringComparer.Ordinal);
        var onto = run.Targets.Where(t => t.State.Target.Kind is Kind.Node).Select(t => t.State.Target.Id).ToHashSet(StringComparer.Ordinal);
        var all = Guests(at, node);
        var guests = all.Where(g => meant.Contains(Number(g.Vmid))).ToList();
        var (passages, stay) = await ChooseAsync(at, guests, [.. Nodes(at, node, targetNodes).Where(n => onto.Contains(n.Name))], cancellationToken);
        List<EvacuationStep> steps = [.. stay.Select(s => new EvacuationStep(s.Guest.Vmid, s.Guest.Name, null, BulkStep.Failed, s.Why))];
        await MoveAsync(at, [.. passages.Select(p => (p.To.Guest, p.Target))], steps, run, cancellationToken);

        // Those that could not move when it was planned, or came since.
        steps.AddRange(all.Except(guests).Select(g => new EvacuationStep(g.Vmid, g.Name, null, BulkStep.LeftAlone, "was not among those that were to move")));
        return Ended(node, steps);
    }

    [Tool(Tier.Red, Outside = true, TimeoutSeconds = Day, Plan = nameof(PlanReturnGuestsAsync))]
    [Description("Moves guests back to a node after its maintenance, one after another; the report of evacuate_node names them. It stops at the first that fails.")]
    public async Task<EvacuationReport> ReturnGuestsAsync(
        [Target(Kind.Node, Effect = Effect.Adds)] NodeName node, [Description("numbers or exact names"), MaxLength(100)] IReadOnlyList<GuestRef> guests, ToolRun run,
        ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        var (at, _) = reach.Node(node, cluster);
        var meant = run.Targets.Where(t => t.State.Target.Kind is Kind.Guest).Select(t => t.State.Target.Id).ToHashSet(StringComparer.Ordinal);
        List<EvacuationStep> steps = [];
        await MoveAsync(at, [.. Named(at, guests).Where(g => meant.Contains(Number(g.Vmid))).Select(g => (g, node.Value))], steps, run, cancellationToken);
        return Ended(node, steps);
    }

    private async Task MoveAsync(LiveCluster at, IReadOnlyList<(GuestView Guest, string Target)> moves, List<EvacuationStep> steps, ToolRun run, CancellationToken cancellationToken)
    {
        foreach (var (i, (guest, target)) in moves.Index())
        {
            if (steps.Exists(s => s.Outcome is BulkStep.Failed or BulkStep.Unknown))
            {
                steps.Add(new(guest.Vmid, guest.Name, null, BulkStep.LeftAlone, null));
                continue;
            }

            run.Progress($"{i + 1} of {moves.Count}: {guest.Name} ({guest.Vmid}) to {target}", (double)i / moves.Count);
            try
            {
                // Things change while others move.
                var passage = await Moving.CheckAsync(reach.Reached(at, at.Current.Guest(guest.Vmid) ?? guest), target, cancellationToken);
                steps.Add(new(guest.Vmid, guest.Name, target, BulkStep.Done, (await moving.RunAsync(passage, run, cancellationToken)).Upid));
            }
            catch (OutcomeUnknownException e)
            {
                steps.Add(new(guest.Vmid, guest.Name, target, BulkStep.Unknown, e.Message));
            }
            catch (Exception e) when (e is TaskFailedException or WrongStateException or ProxmoxException or InvalidOperationException)
            {
                steps.Add(new(guest.Vmid, guest.Name, target, BulkStep.Failed, e.Message));
            }
        }
    }

    private static EvacuationReport Ended(NodeName node, List<EvacuationStep> steps)
    {
        var report = new EvacuationReport(node.Value, steps);
        return steps.Exists(s => s.Outcome == BulkStep.Unknown) ? throw new OutcomeUnknownException(report.InWords())
            : steps.Exists(s => s.Outcome == BulkStep.Failed) ? throw new TaskFailedException(report.InWords()) : report;
    }

    private async Task<Plan> PlanEvacuateNodeAsync(NodeName node, IReadOnlyList<NodeName>? targetNodes, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var (at, row) = reach.Node(node, cluster);
        if (row.Status is not NodeStatus.Online) throw new WrongStateException($"The node {node} is not online: nothing can be moved away from it.");
        var guests = Guests(at, node);
        if (guests.Count == 0) throw new WrongStateException($"{node} has no guests to move.");
        var (passages, stay) = await ChooseAsync(at, guests, Nodes(at, node, targetNodes), cancellationToken);
        if (passages.Count == 0) throw new WrongStateException($"None of the guests of {node} can move. {string.Join(' ', stay.Select(s => s.Why))}");
        return new()
        {
            Summary = $"{passages.Count} of {guests.Count} guests of {node} move to other nodes, one after another.",
            Changes = [.. passages.Select(p => new Change($"{p.To.Guest.Name} ({p.To.Vmid})", node.Value, p.Target))],
            Touches =
            [
                .. passages.Select(p => new PlannedTarget(new(Kind.Guest, Number(p.To.Vmid), at.Key), p.Interrupts ? Effect.Interrupts : Effect.Changes)),
                .. passages.Select(p => p.Target).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(n => new PlannedTarget(new(Kind.Node, n, at.Key), Effect.Adds)),
            ],
            Warnings = [.. stay.Select(s => $"Stays: {s.Why}"), .. passages.SelectMany(p => p.Warnings), "It stops at the first that fails."],
            Undo = $"return_guests to {node}",
        };
    }

    private async Task<Plan> PlanReturnGuestsAsync(NodeName node, IReadOnlyList<GuestRef> guests, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var (at, row) = reach.Node(node, cluster);
        if (row.Status is not NodeStatus.Online) throw new WrongStateException($"The node {node} is not online: nothing can be moved to it.");
        var named = Named(at, guests);
        if (named.Count == 0) throw new WrongStateException("No guest is named.");
        List<Passage> passages = [];
        foreach (var guest in named) passages.Add(await Moving.CheckAsync(reach.Reached(at, guest), node.Value, cancellationToken));
        return new()
        {
            Summary = $"{passages.Count} guest{(passages.Count == 1 ? "" : "s")} move to {node}, one after another.",
            Changes = [.. passages.Select(p => new Change($"{p.To.Guest.Name} ({p.To.Vmid})", p.To.Guest.Node, node.Value))],
            Touches = [.. passages.Select(p => new PlannedTarget(new(Kind.Guest, Number(p.To.Vmid), at.Key), p.Interrupts ? Effect.Interrupts : Effect.Changes))],
            Warnings = [.. passages.SelectMany(p => p.Warnings), "It stops at the first that fails."],
            Undo = "move each back to where it was",
        };
    }

    private static IReadOnlyList<GuestView> Named(LiveCluster at, IReadOnlyList<GuestRef> guests)
    {
        var all = at.Current.View.Guests.Where(g => !g.Missing).ToList();
        return [.. guests.Select(g => BulkTools.Find(at, all, g)).Distinct()];
    }

    /// <summary>Each to the node with the most memory left that can take it, the largest first. What needs no asking is
    /// chosen first, then all are asked about side by side, and who was refused is chosen for again.</summary>
    private async Task<(IReadOnlyList<Passage> Passages, IReadOnlyList<(GuestView Guest, string Why)> Stay)> ChooseAsync(
        LiveCluster at, List<GuestView> guests, List<NodeView> nodes, CancellationToken cancellationToken)
    {
        if (nodes.Count == 0) throw new WrongStateException("No other node is online.");
        var left = nodes.ToDictionary(n => n.Name, n => n.MaxMemory - n.Memory ?? 0, StringComparer.Ordinal);
        var refused = guests.ToDictionary(g => g, _ => new Dictionary<string, string>(StringComparer.Ordinal));
        Dictionary<GuestView, Passage> passages = [];
        while (true)
        {
            List<(GuestView Guest, string Target)> chosen = [];
            foreach (var guest in guests.Where(g => !passages.ContainsKey(g)))
            {
                var target = left.Where(n => !refused[guest].ContainsKey(n.Key) && !(Runs(guest) && guest.Memory > n.Value))
                    .OrderByDescending(n => n.Value).ThenBy(n => n.Key, StringComparer.Ordinal).Select(n => n.Key).FirstOrDefault();
                if (target is null) continue;
                left[target] -= Needs(guest);
                chosen.Add((guest, target));
            }

            if (chosen.Count == 0) break;
            var answers = new ConcurrentDictionary<GuestView, (Passage? Passage, string? Why)>();
            await Parallel.ForEachAsync(chosen, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (one, stop) =>
                answers[one.Guest] = await CheckAsync(at, one.Guest, one.Target, stop));
            foreach (var (guest, target) in chosen)
            {
                if (answers[guest] is { Passage: { } passage })
                {
                    passages[guest] = passage;
                    continue;
                }

                refused[guest][target] = answers[guest].Why!;
                left[target] += Needs(guest);
            }
        }

        return ([.. guests.Where(passages.ContainsKey).Select(g => passages[g])],
            [.. guests.Where(g => !passages.ContainsKey(g)).Select(g => (g, refused[g].Values.LastOrDefault() ?? $"{g.Name} ({g.Vmid}) has too little memory anywhere."))]);

        static bool Runs(GuestView guest) => guest.Status is GuestStatus.Running;
        static long Needs(GuestView guest) => Runs(guest) ? guest.MaxMemory ?? 0 : 0;
    }

    private async Task<(Passage? Passage, string? Why)> CheckAsync(LiveCluster at, GuestView guest, string target, CancellationToken cancellationToken)
    {
        try
        {
            return (await Moving.CheckAsync(reach.Reached(at, guest), target, cancellationToken), null);
        }
        catch (WrongStateException e)
        {
            return (null, e.Message);
        }
    }

    private static List<NodeView> Nodes(LiveCluster at, NodeName from, IReadOnlyList<NodeName>? wanted)
    {
        var others = at.Current.View.Nodes.Where(n => !n.Missing && n.Status is NodeStatus.Online && n.Name != from.Value).ToList();
        if (wanted is null) return others;
        var unknown = wanted.FirstOrDefault(w => !others.Exists(n => n.Name == w.Value));
        return unknown.Value is null ? [.. others.Where(n => wanted.Any(w => w.Value == n.Name))]
            : throw new WrongStateException($"{unknown} is no other node that is online; there are: {string.Join(", ", others.Select(n => n.Name))}.");
    }

    // A template does not run, and its copies may need it where it lies.
    private static List<GuestView> Guests(LiveCluster at, NodeName node) =>
        [.. at.Current.View.Guests.Where(g => g is { Missing: false, Template: false } && g.Node == node.Value).OrderByDescending(g => g.MaxMemory).ThenBy(g => g.Vmid)];

    private static string Number(int vmid) => vmid.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What became of each guest of a node, in the order in which they were moved.</summary>
public sealed record EvacuationReport(string Node, IReadOnlyList<EvacuationStep> Guests)
{
    internal string InWords() => string.Join(' ', Guests.Select(g => $"{g.Name} ({g.Vmid}): {g.Outcome}{(g.Outcome is BulkStep.Done ? $", now on {g.Target}" : g.Told is null ? "" : $": {g.Told}")}."));
}

/// <summary>One guest and where it went; <c>Told</c> is its task's UPID, or why it failed.</summary>
public sealed record EvacuationStep(int Vmid, string Name, string? Target, string Outcome, string? Told);
