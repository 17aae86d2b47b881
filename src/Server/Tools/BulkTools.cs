using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Jarvis.Proxmox;
using Jarvis.Safety;
using Jarvis.Server.Cluster;
using GuestStatus = Jarvis.Server.Cluster.GuestStatus;
using GuestType = Jarvis.Server.Cluster.GuestType;

namespace Jarvis.Server.Tools;

public enum BulkAction { Start, Shutdown, Stop, Restart, Snapshot, Backup }

/// <summary>In which order guests are done: as their numbers or names sort, or as they were named.</summary>
public enum BulkOrder { Number, Name, Given }

/// <summary>Which guests are meant; all that is given must fit.</summary>
public sealed record GuestSelector(
    NodeName? Node = null, [property: MaxLength(100)] string? Tag = null, [property: MaxLength(100)] string? Pool = null,
    [Description("numbers or exact names")] IReadOnlyList<GuestRef>? Names = null);

/// <summary>Does one thing to many guests: one plan, one consent, one after another.</summary>
internal sealed class BulkTools(Reach reach, Tasks tasks, TimeProvider time)
{
    private const int Most = 100;
    private const int AtOnce = 4;
    private const int SixHours = 21_600;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Tool(Tier.Red, Outside = true, TimeoutSeconds = SixHours, Plan = nameof(PlanBulkGuestsAsync)), ClusterWide]
    [Description("Starts, shuts down, stops, restarts, snapshots or backs up many guests, one after another, those on a node, with a tag, in a pool or named. Guests that are so already are left out.")]
    public async Task<BulkReport> BulkGuestsAsync(
        BulkAction action, GuestSelector selector, ToolRun run, BulkOrder order = BulkOrder.Number,
        [Description("the rest is left alone when one fails")] bool stopAtFailure = true, ClusterKey? cluster = null, CancellationToken cancellationToken = default)
    {
        // What was approved, and nothing that fits the selector since.
        var meant = run.Targets.Select(t => t.State.Target.Id).ToHashSet(StringComparer.Ordinal);
        var (at, chosen) = Choose(selector, order, cluster);
        var guests = chosen.Where(g => meant.Contains(Number(g.Vmid))).ToList();
        var name = $"bulk-{time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}";
        List<BulkStep> steps = [];
        foreach (var (i, guest) in guests.Index())
        {
            if (stopAtFailure && steps.Exists(s => s.Outcome is BulkStep.Failed or BulkStep.Unknown))
            {
                steps.Add(new(guest.Vmid, guest.Name, BulkStep.LeftAlone, null));
                continue;
            }

            run.Progress($"{i + 1} of {guests.Count}: {guest.Name} ({guest.Vmid})", (double)i / guests.Count);
            try
            {
                var to = reach.Reached(at, guest);
                var ended = await tasks.RunAsync(to, $"{action} of {to.Called}", stop => StartAsync(action, to, name, stop), run, cancellationToken);
                steps.Add(new(guest.Vmid, guest.Name, BulkStep.Done, ended.Upid));
            }
            catch (OutcomeUnknownException e)
            {
                steps.Add(new(guest.Vmid, guest.Name, BulkStep.Unknown, e.Message));
            }
            catch (Exception e) when (e is TaskFailedException or WrongStateException or ProxmoxException or InvalidOperationException)
            {
                steps.Add(new(guest.Vmid, guest.Name, BulkStep.Failed, e.Message));
            }
        }

        var report = new BulkReport(steps);
        return steps.Exists(s => s.Outcome == BulkStep.Unknown) ? throw new OutcomeUnknownException(report.InWords())
            : steps.Exists(s => s.Outcome == BulkStep.Failed) ? throw new TaskFailedException(report.InWords()) : report;
    }

    private async Task<Plan> PlanBulkGuestsAsync(BulkAction action, GuestSelector selector, BulkOrder order, bool stopAtFailure, ClusterKey? cluster, CancellationToken cancellationToken)
    {
        var (at, chosen) = Choose(selector, order, cluster);
        var fitting = chosen.Where(g => !g.Template).ToList();
        var due = fitting.Where(g => IsDue(action, g)).ToList();
        var paused = action is BulkAction.Shutdown or BulkAction.Restart ? await PausedAsync(at, due, cancellationToken) : [];
        var todo = due.Except(paused).ToList();
        if (todo.Count == 0) throw new WrongStateException($"None of the {fitting.Count} guests that fit can be done this to as they are now: {Named(fitting, How)}.");
        if (todo.Count > Most) throw new WrongStateException($"{todo.Count} guests fit; {Most} are the most at once. Choose fewer.");
        if (todo.Find(g => g.Lock is not null && !IsHibernated(g)) is { } locked) throw new WrongStateException($"{locked.Name} ({locked.Vmid}) is locked ({locked.Lock}): something is being done to it.");
        cancellationToken.ThrowIfCancellationRequested();
        var left = fitting.Except(todo).ToList();
        var managed = action is BulkAction.Shutdown ? todo.Where(g => g.HaState is not (null or "ignored")).ToList() : [];
        return new()
        {
            Summary = $"{Verb(action)} {todo.Count} guest{(todo.Count == 1 ? "" : "s")} of {at.Entry.Name}, one after another.",
            Changes = [.. todo.Select(g => After(action) is { } after ? new Change($"{g.Name} ({g.Vmid}) on {g.Node}", g.Status.ToString().ToLowerInvariant(), after) : new Change($"{g.Name} ({g.Vmid}) on {g.Node}", null, action is BulkAction.Backup ? $"gets a backup on {BackupTools.Onto(reach.Reached(at, g), null).Name}" : "gets a snapshot"))],
            Touches = [.. todo.Select(g => new PlannedTarget(new(Kind.Guest, Number(g.Vmid), at.Key), EffectOf(action)))],
            Warnings =
            [
                .. action is BulkAction.Stop ? (string[])["The plug is pulled: what the guests have not written is lost."] : [],
                .. managed.Count > 0
                    ? (string[])[$"THE PLUG IS PULLED of those under high availability that have not shut down after {Patience.TotalSeconds:0} s, although that was not asked for: {Named(managed, g => g.HaState!)}."] : [],
                .. left.Count > 0 ? (string[])[$"Left out, because of how they are now: {Named(left, How)}."] : [],
                stopAtFailure ? "When one fails the rest is left alone." : "When one fails the rest is done all the same.",
            ],
            Undo = action switch { BulkAction.Start => "shut them down", BulkAction.Shutdown or BulkAction.Stop => "start them", BulkAction.Snapshot => "delete the snapshots", BulkAction.Backup => "delete the backups", _ => null },
        };

        string How(GuestView guest) => paused.Contains(guest) ? "paused" : guest.Status.ToString().ToLowerInvariant();
    }

    /// <summary>Those that are paused, which the list of a cluster does not tell; one that cannot be asked counts as it is listed.</summary>
    private async Task<IReadOnlyCollection<GuestView>> PausedAsync(LiveCluster at, List<GuestView> guests, CancellationToken cancellationToken)
    {
        ConcurrentBag<GuestView> paused = [];
        var machines = guests.Where(g => g.Type is GuestType.Vm).Take(Most);
        await Parallel.ForEachAsync(machines, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (guest, stop) =>
        {
            try
            {
                var to = reach.Reached(at, guest);
                if (Move.IsPaused(await to.Client.GetGuestStatusNowAsync(to.Guest.Node, to.Type, to.Vmid, stop))) paused.Add(guest);
            }
            catch (ProxmoxException)
            {
                // Its own shutdown will say what is wrong.
            }
        });
        return paused;
    }

    private (LiveCluster At, IReadOnlyList<GuestView> Guests) Choose(GuestSelector selector, BulkOrder order, ClusterKey? cluster)
    {
        if ((selector.Node, selector.Tag, selector.Pool, selector.Names) is (null, null, null, null)) throw new WrongStateException("The selector is empty; it needs a node, a tag, a pool or names.");
        if (selector.Names is { Count: 0 }) throw new WrongStateException("The list of names is empty.");
        var at = reach.Clusters(cluster) is [var one] ? one : throw new WrongStateException($"Several clusters are watched; name one of {string.Join(", ", reach.Clusters(null).Select(c => c.Key))}.");
        var all = at.Current.View.Guests.Where(g => !g.Missing).ToList();
        var named = selector.Names?.Select(n => Find(at, all, n)).Distinct().ToList() ?? all;
        var fitting = named.Where(g => (selector.Node is null || g.Node == selector.Node.Value.Value)
            && (selector.Tag is null || g.Tags.Contains(selector.Tag, StringComparer.OrdinalIgnoreCase)) && (selector.Pool is null || g.Pool == selector.Pool));
        List<GuestView> guests = order switch
        {
            BulkOrder.Given when selector.Names is not null => [.. fitting],
            BulkOrder.Name => [.. fitting.OrderBy(g => g.Name, StringComparer.Ordinal).ThenBy(g => g.Vmid)],
            _ => [.. fitting.OrderBy(g => g.Vmid)],
        };
        return guests.Count > 0 ? (at, guests) : throw new WrongStateException($"No guest of {at.Entry.Name} fits.");
    }

    internal static GuestView Find(LiveCluster at, List<GuestView> all, GuestRef guest) => all.Where(g => guest.Resolved ? g.Vmid == guest.Id.Value : g.Name == guest.Name).ToList() switch
    {
        [var one] => one,
        [] => throw new WrongStateException($"{at.Entry.Name} has no guest {guest}."),
        var several => throw new WrongStateException($"{guest} may be any of {string.Join(", ", several.Select(g => g.Vmid))}; say which by its number."),
    };

    private static Task<Upid> StartAsync(BulkAction action, Reached to, string snapshot, CancellationToken stop) => action switch
    {
        BulkAction.Start => to.Client.StartGuestAsync(to.Guest.Node, to.Type, to.Vmid, stop),
        BulkAction.Shutdown => to.Client.ShutDownGuestAsync(to.Guest.Node, to.Type, to.Vmid, Patience, false, stop),
        BulkAction.Stop => to.Client.StopGuestAsync(to.Guest.Node, to.Type, to.Vmid, stop),
        BulkAction.Restart => to.Client.RebootGuestAsync(to.Guest.Node, to.Type, to.Vmid, Patience, stop),
        BulkAction.Backup => BackUpAsync(to, stop),
        _ => to.Client.CreateSnapshotAsync(to.Guest.Node, to.Type, to.Vmid, snapshot, null, false, stop),
    };

    private static async Task<Upid> BackUpAsync(Reached to, CancellationToken stop) =>
        await to.Client.BackUpAsync(to.Guest.Node, to.Vmid, new() { Storage = BackupTools.Onto(to, null).Name, Mode = "snapshot", Compress = "zstd" }, stop)
        ?? throw new TaskFailedException($"{to.Called} is on another node by now.");

    private static bool IsDue(BulkAction action, GuestView guest) => action switch
    {
        BulkAction.Start => guest.Status is GuestStatus.Stopped || IsHibernated(guest),
        BulkAction.Shutdown or BulkAction.Restart => guest.Status is GuestStatus.Running,
        BulkAction.Stop => guest.Status is GuestStatus.Running or GuestStatus.Paused,
        _ => guest.Status is not GuestStatus.Unknown,
    };

    private static bool IsHibernated(GuestView guest) => guest is { Status: GuestStatus.Suspended, Lock: Move.Hibernated };

    private static Effect EffectOf(BulkAction action) => action is BulkAction.Start or BulkAction.Snapshot or BulkAction.Backup ? Effect.Adds : Effect.Interrupts;

    private static string Verb(BulkAction action) => action switch
    {
        BulkAction.Start => "Starts",
        BulkAction.Shutdown => "Shuts down",
        BulkAction.Stop => "Stops hard",
        BulkAction.Restart => "Restarts",
        BulkAction.Backup => "Backs up",
        _ => "Makes a snapshot of",
    };

    private static string? After(BulkAction action) => action switch
    {
        BulkAction.Start => "running",
        BulkAction.Shutdown or BulkAction.Stop => "stopped",
        BulkAction.Restart => "running again",
        _ => null,
    };

    private static string Named(List<GuestView> guests, Func<GuestView, string> how) =>
        string.Join(", ", guests.Take(20).Select(g => $"{g.Name} ({how(g)})")) + (guests.Count > 20 ? $" and {guests.Count - 20} more" : "");

    private static string Number(int vmid) => vmid.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What became of each guest, in the order in which it was done.</summary>
public sealed record BulkReport(IReadOnlyList<BulkStep> Guests)
{
    internal string InWords() => string.Join(' ', Guests.GroupBy(g => g.Outcome).Select(all =>
        $"{char.ToUpperInvariant(all.Key[0])}{all.Key[1..]}: {string.Join(", ", all.Select(g => all.Key is BulkStep.Failed or BulkStep.Unknown ? $"{g.Name} ({g.Vmid}): {g.Told}" : $"{g.Name} ({g.Vmid})"))}."));
}

/// <summary>One guest; <c>Told</c> is its task's UPID, or why it failed.</summary>
public sealed record BulkStep(int Vmid, string Name, string Outcome, string? Told)
{
    internal const string Done = "done";
    internal const string Failed = "failed";
    internal const string Unknown = "unknown";
    internal const string LeftAlone = "left alone";
}
